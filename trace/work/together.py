"""Many small writes in one commit: whoever comes first writes for all who came meanwhile, and each is told the outcome.

What is acknowledged has been committed. The queue is bounded, and so is the number of threads that wait in it: when it
is full, or the database has just refused, the next one is told so at once and the pages keep their threads.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
REST_S = 2.0
"""How long nobody tries again after the database refused."""


class Busy(Exception):  # noqa: N818 - an answer, not an error
    """Nothing was written: try later."""


@dataclass
class _Waiting(Generic[Item, Outcome]):
    item: Item
    outcome: list[Outcome] = field(default_factory=list)
    failed: BaseException | None = None

    @property
    def settled(self) -> bool:
        return bool(self.outcome) or self.failed is not None


class Together(Generic[Item, Outcome]):
    """`store` writes and commits a batch and returns one outcome an item, or raises and has written nothing."""

    def __init__(
        self,
        store: Callable[[Sequence[Item]], Sequence[Outcome]],
        most_waiting: int = 8,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._most, self._clock = store, most_waiting, clock
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._queue: list[_Waiting[Item, Outcome]] = []
        self._waiting = 0
        self._rests_until = float("-inf")

    def write(self, item: Item) -> Outcome:
        """The outcome, once committed; raises `Busy`."""
        own: _Waiting[Item, Outcome] = _Waiting(item)
        with self._lock:
            if self._waiting >= self._most or self._clock() < self._rests_until:
                raise Busy
            self._waiting += 1
            self._queue.append(own)
        try:
            with self._writing:
                if not own.settled:
                    self._write_all()
        finally:
            with self._lock:
                self._waiting -= 1
        if own.failed is not None:
            raise Busy from own.failed
        return own.outcome[0]

    def _write_all(self) -> None:
        with self._lock:
            batch, self._queue = self._queue, []
        try:
            outcomes = self._store([each.item for each in batch])
        except Exception as failed:
            # Each who waits is told, whatever it was.
            with self._lock:
                self._rests_until = self._clock() + REST_S
            for each in batch:
                each.failed = failed
            return
        for each, outcome in zip(batch, outcomes, strict=True):
            each.outcome.append(outcome)
