"""Comparing the records with the history: a row edited behind the service's back is named by the entry it breaks.

Most entries hold the whole row as it stood (`whole` in their bytes); such an entry must say what the record says now,
unless a later entry tells of a change in its own words. What is personal is compared with the words that were committed
to, unless they have been erased. Batches handed in, decisions and active stamps are compared by their own entries.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Base, Batch, BatchVerdict, CertificateVerdict, Entry, EntrySecret, RangeState, Run, StampRange
from ..standards.canonical_json import commitment
from .drafts import batch_facts
from .history import snapshot
from .log_spans import Spans

WHOLE = b'"whole":true}'
DECIDED = {f"batch.{verdict.value}": verdict.value for verdict in BatchVerdict} | {
    "batch.cleared_by_rule": BatchVerdict.CERTIFIED.value
}

LEAVES_THE_ROW: dict[str, tuple[str, ...]] = {
    "certificate": ("certificate.line_", *(f"certificate.{verdict.value}" for verdict in CertificateVerdict)),
    "cooperative": ("cooperative.approved", "cooperative.refused", "cooperative.consent", "cooperative.withdrew"),
    "grower": ("grower.consented", "grower.withdrew"),
    "run": ("stamps.", "run.printed"),
    "trademark": ("trademark.stepped",),
}
"""How the kinds of entries begin that tell of something beside the record and leave its own columns as they were."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A record that no longer says what the history says of it."""

    kind: str
    subject: str
    what: str
    index: int


@dataclass(slots=True)
class Said:
    """What the entries say, read once from first to last: indices only, but for what is small."""

    whole: dict[tuple[str, str], int] = field(default_factory=dict)
    """By kind and public id, the newest entry that holds the record whole."""
    submitted: dict[str, int] = field(default_factory=dict)
    decided: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    """By batch, verdicts in order, each with its entry."""
    active: dict[str, Spans] = field(default_factory=lambda: defaultdict(Spans))
    """By run, which stamps were last said to be active on which batch."""
    moved: dict[str, int] = field(default_factory=dict)

    def hear(self, index: int, kind: str, subject: tuple[str, str], body: bytes) -> None:
        if body.endswith(WHOLE):
            self.whole[subject] = index
        elif not kind.startswith(LEAVES_THE_ROW.get(subject[0], ())):
            self.whole.pop(subject, None)
        if kind == "batch.submitted":
            self.submitted[subject[1]] = index
        elif kind in DECIDED:
            self.decided[subject[1]].append((DECIDED[kind], index))
        elif subject[0] == Run.__tablename__:
            self._hear_move(index, subject[1], json.loads(body)["facts"], kind)

    def _hear_move(self, index: int, run: str, facts: dict[str, Any], kind: str) -> None:
        batch = facts["batch"] if kind == "stamps.activated" else None
        for first, last in facts.get("spans", ()):
            self.active[run].put(first, last, batch)
            self.moved[run] = index


def changed_rows(session: Session, said: Said) -> Iterator[Changed]:
    """Every record that differs from what the history says of it."""
    for (kind, public_id), index in said.whole.items():
        yield from _same_columns(session, kind, public_id, index)
        session.expunge_all()
    for public_id, index in said.submitted.items():
        yield from _same_batch(session, public_id, index, said.decided.get(public_id, []))
        session.expunge_all()
    yield from _same_active(session, said)


def _models() -> dict[str, Any]:
    mapped = (mapper.class_ for mapper in Base.registry.mappers)
    return {model.__tablename__: model for model in mapped if hasattr(model, "public_id")}


def _same_columns(session: Session, kind: str, public_id: str, index: int) -> Iterator[Changed]:
    model = _models()[kind]
    row = session.scalars(select(model).where(model.public_id == public_id)).first()
    if row is None:
        yield Changed(kind, public_id, "the row is gone", index)
        return
    facts, private = snapshot(session, row)
    entry = json.loads(session.get_one(Entry, index).body)
    differing = [name for name, value in entry["facts"].items() if name in facts and facts[name] != value]
    differing += _private_differences(session, index, entry, private, set(model.__table__.columns.keys()))
    if differing:
        yield Changed(kind, public_id, ", ".join(differing), index)


def _private_differences(
    session: Session, index: int, entry: dict[str, Any], private: dict[str, Any], columns: set[str]
) -> Iterator[str]:
    secret = session.get(EntrySecret, index)
    if secret is None:
        return  # erased, as its person may ask
    said = _words(secret)
    if commitment(secret.salt, said) != entry.get("private"):
        yield "the words that were committed to"
    yield from (name for name in said if name in columns and private.get(name) != said[name])


def _words(secret: EntrySecret) -> dict[str, Any]:
    try:
        found = json.loads(secret.words)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _same_batch(session: Session, public_id: str, index: int, decided: list[tuple[str, int]]) -> Iterator[Changed]:
    batch = session.scalars(select(Batch).where(Batch.public_id == public_id)).first()
    if batch is None:
        yield Changed("batch", public_id, "the row is gone", index)
        return
    said, facts = json.loads(session.get_one(Entry, index).body)["facts"], batch_facts(batch)
    differing = [name for name in said if name in facts and facts[name] != said[name]]
    if differing:
        yield Changed("batch", public_id, ", ".join(differing), index)
    stands = [decision.verdict for decision in sorted(batch.decisions, key=lambda decision: decision.id)]
    if stands != [verdict for verdict, _ in decided]:
        yield Changed("batch", public_id, "its decisions", decided[-1][1] if decided else index)


def _same_active(session: Session, said: Said) -> Iterator[Changed]:
    """Stamps that are active, and on which batch: as the moves in the history leave them; and no stamp of a run is
    in two ranges or in none."""
    query = (
        select(Run.public_id, Run.count, StampRange.first, StampRange.last, StampRange.state, Batch.public_id)
        .join(StampRange, StampRange.run_id == Run.id)
        .outerjoin(Batch, StampRange.batch_id == Batch.id)
        .order_by(Run.id, StampRange.first)
    )
    stands: dict[str, Spans] = defaultdict(Spans)
    for (run, count), rows in groupby(session.execute(query), key=lambda row: (row[0], row[1])):
        expected = 1
        for _, _, first, last, state, batch in rows:
            if first != expected:
                yield Changed("run", run, "its ranges", said.whole.get(("run", run), 0))
            expected = last + 1
            if state == RangeState.ACTIVE:
                stands[run].put(first, last, batch)
        if expected != count + 1:
            yield Changed("run", run, "its ranges", said.whole.get(("run", run), 0))
    for run in sorted(stands.keys() | said.active.keys()):
        if stands[run] != said.active[run]:
            yield Changed("run", run, "which of its stamps are active, or on which batch", said.moved.get(run, 0))
