"""What offices and the operator look over: cooperatives, runs, settings, the machine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ..records import (
    SEEN_AS,
    Batch,
    Cooperative,
    CooperativeDecision,
    CooperativeVerdict,
    Entry,
    Job,
    LogCheckpoint,
    LogCosignature,
    Run,
    Setting,
    StampKey,
    StampRange,
)
from ..standards.words import fold
from .cosigning import newest_of_each
from .log import current_shard, newest_checkpoint

Row = TypeVar("Row")
A_PAGE = 50
LONGEST_SEARCH = 300
STATES = ("waiting", "approved", "refused", "left")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; pages are counted from 1."""

    rows: list[Row]
    number: int
    pages: int
    total: int


def page_of(session: Session, query: Any, number: int) -> Page[Any]:
    """A page of a SELECT's rows; a number beyond the last gives the last."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // A_PAGE))
    number = min(max(1, number), pages)
    rows = session.execute(query.limit(A_PAGE).offset((number - 1) * A_PAGE)).all()
    return Page([row[0] if len(row) == 1 else tuple(row) for row in rows], number, pages, total)


def state_of(cooperative: Cooperative) -> str:
    """Where a registration stands: waiting, approved, refused or left."""
    last = cooperative.last_decision
    return last.verdict if last is not None else "waiting"


NEXT: dict[str, tuple[CooperativeVerdict, ...]] = {
    "waiting": (CooperativeVerdict.APPROVED, CooperativeVerdict.REFUSED),
    "refused": (CooperativeVerdict.APPROVED,),
    "approved": (CooperativeVerdict.LEFT,),
    "left": (),
}
"""What an officer may say next; who has left registers anew."""


def searched(text: str) -> str:
    """What was typed into a search, folded, without signs that no name has (a database may refuse NUL)."""
    return fold("".join(sign if sign.isprintable() else " " for sign in text[:LONGEST_SEARCH]))


def cooperatives(session: Session, *, state: str = "", text: str = "", page: int = 1) -> Page[Cooperative]:
    """Registrations by name; `state` is one of `STATES` or empty for all, `text` is typed with or without marks."""
    query = select(Cooperative)
    newest = select(func.max(CooperativeDecision.id)).group_by(CooperativeDecision.cooperative_id)
    decided = select(CooperativeDecision.cooperative_id).where(CooperativeDecision.id.in_(newest))
    if state == "waiting":
        query = query.where(Cooperative.id.not_in(select(CooperativeDecision.cooperative_id)))
    elif state in STATES:
        query = query.where(Cooperative.id.in_(decided.where(CooperativeDecision.verdict == state)))
    asked = searched(text)
    if asked:
        folded = Cooperative.folded.contains(asked, autoescape=True)
        tax_code = Cooperative.tax_code.startswith(asked, autoescape=True)
        query = query.where(or_(folded, tax_code, Cooperative.label == asked.upper()))
    order = Cooperative.created_at if state == "waiting" else Cooperative.folded
    return page_of(session, query.order_by(order, Cooperative.id), page)


def batches_of(session: Session, cooperative: Cooperative, *, most: int = 20) -> list[Batch]:
    """A cooperative's newest batches that have been handed in."""
    query = select(Batch).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
    return list(session.scalars(query.order_by(Batch.submitted_at.desc(), Batch.id.desc()).limit(most)))


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, and how many of its stamps are in each state."""

    run: Run
    cooperative: Cooperative
    stamps: dict[str, int]


def runs(session: Session, *, page: int = 1, cooperative: Cooperative | None = None) -> Page[RunRow]:
    """Runs of stamps, the newest first."""
    query = select(Run, Cooperative).join(Cooperative, Cooperative.id == Run.cooperative_id)
    if cooperative is not None:
        query = query.where(Run.cooperative_id == cooperative.id)
    found = page_of(session, query.order_by(Run.id.desc()), page)
    counts = _stamps_by_state(session, [run.id for run, _ in found.rows])
    rows = [RunRow(run, owner, counts.get(run.id, {})) for run, owner in found.rows]
    return Page(rows, found.number, found.pages, found.total)


def _stamps_by_state(session: Session, run_ids: list[int]) -> dict[int, dict[str, int]]:
    count = func.sum(StampRange.last - StampRange.first + 1)
    query = select(StampRange.run_id, StampRange.state, count).where(StampRange.run_id.in_(run_ids))
    found: dict[int, dict[str, int]] = {}
    for run_id, state, stamps in session.execute(query.group_by(StampRange.run_id, StampRange.state)).all():
        counts, word = found.setdefault(run_id, {}), SEEN_AS[state]
        counts[word] = counts.get(word, 0) + int(stamps)
    return found


def stamp_totals(session: Session) -> dict[str, int]:
    """All stamps ever made, by the five words; `all` is their sum."""
    count = func.sum(StampRange.last - StampRange.first + 1)
    rows = session.execute(select(StampRange.state, count).group_by(StampRange.state)).all()
    found = dict.fromkeys(SEEN_AS.values(), 0)
    for state, stamps in rows:
        found[SEEN_AS[state]] += int(stamps)
    return found | {"all": sum(found.values())}


def setting_history(session: Session) -> list[Setting]:
    """Every value that was ever set, the newest from-day first."""
    return list(session.scalars(select(Setting).order_by(Setting.from_on.desc(), Setting.id.desc())))


@dataclass(frozen=True, slots=True)
class Machine:
    """What the operator is told of the records."""

    last_entry: int | None
    last_entry_at: datetime | None
    runs: int
    highest_run: int | None
    cooperatives: int
    keys: list[StampKey]
    signed: LogCheckpoint | None
    """The newest checkpoint of the history."""
    witnessed: list[LogCosignature]
    """The newest line of each witness."""
    failing: list[Job]
    """Jobs that failed when last tried, but the backup, which has a place of its own."""


def machine(session: Session) -> Machine:
    newest = session.scalars(select(Entry).order_by(Entry.index.desc()).limit(1)).first()
    return Machine(
        last_entry=newest.index if newest else None,
        last_entry_at=newest.at if newest else None,
        runs=session.scalar(select(func.count(Run.id))) or 0,
        highest_run=session.scalar(select(func.max(Run.number))),
        cooperatives=session.scalar(select(func.count(Cooperative.id))) or 0,
        keys=list(session.scalars(select(StampKey).order_by(StampKey.version))),
        signed=newest_checkpoint(session, current_shard(session)),
        witnessed=newest_of_each(session),
        failing=list(
            session.scalars(select(Job).where(Job.last_problem.is_not(None), Job.name != "backup").order_by(Job.name))
        ),
    )
