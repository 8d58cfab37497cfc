"""Certifiers from outside: let in to read one cooperative's records until a day; each view of theirs is an entry."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Cooperative, Entry
from ..work.actor import Actor
from ..work.history import record
from ..work.refused import Refused, refuse_all
from .offices import candidate
from .sessions import end_all
from .tables import CertifierAccess, Person

LONGEST: Final = timedelta(days=400)
"""A certification and its surveillance come round once a year."""
VIEWED: Final = "certifier.viewed"


@dataclass(frozen=True, slots=True)
class Certifier:
    name: str
    body: str
    email: str | None
    phone: str | None
    to_on: date


def let_in(
    session: Session, cooperative: Cooperative, who: Certifier, *, actor: Actor, now: datetime, today: date
) -> CertifierAccess:
    """Whoever is new has no password yet. Raises `Refused`."""
    found = []
    if not who.body.strip():
        found.append(Refused("Write which certification body the person works for.", field="body"))
    if who.to_on < today:
        found.append(Refused("This day has passed.", field="to_on"))
    elif who.to_on - today > LONGEST:
        found.append(Refused("For 400 days at most; then let them in anew.", field="to_on"))
    refuse_all(found)
    person = candidate(session, who.name, who.email, who.phone, now)
    if any(place.ended_at is None for place in person.memberships):
        raise Refused("%(name)s works for a cooperative, and certifies none.", field="phone", name=person.name)
    if any(one.cooperative_id == cooperative.id and one.holds_on(today) for one in person.accesses):
        raise Refused("%(name)s may read here already.", field="phone", name=person.name)
    access = CertifierAccess(
        person=person,
        cooperative=cooperative,
        body=who.body.strip(),
        to_on=who.to_on,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(access)
    session.flush()
    end_all(session, person)
    record(session, "certifier.let_in", access, actor=actor, now=now)
    return access


def end_access(session: Session, access: CertifierAccess, *, actor: Actor, now: datetime) -> None:
    """From this moment the person reads nothing more here."""
    session.refresh(access, with_for_update=True)
    if access.ended_at is not None:
        raise Refused("This has been ended meanwhile.", conflict=True)
    access.ended_at = now
    end_all(session, access.person)
    record(session, "certifier.ended", access, actor=actor, now=now)


def accesses_of(session: Session, cooperative: Cooperative) -> list[CertifierAccess]:
    query = select(CertifierAccess).where(CertifierAccess.cooperative_id == cooperative.id)
    return list(session.scalars(query.order_by(CertifierAccess.id.desc())))


def note_view(session: Session, person: Person, page: str, cooperative_id: int, *, actor: Actor, now: datetime) -> None:
    """`page`: the path, which names things by their opaque ids. It is an entry of the history as any change is."""
    query = select(CertifierAccess).where(
        CertifierAccess.person_id == person.id, CertifierAccess.cooperative_id == cooperative_id
    )
    access = session.scalars(query.order_by(CertifierAccess.id.desc()).limit(1)).one()
    record(session, VIEWED, access, actor=actor, now=now, facts={"page": page})


def views_of(session: Session, cooperative: Cooperative, *, most: int = 50) -> list[Entry]:
    """The newest first."""
    query = select(Entry).where(Entry.cooperative_id == cooperative.id, Entry.kind == VIEWED)
    return list(session.scalars(query.order_by(Entry.index.desc()).limit(most)))
