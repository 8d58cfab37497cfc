"""Activating stamps: bound to a cleared batch, from now on their page tells its origin; undone within the hour."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ..records import (
    OUT_OF_USE,
    WAITING,
    Activation,
    Batch,
    Cooperative,
    Dispatch,
    DispatchLine,
    RangeState,
    Run,
    Scan,
    StampRange,
)
from .actor import Actor
from .gate_rules import Gate
from .gates import pass_gate
from .history import record
from .ranges import Bound, Span, locked, move, restore, snapshot_of, spans_in, within
from .refused import Refused
from .standing import is_cleared

UNDO_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Activated:
    """What became active, and what lies between and did not."""

    done: Activation
    spans: list[Span]
    passed_over: list[Span]
    """Void and lost stamps."""


def activate(
    session: Session, run: Run, first: int, last: int, batch: Batch, *, actor: Actor, now: datetime
) -> list[Span]:
    """Bind stamps to a cleared batch. Returns the spans that became active."""
    return activate_noted(session, run, first, last, batch, actor=actor, now=now).spans


def activate_noted(
    session: Session, run: Run, first: int, last: int, batch: Batch, *, actor: Actor, now: datetime
) -> Activated:
    """The same, with the line that `undo` takes back and the stamps that were passed over."""
    run = locked(session, run)
    session.refresh(batch, with_for_update=True)  # a recall of it waits, or is seen; two runs share its packs
    _refuse_unfit(run, batch)
    rows = within(session, run, first, last)
    _refuse_taken(run, rows, first, last)
    spans = list(spans_in(rows, first, last, WAITING))
    if not spans:
        raise Refused("Every one of these stamps is void or lost.", field="first", conflict=True)
    passed_over = list(spans_in(rows, first, last, OUT_OF_USE))
    pass_gate(session, Gate.ACTIVATE, batch, now=now, stamps=sum(b - a + 1 for a, b in spans))
    before = snapshot_of(session, run, first, last, WAITING)
    for span in spans:
        move(session, run, *span, RangeState.ACTIVE, actor=actor, now=now, bound=Bound(batch=batch))
    done = Activation(
        cooperative_id=run.cooperative_id,
        run_id=run.id,
        batch_id=batch.id,
        first=first,
        last=last,
        count=sum(b - a + 1 for a, b in spans),
        before=before,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(done)
    session.flush()
    facts = {"batch": batch.public_id, "spans": [list(span) for span in spans]}
    record(session, "stamps.activated", run, actor=actor, now=now, facts=facts)
    return Activated(done, spans, passed_over)


def _refuse_unfit(run: Run, batch: Batch) -> None:
    """Whether stamps of this run may go on this batch at all: the one place for such a gate."""
    if not is_cleared(batch):
        raise Refused(
            "Batch %(batch)s is not cleared yet: stamps are activated once it is.", field="batch", batch=batch.code
        )
    if run.released_at is None:
        raise Refused("These are samples: the operator has not confirmed the public address yet.")
    if run.product_id is not None and run.product_id != batch.product_id:
        raise Refused("These stamps were made for another product: choose one of its batches.", field="batch")
    if run.gtin is not None and run.gtin != batch.product.gtin:
        raise Refused("These stamps carry GTIN %(gtin)s: they can only go on that product.", gtin=run.gtin)


def _refuse_taken(run: Run, rows: list[StampRange], first: int, last: int) -> None:
    for row in rows:
        span = {"first": run.serial(max(first, row.first)), "last": run.serial(min(last, row.last))}
        if row.state == RangeState.ACTIVE:
            raise Refused("Stamps %(first)s to %(last)s are active already.", field="first", conflict=True, **span)
        if row.state == RangeState.RECALLED:
            raise Refused("Stamps %(first)s to %(last)s are recalled.", field="first", conflict=True, **span)
        if row.state == RangeState.ORDERED:
            raise Refused(
                "Stamps %(first)s to %(last)s are ordered, and not approved yet.", field="first", conflict=True, **span
            )


def undo(session: Session, done: Activation, *, actor: Actor, now: datetime) -> None:
    """Take an activation back, within the hour, by whoever did it, while nobody has scanned or sold under it."""
    run = locked(session, session.get_one(Run, done.run_id))
    session.refresh(done)
    refusal = why_not_undone(session, done, actor=actor, now=now)
    if refusal is not None:
        raise refusal
    restore(session, run, done.before)
    done.undone_at = now
    session.flush()
    facts = {"batch": done.batch.public_id, "spans": [list(span) for span in done.spans]}
    record(session, "stamps.activation_undone", run, actor=actor, now=now, facts=facts)


def why_not_undone(session: Session, done: Activation, *, actor: Actor, now: datetime) -> Refused | None:
    """What stands in the way of taking an activation back; None if nothing does."""
    if done.undone_at is not None:
        return Refused("This activation has been taken back already.", conflict=True)
    if done.by_person_id is None or done.by_person_id != actor.person_id:
        return Refused("Only who activated these stamps can take it back.")
    if now - done.created_at > UNDO_WITHIN:
        return Refused("An activation can be taken back within an hour: make the stamps void instead.")
    return _touched(session, done)


def _touched(session: Session, done: Activation) -> Refused | None:
    """What has happened to its stamps since."""
    if not all(_untouched(row, done) for row in _rows(session, done)):
        return Refused("Something else has been done with these stamps since.", conflict=True)
    inside = or_(*(Scan.number.between(first, last) for first, last in done.spans))
    since = (Scan.run_id == done.run_id, Scan.early.is_(False), inside)  # whoever activates may look at a stamp before
    if session.scalar(select(Scan.id).where(*since).limit(1)):
        return Refused("Somebody has scanned one of these stamps: make them void instead.", conflict=True)
    overlaps = or_(*(and_(DispatchLine.first <= last, DispatchLine.last >= first) for first, last in done.spans))
    slips = select(DispatchLine.id).join(Dispatch).where(DispatchLine.run_id == done.run_id, overlaps)
    if session.scalar(slips.where(Dispatch.voided_reason.is_(None)).limit(1)):
        return Refused("These stamps stand on a delivery slip: void the slip first.", conflict=True)
    return None


def _rows(session: Session, done: Activation) -> Iterator[StampRange]:
    for first, last in done.spans:
        yield from within(session, done.run, first, last)


def _untouched(row: StampRange, done: Activation) -> bool:
    return row.state == RangeState.ACTIVE and row.active_at == done.created_at and row.batch_id == done.batch_id


def recent_activations(session: Session, cooperative: Cooperative, *, since: datetime) -> list[Activation]:
    """The newest first."""
    query = select(Activation).where(Activation.cooperative_id == cooperative.id, Activation.created_at >= since)
    return list(session.scalars(query.order_by(Activation.id.desc()).limit(10)))
