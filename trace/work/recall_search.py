"""Finding what a recall must reach: by plot, product, certificate and days; back to plots, forward to buyers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..records import (
    Batch,
    BatchVerdict,
    Certificate,
    Cooperative,
    CooperativeDecision,
    CooperativeVerdict,
    Dispatch,
    DispatchLine,
    IntakeLine,
    Plot,
    Product,
    ScopeLine,
)
from .batches import ALLOWED
from .products import standing_of
from .reach import active_stamps
from .standing import BatchStanding, batch_standing

MOST_FOUND = 500


@dataclass(frozen=True, slots=True)
class Search:
    """What batches are found by; at least one of them. Days are harvest or packing days, both ends included."""

    cooperative: Cooperative | None = None
    plot: Plot | None = None
    product: Product | None = None
    certificate: Certificate | None = None
    from_on: date | None = None
    to_on: date | None = None

    @property
    def empty(self) -> bool:
        return not any((self.cooperative, self.plot, self.product, self.certificate))

    def facts(self) -> dict[str, Any]:
        named = {
            "cooperative": self.cooperative,
            "plot": self.plot,
            "product": self.product,
            "certificate": self.certificate,
        }
        days = {"from_on": self.from_on, "to_on": self.to_on}
        return {key: row.public_id for key, row in named.items() if row is not None} | {
            key: day.isoformat() for key, day in days.items() if day is not None
        }


@dataclass(frozen=True, slots=True)
class Reached:
    """One batch a recall would reach: back to where it came from, forward to where it went."""

    batch: Batch
    cooperative: Cooperative
    standing: BatchStanding
    plots: list[Plot]
    active_stamps: int
    dispatched_g: int
    buyers: list[str]

    @property
    def recallable(self) -> bool:
        return self.standing in ALLOWED[BatchVerdict.RECALLED]


def find_batches(session: Session, search: Search) -> list[Reached]:
    """Batches handed in that fit, the newest first."""
    if search.empty:
        return []
    query = select(Batch).where(Batch.submitted_at.is_not(None))
    if search.cooperative is not None:
        query = query.where(Batch.cooperative_id == search.cooperative.id)
    if search.product is not None:
        query = query.where(Batch.product_id == search.product.id)
    lines = select(IntakeLine.batch_id)
    if search.plot is not None:
        query = query.where(Batch.id.in_(lines.where(IntakeLine.plot_id == search.plot.id)))
    if search.certificate is not None:
        scope = select(ScopeLine.id).where(ScopeLine.certificate_id == search.certificate.id)
        query = query.where(Batch.id.in_(lines.where(IntakeLine.scope_line_id.in_(scope))))
    if search.from_on is not None or search.to_on is not None:
        low, high = search.from_on or date.min, search.to_on or date.max
        harvested = lines.where(IntakeLine.harvested_on.between(low, high))
        query = query.where(or_(Batch.packed_on.between(low, high), Batch.id.in_(harvested)))
    return reached(session, session.scalars(query.order_by(Batch.id.desc()).limit(MOST_FOUND)).all())


def reached(session: Session, batches: Sequence[Batch]) -> list[Reached]:
    keys = [batch.id for batch in batches]
    stamps = active_stamps(session, batches)
    out = _went_to(session, keys)
    owners = {
        row.id: row
        for row in session.scalars(select(Cooperative).where(Cooperative.id.in_({b.cooperative_id for b in batches})))
    }
    return [
        Reached(
            batch,
            owners[batch.cooperative_id],
            batch_standing(batch),
            list({line.plot.id: line.plot for line in batch.intake if line.plot}.values()),
            stamps.get(batch.id, 0),
            *out.get(batch.id, (0, [])),
        )
        for batch in batches
    ]


def _went_to(session: Session, keys: list[int]) -> dict[int, tuple[int, list[str]]]:
    """By batch: grams that left, and the buyers."""
    rows = session.execute(
        select(DispatchLine.batch_id, Dispatch, DispatchLine.weight_g)
        .join(Dispatch, Dispatch.id == DispatchLine.dispatch_id)
        .where(DispatchLine.batch_id.in_(keys), Dispatch.voided_reason.is_(None))
        .order_by(Dispatch.on_day, Dispatch.id)
    )
    found: dict[int, tuple[int, list[str]]] = {}
    for key, slip, weight_g in rows:
        grams, buyers = found.get(key, (0, []))
        name = slip.buyer.name
        found[key] = (grams + weight_g, buyers if name in buyers else [*buyers, name])
    return found


@dataclass(frozen=True, slots=True)
class Choices:
    """What of a cooperative batches may be found by."""

    plots: list[Plot]
    products: list[Product]
    certificates: list[Certificate]


def choices_of(session: Session, cooperative: Cooperative) -> Choices:
    own = cooperative.id
    return Choices(
        list(session.scalars(select(Plot).where(Plot.cooperative_id == own).order_by(Plot.folded))),
        list(session.scalars(select(Product).where(standing_of(cooperative)).order_by(Product.folded))),
        list(session.scalars(select(Certificate).where(Certificate.cooperative_id == own).order_by(Certificate.id))),
    )


def approved(session: Session) -> list[Cooperative]:
    """Every cooperative that was ever approved, by name: one that has left may still have goods out."""
    ever = select(CooperativeDecision.cooperative_id).where(CooperativeDecision.verdict == CooperativeVerdict.APPROVED)
    return list(session.scalars(select(Cooperative).where(Cooperative.id.in_(ever)).order_by(Cooperative.folded)))
