"""Every row of a sheet held against its kind: ready, or wrong with row, column and reason."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any

from ..refused import Refused, RefusedAll
from .kind import Context, Kind, Row
from .matching import Matching
from .sheets import Sheet

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """`number` as a spreadsheet counts its rows; `complaints` name their column by `field`."""

    number: int
    row: Row
    facts: Any
    complaints: tuple[Refused, ...]

    @property
    def ready(self) -> bool:
        return not self.complaints


def missing(kind: Kind, matching: Matching) -> list[str]:
    """Columns that every row needs and no column of the sheet has been matched to."""
    named = set(matching.columns.values())
    return [column.name for column in kind.columns if column.needed and column.name not in named]


def check_rows(kind: Kind, sheet: Sheet, matching: Matching, context: Context) -> list[Checked]:
    """Blank rows are passed over, wherever they stand."""
    if missing(kind, matching) or matching.twice:
        return []
    seen: dict[Hashable, int] = {}
    return [_check(kind, number, row, context, seen) for number, row in _rows(sheet, matching)]


def _rows(sheet: Sheet, matching: Matching) -> Iterator[tuple[int, Row]]:
    for index, cells in enumerate(sheet.rows):
        if index <= matching.heading:
            continue
        row = Row({name: cells[at] for at, name in matching.columns.items() if at < len(cells)})
        if any(cell.strip() for cell in row.cells.values()):
            yield index + 1, row


def _check(kind: Kind, number: int, row: Row, context: Context, seen: dict[Hashable, int]) -> Checked:
    for name, cell in row.cells.items():
        if len(cell) > LONGEST:
            long = Refused("This is too long: at most %(most)s characters.", field=name, most=LONGEST)
            return Checked(number, row, None, (long,))
    try:
        facts = kind.read(context, row)
    except Refused as refused:
        return Checked(number, row, None, (refused,))
    except RefusedAll as several:
        return Checked(number, row, None, tuple(several.refusals))
    same = seen.setdefault(kind.identity(facts), number)
    if same != number:
        twice = Refused("This row says the same as row %(row)s.", row=same)
        return Checked(number, row, None, (twice,))
    return Checked(number, row, facts, ())
