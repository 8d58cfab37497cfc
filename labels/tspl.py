"""TSPL: each row of the roll as one bitmap, so that every cheap printer that speaks it prints the same."""

from collections.abc import Iterable, Iterator

import numpy as np

from .notices import notice
from .raster import Bits, Raster, art, dots
from .rows import Row, cut, rows
from .run import Plan
from .stamp import Stamp

SPEED = 2  # inches a second


def tspl(plan: Plan, stamps: Iterable[Stamp], copies: int, dpi: int) -> Iterator[tuple[int, bytes]]:
    """Yield (labels, bytes): the roll's description, then each row."""
    raster = Raster(plan, dpi)
    stock = plan.stock
    gap = {
        "gap": f"GAP {stock.feed_gap_mm:g} mm,0 mm",
        "mark": f"BLINE {stock.feed_gap_mm:g} mm,0 mm",
        "sheet": "GAP 0,0",
    }
    size = f"SIZE {stock.page_width_mm:g} mm,{stock.page_height_mm:g} mm"
    yield 0, f"{size}\r\n{gap[stock.feed]}\r\nSPEED {SPEED}\r\nDIRECTION 1\r\nREFERENCE 0,0\r\n".encode()
    for block in rows(plan, stamps, copies):
        yield sum(len(row.cells) for row in block), b"".join(_page(bits) for bits in _drawn(plan, raster, block, dpi))


def _drawn(plan: Plan, raster: Raster, block: list[Row], dpi: int) -> Iterator[Bits]:
    """Each row as dots."""
    stock, fix = plan.stock, plan.sheet.calibration
    size = dots(stock.page_height_mm, dpi), dots(stock.page_width_mm, dpi)
    for row in block:
        page = np.zeros(size, bool)
        if row.notice:
            picture = art(notice(list(row.notice), stock), stock.width_mm, stock.height_mm, dpi)
            labels = np.repeat(picture[None], stock.cells, axis=0)
        else:
            labels = raster.labels(cut(row.stamps, row.first, row.first + len(row.cells)))
        for cell, label in zip(row.cells or range(stock.cells), labels, strict=True):
            left, top = stock.place(cell)
            y, x = max(0, dots(top + fix.dy_mm, dpi)), max(0, dots(left + fix.dx_mm, dpi))
            high, wide = min(label.shape[0], size[0] - y), min(label.shape[1], size[1] - x)
            page[y : y + high, x : x + wide] |= label[:high, :wide]
        yield page


def _page(bits: Bits) -> bytes:
    """One row; in TSPL a black dot is a 0."""
    data = ~np.packbits(bits, axis=1)
    return b"CLS\r\nBITMAP 0,0,%d,%d,0,%b\r\nPRINT 1,1\r\n" % (data.shape[1], data.shape[0], data.tobytes())
