"""Token buckets in the database: limits that hold across processes, machines and restarts.

A bucket holds at most `tries` tokens and fills again evenly within `within`. A try takes its token before anything is
judged, so that fifty tries at once cannot all slip through; a try that turned out right gives its token back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import Bucket

WHOLE = 1000
"""Tokens are counted in thousandths."""


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    tries: int
    within: timedelta

    def __post_init__(self) -> None:
        if self.tries < 1 or self.within <= timedelta(0) or ":" in self.name:
            raise ValueError("a limit allows at least one try in some time")

    def key(self, subject: str) -> str:
        return f"{self.name}:{subject}"

    def filled(self, tokens_milli: int, passed: timedelta) -> int:
        """The tokens after some time, never more than the bucket holds."""
        gained = int(self.tries * WHOLE * (max(passed, timedelta(0)) / self.within))
        return min(self.tries * WHOLE, tokens_milli + gained)


def take(session: Session, limit: Limit, subject: str, *, now: datetime) -> bool:
    """Take one token for a subject (a hash; at most 60 signs); False when there is none."""
    tokens = _tokens(session, limit, subject, now)
    if tokens < WHOLE:
        return False
    _set(session, limit, subject, tokens - WHOLE, now)
    return True


def give_back(session: Session, limit: Limit, subject: str, *, now: datetime) -> None:
    """The try was an honest one: it does not count."""
    tokens = _tokens(session, limit, subject, now)
    _set(session, limit, subject, min(tokens + WHOLE, limit.tries * WHOLE), now)


def seconds_until_free(session: Session, limit: Limit, subject: str, *, now: datetime) -> int:
    """How long to wait until the next token, rounded up; 0 when there is one."""
    missing = WHOLE - _tokens(session, limit, subject, now)
    if missing <= 0:
        return 0
    return int(limit.within.total_seconds() * missing / (limit.tries * WHOLE)) + 1


def _tokens(session: Session, limit: Limit, subject: str, now: datetime) -> int:
    """The tokens there are now; the bucket's row is locked until the transaction ends."""
    key = limit.key(subject)
    full = limit.tries * WHOLE
    session.execute(_insert(session, key, full, now).on_conflict_do_nothing())
    query = select(Bucket.tokens_milli, Bucket.at).where(Bucket.key == key).with_for_update()
    row = session.execute(query).first()
    if row is None:  # swept away a moment ago, because it was full
        return full
    return limit.filled(row.tokens_milli, now - row.at)


def _set(session: Session, limit: Limit, subject: str, tokens_milli: int, now: datetime) -> None:
    statement = _insert(session, limit.key(subject), tokens_milli, now)
    session.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"tokens_milli": tokens_milli, "at": now})
    )


def _insert(session: Session, key: str, tokens_milli: int, now: datetime) -> Any:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(Bucket).values(key=key, tokens_milli=tokens_milli, at=now)


def sweep(session: Session, limits: Iterable[Limit], *, now: datetime) -> None:
    """Forget buckets that are full again: they say nothing. Those in somebody's hands are left alone."""
    for limit in limits:
        idle = (Bucket.key.startswith(f"{limit.name}:", autoescape=True), Bucket.at < now - limit.within)
        keys = session.scalars(select(Bucket.key).where(*idle).with_for_update(skip_locked=True)).all()
        session.execute(delete(Bucket).where(Bucket.key.in_(keys)))
