"""What people, browsers and programs send to forms besides what is asked for."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trace.records import Base, Entry

BAD_WORDS = {
    "empty": "",
    "blanks": "   ",
    "over-long": "a" * 5_000,
    "NUL": "Na\x00Chi Lăng",
    "escape": "Na\x1b[31m",
    "private use": "Na\ue000",
}
"""For a line of text that is needed."""
BAD_QUANTITIES = {
    "empty": "",
    "negative": "-5",
    "nothing": "0",
    "words": "nhiều",
    "absurd": "999999999999999999999",
    "NUL": "5\x00",
    "infinite": "inf",
    "two points": "1,2,3.4",
    "unknown unit": "5 thúng",
}
BAD_DAYS = {"empty": "", "no day": "31/02/2026", "words": "hôm qua", "far": "9999-99-99", "NUL": "2026-08-01\x00"}
NOBODYS = "0" * 12
"""A public id that nobody has."""


def variants(good: dict[str, Any], bad: dict[str, dict[str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """The good form with one field spoilt at a time: (field, form)."""
    return [(field, good | {field: value}) for field, values in bad.items() for value in values.values()]


def rows(session: Session, kind: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(kind)) or 0


def entries_about(session: Session, public_id: str) -> list[str]:
    """The kinds of the entries about a record, oldest first."""
    session.rollback()
    return list(session.scalars(select(Entry.kind).where(Entry.subject == public_id).order_by(Entry.index)))


def last_id(location: str) -> str:
    return location.rstrip("/").rpartition("/")[2]
