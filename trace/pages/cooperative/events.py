"""The history of a record as its cooperative reads it: own people by name, offices as offices."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from ...access import own_cooperative
from ...accounts.people import names_in
from ...work.own_lists import entries_about
from ..staff.entries_told import Event, entry_event

__all__ = ["Event", "events_about"]

MOST_EVENTS = 60


def events_about(session: Session, subjects: Iterable[str]) -> list[Event]:
    """Entries about records by public id, the oldest first; of the newest sixty."""
    entries = entries_about(session, own_cooperative(), list(subjects), MOST_EVENTS)
    names = names_in(session, own_cooperative())
    return [entry_event(entry, names) for entry in entries]
