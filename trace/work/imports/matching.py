"""Which column of a sheet holds what: guessed from its headings, put right by a person."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ...standards.words import fold
from .kind import Column, Kind
from .sheets import Sheet

HEADING_WITHIN = 12
"""Above the headings there may be a title and an address."""


@dataclass(frozen=True, slots=True)
class Matching:
    sheet: int
    heading: int
    """The row of the headings, from 0; -1 where there are none."""
    columns: Mapping[int, str]
    twice: tuple[str, ...] = ()
    """Fields that more than one column seems to hold: a person must choose."""

    @property
    def as_json(self) -> str:
        return json.dumps({"heading": self.heading, "columns": {str(at): name for at, name in self.columns.items()}})


def kept(sheet: int, text: str) -> Matching:
    told = json.loads(text)
    columns = {int(at): name for at, name in told["columns"].items()}
    twice = tuple(name for name, count in Counter(columns.values()).items() if count > 1)
    return Matching(sheet, told["heading"], columns, twice)


def guess(kind: Kind, sheets: list[Sheet], *, pasted: bool) -> Matching:
    """The sheet and row whose words fit best; a pasted table without headings is taken in the order of the template."""
    best = max((_in_sheet(kind, sheet, place) for place, sheet in enumerate(sheets)), key=_fits)
    if best.columns or not pasted:
        return best
    names = [column.name for column in kind.columns]
    return Matching(best.sheet, -1, dict(enumerate(names[: sheets[best.sheet].width])))


def guess_in(kind: Kind, sheets: list[Sheet], place: int) -> Matching:
    """The same within one sheet that somebody chose."""
    return _in_sheet(kind, sheets[place], place)


def _fits(matching: Matching) -> tuple[int, int]:
    return len(matching.columns), -matching.sheet


def _in_sheet(kind: Kind, sheet: Sheet, place: int) -> Matching:
    rows = enumerate(sheet.rows[:HEADING_WITHIN])
    found = [_in_row(kind, row, place, at) for at, row in rows if row]
    return max(found, key=lambda each: (len(each.columns), -each.heading), default=Matching(place, -1, {}))


def _in_row(kind: Kind, row: tuple[str, ...], place: int, at: int) -> Matching:
    columns: dict[int, str] = {}
    twice: list[str] = []
    certain = 0
    for exact in (True, False):  # a heading that says it in so many words goes first
        for index, cell in enumerate(row):
            name = _field(kind, cell, exact)
            if name is None or index in columns:
                continue
            if name in columns.values():
                if exact:
                    twice.append(name)
                continue
            columns[index] = name
            certain += exact
    if not certain and len(columns) * 2 < max(len(list(filter(None, row))), 4):
        return Matching(place, -1, {})  # a row that says "Vườn Lũng Than" is no heading
    return Matching(place, at if columns else -1, dict(sorted(columns.items())), tuple(dict.fromkeys(twice)))


def _field(kind: Kind, cell: str, exact: bool) -> str | None:
    said = heading_words(cell)
    if not said:
        return None
    for column in kind.columns:
        if _says(column, said, exact):
            return column.name
    return None


def _says(column: Column, said: str, exact: bool) -> bool:
    if exact:
        return said in column.aliases
    return any(len(alias) > 3 and re.search(rf"\b{re.escape(alias)}\b", said) for alias in column.aliases)


def heading_words(cell: str) -> str:
    """A heading without marks, units in brackets, stars and numbers."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]|[*:.,/_-]", " ", fold(cell))
    return " ".join(bare.split())
