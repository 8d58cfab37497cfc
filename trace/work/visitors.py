"""A visitor of one day: an HMAC that nobody can undo or link to another day, once the day's salt is gone.

The key is the salt (a row that lives a day) and a secret from the key folder: neither a copy of the database alone nor
the key folder alone lets anybody try out addresses. A day is over after Vietnam's midnight.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import ScanSalt

SALT_BYTES = 32
VISITOR_BYTES = 16


class Visitors:
    """Hashes visitors; keeps the salt of one day in memory. `opened` gives a session that may write."""

    def __init__(self, secret: bytes, opened: Callable[[], Session]) -> None:
        self._secret = hmac.digest(secret, b"visitor", "sha256")
        self._opened = opened
        self._known: tuple[date, bytes] | None = None

    def of(self, address: str, agent: str, day: date) -> bytes:
        known = self._known
        if known is None or known[0] != day:
            with self._opened() as session:
                salt = salt_of(session, day)
                session.commit()
            known = self._known = (day, salt)
        return hmac.digest(known[1] + self._secret, f"{address}\0{agent}".encode(), "sha256")[:VISITOR_BYTES]


def salt_of(session: Session, day: date) -> bytes:
    """The day's salt, made by whoever comes first; those of days gone by are destroyed at once."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(ScanSalt).values(day_on=day, salt=secrets.token_bytes(SALT_BYTES))
    session.execute(fresh.on_conflict_do_nothing())
    destroy_salts(session, before=day)
    return session.scalars(select(ScanSalt.salt).where(ScanSalt.day_on == day)).one()


def destroy_salts(session: Session, *, before: date) -> int:
    """Overwrite, then delete; SQLite also blanks the freed pages."""
    old = ScanSalt.day_on < before
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA secure_delete=ON"))
    gone = session.execute(update(ScanSalt).where(old).values(salt=bytes(SALT_BYTES)))
    session.execute(delete(ScanSalt).where(old))
    return int(gone.rowcount)  # type: ignore[attr-defined] # a Result of UPDATE has it
