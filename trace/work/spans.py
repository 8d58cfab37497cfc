"""Spans of serial numbers: pairs of first and last, both of them inside."""

import json
from collections.abc import Iterable

from ..records import Printing
from .ranges import Span


def joined(spans: Iterable[Span]) -> list[Span]:
    """In order, with overlapping and touching ones made one."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def count_in(spans: Iterable[Span]) -> int:
    return sum(last - first + 1 for first, last in spans)


def shared(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """What lies in both."""
    others = list(other)
    both = ((max(a, c), min(b, d)) for a, b in one for c, d in others)
    return joined((first, last) for first, last in both if first <= last)


def without(spans: Iterable[Span], gone: Iterable[Span]) -> list[Span]:
    """What lies in the first and not in the second."""
    left = joined(spans)
    for low, high in joined(gone):
        parts = [part for first, last in left for part in ((first, min(last, low - 1)), (max(first, high + 1), last))]
        left = [(first, last) for first, last in parts if first <= last]
    return joined(left)


def to_text(spans: Iterable[Span]) -> str:
    return json.dumps([list(span) for span in spans])


def from_text(text: str) -> list[Span]:
    return [(int(first), int(last)) for first, last in json.loads(text)]


def spans_of(printing: Printing) -> list[Span]:
    """What a printing was asked for."""
    return from_text(printing.spans) if printing.spans else [(printing.first, printing.last)]
