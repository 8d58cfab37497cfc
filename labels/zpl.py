"""ZPL II: the face's art is sent once and recalled, each stamp's symbol and letters follow as bitmaps."""

from collections.abc import Iterable, Iterator

import numpy as np

from .notices import notice
from .raster import Bits, Raster, art, dots
from .rows import Row, cut, rows
from .run import Plan
from .stamp import Stamp
from .stock import Stock

GRAPHIC = b"R:TEMGOC.GRF"
SPEED = 2  # inches a second: slow, for small modules
MEDIA = {"gap": b"^MNW", "mark": b"^MNM", "sheet": b"^MNN"}


def zpl(plan: Plan, stamps: Iterable[Stamp], copies: int, dpi: int, width_dots: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield (labels, bytes): first the art, then a label format for each row of the roll."""
    raster = Raster(plan, dpi)
    writer = _Writer(plan, raster, dpi)
    yield 0, b"~DG%b,%d,%d,%b\n" % (GRAPHIC, *_sizes(raster.art), _hex(raster.art))
    for block in rows(plan, stamps, copies):
        yield sum(len(row.cells) for row in block), b"".join(writer.block(block))
    yield 0, b"^XA^ID%b^FS^XZ\n" % GRAPHIC


class _Writer:
    def __init__(self, plan: Plan, raster: Raster, dpi: int) -> None:
        self.plan, self.raster, self.dpi = plan, raster, dpi
        stock, fix = plan.stock, plan.sheet.calibration
        self.head = b"^XA%b^PW%d^LL%d^LH0,0^PR%d\n" % (
            MEDIA[stock.feed], dots(stock.page_width_mm, dpi), dots(stock.page_height_mm, dpi), SPEED)  # fmt: skip
        self.shift = fix.dx_mm, fix.dy_mm
        self.corners = [self._corner(stock, cell) for cell in range(stock.cells)]
        size = plan.survey.version * 4 + 17
        self.side = -(-size * raster.module // 8)

    def _corner(self, stock: Stock, cell: int) -> tuple[int, int]:
        left, top = stock.place(cell)
        return max(0, dots(left + self.shift[0], self.dpi)), max(0, dots(top + self.shift[1], self.dpi))

    def block(self, block: list[Row]) -> Iterator[bytes]:
        """The formats of some rows; their stamps' pictures are made together."""
        stamped = [row for row in block if row.cells]
        first = stamped[0].first if stamped else 0
        count = stamped[-1].first + len(stamped[-1].cells) - first if stamped else 0
        fields = self._fields(stamped[0], first, count) if stamped else []
        for row in block:
            yield self.head
            if row.notice:
                yield self._notice(list(row.notice))
            for index, cell in enumerate(row.cells):
                yield self._label(self.corners[cell], [patches[row.first - first + index] for patches in fields])
            yield b"^XZ\n"

    def _fields(self, row: Row, first: int, count: int) -> list[list[tuple[int, int, bytes]]]:
        """For symbol and slots (under an overprint: for whole labels) each stamp's (left, top, operands)."""
        stamps = cut(row.stamps, first, first + count)
        raster = self.raster
        if self.plan.sheet.overprint:
            return [[(0, 0, _bitmap(bits)) for bits in raster.labels(stamps)]]
        top, left = raster.corner
        wide = raster.symbols(stamps).repeat(raster.module, axis=2).astype(bool)
        out = [[(left, top, _symbol(matrix, raster.module)) for matrix in wide]]
        for slot in self.plan.drawing.slots:
            y, x = raster.place(slot)
            out.append([(x, y, _bitmap(bits)) for bits in raster.text(slot, stamps)])
        return out

    def _label(self, corner: tuple[int, int], fields: list[tuple[int, int, bytes]]) -> bytes:
        x, y = corner
        out = [] if self.plan.sheet.overprint else [b"^FO%d,%d^XG%b,1,1^FS\n" % (x, y, GRAPHIC)]
        out += [b"^FO%d,%d^GFA,%b^FS\n" % (x + left, y + top, data) for left, top, data in fields]
        return b"".join(out)

    def _notice(self, lines: list[str]) -> bytes:
        stock = self.plan.stock
        bits = art(notice(lines, stock), stock.width_mm, stock.height_mm, self.dpi)
        data = _bitmap(bits)
        return b"".join(b"^FO%d,%d^GFA,%b^FS\n" % (x, y, data) for x, y in self.corners)


def _bitmap(bits: Bits) -> bytes:
    """The operands of a graphic field."""
    total, row = _sizes(bits)
    return b"%d,%d,%d,%b" % (total, total, row, _hex(bits))


def _sizes(bits: Bits) -> tuple[int, int]:
    """(bytes in all, bytes a row)."""
    row = -(-bits.shape[1] // 8)
    return row * bits.shape[0], row


def _hex(bits: Bits) -> bytes:
    """Rows in hex; a row like the one above is one colon, and light to the row's end one comma."""
    rows_hex = [row.tobytes().hex().upper() for row in np.packbits(bits, axis=1)]
    return "".join(
        ":" if index and row == rows_hex[index - 1] else _short(row) for index, row in enumerate(rows_hex)
    ).encode()


def _short(row: str) -> str:
    bare = row.rstrip("0")
    return bare + "," if len(row) - len(bare) > 1 else row


def _symbol(matrix: Bits, module: int) -> bytes:
    """A symbol already widened to dots, each row repeated for its height."""
    row_bytes = -(-matrix.shape[1] // 8)
    lines = [row.tobytes().hex().upper() + ":" * (module - 1) for row in np.packbits(matrix, axis=1)]
    total = row_bytes * matrix.shape[0] * module
    return b"%d,%d,%d,%b" % (total, total, row_bytes, "".join(lines).encode())
