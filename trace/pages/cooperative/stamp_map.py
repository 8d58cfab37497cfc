"""A run drawn as a strip: its ranges by state, in the five words that people here use."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...records import SEEN_AS, BatchVerdict, HandOver, RangeState, Run, StampRange

STATES = ("made", "printed", "active", "void", "recalled")
WIDTH = 1000
NARROWEST = 4
"""A single void stamp in a run of a million is still seen."""


@dataclass(frozen=True, slots=True)
class RangeShown:
    row: StampRange
    key: str
    """One of `STATES`."""
    suspended: bool

    @property
    def finer(self) -> str:
        """What the five words leave out; empty where they say it all."""
        return "" if self.row.state in STATES else self.row.state

    @property
    def holder(self) -> HandOver | None:
        """The household that has or had them. For the cooperative and for staff, never for consumers."""
        return self.row.hand_over

    @property
    def first(self) -> str:
        return self.row.run.serial(self.row.first)

    @property
    def last(self) -> str:
        return self.row.run.serial(self.row.last)


@dataclass(frozen=True, slots=True)
class Bar:
    key: str
    x: float
    width: float
    first: str
    last: str


def shown_range(row: StampRange) -> RangeShown:
    """A recall turns every stamp of its batch that is not void."""
    verdict = row.batch.verdict if row.batch else None
    recalled = verdict is BatchVerdict.RECALLED and row.state != RangeState.VOID
    return RangeShown(row, "recalled" if recalled else SEEN_AS[row.state], verdict is BatchVerdict.SUSPENDED)


def bars(run: Run, ranges: Iterable[RangeShown]) -> list[Bar]:
    """Places on a strip of `WIDTH`, each at least `NARROWEST` wide."""
    shown = list(ranges)
    spare = max(WIDTH - NARROWEST * len(shown), 0)
    widths = [NARROWEST + spare * one.row.count / run.count for one in shown]
    scale = WIDTH / max(sum(widths), 1)
    placed, x = [], 0.0
    for one, width in zip(shown, widths, strict=True):
        placed.append(Bar(one.key, round(x, 2), round(width * scale, 2), one.first, one.last))
        x += width * scale
    return placed


def counts(ranges: Iterable[RangeShown]) -> list[tuple[str, int]]:
    """How many stamps are in each state; states that nobody is in are left out."""
    found = dict.fromkeys(STATES, 0)
    for one in ranges:
        found[one.key] += one.row.count
    return [(key, count) for key, count in found.items() if count]
