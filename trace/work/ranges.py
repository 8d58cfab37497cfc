"""Moving stamps from state to state: ranges split where a move begins and ends, and join where nothing differs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, HandOver, Printing, RangeState, Run, StampRange
from .actor import Actor
from .refused import Refused

S = RangeState
MOVES: dict[RangeState, frozenset[RangeState]] = {
    S.ORDERED: frozenset({S.MADE, S.VOID}),
    S.MADE: frozenset({S.PRINTED, S.DELIVERED, S.ACTIVE, S.LOST, S.VOID, S.RECALLED}),
    S.PRINTED: frozenset({S.PRINTED, S.DELIVERED, S.HANDED_OVER, S.ACTIVE, S.LOST, S.VOID, S.RECALLED}),
    S.DELIVERED: frozenset({S.HANDED_OVER, S.ACTIVE, S.LOST, S.VOID, S.RECALLED}),
    S.HANDED_OVER: frozenset({S.RETURNED, S.ACTIVE, S.LOST, S.VOID, S.RECALLED}),
    S.RETURNED: frozenset({S.HANDED_OVER, S.ACTIVE, S.LOST, S.VOID, S.RECALLED}),
    S.ACTIVE: frozenset({S.LOST, S.VOID, S.RECALLED}),
    S.LOST: frozenset({S.RETURNED, S.VOID, S.RECALLED}),
    S.RECALLED: frozenset({S.VOID}),
    S.VOID: frozenset(),
}
"""Which state may follow which. Two ways lead back and stand in no table: `lift` ends a recall of the range with what
it was before, and `restore` undoes what was done within the hour."""

REMEMBERED = ("state", "batch_id", "reason", "by_person_id", "printing_id", "hand_over_id", "was")
MOMENTS = ("since_at", "active_at")
"""What a range is beside its place: kept when it splits, compared when it joins."""

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


@dataclass(frozen=True, slots=True)
class Bound:
    """What stamps are bound to by a move; left out, they keep what they had."""

    batch: Batch | None = None
    printing: Printing | None = None
    hand_over: HandOver | None = None


def move(
    session: Session,
    run: Run,
    first: int,
    last: int,
    to: RangeState,
    *,
    actor: Actor,
    now: datetime,
    bound: Bound = Bound(),
    reason: str | None = None,
) -> None:
    """Put the stamps first–last of a run into a state; every one of them must be allowed to go there.

    The caller holds the run's lock. Raises `Refused` before anything changes.
    """
    touching = within(session, run, first, last)
    for row in touching:
        if to not in MOVES[RangeState(row.state)]:
            raise cannot(run, row, first, last)
    for row in touching:
        middle = _cut_out(session, row, first, last)
        middle.was = middle.state if to is RangeState.RECALLED else None
        middle.state, middle.reason = to, reason
        middle.since_at, middle.by_person_id = now, actor.person_id
        if to is RangeState.ACTIVE:
            middle.active_at = now
        if bound.batch is not None:
            middle.batch_id = bound.batch.id
        if bound.printing is not None:
            middle.printing_id = bound.printing.id
        if bound.hand_over is not None:
            middle.hand_over_id = bound.hand_over.id
        session.flush()
    _join(session, run, first, last)
    session.expire(run, ["ranges"])


def cannot(run: Run, row: StampRange, first: int, last: int) -> Refused:
    """The refusal of a move of the stamps first–last, because of one of their ranges."""
    return Refused(
        "Stamps %(first)s to %(last)s cannot go there: their state is “%(state)s”.",
        conflict=True,
        first=run.serial(max(row.first, first)),
        last=run.serial(min(row.last, last)),
        state=row.state,
    )


def lift(session: Session, run: Run, first: int, last: int, *, actor: Actor, now: datetime) -> int:
    """End a recall of ranges inside first–last: each goes back to what it was. Returns how many stamps that were."""
    count = 0
    for row in within(session, run, first, last):
        if row.was is not None:
            middle = _cut_out(session, row, first, last)
            middle.state, middle.was, middle.reason = middle.was or "", None, None
            middle.since_at, middle.by_person_id = now, actor.person_id
            session.flush()
            count += middle.count
    _join(session, run, first, last)
    session.expire(run, ["ranges"])
    return count


def snapshot_of(session: Session, run: Run, first: int, last: int, states: frozenset[RangeState]) -> str:
    """The parts of first–last that are in one of the states, with all that is known of them, as JSON text."""
    rows = [row for row in within(session, run, first, last) if row.state in states]
    parts = [
        {"first": max(row.first, first), "last": min(row.last, last)}
        | {name: getattr(row, name) for name in REMEMBERED}
        | {name: moment.isoformat() if (moment := getattr(row, name)) else None for name in MOMENTS}
        for row in rows
    ]
    return json.dumps(parts, ensure_ascii=False)


def restore(session: Session, run: Run, snapshot: str) -> None:
    """Put stamps back to what a snapshot says they were. The caller has made sure that nothing happened since."""
    parts = json.loads(snapshot)
    for part in parts:
        for row in within(session, run, part["first"], part["last"]):
            middle = _cut_out(session, row, part["first"], part["last"])
            for name in REMEMBERED:
                setattr(middle, name, part[name])
            for name in MOMENTS:
                setattr(middle, name, datetime.fromisoformat(part[name]) if part[name] else None)
            session.flush()
    _join(session, run, parts[0]["first"], parts[-1]["last"])
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
    same = {name: getattr(row, name) for name in (*REMEMBERED, *MOMENTS)}
    return StampRange(run_id=row.run_id, cooperative_id=row.cooperative_id, first=span[0], last=span[1], **same)


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
    return all(getattr(one, name) == getattr(other, name) for name in (*REMEMBERED, *MOMENTS))


def spans_in(rows: list[StampRange], first: int, last: int, states: frozenset[RangeState]) -> Iterator[Span]:
    """The parts of first–last that are in one of the states."""
    for row in rows:
        if row.state in states:
            yield max(row.first, first), min(row.last, last)
