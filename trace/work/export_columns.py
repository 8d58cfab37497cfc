"""Columns and sheets of an export: a heading (an English msgid) and how a record gives its value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

Getter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    value: Getter


@dataclass(frozen=True, slots=True)
class ExportSheet:
    title: str
    kind: Any
    columns: Sequence[Column]


def of(heading: str, path: str) -> Column:
    """A value by its path; nothing where a step of the path is empty."""
    steps = [attrgetter(step) for step in path.split(".")]

    def value(record: Any) -> Any:
        for step in steps:
            if record is None:
                return None
            record = step(record)
        return record

    return Column(heading, value)


def kg(heading: str, path: str) -> Column:
    grams = of(heading, path).value
    return Column(heading, lambda record: None if grams(record) is None else grams(record) / 1000)


def degrees(heading: str, path: str) -> Column:
    millionths = of(heading, path).value
    return Column(heading, lambda record: None if millionths(record) is None else millionths(record) / 1_000_000)


def sheet(title: str, kind: Any, *columns: Column) -> ExportSheet:
    return ExportSheet(title, kind, columns)


MADE = of("Entered at", "created_at")
