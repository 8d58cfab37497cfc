"""What a day's work leaves behind: single scans become counts a day, salts are destroyed, norms are counted anew.

Run every day by the worker (`flask --app trace fold-scans`). Scans older than 27 days are folded, so that even after
three days without a worker no single scan is older than a month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, cast, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import NOWHERE, Batch, Run, Scan, ScanDay, ScanNorm, StampRange
from .visitors import destroy_salts

KEEP_DAYS = 27


@dataclass(frozen=True, slots=True)
class Folded:
    scans: int
    days: int
    """Rows of counts that were written or added to."""
    salts: int
    products: int


def fold(session: Session, *, today: date, now: datetime) -> Folded:
    """Flushes; all of it in this transaction, so that a scan is counted once whatever happens in between."""
    salts = destroy_salts(session, before=today)
    products = count_norms(session, now=now)
    before = today - timedelta(days=KEEP_DAYS)
    rows = _counted(session, before)
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    for row in rows:
        added = dialect.insert(ScanDay).values(**row)
        session.execute(
            added.on_conflict_do_update(
                index_elements=["run_id", "number", "day_on", "province"],
                set_={
                    name: getattr(ScanDay, name) + added.excluded[name]
                    for name in ("scans", "early", "late", "after_pin")
                },
            )
        )
    session.execute(delete(Scan).where(Scan.day_on < before))
    return Folded(sum(row["scans"] for row in rows), len(rows), salts, products)


def _counted(session: Session, before: date) -> list[dict[str, Any]]:
    province = func.coalesce(Scan.province, NOWHERE)
    keys = (Scan.cooperative_id, Scan.run_id, Scan.number, Scan.day_on, province)
    query = (
        select(*keys, func.max(Scan.batch_id), func.count(), *map(_sum, (Scan.early, Scan.late, Scan.after_pin)))
        .where(Scan.day_on < before)
        .group_by(*keys)
        .order_by(Scan.run_id, Scan.number, Scan.day_on)
    )
    names = (
        "cooperative_id",
        "run_id",
        "number",
        "day_on",
        "province",
        "batch_id",
        "scans",
        "early",
        "late",
        "after_pin",
    )
    return [dict(zip(names, row, strict=True)) for row in session.execute(query)]


def _sum(flag: Any) -> Any:
    return func.sum(cast(flag, Integer))


def count_norms(session: Session, *, now: datetime) -> int:
    """How often stamps of each product are scanned, over the last month; returns how many products have any scan."""
    product = func.coalesce(Batch.product_id, Run.product_id).label("product_id")
    each = (
        select(product, func.count().label("times"))
        .select_from(Scan)
        .join(Run, Run.id == Scan.run_id)
        .outerjoin(Batch, Batch.id == Scan.batch_id)
        .group_by(product, Scan.run_id, Scan.number)
        .subquery()
    )
    once = func.sum(cast(each.c.times == 1, Integer))
    twice = func.sum(cast(each.c.times == 2, Integer))
    query = select(each.c.product_id, once, twice, func.count()).where(each.c.product_id.is_not(None))
    rows = session.execute(query.group_by(each.c.product_id)).all()
    active = _active(session, (row[0] for row in rows))
    for product_id, ones, twos, scanned in rows:
        session.merge(
            ScanNorm(
                product_id=product_id,
                once=int(ones),
                twice=int(twos),
                active=active.get(product_id, 0),
                scanned=scanned,
                counted_at=now,
            )
        )
    session.flush()
    return len(rows)


def _active(session: Session, product_ids: Iterable[int]) -> dict[int, int]:
    stamps = func.sum(StampRange.last - StampRange.first + 1)
    query = (
        select(Batch.product_id, stamps)
        .join(Batch, Batch.id == StampRange.batch_id)
        .where(StampRange.state == "active", Batch.product_id.in_(list(product_ids)))
    )
    return {product_id: int(count) for product_id, count in session.execute(query.group_by(Batch.product_id))}
