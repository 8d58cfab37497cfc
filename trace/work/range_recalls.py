"""Recalling stamps by their serials: a spoiled roll, a stolen one, copies on the market. Or only drilling it.

The stamps themselves go into the state "recalled", so their pages turn whatever batch they are on; a lifted recall
leads each back to what it was.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Cooperative, Proposal, RangeState, Recall, RecallRange, Run, StampRange
from .actor import Actor
from .history import record
from .notices import notify
from .proposals import ACTS, Act, propose
from .ranges import Span, lift, locked, move, spans_in, within
from .recalls import Order
from .refused import Refused, refuse_all
from .serials import read_span, run_of_serial

SECONDS = frozenset({"auditor", "officer"})
"""Who may agree to lift a recall of stamps."""
RECALLABLE = frozenset(RangeState) - {RangeState.ORDERED, RangeState.VOID, RangeState.RECALLED}


@dataclass(frozen=True, slots=True)
class FoundStamps:
    """What a recall of serials would reach: back to batch and grower, by the ranges that touch it."""

    run: Run
    cooperative: Cooperative
    first: int
    last: int
    rows: list[StampRange]

    @property
    def spans(self) -> list[Span]:
        return list(spans_in(self.rows, self.first, self.last, RECALLABLE))

    @property
    def count(self) -> int:
        return sum(last - first + 1 for first, last in self.spans)

    def part(self, row: StampRange) -> Span:
        return max(row.first, self.first), min(row.last, self.last)


def find_stamps(session: Session, first: str, last: str) -> FoundStamps:
    """By serials as they are printed; an empty last means one stamp. Raises `Refused`, or `RefusedAll`."""
    named = run_of_serial(session, first)
    if named is None:
        raise Refused("Type the whole serial as it is printed, such as HCL-26A-0000123.", field="first")
    run, number = named
    typed = read_span(run, first if number else "", last or None)
    rows = within(session, run, typed.first, typed.last)
    return FoundStamps(run, session.get_one(Cooperative, run.cooperative_id), typed.first, typed.last, rows)


def recall_stamps(
    session: Session, found: FoundStamps, order: Order, *, begun_at: datetime, by: Actor, now: datetime
) -> Recall:
    """Turn every one of these stamps that is not void, in one transaction; a drill writes down what it would be."""
    run = locked(session, found.run)
    found = FoundStamps(run, found.cooperative, found.first, found.last, within(session, run, found.first, found.last))
    refuse_all(_objections(found, order, by))
    recall = _written(found, order, begun_at, by, now)
    session.add(recall)
    session.flush()
    line = recall.ranges[0]
    if not order.drill:
        parts = ((words or "").strip() for words in (order.reason, order.advice, order.contact))
        said = "\n".join(filter(None, parts))
        for first, last in line.parts:
            move(session, run, first, last, RangeState.RECALLED, actor=by, now=now, reason=said)
        _tell(session, line, now)
    facts = {"drill": order.drill, "reason": recall.reason, "took_s": recall.took_s, "stamps": line.serials,
             "spans": [list(part) for part in line.parts], "run": run.public_id}  # fmt: skip
    record(session, "recall.drilled" if order.drill else "recall.made", recall, actor=by, now=now, facts=facts)
    if not order.drill:
        record(
            session,
            "stamps.recalled",
            run,
            actor=by,
            now=now,
            facts={"spans": [list(part) for part in line.parts], "reason": recall.reason},
        )
    return recall


def _objections(found: FoundStamps, order: Order, by: Actor) -> list[Refused]:
    complaints = []
    if not found.count:
        complaints.append(Refused("Every one of these stamps is void or recalled already.", conflict=True))
    if not order.reason.strip():
        complaints.append(Refused("Give the reason: the cooperative and consumers will read it.", field="reason"))
    if not order.drill and not (order.advice or "").strip():
        complaints.append(Refused("Say what consumers should do.", field="advice"))
    if found.cooperative.id in by.belongs_to:
        complaints.append(Refused("You belong to this cooperative: somebody else decides on its stamps."))
    return complaints


def _written(found: FoundStamps, order: Order, begun_at: datetime, by: Actor, now: datetime) -> Recall:
    line = RecallRange(
        cooperative_id=found.run.cooperative_id,
        run_id=found.run.id,
        first=found.first,
        last=found.last,
        spans=json.dumps(found.spans),
        count=found.count,
        created_at=now,
    )
    return Recall(
        drill=order.drill,
        reason=order.reason.strip(),
        advice=order.advice,
        contact=order.contact,
        criteria=json.dumps({"run": found.run.public_id, "first": found.first, "last": found.last}),
        begun_at=min(begun_at, now),
        done_at=now,
        by_person_id=by.person_id,
        created_at=now,
        ranges=[line],
    )


def _tell(session: Session, line: RecallRange, now: datetime) -> None:
    notify(
        session,
        "Stamps %(stamps)s are recalled. Stop selling what they are on, and bring it back: the reason stands on their "
        "pages.",
        now=now,
        cooperative_id=line.cooperative_id,
        url=f"/my/stamps/{line.run.public_id}",
        stamps=line.serials,
    )


def propose_lift(session: Session, recall: Recall, reason: str | None, *, by: Actor, now: datetime) -> Proposal:
    """Put before a second person that these stamps go back to what they were."""
    line = next((each for each in recall.ranges if not recall.drill), None)
    if line is None:
        raise Refused("Nothing to lift here: a batch's recall is lifted on the batch's page.", conflict=True)
    complaints = []
    if line.lifted_at is not None:
        complaints.append(Refused("This recall has been lifted already.", conflict=True))
    if line.cooperative_id in by.belongs_to:
        complaints.append(Refused("You belong to this cooperative: somebody else decides on its stamps."))
    if not (reason or "").strip():
        complaints.append(Refused("Give the reason: the cooperative and consumers will read it.", field="reason"))
    refuse_all(complaints)
    return propose(session, "stamps.lift", line, {"stamps": line.serials}, actor=by, now=now, reason=reason)


def _lift_as_agreed(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    line = session.scalars(select(RecallRange).where(RecallRange.public_id == proposal.subject)).one()
    run = locked(session, line.run)
    session.refresh(line)
    if line.lifted_at is not None:
        raise Refused("This recall has been lifted already.", conflict=True)
    if line.cooperative_id in actor.belongs_to:
        raise Refused("You belong to this cooperative: somebody else decides on its stamps.")
    for first, last in line.parts:
        lift(session, run, first, last, actor=actor, now=now)
    line.lifted_at, line.lifted_reason, line.lifted_by_person_id = now, proposal.reason, actor.person_id
    session.flush()
    facts = {"spans": [list(part) for part in line.parts], "reason": line.lifted_reason}
    record(session, "stamps.recall_lifted", run, actor=actor, now=now, facts=facts)
    notify(session, "The recall of stamps %(stamps)s is lifted.", now=now, cooperative_id=line.cooperative_id,
           url=f"/my/stamps/{run.public_id}", stamps=line.serials)  # fmt: skip


ACTS.add(Act("stamps.lift", SECONDS, _lift_as_agreed, "Lift the recall of stamps %(stamps)s"))


def recalled_ranges(session: Session, cooperative: Cooperative) -> list[RecallRange]:
    """Of a cooperative's stamps, those that are recalled now."""
    query = select(RecallRange).join(Recall, Recall.id == RecallRange.recall_id)
    own = (RecallRange.cooperative_id == cooperative.id, RecallRange.lifted_at.is_(None), Recall.drill.is_(False))
    return list(session.scalars(query.where(*own).order_by(RecallRange.id.desc())))
