"""A run as a label printer takes it: row after row, with the roll's own notices between."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .notices import divider, end, leader
from .run import Plan
from .sheet import free_cells
from .stamp import Columns, Stamp, in_columns

CHUNK = 240


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, the first one's place in `stamps`, the others' after it; or a notice's lines."""

    stamps: Columns
    cells: tuple[int, ...] = ()
    first: int = 0
    notice: tuple[str, ...] = ()


EMPTY = Columns([], [], [], [])


def name_of(stamps: Columns, index: int) -> str:
    """What people call a stamp: its serial, or its code."""
    return stamps.serials[index] or stamps.codes[index]


def rows(plan: Plan, stamps: Iterable[Stamp], copies: int, size: int = CHUNK) -> Iterator[list[Row]]:
    """Yield the run's rows, a block of stamps at a time."""
    sheet, note = plan.sheet, plan.sheet.note
    done = page = passed = 0
    begin = last = ""
    held = EMPTY
    for block, final in _marked(in_columns(stamps, size, copies)):
        held = joined(held, block)
        out: list[Row] = []
        if not begin:
            begin = name_of(held, 0)
            if sheet.leader:
                out.append(Row(EMPTY, notice=tuple(leader(note, plan.survey.count, begin))))
        at = 0
        while at < len(held):
            cells = free_cells(plan.stock, sheet, page)[: len(held) - at]
            if not final and len(cells) < len(free_cells(plan.stock, sheet, page)):
                break
            out.append(Row(held, cells, at))
            at, page, done, last = at + len(cells), page + 1, done + len(cells), name_of(held, at + len(cells) - 1)
            if sheet.divider_every and done // sheet.divider_every > passed and not (final and at == len(held)):
                passed = done // sheet.divider_every
                out.append(Row(EMPTY, notice=tuple(divider(note, done, last))))
        held = cut(held, at, len(held))
        if final and sheet.leader:
            out.append(Row(EMPTY, notice=tuple(end(note, done, begin, last))))
        yield out


def _marked(blocks: Iterable[Columns]) -> Iterator[tuple[Columns, bool]]:
    """Each block, and whether it is the last."""
    before: Columns | None = None
    for block in blocks:
        if before is not None:
            yield before, False
        before = block
    if before is not None:
        yield before, True


def joined(one: Columns, other: Columns) -> Columns:
    """One after the other."""
    if not len(one):
        return other
    return Columns(one.links + other.links, one.codes + other.codes, one.serials + other.serials, one.pins + other.pins)


def cut(stamps: Columns, first: int, last: int) -> Columns:
    """Some of them: [first, last)."""
    return Columns(
        stamps.links[first:last], stamps.codes[first:last], stamps.serials[first:last], stamps.pins[first:last]
    )
