"""The life of a key, of stamps or of PINs: made, retired, and, should it leak, disowned."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Deployment, PinKey, StampKey
from .actor import Actor
from .history import record
from .refused import Refused

VERSIONS = 32
"""A code's first symbol tells its key's version."""


Key = TypeVar("Key", StampKey, PinKey)


class _Subject:
    """A key has no public id of its own: its kind and version stand in the entry."""

    def __init__(self, kind: type[StampKey] | type[PinKey], version: int) -> None:
        self.__tablename__ = kind.__tablename__
        self.public_id = f"{kind.__tablename__.replace('_', '-')}-{version}"


def rotate_key(
    session: Session, kind: type[Key], *, make_key: Callable[[int], None], actor: Actor, now: datetime
) -> Key:
    """A new version for new runs, or new PINs. The others make nothing more and read for ever. `make_key` writes its
    secret file."""
    session.get_one(Deployment, 1, with_for_update=True)  # one rotation at a time
    version = (session.scalar(select(func.max(kind.version))) or 0) + 1
    if version >= VERSIONS:
        raise Refused("Every key version of this deployment has been used.")
    make_key(version)
    for older in session.scalars(select(kind).where(kind.retired_at.is_(None))):
        older.retired_at = now
    key = kind(version=version, salt=secrets.token_bytes(32), made_at=now)
    session.add(key)
    session.flush()
    record(session, "key.made", _Subject(kind, version), actor=actor, now=now, facts={"version": version})
    return key


def retire_key(session: Session, kind: type[Key], version: int, *, leaked: bool, actor: Actor, now: datetime) -> None:
    """Let a version make nothing more; stamps of a leaked one say that nobody can verify them, or ask for no PIN."""
    key = session.get(kind, version, with_for_update=True)
    if key is None:
        raise Refused("There is no key %(version)s.", version=version)
    if key.leaked_at is not None or (key.retired_at is not None and not leaked):
        raise Refused("Key %(version)s is retired already.", conflict=True, version=version)
    key.retired_at = key.retired_at or now
    key.leaked_at = now if leaked else None
    session.flush()
    word = "key.leaked" if leaked else "key.retired"
    record(session, word, _Subject(kind, version), actor=actor, now=now, facts={"version": version})
