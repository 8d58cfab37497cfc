"""Do packs and stamps fit what came in?"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import OUT_OF_USE, Batch, Entry, RangeState, StampRange
from .check import Check, check
from .deployments import setting


def packed_within_received(batch: Batch) -> Check:
    """e. What the packs hold by their net weight came in, less what was lost in sorting."""
    available = batch.received_g - batch.loss_g
    return check("packed_within_received", batch.packed_g <= available, packed_g=batch.packed_g, available_g=available)


def most_stamps(session: Session, batch: Batch, day: date) -> int:
    """Packs, and the share that may be spoiled in sticking them on."""
    percent = int(setting(session, "spoil_percent", day))
    return -(-(batch.packs or 0) * (100 + percent) // 100)


def stamps_of(session: Session, batch: Batch, states: Iterable[RangeState]) -> int:
    """Stamps that are for a batch, in these states."""
    count = func.coalesce(func.sum(StampRange.last - StampRange.first + 1), 0)
    query = select(count).where(StampRange.batch_id == batch.id, StampRange.state.in_(list(states)))
    return int(session.scalar(query) or 0)


def stamps_within_packed(
    session: Session,
    batch: Batch,
    day: date,
    *,
    more: int = 0,
    states: Iterable[RangeState] = (RangeState.ACTIVE,),
) -> Check:
    """f. Activated stamps × net weight against what was packed and the allowance for spoiled ones; `more` are about
    to be added. Issuing counts stamps of every state but void."""
    stamps = stamps_of(session, batch, states) + more
    most = most_stamps(session, batch, day)
    net = batch.product.net_weight_g
    return check(
        "stamps_within_packed",
        stamps <= most,
        warn=stamps > (batch.packs or 0),
        stamps=stamps,
        packs=batch.packs or 0,
        most=most,
        stamped_g=stamps * net,
        packed_g=batch.packed_g,
    )


def printed_covers_used(session: Session, batch: Batch) -> Check:
    """g. Every stamp that is active, or void or returned after printing, came out of a print: printed ≥ activated +
    void + returned."""
    gone = USED | OUT_OF_USE | {RangeState.RETURNED}
    query = select(StampRange).where(StampRange.batch_id == batch.id, StampRange.state.in_(list(gone)))
    ranges = session.scalars(query).all()
    spans = _printed(session, {row.run_id: row.run.public_id for row in ranges})
    active = sum(row.count for row in ranges if row.state in USED)
    void = sum(_inside(row, spans) for row in ranges if row.state in OUT_OF_USE)
    returned = sum(_inside(row, spans) for row in ranges if row.state == RangeState.RETURNED)
    printed = sum(_inside(row, spans) for row in ranges)
    figures: dict[str, Any] = {"printed": printed, "active": active, "void": void, "returned": returned}
    return check("printed_covers_used", printed >= active + void + returned, **figures)


USED = frozenset({RangeState.ACTIVE, RangeState.RECALLED})


def _printed(session: Session, runs: dict[int, str]) -> dict[int, list[tuple[int, int]]]:
    """Spans of each run that went into a print, without overlaps, as the history has them."""
    keys = {public_id: key for key, public_id in runs.items()}
    query = select(Entry.subject, Entry.body).where(Entry.subject.in_(list(keys)), Entry.kind == "run.printed")
    told = [(keys[subject], json.loads(body)["facts"]) for subject, body in session.execute(query)]
    found: dict[int, list[tuple[int, int]]] = {}
    for key, first, last in sorted((key, *span) for key, facts in told for span in _spans(facts)):
        spans = found.setdefault(key, [])
        if spans and first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return found


def _spans(facts: dict[str, Any]) -> list[list[int]]:
    """Older entries know one span only."""
    kept: list[list[int]] = facts.get("spans") or [[facts["first"], facts["last"]]]
    return kept


def _inside(row: StampRange, spans: dict[int, list[tuple[int, int]]]) -> int:
    found = spans.get(row.run_id, [])
    return sum(max(0, min(row.last, last) - max(row.first, first) + 1) for first, last in found)
