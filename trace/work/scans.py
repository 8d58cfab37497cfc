"""Keeping scans: one a visitor-day a stamp, each token once, and a case for staff where a stamp seems to be copied.

Two statements a batch of scans, however many: they are the hottest writes of the service.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Integer, cast, func, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import RangeState, Scan, StampPin, StampRange
from .clones import FEWEST_VISITOR_DAYS
from .copy_cases import judge
from .standing import shelf_life_ends_on

MOST_A_STAMP_A_DAY = 200
"""More would prove nothing new about a stamp, and would let somebody fill the disk with one."""
UNSCANNED = (0, 0)

Stamp = tuple[int, int]
"""Key of the run, serial number."""


class Outcome(StrEnum):
    KEPT = "kept"
    PLACED = "placed"
    """Counted before; now a province has been told."""
    AGAIN = "again"
    """Counted before, on this day or with this token."""
    FULL = "full"
    """The stamp has had its share of this day."""


@dataclass(frozen=True, slots=True)
class RangeFacts:
    """What a scan needs to know of the range of its stamp."""

    run_id: int
    cooperative_id: int
    batch_id: int | None
    early: bool
    ends_on: date | None
    """Last day of the shelf life."""


def facts_of(stamps: StampRange) -> RangeFacts:
    early = stamps.active_at is None and stamps.state != RangeState.VOID
    ends_on = shelf_life_ends_on(stamps.batch) if stamps.batch else None
    return RangeFacts(stamps.run_id, stamps.cooperative_id, stamps.batch_id, early, ends_on)


@dataclass(frozen=True, slots=True)
class NewScan:
    """What a page tells of a scan; the code has been deciphered and the token checked."""

    stamps: RangeFacts
    number: int
    visitor: bytes
    nonce: bytes
    at: datetime
    day: date
    province: str | None = None
    pressed: bool = False
    has_pin: bool = False

    @property
    def stamp(self) -> Stamp:
        return self.stamps.run_id, self.number

    def row(self, *, after_pin: bool) -> dict[str, Any]:
        return {
            "cooperative_id": self.stamps.cooperative_id,
            "run_id": self.stamps.run_id,
            "number": self.number,
            "batch_id": self.stamps.batch_id,
            "visitor": self.visitor,
            "nonce": self.nonce,
            "hour_at": self.at.replace(minute=0, second=0, microsecond=0),
            "day_on": self.day,
            "province": self.province,
            "pressed": self.pressed,
            "early": self.stamps.early,
            "late": self.stamps.ends_on is not None and self.day > self.stamps.ends_on,
            "after_pin": after_pin,
        }


def keep_scans(session: Session, scans: Sequence[NewScan], *, now: datetime) -> list[Outcome]:
    """Store what is new among these, and open cases. Flushes; one outcome a scan, in their order."""
    before = _counted(session, {scan.stamp for scan in scans}, max(scan.day for scan in scans))
    room = [scan for scan in scans if before.get(scan.stamp, UNSCANNED)[1] < MOST_A_STAMP_A_DAY]
    new = _insert(session, room) if room else set()
    kept: Counter[Stamp] = Counter()
    outcomes = []
    for scan in scans:
        outcome = _outcome(session, scan, new, scan in room)
        kept[scan.stamp] += outcome is Outcome.KEPT
        outcomes.append(outcome)
    for stamp, more in sorted(kept.items()):
        if more and before.get(stamp, UNSCANNED)[0] + more >= FEWEST_VISITOR_DAYS:
            judge(session, *stamp, now=now)
    return outcomes


def _counted(session: Session, stamps: set[Stamp], day: date) -> dict[Stamp, tuple[int, int]]:
    """Single scans of these stamps: all, and those of the day."""
    today = func.sum(cast(Scan.day_on == day, Integer))
    query = select(Scan.run_id, Scan.number, func.count(), today).where(tuple_(Scan.run_id, Scan.number).in_(stamps))
    rows = session.execute(query.group_by(Scan.run_id, Scan.number))
    return {(run_id, number): (int(total), int(of_day)) for run_id, number, total, of_day in rows}


def _insert(session: Session, scans: Sequence[NewScan]) -> set[bytes]:
    """The nonces of the rows that were new."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    used = _pins_used(session, {scan.stamp for scan in scans if scan.has_pin})
    rows = [scan.row(after_pin=scan.stamp in used) for scan in sorted(scans, key=lambda scan: scan.nonce)]
    table = Scan.__table__  # in the language of tables: a statement compiled once for any number of rows
    return set(session.scalars(dialect.insert(table).on_conflict_do_nothing().returning(table.c.nonce), rows))


def _pins_used(session: Session, stamps: set[Stamp]) -> set[Stamp]:
    """Those of these stamps whose PIN somebody has used; most stamps have none, and nothing is asked."""
    if not stamps:
        return set()
    stamp = (StampPin.run_id, StampPin.number)
    query = select(*stamp).where(tuple_(*stamp).in_(stamps), StampPin.used_on.is_not(None))
    return {(run_id, number) for run_id, number in session.execute(query)}


def _outcome(session: Session, scan: NewScan, new: set[bytes], had_room: bool) -> Outcome:
    if scan.nonce in new:
        new.discard(scan.nonce)  # the same token twice in one batch: only one of them was kept
        return Outcome.KEPT
    if not had_room:
        return Outcome.FULL
    if scan.province is None or not scan.pressed:
        return Outcome.AGAIN
    own = (Scan.run_id == scan.stamps.run_id, Scan.number == scan.number, Scan.visitor == scan.visitor)
    unsaid = or_(Scan.province.is_(None), Scan.pressed.is_(False))  # a database's guess gives way to a person's word
    placed = session.execute(update(Scan).where(*own, unsaid).values(province=scan.province, pressed=True))
    return Outcome.PLACED if placed.rowcount else Outcome.AGAIN  # type: ignore[attr-defined] # an UPDATE's has it
