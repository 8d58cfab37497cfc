"""Handing stamps over to growers (bàn giao tem), and counting what comes back."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..records import OUT_OF_USE, Cooperative, Grower, HandOver, HandOverReturn, RangeState, Run, StampRange
from .actor import Actor
from .history import record
from .ranges import MOVES, Bound, Span, cannot, locked, move, spans_in, within
from .refused import Refused, refuse_all

MOST_G = 1_000_000_000
MAY_GO = frozenset(state for state, onward in MOVES.items() if RangeState.HANDED_OVER in onward)


@dataclass(frozen=True, slots=True)
class Handing:
    """Who gets stamps, for how much, and when."""

    grower: Grower | None
    expected_g: int | None
    on: date | None
    note: str | None = None


def hand_over(
    session: Session, run: Run, span: Span, handing: Handing, *, actor: Actor, now: datetime, today: date
) -> HandOver:
    """Give printed stamps to a grower. Void and lost ones inside are passed over."""
    run = locked(session, run)
    refuse_all(list(_objections(run, handing, today)))
    assert handing.grower is not None
    first, last = span
    rows = within(session, run, first, last)
    for row in rows:
        if row.state not in MAY_GO | OUT_OF_USE:
            raise cannot(run, row, first, last)
    spans = list(spans_in(rows, first, last, MAY_GO))
    if not spans:
        raise Refused("Every one of these stamps is void or lost.", field="first", conflict=True)
    handed = HandOver(
        cooperative_id=run.cooperative_id,
        run_id=run.id,
        first=first,
        last=last,
        count=sum(b - a + 1 for a, b in spans),
        grower_id=handing.grower.id,
        expected_g=handing.expected_g or 0,
        handed_on=handing.on or today,
        note=handing.note,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(handed)
    session.flush()
    for part in spans:
        move(session, run, *part, RangeState.HANDED_OVER, actor=actor, now=now, bound=Bound(hand_over=handed))
    record(session, "stamps.handed_over", handed, actor=actor, now=now)
    return handed


def _objections(run: Run, handing: Handing, today: date) -> Iterator[Refused]:
    grower = handing.grower
    if run.released_at is None:
        yield Refused("These are samples: the operator has not confirmed the public address yet.")
    if grower is None or grower.cooperative_id != run.cooperative_id:
        yield Refused("Choose the household that takes the stamps.", field="grower")
    elif grower.left_on is not None and grower.left_on <= today:
        yield Refused("This household has left the cooperative.", field="grower")
    if not handing.expected_g or not 0 < handing.expected_g <= MOST_G:
        yield Refused("Say how much is expected under these stamps, such as 500 kg.", field="expected_g")
    if handing.on is not None and handing.on > today:
        yield Refused("A hand-over is written down once it is done: this day has not come.", field="handed_on")


def take_back(
    session: Session, handed: HandOver, spans: Sequence[Span], *, actor: Actor, now: datetime
) -> HandOverReturn:
    """Count what a grower brought back. Every one of these stamps must still be with that grower."""
    run = locked(session, session.get_one(Run, handed.run_id))
    for first, last in spans:
        for row in within(session, run, first, last):
            if row.state != RangeState.HANDED_OVER or row.hand_over_id != handed.id:
                raise Refused(
                    "Stamps %(first)s to %(last)s are not with this household.",
                    field="serials",
                    conflict=True,
                    first=run.serial(max(row.first, first)),
                    last=run.serial(min(row.last, last)),
                )
    for first, last in spans:
        move(session, run, first, last, RangeState.RETURNED, actor=actor, now=now)
    back = HandOverReturn(
        cooperative_id=handed.cooperative_id,
        spans=json.dumps([list(span) for span in spans]),
        count=sum(last - first + 1 for first, last in spans),
        at=now,
        by_person_id=actor.person_id,
    )
    handed.returns.append(back)
    session.flush()
    facts = {"spans": [list(span) for span in spans], "count": back.count}
    record(session, "stamps.returned", handed, actor=actor, now=now, facts=facts)
    return back


def hand_overs(session: Session, cooperative: Cooperative, *, most: int = 200) -> list[HandOver]:
    """The newest first."""
    query = select(HandOver).where(HandOver.cooperative_id == cooperative.id)
    loaded = query.options(selectinload(HandOver.run), selectinload(HandOver.grower), selectinload(HandOver.returns))
    return list(session.scalars(loaded.order_by(HandOver.id.desc()).limit(most)))


def where_now(session: Session, handed: Sequence[HandOver]) -> dict[int, dict[str, int]]:
    """By hand-over: how many of its stamps are in each state; those handed on to somebody else count there."""
    count = func.sum(StampRange.last - StampRange.first + 1)
    query = select(StampRange.hand_over_id, StampRange.state, count).where(
        StampRange.hand_over_id.in_([row.id for row in handed])
    )
    found: dict[int, dict[str, int]] = {row.id: {} for row in handed}
    for key, state, stamps in session.execute(query.group_by(StampRange.hand_over_id, StampRange.state)):
        found[int(key or 0)][state] = int(stamps)
    return found


def still_with(session: Session, handed: HandOver) -> list[Span]:
    """The stamps of a hand-over that the grower still holds."""
    held = select(StampRange.first, StampRange.last).where(
        StampRange.hand_over_id == handed.id, StampRange.state == RangeState.HANDED_OVER
    )
    return [(first, last) for first, last in session.execute(held.order_by(StampRange.first))]


def holder_of(session: Session, run_id: int, number: int) -> HandOver | None:
    """The hand-over under which a stamp was given out: for the cooperative and for staff, never for consumers."""
    inside = (StampRange.run_id == run_id, StampRange.first <= number, StampRange.last >= number)
    stamps = session.scalars(select(StampRange).where(*inside)).first()
    return stamps.hand_over if stamps else None
