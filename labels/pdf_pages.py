"""What does change: pages as templates with holes, filled for many pages at once.

A page of n labels is the same bytes each time but for the symbols' hex rows and the letters of code, serial and PIN.
So the page is written once with holes, copied, and the holes of all copies are filled by two numpy assignments.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .errors import LabelError
from .layout import Drawing, Slot
from .pdf import MM_PT, num
from .qr import Symbols, size_of, symbols
from .run import Plan
from .sheet import Calibration
from .stamp import Columns
from .stock import Stock

HOLE = b"\x00"
_HEX = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)


@dataclass(frozen=True)
class Template:
    """A page's bytes with holes; `holes` = their places, label by label, each label's in one order."""

    page: NDArray[np.uint8]
    holes: NDArray[np.intp]


@dataclass(frozen=True)
class Changing:
    """The changing part of a run, small enough to hand to another process."""

    stock: Stock
    drawing: Drawing
    version: int
    level: str
    lengths: dict[str, int]
    matrix: bytes

    @classmethod
    def of(cls, plan: Plan) -> "Changing":
        bare = Drawing(plan.drawing.symbol, plan.drawing.module, slots=plan.drawing.slots)
        return cls(
            plan.stock,
            bare,
            plan.survey.version,
            plan.level,
            plan.survey.lengths,
            matrix(plan.stock.page_height_mm, plan.sheet.calibration),
        )


def matrix(high: float, fix: Calibration) -> bytes:
    """A page's matrix, `high` mm: millimetres upwards to points, with the printer's error taken out."""
    rise = high - fix.dy_mm - fix.scale_y * high
    values = (MM_PT * fix.scale_x, MM_PT * fix.scale_y, MM_PT * fix.dx_mm, MM_PT * rise)
    return b"%b 0 0 %b %b %b cm" % tuple(f"{value:.6f}".encode() for value in values)


@lru_cache(maxsize=8)
def _template(cells: tuple[int, ...], size: int, drawing: "_Key", stock: Stock, top: bytes) -> Template:
    """The page of these cells; `top` is what comes before the labels."""
    parts = [top, *(_label(*stock.place(cell), size, drawing, stock) for cell in cells)]
    page = np.frombuffer(b"".join(parts), np.uint8)
    return Template(page, np.flatnonzero(page == 0))


@dataclass(frozen=True)
class _Key:
    """The changing part of a drawing, as a dictionary key."""

    x: float
    y: float
    module: float
    slots: tuple[Slot, ...]


def _label(left: float, top: float, size: int, drawing: _Key, stock: Stock) -> bytes:
    """One label's symbol and letters: the symbol's rows, as glyphs of eight modules, clip one black square.

    As a clip all rows are one path, so that no hairline shows between them, whatever draws the page.
    """
    foot = stock.page_height_mm - top
    module = drawing.module
    x, y = left + drawing.x + 4 * module, foot - drawing.y - 4 * module
    row = b"<" + HOLE * (2 * -(-size // 8)) + b">'\n"
    out = [
        b"q BT 7 Tr/Q %b Tf %b TL %b %b Td\n" % (num(8 * module), f"{module:.6f}".encode(), num(x), num(y)),
        row * size,
        b"ET %b %b %b %b re f Q\n" % (num(x), num(y - size * module), num(size * module), num(size * module)),
    ]
    for slot in drawing.slots:
        letters = b"<" + HOLE * (2 * (slot.last - slot.first)) + b">"
        out.append(
            b"BT/C %b Tf %b %b Td%bTj ET\n" % (num(slot.size), num(left + slot.x), num(foot - slot.baseline), letters)
        )
    return b"".join(out)


def fill(work: Changing, stamps: Columns, deals: Sequence[tuple[tuple[int, ...], bytes, bytes]]) -> list[bytes]:
    """The packed contents of some pages. `deals`: each page's cells, the form beneath, and what to add at the end."""
    contents = _contents(work, stamps) if len(stamps) else np.empty((0, 0), np.uint8)
    key = _Key(work.drawing.symbol.x, work.drawing.symbol.y, work.drawing.module, tuple(work.drawing.slots))
    size = size_of(work.version)
    out: list[bytes] = []
    start = at = 0
    while at < len(deals):
        cells, form, _ = deals[at]
        same = at
        while same < len(deals) and deals[same][:2] == (cells, form):
            same += 1
        template = _template(cells, size, key, work.stock, b"q %b\n%b Do 0 0 0 1 k\n" % (work.matrix, form))
        count = same - at
        book = np.repeat(template.page[None, :], count, axis=0)
        book[:, template.holes] = contents[start : start + count * len(cells)].reshape(count, -1)
        out += [_packed(book[i].tobytes() + deals[at + i][2] + b"Q\n") for i in range(count)]
        start += count * len(cells)
        at = same
    return out


def _packed(content: bytes) -> bytes:
    """Hex of random bits repeats nothing: coding the letters alone is fastest, and nearly the smallest."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 15, 9, zlib.Z_HUFFMAN_ONLY)
    return packer.compress(content) + packer.flush()


def _contents(work: Changing, stamps: Columns) -> NDArray[np.uint8]:
    """(stamps, holes of a label): the hex letters in the order of a label's holes."""
    drawn: Symbols = symbols(stamps.links, work.level, work.version)
    rows = _HEX[drawn.row_bytes().reshape(len(stamps), -1)].view(np.uint8)
    columns = {"code": stamps.codes, "serial": stamps.serials, "pin": stamps.pins}
    texts = {kind: _letters(kind, column, work.lengths[kind]) for kind, column in columns.items() if work.lengths[kind]}
    parts = [
        _HEX[np.ascontiguousarray(texts[slot.kind][:, slot.first : slot.last])].view(np.uint8)
        for slot in work.drawing.slots
    ]
    return np.hstack([rows, *parts])


def _letters(kind: str, column: list[str], length: int) -> NDArray[np.uint8]:
    """(stamps, length) visible ASCII; shorter ones are centred with spaces. Raises LabelError for others."""
    joined = "".join(column)
    if not joined.isascii() or (joined and not joined.isprintable()):
        odd = next(text for text in column if not text.isascii() or not text.isprintable())
        raise LabelError(
            "bad-text", "The %(kind)s %(text)r may hold only visible ASCII characters.", kind=kind, text=odd
        )
    if len(joined) != length * len(column):
        column = [_exactly(kind, text, length) for text in column]
        joined = "".join(column)
    return np.frombuffer(joined.encode(), np.uint8).reshape(len(column), length)


def _exactly(kind: str, text: str, length: int) -> str:
    if len(text) > length:
        raise LabelError(
            "longer-than-first",
            "The %(kind)s %(text)r is longer than the %(length)d letters that the run began with.",
            kind=kind,
            text=text,
            length=length,
        )
    return text.center(length)
