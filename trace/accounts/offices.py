"""Who sits in which office, and the names behind keys and pseudonyms for pages of offices."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import Proposal
from ..work.actor import Actor
from ..work.proposals import ACTS, Act, facts_of, propose
from ..work.refused import Refused
from .people import give_office
from .tables import Office, Person


def people_in_offices(session: Session) -> list[Person]:
    query = select(Person).where(Person.office.is_not(None)).order_by(Person.office, Person.name, Person.id)
    return list(session.scalars(query))


def names_of(session: Session, pseudonyms: Iterable[str]) -> dict[str, str]:
    """Names by public id."""
    query = select(Person.public_id, Person.name).where(Person.public_id.in_(list(pseudonyms)))
    return {key: name for key, name in session.execute(query)}  # noqa: C416 - rows are no pairs to a type checker


def names_by_key(session: Session, keys: Iterable[int | None]) -> dict[int, str]:
    query = select(Person.id, Person.name).where(Person.id.in_([key for key in keys if key is not None]))
    return {key: name for key, name in session.execute(query)}  # noqa: C416 - rows are no pairs to a type checker


def appoint(
    session: Session,
    office: Office,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    actor: Actor,
    now: datetime,
) -> Person:
    """Give an office to a person, known already or new; nobody holds two. A new one has no password yet.

    For the machine itself and for the demonstration; in pages one operator proposes and a second one agrees.
    """
    person = candidate(session, name, email, phone, now)
    give_office(session, person, office, actor=actor, now=now)
    return person


def propose_office(
    session: Session,
    office: Office,
    *,
    name: str,
    email: str | None,
    phone: str | None,
    actor: Actor,
    now: datetime,
) -> Proposal:
    """Put before a second operator that a person, known already or new, be given an office."""
    person = candidate(session, name, email, phone, now)
    return propose(session, "office.give", person, {"office": office.value}, actor=actor, now=now)


def _give_as_agreed(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    query = select(Person).where(Person.public_id == proposal.subject).with_for_update()
    person = session.scalars(query.execution_options(populate_existing=True)).one()
    if person.erased_at is not None:
        raise Refused("This account has been erased.")
    _refuse_second_office(person)
    give_office(session, person, Office(facts_of(proposal)["office"]), actor=actor, now=now)


ACTS.add(Act("office.give", frozenset({Office.OPERATOR.value}), _give_as_agreed, "Give somebody an office"))


def candidate(session: Session, name: str, email: str | None, phone: str | None, now: datetime) -> Person:
    """Somebody known by phone or e-mail, or a new person without a password yet; nobody who holds an office."""
    if not email and not phone:
        raise Refused("Give a phone number or an e-mail address to sign in with.", field="phone")
    person = _known(session, email, phone)
    if person is None:
        return _new(session, name, email, phone, now)
    _refuse_second_office(person)
    return person


def _refuse_second_office(person: Person) -> None:
    if person.office is not None:
        raise Refused("%(name)s holds an office already, and nobody holds two. End that one first.", name=person.name)


def _known(session: Session, email: str | None, phone: str | None) -> Person | None:
    given = [Person.email == email.casefold()] if email else []
    given += [Person.phone == phone] if phone else []
    found = session.scalars(select(Person).where(or_(*given)).with_for_update()).all()
    if len(found) > 1:
        raise Refused("This phone number and this e-mail address belong to two different people.", field="email")
    return found[0] if found else None


def _new(session: Session, name: str, email: str | None, phone: str | None, now: datetime) -> Person:
    address = email.casefold() if email else None
    person = Person(name=name, email=address, phone=phone, fs_uniquifier=secrets.token_hex(32), created_at=now)
    session.add(person)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Refused("Somebody was added with this phone number or e-mail meanwhile.", conflict=True) from taken
    return person


def end_office(session: Session, person: Person, *, actor: Actor, now: datetime) -> None:
    """From this moment the person acts in no office; nobody ends their own, so that one operator is always left."""
    locked = select(Person).where(Person.id == person.id).with_for_update()
    found = session.scalars(locked.execution_options(populate_existing=True)).one()
    if found.id == actor.person_id:
        raise Refused("Your own office is ended by another operator.")
    give_office(session, found, None, actor=actor, now=now)
