"""Does a stamp seem to be on several packages? A score of what was seen of it; never an accusation.

Points are negative decimal logarithms: one more point, ten times rarer in an honest stamp. The heart is a Poisson tail:
an honest household scans again now and then, how often is counted for each product. What else speaks for copies (places
it was never shipped to, two places too far apart, scans before activation, after the shelf life, after the PIN was
used) adds points of its own. More evidence never lowers the score, and its order does not matter.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import combinations
from typing import Final

from ..standards.provinces import distance_km

ENOUGH: Final = 5.2
"""Points from which a case is opened: by simulation under one false alarm in ten thousand stamps."""
FEWEST_VISITOR_DAYS: Final = 3
BY_LAND_KM_H: Final = 120.0
BY_AIR_KM_H: Final = 900.0
NEIGHBOURS_KM: Final = 100.0
"""Seats of provinces lie so far apart though their borders touch."""


@dataclass(frozen=True, slots=True)
class Sighting:
    day_on: date
    visitor: Hashable
    """Tells visitors of one day apart; of two days it never can."""
    hour_at: datetime | None = None
    province: str | None = None
    early: bool = False
    late: bool = False
    after_pin: bool = False


@dataclass(frozen=True, slots=True)
class Usual:
    """What honest stamps of a product show."""

    again: float = 0.35
    """Further visitor-days of a stamp that was scanned at all: the mean of a Poisson distribution."""
    share: float = 0.5
    """Of active stamps, how many are scanned at all."""


def usual(once: int, twice: int, active: int, scanned: int) -> Usual:
    """From counted stamps: with exactly one visitor-day, exactly two, active ones, and all that were scanned.

    In a Poisson distribution two come to one as the mean does to one, so copied stamps, which are never among these,
    cannot raise the mean. Few counts lean on what is usual elsewhere.
    """
    again = (twice + 7) / (once + 20)
    share = (scanned + 50) / (active + 100)
    return Usual(min(max(again, 0.1), 1.5), min(max(share, 0.01), 1.0))


@dataclass(frozen=True, slots=True)
class Score:
    visitor_days: int
    points: dict[str, float] = field(default_factory=dict)
    """By signal: often, places, speed, early, late, after_pin; those with none are left out."""

    @property
    def total(self) -> float:
        return math.fsum(self.points.values())

    @property
    def suspicious(self) -> bool:
        return self.visitor_days >= FEWEST_VISITOR_DAYS and self.total >= ENOUGH


def score(sightings: Iterable[Sighting], usual: Usual, shipped: frozenset[str] = frozenset()) -> Score:
    """`shipped`: provinces where the batch was sold; empty where nobody wrote that down."""
    seen = list(sightings)
    visitor_days = len({(each.day_on, each.visitor) for each in seen})
    points = {
        "often": _often(visitor_days, usual),
        "places": _places({each.province for each in seen if each.province}, shipped),
        "speed": _speed(seen),
        "early": min(2.0, 0.5 * _days(each for each in seen if each.early)),
        "late": min(1.5, 0.25 * _days(each for each in seen if each.late)),
        "after_pin": min(3.0, 0.75 * _days(each for each in seen if each.after_pin)),
    }
    return Score(visitor_days, {signal: round(worth, 6) for signal, worth in points.items() if worth > 0})


def _days(sightings: Iterable[Sighting]) -> int:
    return len({(each.day_on, each.visitor) for each in sightings})


def _often(visitor_days: int, usual: Usual) -> float:
    if visitor_days < 2:
        return 0.0
    return max(0.0, -math.log10(usual.share) - log10_tail(visitor_days - 1, usual.again))


def log10_tail(count: int, mean: float) -> float:
    """log₁₀ P(N ≥ count) of a Poisson distribution, exact far out where a complement would be nothing."""
    if count <= 0:
        return 0.0
    first = count * math.log(mean) - mean - math.lgamma(count + 1)
    rest = term = 1.0
    step = count
    while term > 1e-12 * rest:
        step += 1
        term *= mean / step
        rest += term
    return min(0.0, (first + math.log(rest)) / math.log(10))


def _places(provinces: set[str], shipped: frozenset[str]) -> float:
    """A gift goes far once; that is worth little. Without a list of places sold to, the first one is free."""
    strange = len(provinces - shipped) if shipped else len(provinces) - 1
    return 0.5 + (strange - 1) if strange > 0 else 0.0


def _speed(sightings: list[Sighting]) -> float:
    """By the fastest two sightings; hours are full hours, so a package may have had one more."""
    placed = {(each.hour_at, each.province) for each in sightings if each.hour_at and each.province}
    fastest = 0.0
    for (one_at, one), (other_at, other) in combinations(placed, 2):
        hours = abs((one_at - other_at).total_seconds()) / 3600 + 1
        fastest = max(fastest, (distance_km(one, other) - NEIGHBOURS_KM) / hours)
    return 3.0 if fastest > BY_AIR_KM_H else 1.0 if fastest > BY_LAND_KM_H else 0.0
