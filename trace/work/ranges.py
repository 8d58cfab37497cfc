"""Moving stamps from state to state: ranges split where a move begins and ends, and join where nothing differs."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, RangeState, Run, StampRange
from .actor import Actor
from .refused import Refused

MOVES: dict[RangeState, frozenset[RangeState]] = {
    RangeState.MADE: frozenset({RangeState.PRINTED, RangeState.ACTIVE, RangeState.VOID}),
    RangeState.PRINTED: frozenset({RangeState.PRINTED, RangeState.ACTIVE, RangeState.VOID}),
    RangeState.ACTIVE: frozenset({RangeState.VOID}),
    RangeState.VOID: frozenset(),
}
"""Which state may follow which. What is derived (recalled, suspended, lapsed) is no state of a range."""

Span = tuple[int, int]


def locked(session: Session, run: Run) -> Run:
    """Hold the run's row until the transaction ends, so that two people never split one range at once."""
    return session.scalars(
        select(Run).where(Run.id == run.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def within(session: Session, run: Run, first: int, last: int) -> list[StampRange]:
    """The ranges that touch first–last, in order, fresh from the database."""
    if not 1 <= first <= last <= run.count:
        raise Refused("Run %(run)s has the stamps 1 to %(count)s.", field="first", run=run.label, count=run.count)
    touching = select(StampRange).where(StampRange.run_id == run.id, StampRange.last >= first, StampRange.first <= last)
    return list(session.scalars(touching.order_by(StampRange.first).execution_options(populate_existing=True)).all())


def move(
    session: Session,
    run: Run,
    first: int,
    last: int,
    to: RangeState,
    *,
    actor: Actor,
    now: datetime,
    batch: Batch | None = None,
    reason: str | None = None,
) -> None:
    """Put the stamps first–last of a run into a state; every one of them must be allowed to go there.

    The caller holds the run's lock. A batch is kept where none is given. Raises `Refused` before anything changes.
    """
    touching = within(session, run, first, last)
    for row in touching:
        if to not in MOVES[RangeState(row.state)]:
            raise Refused(
                "Stamps %(first)s to %(last)s cannot change any more: their state is “%(state)s”.",
                conflict=True,
                first=run.serial(max(row.first, first)),
                last=run.serial(min(row.last, last)),
                state=row.state,
            )
    for row in touching:
        middle = _cut_out(session, row, first, last)
        middle.state, middle.reason = to, reason
        middle.since_at, middle.by_person_id = now, actor.person_id
        if batch is not None:
            middle.batch_id = batch.id
    session.flush()
    _join(session, run, first, last)
    session.expire(run, ["ranges"])


def _cut_out(session: Session, row: StampRange, first: int, last: int) -> StampRange:
    """Split a range so that its part inside first–last stands alone; returns that part. Shrinks before it inserts,
    for the database refuses an overlap even for a moment."""
    before, after = (row.first, first - 1), (last + 1, row.last)
    row.first, row.last = max(row.first, first), min(row.last, last)
    session.flush()
    session.add_all(_copy(row, span) for span in (before, after) if span[0] <= span[1])
    session.flush()
    return row


def _copy(row: StampRange, span: Span) -> StampRange:
    return StampRange(
        run_id=row.run_id,
        cooperative_id=row.cooperative_id,
        first=span[0],
        last=span[1],
        state=row.state,
        batch_id=row.batch_id,
        reason=row.reason,
        since_at=row.since_at,
        by_person_id=row.by_person_id,
    )


def _join(session: Session, run: Run, first: int, last: int) -> None:
    """Put neighbours together that differ in nothing a person would ask about."""
    near = within(session, run, max(1, first - 1), min(run.count, last + 1))
    kept = near[0]
    for row in near[1:]:
        if _same(kept, row):
            end = row.last
            session.delete(row)
            session.flush()
            kept.last = end
            session.flush()
        else:
            kept = row


def _same(one: StampRange, other: StampRange) -> bool:
    return (one.state, one.batch_id, one.reason, one.since_at, one.by_person_id) == (
        other.state,
        other.batch_id,
        other.reason,
        other.since_at,
        other.by_person_id,
    )


def spans_in(rows: list[StampRange], first: int, last: int, states: frozenset[RangeState]) -> Iterator[Span]:
    """The parts of first–last that are in one of the states."""
    for row in rows:
        if row.state in states:
            yield max(row.first, first), min(row.last, last)
