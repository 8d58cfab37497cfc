"""What a cooperative reads of looks and scans: by day, by batch, by province; the raw beside the filtered."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import NOWHERE, Batch, LookDay, Scan, ScanDay


@dataclass(frozen=True, slots=True)
class DayCount:
    day: date
    looks: int
    robots: int
    scans: int


@dataclass(frozen=True, slots=True)
class BatchCount:
    batch: Batch | None
    """None for stamps that were bound to none when looked at."""
    looks: int
    scans: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a cooperative, or of one of its batches, between two days that both belong to it."""

    days: list[DayCount]
    batches: list[BatchCount]
    provinces: list[tuple[str, int]]
    """Code of the province ("" where none was told) and scans, the most first."""

    @property
    def looks(self) -> int:
        return sum(each.looks for each in self.days)

    @property
    def robots(self) -> int:
        return sum(each.robots for each in self.days)

    @property
    def scans(self) -> int:
        return sum(each.scans for each in self.days)


def counts_of(session: Session, cooperative_id: int, from_on: date, to_on: date, batch: Batch | None = None) -> Counts:
    looks = _looks(session, cooperative_id, from_on, to_on, batch)
    scans = _scans(session, cooperative_id, from_on, to_on, batch)
    return Counts(_by_day(looks, scans, from_on, to_on), _by_batch(session, looks, scans), _by_province(scans))


def _looks(session: Session, cooperative_id: int, from_on: date, to_on: date, batch: Batch | None) -> list[Any]:
    """(day, batch key or 0, looks, robots)"""
    query = select(LookDay.day_on, LookDay.batch_key, func.sum(LookDay.looks), func.sum(LookDay.robots)).where(
        LookDay.cooperative_id == cooperative_id, LookDay.day_on.between(from_on, to_on)
    )
    if batch is not None:
        query = query.where(LookDay.batch_key == batch.id)
    return list(session.execute(query.group_by(LookDay.day_on, LookDay.batch_key)))


def _scans(session: Session, cooperative_id: int, from_on: date, to_on: date, batch: Batch | None) -> list[Any]:
    """(day, batch key or 0, province or "", scans) of the single scans and of the folded ones."""
    rows: list[Any] = []
    for kind, count in ((Scan, func.count()), (ScanDay, func.sum(ScanDay.scans))):
        keys = (kind.day_on, func.coalesce(kind.batch_id, 0), func.coalesce(kind.province, NOWHERE))
        query = select(*keys, count).where(kind.cooperative_id == cooperative_id, kind.day_on.between(from_on, to_on))
        if batch is not None:
            query = query.where(kind.batch_id == batch.id)
        rows += session.execute(query.group_by(*keys))
    return rows


def _by_day(looks: list[Any], scans: list[Any], from_on: date, to_on: date) -> list[DayCount]:
    seen: dict[date, list[int]] = defaultdict(lambda: [0, 0, 0])
    for day, _, people, robots in looks:
        seen[day][0] += int(people)
        seen[day][1] += int(robots)
    for day, _, _, count in scans:
        seen[day][2] += int(count)
    days = (from_on + timedelta(days=number) for number in range((to_on - from_on).days + 1))
    return [DayCount(day, *seen[day]) for day in days]


def _by_batch(session: Session, looks: list[Any], scans: list[Any]) -> list[BatchCount]:
    seen: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for _, batch_key, people, _ in looks:
        seen[batch_key][0] += int(people)
    for _, batch_key, _, count in scans:
        seen[batch_key][1] += int(count)
    found = session.scalars(select(Batch).where(Batch.id.in_([key for key in seen if key])))
    batches = {batch.id: batch for batch in found}
    rows = [BatchCount(batches.get(key), *counts) for key, counts in seen.items()]
    return sorted(rows, key=lambda row: (-row.scans, -row.looks))


def _by_province(scans: list[Any]) -> list[tuple[str, int]]:
    seen: dict[str, int] = defaultdict(int)
    for _, _, province, count in scans:
        seen[province] += int(count)
    return sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))


def scans_of_batches(session: Session, batch_ids: list[int]) -> dict[int, int]:
    """Scans of each batch, ever; batches without any are left out."""
    found: dict[int, int] = defaultdict(int)
    for kind, count in ((Scan, func.count()), (ScanDay, func.sum(ScanDay.scans))):
        query = select(kind.batch_id, count).where(kind.batch_id.in_(batch_ids)).group_by(kind.batch_id)
        for key, scans in session.execute(query):
            found[key or 0] += int(scans)
    return dict(found)
