"""Keeping scans: one a visitor-day a stamp, each token once, and a case for staff where a stamp seems to be copied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import RangeState, Scan, StampRange
from .clones import FEWEST_VISITOR_DAYS
from .copy_cases import judge
from .standing import shelf_life_ends_on

MOST_A_STAMP_A_DAY = 200
"""More would prove nothing new about a stamp, and would let somebody fill the disk with one."""


class Outcome(StrEnum):
    KEPT = "kept"
    PLACED = "placed"
    """Counted before; now a province has been told."""
    AGAIN = "again"
    """Counted before, on this day or with this token."""
    FULL = "full"
    """The stamp has had its share of this day."""


@dataclass(frozen=True, slots=True)
class NewScan:
    """What a page tells of a scan; the code has been deciphered and the token checked."""

    range_id: int
    number: int
    visitor: bytes
    nonce: bytes
    at: datetime
    day: date
    province: str | None = None
    pressed: bool = False


def keep_scans(session: Session, scans: Sequence[NewScan], *, now: datetime) -> list[Outcome]:
    """Store what is new among these, and open cases. Flushes; one outcome a scan, in their order."""
    outcomes = [_keep(session, scan) for scan in scans]
    kept = {(scan.range_id, scan.number) for scan, outcome in zip(scans, outcomes, strict=True) if outcome == "kept"}
    for run_id, number in _often_seen(session, kept):
        judge(session, run_id, number, now=now)
    return outcomes


def _keep(session: Session, scan: NewScan) -> Outcome:
    stamps = session.get_one(StampRange, scan.range_id)
    same_stamp = (Scan.run_id == stamps.run_id, Scan.number == scan.number)
    today = select(func.count()).select_from(Scan).where(*same_stamp, Scan.day_on == scan.day)
    if (session.scalar(today) or 0) >= MOST_A_STAMP_A_DAY:
        return Outcome.FULL
    if session.scalar(_insert(session, stamps, scan)) is not None:
        return Outcome.KEPT
    if scan.province is None:
        return Outcome.AGAIN
    placed = session.execute(
        update(Scan)
        .where(*same_stamp, Scan.visitor == scan.visitor, Scan.province.is_(None))
        .values(province=scan.province, pressed=True)
    )
    return Outcome.PLACED if placed.rowcount else Outcome.AGAIN  # type: ignore[attr-defined] # an UPDATE's has it


def _insert(session: Session, stamps: StampRange, scan: NewScan) -> Any:
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    ends_on = shelf_life_ends_on(stamps.batch) if stamps.batch else None
    values = {
        "cooperative_id": stamps.cooperative_id,
        "run_id": stamps.run_id,
        "number": scan.number,
        "batch_id": stamps.batch_id,
        "visitor": scan.visitor,
        "nonce": scan.nonce,
        "hour_at": scan.at.replace(minute=0, second=0, microsecond=0),
        "day_on": scan.day,
        "province": scan.province,
        "pressed": scan.pressed,
        "early": stamps.state in (RangeState.MADE, RangeState.PRINTED),
        "late": ends_on is not None and scan.day > ends_on,
        "after_pin": False,
    }
    return dialect.insert(Scan).values(**values).on_conflict_do_nothing().returning(Scan.id)


def _often_seen(session: Session, stamps: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of these (range, number), the stamps with enough single scans to be judged, as (run, number)."""
    if not stamps:
        return []
    runs = dict(
        session.execute(
            select(StampRange.id, StampRange.run_id).where(StampRange.id.in_({range_id for range_id, _ in stamps}))
        ).all()
    )
    pairs = [(runs[range_id], number) for range_id, number in stamps]
    counted = (
        select(Scan.run_id, Scan.number)
        .where(tuple_(Scan.run_id, Scan.number).in_(pairs))
        .group_by(Scan.run_id, Scan.number)
        .having(func.count() >= FEWEST_VISITOR_DAYS)
        .order_by(Scan.run_id, Scan.number)
    )
    return [(run_id, number) for run_id, number in session.execute(counted)]
