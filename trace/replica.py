"""Where the public pages read: from a replica that is up to date, else from the primary, else from what there is.

A replica is up to date when it holds the newest entry of the primary: exact, whatever its clock or its settings say.
While the primary is away the replica answers with the time it is of; everything that writes or that needs to know who
is asking says 503 in words.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from .records import Entry
from .work.lookup import ASK_EVERY_S, Heard, newest_entry

PRIMARY, REPLICA = "read", "replica"
"""Names of engines."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a database said of itself: its newest entry."""

    newest: int | None
    at: datetime | None
    """When what it shows was so; None where it is the present."""

    @property
    def reach(self) -> int:
        return -1 if self.newest is None else self.newest


class Sources:
    """One process's choice between primary and replica, made anew every two seconds."""

    def __init__(self, engines: dict[str, Engine], sessions: sessionmaker[Session], now: Callable[[], datetime],
                 ask_every_s: float = ASK_EVERY_S, clock: Callable[[], float] = time.monotonic) -> None:  # fmt: skip
        self._engines, self._sessions, self._now = engines, sessions, now
        self._ask_every_s, self._clock = ask_every_s, clock
        self._asked_at = float("-inf")
        self._equal_at = float("-inf")
        self._heard = Told(None, None)
        self.engine = PRIMARY
        self.primary_up = True
        self.replica_up = False

    def choose(self) -> str:
        """The name of the engine that public pages read from now."""
        if self._clock() - self._asked_at >= self._ask_every_s:
            self._asked_at = self._clock()  # first, so that of many requests one waits for a machine that is gone
            with suppress(OperationalError):  # whoever reads will find out
                self.ask()
        return self.engine

    @property
    def lag_s(self) -> float:
        """For how long the replica has not held all that the primary holds."""
        return 0.0 if self.engine == REPLICA and self.primary_up else self._clock() - self._equal_at

    def ask(self) -> Heard:
        """Ask both; raises `OperationalError` where neither answers."""
        primary, replica = self._told(PRIMARY), self._told(REPLICA)
        self.primary_up, self.replica_up = primary is not None, replica is not None
        if primary is not None:
            self._heard = primary
            level = replica is not None and replica.reach >= primary.reach
            self._equal_at = self._clock() if level else self._equal_at
            self.engine = REPLICA if level else PRIMARY
            return Heard(primary.newest)
        if replica is None:
            self.engine = PRIMARY
            raise OperationalError("neither primary nor replica answers", None, ConnectionError())
        self.engine = REPLICA
        known = max(self._heard, replica, key=lambda told: told.reach)  # never back behind what was shown before
        old_s = (self._now() - replica.at).total_seconds() if replica.at else 0.0
        return Heard(known.newest, max(0.001, old_s))

    def _told(self, name: str) -> Told | None:
        try:
            with self._sessions(bind=self._engines[name]) as session:
                return Told(newest_entry(session), _as_of(session) if name == REPLICA else None)
        except OperationalError:
            return None


def _as_of(session: Session) -> datetime | None:
    """When the newest of what a replica holds was written; a database that is no replica tells by its entries."""
    replayed: datetime | None = session.scalar(text("SELECT pg_last_xact_replay_timestamp()"))
    return replayed or session.scalar(select(Entry.at).order_by(Entry.index.desc()).limit(1))
