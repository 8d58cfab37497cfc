"""Finding a stamp by its code, fast: arithmetic first, then what this process remembers, then the database.

Each process holds runs, and whatever its caller derives from their ranges, behind one cheap question asked at most
every two seconds: what is the newest entry? Every change of business data appends one, so nothing older than that can
be shown for longer.
"""

import threading
import time
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ..records import Entry, Run, StampRange
from ..standards.codes import Place
from .pins import Pinned, issues_of, pinned

Value = TypeVar("Value")
ASK_EVERY_S = 2.0
MOST_RUNS = 20_000
MOST_DERIVED = 4_000
MOST_ABSENT = 2_000
MOST_LED_ON = 1_000
"""Answers of up to some 24 kB each."""


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run as held in memory: where each of its ranges begins, and the ranges' keys in the same order."""

    label: str
    gtin: str | None
    count: int
    firsts: tuple[int, ...]
    range_ids: tuple[int, ...]
    pins: tuple[Pinned, ...] = ()

    def range_id(self, number: int) -> int:
        return self.range_ids[bisect_right(self.firsts, number) - 1]


@dataclass(frozen=True, slots=True)
class Found:
    """A stamp that exists: its serial number and the row of its range."""

    run: RunSeen
    number: int
    range_id: int

    @property
    def label(self) -> str:
        """The serial number as printed."""
        return f"{self.run.label}-{self.number:07d}"

    @property
    def pinned(self) -> Pinned | None:
        """How its PIN is made, where it was printed with one."""
        return pinned(self.run.pins, self.number) if self.run.pins else None


@dataclass(frozen=True, slots=True)
class Heard:
    """The newest entry, and how old that news is: 0 while it is the primary's own."""

    newest: int | None
    old_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a link was answered with, whole."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class Kept(Generic[Value]):
    """A bounded memory that forgets what was longest unused."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def get(self, key: Hashable) -> Value | None:
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Hashable, value: Value) -> Value:
        self._values[key] = value
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        self._values.clear()


class Registry:
    """What one process remembers of runs, and of what its caller derives from records. Safe between threads."""

    def __init__(self, ask_every_s: float = ASK_EVERY_S, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask_every_s = ask_every_s
        self._clock = clock
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._version: int | None = None
        self._heard_at = float("-inf")
        self._away = False
        self._runs: Kept[RunSeen] = Kept(MOST_RUNS)
        self._derived: Kept[Any] = Kept(MOST_DERIVED)
        self._absent: Kept[bool] = Kept(MOST_ABSENT)
        self._led_on: Kept[Answer] = Kept(MOST_LED_ON)

    def refresh(self, newest: Callable[[], Heard]) -> None:
        """Ask for the newest entry, if the last answer is two seconds old; forget everything when it has moved."""
        now = self._clock()
        if now - self._asked_at < self._ask_every_s:
            return
        self._asked_at = now  # first, so that of many requests one waits for a database that is gone
        try:
            heard = newest()
        except OperationalError:
            if self._version is None:
                self._asked_at = float("-inf")
                raise
            self._away = True  # what is remembered may be told, with the time it is of
            return
        with self._lock:
            self._heard_at, self._away = now - heard.old_s, heard.old_s > 0
            if heard.newest != self._version:
                self._version = heard.newest
                self._runs.clear()
                self._derived.clear()
                self._absent.clear()
                self._led_on.clear()

    @property
    def version(self) -> int | None:
        """The newest entry that this process has heard of."""
        return self._version

    @property
    def settled(self) -> bool:
        """Whether what is remembered may be told just now without asking anybody."""
        return self._version is not None and not self._away and self._clock() - self._asked_at < self._ask_every_s

    @property
    def away_s(self) -> float | None:
        """How old what is remembered may be, while the database does not answer; None while it does."""
        return self._clock() - self._heard_at if self._away else None

    def forget(self) -> None:
        """Ask again at the next look, whatever the clock says."""
        with self._lock:
            self._asked_at = float("-inf")
            self._version = None

    def find_remembered(self, place: Place) -> Found | None:
        """As `find`, without the database: None also where the run is not in memory."""
        with self._lock:
            run = self._runs.get(place.run)
        return _within(run, place.index + 1) if run else None

    def find(self, place: Place, opened: Callable[[], Session]) -> Found | None:
        """The stamp a code points to; None when its run is in no row (a restored database: the code is ours)."""
        with self._lock:
            run = self._runs.get(place.run)
        if run is None:
            run = load_run(opened(), place.run)
            if run is None:
                return None
            with self._lock:
                self._runs.put(place.run, run)
        return _within(run, place.index + 1)

    def remembered(self, key: Hashable) -> Any:
        """What `remember` would tell without deriving anything; None where it would have to."""
        with self._lock:
            return self._derived.get(key)

    def remember(self, key: Hashable, derive: Callable[[], Value]) -> Value:
        """What follows from the records, worked out once for all who ask by `key`.

        That there is nothing (None) is kept apart, so that who asks for what is not there drives out nothing that is.
        """
        with self._lock:
            known: Value | None = self._derived.get(key)
            absent = self._absent.get(key)
            version = self._version
        if known is not None or absent:
            return known  # type: ignore[return-value] # absent: the caller's own None
        value = derive()
        with self._lock:
            if version == self._version:
                if value is None:
                    self._absent.put(key, True)
                else:
                    self._derived.put(key, value)
        return value

    def answered(self, key: Hashable) -> Answer | None:
        """A whole answer as `keep_answer` was given it."""
        with self._lock:
            return self._led_on.get(key)

    def keep_answer(self, key: Hashable, answer: Answer, *, since: int | None) -> None:
        """Keep an answer that was worked out from what stood at version `since`, if nothing has changed meanwhile.

        A memory of its own: strangers choose these keys, and are to push nothing out but each other's answers.
        """
        with self._lock:
            if since is not None and since == self._version:
                self._led_on.put(key, answer)


def _within(run: RunSeen, number: int) -> Found | None:
    return Found(run, number, run.range_id(number)) if number <= run.count else None


def newest_entry(session: Session) -> int | None:
    return session.scalar(select(func.max(Entry.index)))


def load_run(session: Session, number: int) -> RunSeen | None:
    row = session.execute(select(Run.id, Run.label, Run.gtin, Run.count).where(Run.number == number)).first()
    if row is None:
        return None
    run_id, label, gtin, count = row
    ranges = select(StampRange.first, StampRange.id).where(StampRange.run_id == run_id).order_by(StampRange.first)
    pairs = session.execute(ranges).all()
    firsts, keys = tuple(first for first, _ in pairs), tuple(key for _, key in pairs)
    return RunSeen(label, gtin, count, firsts, keys, issues_of(session, run_id))
