"""The life of a stamp key: made, retired, and, should it leak, disowned."""

import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Deployment, StampKey
from .actor import Actor
from .history import record
from .refused import Refused

VERSIONS = 32
"""A code's first symbol tells its key's version."""


class _Subject:
    """A key has no public id of its own: its version stands in the entry."""

    __tablename__ = "stamp_key"

    def __init__(self, version: int) -> None:
        self.public_id = f"stamp-key-{version}"


def rotate_key(session: Session, *, make_key: Callable[[int], None], actor: Actor, now: datetime) -> StampKey:
    """A new version for new runs. The others mint nothing more and read for ever. `make_key` writes its secret file."""
    session.get_one(Deployment, 1, with_for_update=True)  # one rotation at a time
    version = (session.scalar(select(func.max(StampKey.version))) or 0) + 1
    if version >= VERSIONS:
        raise Refused("Every key version of this deployment has been used.")
    make_key(version)
    for older in session.scalars(select(StampKey).where(StampKey.retired_at.is_(None))):
        older.retired_at = now
    key = StampKey(version=version, salt=secrets.token_bytes(32), made_at=now)
    session.add(key)
    session.flush()
    record(session, "key.made", _Subject(version), actor=actor, now=now, facts={"version": version})
    return key


def retire_key(session: Session, version: int, *, leaked: bool, actor: Actor, now: datetime) -> None:
    """Let a version mint nothing more; a leaked one makes its stamps say that nobody can verify them."""
    key = session.get(StampKey, version, with_for_update=True)
    if key is None:
        raise Refused("There is no key %(version)s.", version=version)
    if key.leaked_at is not None or (key.retired_at is not None and not leaked):
        raise Refused("Key %(version)s is retired already.", conflict=True, version=version)
    key.retired_at = key.retired_at or now
    key.leaked_at = now if leaked else None
    session.flush()
    kind = "key.leaked" if leaked else "key.retired"
    record(session, kind, _Subject(version), actor=actor, now=now, facts={"version": version})
