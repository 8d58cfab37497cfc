"""Recalling several batches at once: decided together; or drilled, which changes nothing.

The verdict on each batch is its own decision (`work.batches.decide`), so every page of it turns as with any recall.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, BatchVerdict, Recall, RecallBatch
from .actor import Actor
from .batches import decide
from .history import record
from .notices import notify
from .recall_search import Reached, Search, reached
from .refused import Refused, refuse_all


@dataclass(frozen=True, slots=True)
class Order:
    """What is said with a recall, or drilled."""

    reason: str
    advice: str | None
    contact: str | None
    drill: bool = False


def recall_batches(
    session: Session,
    batches: Sequence[Batch],
    order: Order,
    search: Search,
    *,
    begun_at: datetime,
    by: Actor,
    now: datetime,
) -> Recall:
    """Decide RECALLED on every one of these batches, in one transaction; a drill writes down only what it would be."""
    refuse_all(_objections(batches, order, by))
    rows = reached(session, sorted(batches, key=lambda batch: batch.id))  # one order for everybody: no deadlock
    recall = Recall(
        drill=order.drill,
        reason=order.reason.strip(),
        advice=order.advice,
        contact=order.contact,
        criteria=json.dumps(search.facts()),
        begun_at=min(begun_at, now),
        done_at=now,
        by_person_id=by.person_id,
        created_at=now,
    )
    recall.batches = [_line(session, row, order, by, now) for row in rows]
    session.add(recall)
    session.flush()
    facts = {
        "drill": order.drill,
        "reason": recall.reason,
        "batches": [row.batch.public_id for row in rows],
        "took_s": recall.took_s,
        "found_by": search.facts(),
    }
    record(session, "recall.drilled" if order.drill else "recall.made", recall, actor=by, now=now, facts=facts)
    return recall


def _objections(batches: Sequence[Batch], order: Order, by: Actor) -> list[Refused]:
    found = []
    if not batches:
        found.append(Refused("Choose at least one batch.", field="batches"))
    if not order.reason.strip():
        found.append(Refused("Give the reason: the cooperative and consumers will read it.", field="reason"))
    if not order.drill and not (order.advice or "").strip():
        found.append(Refused("Say what consumers should do.", field="advice"))
    if any(batch.cooperative_id in by.belongs_to for batch in batches):
        found.append(Refused("You belong to one of these cooperatives: somebody else decides on its batches."))
    return found


def _line(session: Session, row: Reached, order: Order, by: Actor, now: datetime) -> RecallBatch:
    decision: BatchDecision | None = None
    if not order.drill:
        said = "\n".join(words.strip() for words in (order.advice, order.contact) if words and words.strip())
        decision = decide(session, row.batch, BatchVerdict.RECALLED, by=by, now=now, reason=order.reason, advice=said)
        notify(
            session,
            "Batch %(batch)s is recalled. Stop selling it, and bring back what left: the reason stands on its page.",
            now=now,
            cooperative_id=row.batch.cooperative_id,
            url=f"/my/batches/{row.batch.public_id}",
            batch=row.batch.code,
        )
    return RecallBatch(
        batch_id=row.batch.id,
        active_stamps=row.active_stamps,
        dispatched_g=row.dispatched_g,
        buyers=len(row.buyers),
        decision_id=decision.id if decision else None,
    )


def recalls(session: Session, *, most: int = 200) -> list[Recall]:
    """Recalls and drills, the newest first."""
    return list(session.scalars(select(Recall).order_by(Recall.id.desc()).limit(most)))
