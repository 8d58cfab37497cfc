"""The history of a record as its cooperative reads it: own people by name, offices as offices."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...access import own_cooperative
from ...accounts.tables import Membership, Person
from ...records import Entry
from ..staff.entries_told import Event, entry_event

__all__ = ["Event", "events_about"]

MOST_EVENTS = 60


def events_about(session: Session, subjects: Iterable[str]) -> list[Event]:
    """Entries about records by public id, the oldest first; of the newest sixty."""
    query = select(Entry).where(Entry.subject.in_(list(subjects)), Entry.cooperative_id == own_cooperative().id)
    entries = list(session.scalars(query.order_by(Entry.index.desc()).limit(MOST_EVENTS)))
    names = _own_people(session)
    return [entry_event(entry, names) for entry in reversed(entries)]


def _own_people(session: Session) -> dict[str, str]:
    query = (
        select(Person.public_id, Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.cooperative_id == own_cooperative().id)
    )
    return dict(session.execute(query).all())
