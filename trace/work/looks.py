"""Counting looks: in this process's memory, written as daily counts a minute at a time, never a row a look."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import LookDay, Run, StampRange
from .lookup import Found

Key = tuple[int, int, date]
"""Run number, key of the range as it was, day."""
Count = list[int]
"""Looks, looks of robots, and the serial number of one of the stamps."""
FLUSH_EVERY_S = 60.0


class Looks:
    """Safe between threads. `due` says once a minute that it is time to write."""

    def __init__(self, flush_every_s: float = FLUSH_EVERY_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s, self._clock = flush_every_s, clock
        self._lock = threading.Lock()
        self._counts: dict[Key, Count] = {}
        self._flushed_at = clock()

    def count(self, run_number: int, found: Found, day: date, *, robot: bool) -> None:
        key = (run_number, found.range_id, day)
        with self._lock:
            count = self._counts.get(key)
            if count is None:
                count = self._counts[key] = [0, 0, found.number]
            count[robot] += 1

    def due(self) -> bool:
        if self._clock() - self._flushed_at < self._every_s:
            return False
        with self._lock:
            if self._clock() - self._flushed_at < self._every_s:
                return False
            self._flushed_at = self._clock()
        return True

    def take(self) -> dict[Key, Count]:
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def put_back(self, counts: Mapping[Key, Count]) -> None:
        """They could not be written: keep them for the next time."""
        with self._lock:
            for key, count in counts.items():
                kept = self._counts.setdefault(key, [0, 0, count[2]])
                kept[0] += count[0]
                kept[1] += count[1]


def keep_looks(session: Session, counts: Mapping[Key, Count]) -> int:
    """Add counts to their days; returns how many looks that were."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for (run_number, range_id, day), (looks, robots, number) in sorted(counts.items()):
        stamps = _range(session, run_number, range_id, number)
        if stamps is None:
            continue
        values = {"run_id": stamps.run_id, "batch_key": stamps.batch_id or 0, "day_on": day, "looks": looks}
        row = dialect.insert(LookDay).values(cooperative_id=stamps.cooperative_id, robots=robots, **values)
        session.execute(
            row.on_conflict_do_update(
                index_elements=["run_id", "batch_key", "day_on"],
                set_={"looks": LookDay.looks + row.excluded.looks, "robots": LookDay.robots + row.excluded.robots},
            )
        )
    return sum(looks + robots for looks, robots, _ in counts.values())


def _range(session: Session, run_number: int, range_id: int, number: int) -> StampRange | None:
    """The range that was looked at; by one of its stamps where it has been joined to a neighbour since."""
    stamps = session.get(StampRange, range_id)
    if stamps is not None:
        return stamps
    inside = (Run.number == run_number, StampRange.first <= number, StampRange.last >= number)
    return session.scalars(select(StampRange).join(Run, Run.id == StampRange.run_id).where(*inside)).first()
