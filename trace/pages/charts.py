"""Charts drawn by us as SVG: columns over days and bars beside names. Numbers in, geometry out; a table always follows.

The template (`macros/charts.html`) draws what stands here; colours come from classes, so that every theme has its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 220
LEFT, BOTTOM, TOP = 44, 26, 10
BAR = 30
"""Height of one bar with its gap."""


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    y: float
    width: float
    height: float
    title: str
    """Read aloud, and shown under the pointer."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    words: str


@dataclass(frozen=True, slots=True)
class DayChart:
    """Two series over days: wide pale columns (raw) behind narrow dark ones (filtered)."""

    back: list[Column]
    front: list[Column]
    days: list[Tick]
    values: list[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM


def step_for(most: int, steps: int = 4) -> int:
    """A round step (1, 2 or 5 times a power of ten) of which at most `steps` reach the largest value."""
    unit = 1
    while True:
        for factor in (1, 2, 5):
            if factor * unit * steps >= most:
                return factor * unit
        unit *= 10


def day_chart(days: Sequence[tuple[date, int, int]], names: tuple[str, str]) -> DayChart:
    """`days`: (day, raw, filtered), without gaps; `names` of the two series, for the titles."""
    most = max((max(raw, filtered) for _, raw, filtered in days), default=0)
    step = step_for(max(1, most))
    top = step * max(1, -(-most // step))
    room, ground = HEIGHT - BOTTOM - TOP, HEIGHT - BOTTOM
    wide = (WIDTH - LEFT) / max(1, len(days))

    def column(place: int, day: date, value: int, share: float, name: str) -> Column:
        tall = room * value / top
        x = LEFT + wide * place + wide * (1 - share) / 2
        return Column(round(x, 1), round(ground - tall, 1), round(wide * share, 1), round(tall, 1),
                      f"{day:%d/%m/%Y}: {value} {name}")  # fmt: skip

    back = [column(n, day, raw, 0.84, names[0]) for n, (day, raw, _) in enumerate(days) if raw]
    front = [column(n, day, filtered, 0.42, names[1]) for n, (day, _, filtered) in enumerate(days) if filtered]
    every = max(1, -(-len(days) // 8))
    marks = [Tick(round(LEFT + wide * (n + 0.5), 1), f"{day:%d/%m}") for n, (day, _, _) in enumerate(days)][::every]
    values = [Tick(round(ground - room * value / top, 1), str(value)) for value in range(0, top + 1, step)]
    return DayChart(back, front, marks, values)


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    value: int
    percent: float
    """Of the longest."""


def bars(rows: Sequence[tuple[str, int]], most: int = 12) -> list[Bar]:
    longest = max((value for _, value in rows), default=0)
    return [Bar(name, value, round(100 * value / longest, 1) if longest else 0.0) for name, value in rows[:most]]
