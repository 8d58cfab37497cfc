"""Finding and making people, and their places in cooperatives."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..records import Cooperative
from ..standards.identifiers import NotAnIdentifier
from ..standards.identifiers import phone as read_phone
from ..work.actor import Actor
from ..work.history import record
from ..work.refused import Refused
from .passwords import refuse_weak, set_password
from .sessions import end_all
from .tables import Membership, Office, Person, Place


def identity(text: str) -> str:
    """What a person types to sign in, in its one form: an e-mail in small letters, or a phone as +84…"""
    typed = "".join(sign for sign in text[:255] if sign.isprintable()).strip()
    if "@" in typed:
        return typed.casefold()
    try:
        return read_phone(typed)
    except NotAnIdentifier:
        return typed.casefold()


def find_person(session: Session, typed: str) -> Person | None:
    """Who signs in with this phone number or e-mail address."""
    one_form = identity(typed)
    column = Person.email if "@" in one_form else Person.phone
    person: Person | None = session.scalars(select(Person).where(column == one_form)).first()
    return person


def new_person(
    session: Session, *, name: str, password: str, phone: str | None, email: str | None, now: datetime
) -> Person:
    """A person with a password that has been looked at; raises `Refused`. The address must not be somebody else's."""
    refuse_weak(password, [name, phone, email])
    email = email.casefold() if email else None
    for typed, field in ((phone, "phone"), (email, "email")):
        if typed and find_person(session, typed) is not None:
            raise Refused(
                "This cannot be used here. If it is yours, sign in with it, or ask the office for a new password.",
                field=field,
            )
    person = Person(name=name, phone=phone, email=email, fs_uniquifier=secrets.token_hex(32), created_at=now)
    set_password(person, password)
    session.add(person)
    session.flush()
    return person


def search_people(session: Session, text: str, *, most: int = 20) -> Sequence[Person]:
    """People without an office whose phone, e-mail or name it is; for a name, its beginning or one of its words."""
    if len(text) < 3:
        return []
    one_form = identity(text)
    by_name = Person.name.ilike(f"%{text.replace('%', '').replace('_', '')}%")
    found = or_(Person.phone == one_form, Person.email == one_form, by_name)
    query = select(Person).where(found, Person.office.is_(None), Person.erased_at.is_(None))
    return session.scalars(query.order_by(Person.name, Person.id).limit(most)).all()


def sample_people(session: Session) -> Sequence[Person]:
    """The demonstration's people, as they were made."""
    return session.scalars(select(Person).where(Person.demo, Person.active).order_by(Person.id)).all()


def actor_of(person: Person, role: str) -> Actor:
    belongs_to = frozenset(place.cooperative_id for place in person.memberships)
    return Actor(person.id, person.public_id, role, belongs_to)


def join(session: Session, person: Person, cooperative: Cooperative, place: Place, *, actor: Actor,
         now: datetime) -> Membership:  # fmt: skip
    """Give a person a place in a cooperative."""
    if any(old.cooperative_id == cooperative.id and old.ended_at is None for old in person.memberships):
        raise Refused("This person is already a member of the cooperative.", conflict=True)
    membership = Membership(person=person, cooperative=cooperative, place=place, since_at=now)
    session.add(membership)
    session.flush()
    _record(session, "person.joined", membership, actor=actor, now=now)
    return membership


def _record(session: Session, kind: str, membership: Membership, *, actor: Actor, now: datetime) -> None:
    person, cooperative = membership.person, membership.cooperative
    facts = {"cooperative": cooperative.public_id, "place": str(membership.place)}
    private = {"name": person.name} if person.erased_at is None else None
    record(session, kind, person, actor=actor, now=now, facts=facts, private=private, cooperative_id=cooperative.id)


def places_in(session: Session, cooperative: Cooperative) -> Sequence[Membership]:
    """Everybody who has, or ever had, a place in the cooperative: those of today first, managers before members."""
    query = select(Membership).where(Membership.cooperative_id == cooperative.id).join(Person)
    found = session.scalars(query.order_by(Person.name)).all()
    return sorted(found, key=lambda one: (one.ended_at is not None, one.place != Place.MANAGER))


def end_place(session: Session, membership: Membership, *, actor: Actor, now: datetime) -> None:
    """A person leaves a cooperative: the place ends, and so does every open session of theirs, at once."""
    if membership.ended_at is not None:
        raise Refused("This person has already left the cooperative.", conflict=True)
    if membership.place == Place.MANAGER and _managers(session, membership.cooperative_id) < 2:
        raise Refused("A cooperative keeps at least one manager. Make somebody else manager first.", conflict=True)
    membership.ended_at = now
    end_all(session, membership.person)
    session.flush()
    _record(session, "person.left", membership, actor=actor, now=now)


def change_place(session: Session, membership: Membership, place: Place, *, actor: Actor,
                 now: datetime) -> Membership:  # fmt: skip
    """Make a member manager, or the other way round: the old place ends and a new one begins."""
    if membership.ended_at is not None or membership.place == place:
        raise Refused("Somebody changed this in the meantime. Look at the list again.", conflict=True)
    if place == Place.MEMBER and _managers(session, membership.cooperative_id) < 2:
        raise Refused("A cooperative keeps at least one manager. Make somebody else manager first.", conflict=True)
    membership.ended_at = now
    session.flush()
    return join(session, membership.person, membership.cooperative, place, actor=actor, now=now)


def _managers(session: Session, cooperative_id: int) -> int:
    """How many managers there are; the rows are locked, so that two who leave at once do not leave nobody."""
    query = select(Membership.id).where(
        Membership.cooperative_id == cooperative_id, Membership.place == Place.MANAGER, Membership.ended_at.is_(None)
    )
    return len(session.scalars(query.with_for_update()).all())


def give_office(session: Session, person: Person, office: Office | None, *, actor: Actor, now: datetime) -> None:
    """Give a person an office of the province, or take it: the person's sessions end, for they carry other rights."""
    if person.office == office:
        raise Refused("Somebody changed this in the meantime. Look at the list again.", conflict=True)
    person.office = office
    end_all(session, person)
    session.flush()
    facts = {"office": str(office) if office else None}
    record(session, "person.office", person, actor=actor, now=now, facts=facts, private={"name": person.name})


def names_in(session: Session, cooperative: Cooperative) -> dict[str, str]:
    """Names by public id of everybody who has, or ever had, a place in a cooperative."""
    query = select(Person.public_id, Person.name).join(Membership, Membership.person_id == Person.id)
    rows = session.execute(query.where(Membership.cooperative_id == cooperative.id))
    return {public_id: name for public_id, name in rows}  # noqa: C416 - rows are no pairs to a type checker
