"""Stretches of whole numbers, each with a value: what is put last holds."""


class Spans:
    """Disjoint stretches first–last with a value; None takes it away. Equal when the same numbers hold the same."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int, str]] = []

    def put(self, first: int, last: int, value: str | None) -> None:
        kept = []
        for start, end, held in self._spans:
            if start < first:
                kept.append((start, min(end, first - 1), held))
            if end > last:
                kept.append((max(start, last + 1), end, held))
        if value is not None:
            kept.append((first, last, value))
        self._spans = _joined(sorted(kept))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spans) and self._spans == other._spans

    __hash__ = None  # type: ignore[assignment]  # it changes


def _joined(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    joined: list[tuple[int, int, str]] = []
    for first, last, value in spans:
        if joined and joined[-1][1] + 1 == first and joined[-1][2] == value:
            joined[-1] = (joined[-1][0], last, value)
        else:
            joined.append((first, last, value))
    return joined
