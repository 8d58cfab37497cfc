"""How one run lies on its stock: cells already used, marks, notes in the margin, and the printer's own error."""

from collections.abc import Iterator
from dataclasses import dataclass

from .errors import LabelError
from .stock import Stock

MOST_OFFSET_MM, MOST_SCALE = 15.0, 0.05
MOST_STAMPS = 2_000_000


@dataclass(frozen=True, slots=True)
class Calibration:
    """What to do to a page so that this printer puts it right: x' = dx + scale_x · x, from the top left corner, mm.

    It belongs to a printer and tray, never to a face.
    """

    dx_mm: float = 0.0
    dy_mm: float = 0.0
    scale_x: float = 1.0
    scale_y: float = 1.0

    def __post_init__(self) -> None:
        for name in ("dx_mm", "dy_mm"):
            if not abs(getattr(self, name)) <= MOST_OFFSET_MM:
                raise LabelError(
                    "calibration-offset",
                    "An offset of %(value).1f mm is more than a printer errs (%(most)d mm): measure again.",
                    value=getattr(self, name),
                    most=MOST_OFFSET_MM,
                )
        for name in ("scale_x", "scale_y"):
            if not abs(getattr(self, name) - 1) <= MOST_SCALE:
                raise LabelError(
                    "calibration-scale",
                    "A scale of %(value).1f %% means that the page was fitted to the paper: print at 100 %%.",
                    value=100 * getattr(self, name),
                )


@dataclass(frozen=True, slots=True)
class Note:
    """What a sheet's margin, or a roll's leader, says of its job. Empty parts are left out."""

    job: str = ""
    batch: str = ""
    day: str = ""
    language: str = "vi"

    @property
    def empty(self) -> bool:
        return not (self.job or self.batch or self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Options of the paper. `used[i]` = cells of sheet i that are gone already (cells count from 0, row by row).

    `first_sheet` numbers the first sheet in the notes. `divider_every` (rolls): a divider label after so many stamps.
    `bleed_mm` and `crop_marks` matter where a print house cuts. `leader` (rolls): start and end labels with the range.
    """

    used: tuple[frozenset[int], ...] = ()
    note: Note = Note()
    outlines: bool = False
    crop_marks: bool = False
    first_sheet: int = 1
    leader: bool = False
    divider_every: int = 0
    bleed_mm: float = 0.0
    calibration: Calibration = Calibration()
    overprint: str = ""
    overprint_symbol_only: bool = False
    """The band hides the symbol and leaves the words, for looking at a face before it is printed."""

    def check(self, stock: Stock) -> None:
        """Raises LabelError for used cells that the stock does not have, or a first sheet with none left."""
        for cells in self.used:
            strange = [cell for cell in cells if not 0 <= cell < stock.cells]
            if strange:
                raise LabelError(
                    "no-such-cell",
                    "The stock %(stock)s has cells 1 to %(cells)d; there is no cell %(cell)d.",
                    stock=stock.name,
                    cells=stock.cells,
                    cell=strange[0] + 1,
                )
            if len(cells) == stock.cells:
                raise LabelError(
                    "sheet-full",
                    "All %(cells)d cells of a sheet are marked as used: leave that sheet out.",
                    cells=stock.cells,
                )


def free_cells(stock: Stock, sheet: Sheet, page: int) -> tuple[int, ...]:
    """The cells that page (from 0) offers, in order of reading."""
    gone = sheet.used[page] if page < len(sheet.used) else frozenset()
    return tuple(cell for cell in range(stock.cells) if cell not in gone)


def pages(stock: Stock, sheet: Sheet, count: int) -> int:
    """Sheets (or rows of a roll) that so many labels take."""
    number = 0
    for number, _ in enumerate(sheet.used, 1):
        count -= len(free_cells(stock, sheet, number - 1))
        if count <= 0:
            return number
    return number + -(-count // stock.cells)


def deal(stock: Stock, sheet: Sheet, count: int) -> Iterator[tuple[int, ...]]:
    """Yield each page's cells until all labels have one."""
    page = 0
    while count > 0:
        cells = free_cells(stock, sheet, page)[:count]
        yield cells
        count -= len(cells)
        page += 1
