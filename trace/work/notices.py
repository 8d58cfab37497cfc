"""Telling people: a notice waits on the home page of whom it concerns until somebody there has seen to it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ..records import Notice


def notify(
    session: Session,
    message: str,
    *,
    now: datetime,
    person_id: int | None = None,
    cooperative_id: int | None = None,
    office: str | None = None,
    url: str | None = None,
    **figures: Any,
) -> Notice:
    """Tell one person, one cooperative's people, or everybody of one office (exactly one of the three).

    `message` is an English msgid with %(name)s places; `figures` are words, whole numbers or days. `url` is a path.
    """
    if sum(whom is not None for whom in (person_id, cooperative_id, office)) != 1:
        raise ValueError("a notice is for a person, a cooperative or an office")
    message % figures  # a place without its figure shows here, not on somebody's home page
    words = json.dumps(figures, ensure_ascii=False, default=_plain)
    notice = Notice(person_id=person_id, cooperative_id=cooperative_id, office=office and str(office), message=message,
                    figures=words, url=url, created_at=now)  # fmt: skip
    session.add(notice)
    session.flush()
    return notice


def settle(session: Session, url: str, *, now: datetime) -> None:
    """What was asked on a page has been done: no notice that leads there waits any more."""
    waiting = update(Notice).where(Notice.url == url, Notice.done_at.is_(None))
    session.execute(waiting.values(done_at=now))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()[:10]}
    raise TypeError(f"a notice cannot hold {type(value).__name__}")


def figures_of(notice: Notice) -> dict[str, Any]:
    """What goes into the places of a notice's message, days as days."""
    kept: dict[str, Any] = json.loads(notice.figures)
    return {key: date.fromisoformat(value["day"]) if isinstance(value, dict) else value for key, value in kept.items()}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a person, at one place."""

    person_id: int
    cooperative_id: int | None
    office: str | None


def notices_for(session: Session, reader: Reader, *, done: bool = False, most: int = 50) -> Sequence[Notice]:
    """What waits for the reader (or, with `done`, what has been seen to), the newest first."""
    return session.scalars(_of(reader, done).order_by(Notice.id.desc()).limit(most)).all()


def _of(reader: Reader, done: bool) -> Any:
    whom = [Notice.person_id == reader.person_id]
    if reader.cooperative_id is not None:
        whom.append(Notice.cooperative_id == reader.cooperative_id)
    if reader.office is not None:
        whom.append(Notice.office == reader.office)
    return select(Notice).where(or_(*whom), Notice.done_at.is_not(None) if done else Notice.done_at.is_(None))


def seen_to(session: Session, reader: Reader, public_id: str, *, now: datetime) -> Notice | None:
    """Mark one of the reader's notices as done; None when there is no such notice for this reader."""
    notice: Notice | None = session.scalars(_of(reader, False).where(Notice.public_id == public_id)).first()
    if notice is not None:
        notice.done_at = now
        session.flush()
    return notice
