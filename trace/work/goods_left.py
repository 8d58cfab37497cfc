"""What a batch still has to give: nothing leaves twice, and not more than came in."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import OUT_OF_USE, Batch, Dispatch, DispatchLine, RangeState, Run, StampRange
from .refused import Refused

NOT_ON_GOODS = OUT_OF_USE | {RangeState.RETURNED}
"""Stamps inside a range that are known to have stayed behind."""


@dataclass(frozen=True, slots=True)
class Going:
    """What leaves of one batch. Weight, packs or a stamp range: what is missing follows from what is given."""

    batch: Batch
    weight_g: int | None = None
    packs: int | None = None
    run: Run | None = None
    first: int | None = None
    last: int | None = None


def holds_g(batch: Batch) -> int:
    """What a batch has to give: what came in, less what was lost in sorting."""
    return max(batch.received_g - batch.loss_g, 0)


def dispatched(session: Session, batches: list[Batch]) -> dict[int, tuple[int, int]]:
    """(grams, packs) that have left of each batch, by its key; voided slips do not count."""
    query = (
        select(
            DispatchLine.batch_id,
            func.sum(DispatchLine.weight_g),
            func.coalesce(func.sum(DispatchLine.packs), 0),
        )
        .join(Dispatch, Dispatch.id == DispatchLine.dispatch_id)
        .where(DispatchLine.batch_id.in_([batch.id for batch in batches]), Dispatch.voided_reason.is_(None))
        .group_by(DispatchLine.batch_id)
    )
    found = {row[0]: (int(row[1] or 0), int(row[2] or 0)) for row in session.execute(query)}
    return {batch.id: found.get(batch.id, (0, 0)) for batch in batches}


def shortages(
    session: Session, lines: list[Going], rows: list[DispatchLine], seen_at: datetime | None
) -> list[Refused]:
    """Where more would leave than a batch has, in weight or packs, with the figures."""
    gone = dispatched(session, [going.batch for going in lines])
    weights: Counter[int] = Counter()
    packs: Counter[int] = Counter()
    found = []
    for place, (going, row) in enumerate(zip(lines, rows, strict=True)):
        batch = going.batch
        left_g = holds_g(batch) - gone[batch.id][0] - weights[batch.id]
        left_packs = (batch.packs or 0) - gone[batch.id][1] - packs[batch.id]
        late = seen_at is not None and _left_since(session, batch, seen_at)
        if row.weight_g > left_g:
            found.append(
                Refused(
                    "Batch %(batch)s has %(left_g)s left, and this is %(wanted_g)s.",
                    field=f"lines-{place}-weight", conflict=late,
                    batch=batch.code, left_g=max(left_g, 0), wanted_g=row.weight_g,
                )
            )  # fmt: skip
        elif row.packs is not None and row.packs > left_packs:
            found.append(
                Refused(
                    "Batch %(batch)s has %(left)s packs left, and these are %(wanted)s.",
                    field=f"lines-{place}-packs", conflict=late,
                    batch=batch.code, left=max(left_packs, 0), wanted=row.packs,
                )
            )  # fmt: skip
        weights[batch.id] += row.weight_g
        packs[batch.id] += row.packs or 0
    return found


def _left_since(session: Session, batch: Batch, moment: datetime) -> bool:
    query = (
        select(func.count())
        .select_from(DispatchLine)
        .join(Dispatch, Dispatch.id == DispatchLine.dispatch_id)
        .where(DispatchLine.batch_id == batch.id, Dispatch.created_at >= moment, Dispatch.voided_reason.is_(None))
    )
    return bool(session.scalar(query))


def stamps_elsewhere(session: Session, lines: list[Going]) -> list[Refused]:
    """Stamps that are not active on the batch, or have left already."""
    found = []
    for place, going in enumerate(lines):
        if going.run is None or going.first is None or going.last is None:
            continue
        rows = session.scalars(
            select(StampRange).where(
                StampRange.run_id == going.run.id, StampRange.last >= going.first, StampRange.first <= going.last
            )
        ).all()
        alive = [row for row in rows if row.state not in NOT_ON_GOODS]
        name = f"lines-{place}-first"
        if not alive or any(row.state != RangeState.ACTIVE or row.batch_id != going.batch.id for row in alive):
            message = "These stamps are not all active on batch %(batch)s."
            found.append(Refused(message, field=name, batch=going.batch.code))
        elif (taken := _slip_with(session, going, lines[:place])) is not None:
            message = "Some of these stamps have left already, with slip %(slip)s."
            found.append(Refused(message, field=name, conflict=True, slip=taken))
    return found


def _slip_with(session: Session, going: Going, before: list[Going]) -> str | None:
    first, last = going.first or 0, going.last or 0
    for other in before:
        if other.run is going.run and other.first and other.last and other.first <= last and other.last >= first:
            return "–"
    query = (
        select(Dispatch.number)
        .join(DispatchLine, DispatchLine.dispatch_id == Dispatch.id)
        .where(
            DispatchLine.run_id == (going.run.id if going.run else None),
            DispatchLine.first <= last,
            DispatchLine.last >= first,
            Dispatch.voided_reason.is_(None),
        )
    )
    return session.scalar(query.limit(1))
