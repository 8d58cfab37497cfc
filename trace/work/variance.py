"""The variance report: what became of every stamp of a run, in figures that add up."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from ..records import Cooperative, Printing, RangeState, Run, Scan, ScanDay, StampRange


@dataclass(frozen=True, slots=True)
class Variance:
    """One run. The states add up to `count`; `ever_printed`, `ever_active` and `scanned` look back."""

    run: Run
    states: dict[str, int]
    ever_printed: int
    ever_active: int
    scanned: int
    """Different stamps that somebody has scanned."""

    def _of(self, *states: RangeState) -> int:
        return sum(self.states.get(state, 0) for state in states)

    @property
    def ordered(self) -> int:
        return self.run.count

    @property
    def not_printed(self) -> int:
        return self._of(RangeState.ORDERED, RangeState.MADE)

    @property
    def in_store(self) -> int:
        return self._of(RangeState.PRINTED, RangeState.DELIVERED)

    @property
    def active(self) -> int:
        return self._of(RangeState.ACTIVE)

    @property
    def returned(self) -> int:
        return self._of(RangeState.RETURNED)

    @property
    def lost(self) -> int:
        return self._of(RangeState.LOST)

    @property
    def void(self) -> int:
        return self._of(RangeState.VOID)

    @property
    def recalled(self) -> int:
        return self._of(RangeState.RECALLED)

    @property
    def unaccounted(self) -> int:
        """Handed over, and since then neither activated nor brought back."""
        return self._of(RangeState.HANDED_OVER)


def variance_of(session: Session, runs: Sequence[Run]) -> list[Variance]:
    """In the order of the runs; four questions however many there are."""
    keys = [run.id for run in runs]
    states, active = _states(session, keys)
    printed, scanned = _printed(session, keys), _scanned(session, keys)
    return [
        Variance(run, states.get(run.id, {}), printed.get(run.id, 0), active.get(run.id, 0), scanned.get(run.id, 0))
        for run in runs
    ]


def own_runs(session: Session, cooperative: Cooperative, *, most: int = 1000) -> list[Run]:
    """The newest first."""
    query = select(Run).where(Run.cooperative_id == cooperative.id).order_by(Run.id.desc())
    return list(session.scalars(query.limit(most)))


def _states(session: Session, keys: list[int]) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    count = func.sum(StampRange.last - StampRange.first + 1)
    was_active = StampRange.active_at.is_not(None)
    query = select(StampRange.run_id, StampRange.state, was_active, count).where(StampRange.run_id.in_(keys))
    found: dict[int, dict[str, int]] = {}
    active: dict[int, int] = {}
    for run_id, state, ever, stamps in session.execute(query.group_by(StampRange.run_id, StampRange.state, was_active)):
        states = found.setdefault(run_id, {})
        states[state] = states.get(state, 0) + int(stamps)
        if ever:
            active[run_id] = active.get(run_id, 0) + int(stamps)
    return found, active


NEVER_ON_PAPER = (RangeState.ORDERED, RangeState.MADE, RangeState.VOID)


def _printed(session: Session, keys: list[int]) -> dict[int, int]:
    """Stamps that stand in some file that was no sample, or whose state says that they are on paper; each once."""
    files = select(Printing.run_id, Printing.first, Printing.last).where(
        Printing.run_id.in_(keys), Printing.sample.is_(False)
    )
    told = select(StampRange.run_id, StampRange.first, StampRange.last).where(
        StampRange.run_id.in_(keys), StampRange.state.not_in(NEVER_ON_PAPER)
    )
    found: dict[int, int] = {}
    ends: dict[int, int] = {}
    for run_id, first, last in sorted(tuple(row) for query in (files, told) for row in session.execute(query)):
        start = max(first, ends.get(run_id, 0) + 1)
        if last >= start:
            found[run_id] = found.get(run_id, 0) + last - start + 1
            ends[run_id] = last
    return found


def _scanned(session: Session, keys: list[int]) -> dict[int, int]:
    """Fresh scans and those folded into days."""
    both = union(
        select(Scan.run_id, Scan.number).where(Scan.run_id.in_(keys)),
        select(ScanDay.run_id, ScanDay.number).where(ScanDay.run_id.in_(keys)),
    ).subquery()
    query = select(both.c.run_id, func.count()).group_by(both.c.run_id)
    return {run_id: int(count) for run_id, count in session.execute(query)}
