"""A trial of the clone score on invented sales: honest households that scan again, gifts that travel, and copies.

Everything comes from one seed. A batch is sold over five days; a package is scanned, or not, by who bought it; then by
the same household on later days, and by whoever got it as a present in another province. A copied stamp is all this
many times over, where copies are sold.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from ..standards.provinces import PROVINCES
from .clones import ENOUGH, FEWEST_VISITOR_DAYS, Sighting, Usual, score, usual

FROM_ON: Final = date(2026, 8, 1)
SHIPPED: Final = frozenset({"20", "01", "24"})
HOME_SHARE: Final = 0.85
"""Of buyers, who buys where the batch was shipped."""
SAYS_PLACE: Final = 0.15
GIFTS: Final = 0.05
AGAIN: Final = 0.3
"""Further visitor-days of a household that scanned."""
EARLY: Final = 0.002
"""Of stamps, who are tried out in the packhouse before they are active."""
SOLD_WITHIN_DAYS = 5
WATCHED_DAYS = 30
FOUND_WITHIN_DAYS = 7
SIZES: Final = ((5, 9), (10, 19), (20, 39), (40, 80))
"""How many copies: classes of the table, both ends belonging to them."""
OFTEN: Final = 20
THRESHOLDS: Final = (3.0, 4.0, 4.5, ENOUGH, 6.0, 7.0, 9.0)


@dataclass(frozen=True, slots=True)
class Trial:
    """What one share of scanned packages gave."""

    share: float
    genuine: int
    false_alarms: int
    found: dict[tuple[int, int], tuple[int, int]]
    """By class of copies: stamps found within seven days, of how many."""
    curve: tuple[tuple[float, float, float], ...] = ()
    """For other thresholds: points, share of stamps copied 20 times or more that would be found, false alarms."""

    @property
    def false_rate(self) -> float:
        return self.false_alarms / self.genuine

    def recall(self, fewest: int) -> float:
        """Of stamps copied at least so often."""
        counts = [count for (low, _), count in self.found.items() if low >= fewest]
        return sum(found for found, _ in counts) / sum(total for _, total in counts)


def run_trial(share: float, *, seed: int, genuine: int = 100_000, copied_each: int = 250) -> Trial:
    """`share` of packages are scanned at all; `copied_each` copied stamps in each class of `SIZES`."""
    chance = Random(f"{seed} {share}")  # noqa: S311 - a repeatable trial, no secret
    honest = [list(_package(chance, share)) for _ in range(genuine)]
    copies: dict[tuple[int, int], list[list[Sighting]]] = {
        size: [_copied(chance, share, chance.randint(*size)) for _ in range(copied_each)] for size in SIZES
    }
    everything = honest + [stamp for stamps in copies.values() for stamp in stamps]
    norms = _norms(everything)
    calm = [_best(stamp, norms, WATCHED_DAYS) for stamp in honest]
    grave = {size: [_best(stamp, norms, FOUND_WITHIN_DAYS) for stamp in stamps] for size, stamps in copies.items()}
    found = {size: (_above(points, ENOUGH), len(points)) for size, points in grave.items()}
    often = [points for (low, _), each in grave.items() if low >= OFTEN for points in each]
    curve = tuple((at, _above(often, at) / len(often), _above(calm, at) / genuine) for at in THRESHOLDS)
    return Trial(share, genuine, _above(calm, ENOUGH), found, curve)


def _above(points: list[float], threshold: float) -> int:
    return sum(each >= threshold for each in points)


def _package(chance: Random, share: float) -> Iterator[Sighting]:
    sold = chance.randrange(SOLD_WITHIN_DAYS)
    home = chance.choice(sorted(SHIPPED)) if chance.random() < HOME_SHARE else chance.choice(sorted(PROVINCES))
    if chance.random() < EARLY:
        yield _sighting(chance, 0, "20", early=True)
    yield from _household(chance, share, sold, home)
    if chance.random() < GIFTS:
        yield from _household(chance, share, sold + 1 + chance.randrange(3), chance.choice(sorted(PROVINCES)))


def _copied(chance: Random, share: float, copies: int) -> list[Sighting]:
    return [sighting for _ in range(copies) for sighting in _package(chance, share)]


def _household(chance: Random, share: float, from_day: int, home: str) -> Iterator[Sighting]:
    if chance.random() >= share:
        return
    yield _sighting(chance, from_day, home)
    for _ in range(_poisson(chance, AGAIN)):
        yield _sighting(chance, from_day + chance.randrange(6), home)


def _sighting(chance: Random, day: int, home: str, *, early: bool = False) -> Sighting:
    day_on = FROM_ON + timedelta(days=day)
    hour = datetime.combine(day_on, time(chance.randrange(7, 22)), UTC)
    province = home if chance.random() < SAYS_PLACE else None
    return Sighting(day_on, chance.getrandbits(64), hour, province, early=early, late=day > 7)


def _poisson(chance: Random, mean: float) -> int:
    """Knuth's way: multiply chances until they fall under e^-mean."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def _norms(stamps: list[list[Sighting]]) -> dict[date, Usual]:
    """What the service would have counted as usual at the end of each day, copies among all others."""
    norms: dict[date, Usual] = {}
    counted: dict[int, int] = defaultdict(int)
    by_day: dict[date, list[int]] = defaultdict(list)
    for index, stamp in enumerate(stamps):
        for sighting in stamp:
            by_day[sighting.day_on].append(index)
    for day in (FROM_ON + timedelta(days=number) for number in range(WATCHED_DAYS)):
        for index in by_day[day]:
            counted[index] += 1
        times = list(counted.values())
        norms[day] = usual(times.count(1), times.count(2), len(stamps), len(times))
    return norms


def _best(stamp: list[Sighting], norms: dict[date, Usual], within_days: int) -> float:
    """The highest score at the end of a day; 0 for a stamp that was seen too seldom to be judged."""
    if len(stamp) < FEWEST_VISITOR_DAYS:
        return 0.0
    days = [FROM_ON + timedelta(days=number) for number in range(within_days)]
    until = (score((seen for seen in stamp if seen.day_on <= day), norms[day], SHIPPED) for day in days)
    return max(each.total if each.visitor_days >= FEWEST_VISITOR_DAYS else 0.0 for each in until)


def table(trials: list[Trial]) -> str:
    """The curve in type: recall by copies and share of packages scanned, and false alarms."""
    heads = [f"{low}–{high} copies" for low, high in SIZES]
    lines = [" | ".join(["scanned", *(f"{head:>12}" for head in heads), "≥ 20 copies", "false alarms"])]
    for trial in trials:
        shares = (f"{found / total:>12.1%}" for found, total in trial.found.values())
        row = [f"{trial.share:>7.0%}", *shares, f"{trial.recall(20):>11.2%}", f"{trial.false_rate:>12.4%}"]
        lines.append(" | ".join(row))
    return "\n".join([*lines, "", *_curves(trials)])


def _curves(trials: list[Trial]) -> list[str]:
    """What a lower or a higher threshold would give: found of those copied often, and false alarms."""
    heads = " | ".join(f"{f'at {trial.share:.0%} scanned':>22}" for trial in trials)
    lines = [f"a case at | {heads}"]
    for row in zip(*(trial.curve for trial in trials), strict=True):
        cells = " | ".join(f"{found:>10.2%} / {false:>8.4%}" + " " for _, found, false in row)
        lines.append(f"{row[0][0]:>9.1f} | {cells}{' ← in use' if row[0][0] == ENOUGH else ''}")
    return lines
