"""A label printer's file is read back before it is released: played into dots, its symbols read from them.

As of sheets (proof.py) small runs are read whole by zxing-cpp, and of large ones the first and the last row and a
random hundredth, while every symbol's modules are decoded by the second route (reading.py).
"""

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from .catalogue import stock_named
from .drawn import enlarged, read_one
from .files import Progress
from .played import Page, played
from .proof import EVERY, SHARE, Proof
from .qr import size_of
from .raster import Bits, Raster, dots
from .reading import LARGEST, read
from .rows import Row, rows
from .run import Plan
from .stamp import Stamp
from .stock import Stock
from .writing import ready


def prove_dots(
    path: Path,
    stamps: Iterable[Stamp],
    *,
    stock: Stock | str,
    dpi: int = 0,
    every: int = EVERY,
    progress: Progress | None = None,
    seed: int | None = None,
    **options: Any,
) -> Proof:
    """Read what `write_zpl` or `write_tspl` wrote back against the stamps it should carry: their arguments once more.

    A run printed with an overprint is sound if nothing on it can be read.
    """
    dpi = dpi or (stock_named(stock) if isinstance(stock, str) else stock).dpi or 203
    made, stamps = ready(stamps, stock=stock, dpi=dpi, **{"face": "code", **options})
    count = made.survey.count
    proof = Proof(every=count is not None and count <= every)
    reader = _Reader(made, dpi, proof)
    pick = random.Random(seed)  # noqa: S311 # nosec B311 - a sample of rows, no secret
    pages = played(path)
    for block in rows(made, stamps, options.get("copies", 1)):
        for row in block:
            page = next(pages, None)
            proof.pages += 1
            if page is None:
                proof.compare(proof.pages, 0, "a row", "")
                return proof
            last = proof.labels + len(row.cells) == count
            reader.take(row, page, seen=proof.every or last or proof.labels == 0 or pick.random() < SHARE)
        reader.check()
        if progress:
            progress(proof.labels, count)
    if next(pages, None) is not None:
        proof.compare(proof.pages, 0, "", "a row too many")
    return proof


class _Reader:
    """Reads rows as they come; their symbols' modules are decoded many at a time."""

    def __init__(self, plan: Plan, dpi: int, proof: Proof) -> None:
        self.plan, self.proof = plan, proof
        raster = Raster(plan, dpi)
        self.label, self.symbol, self.module = raster.art.shape, raster.corner, raster.module
        self.side = size_of(plan.survey.version) * raster.module
        stock, fix = plan.stock, plan.sheet.calibration
        places = [stock.place(cell) for cell in range(stock.cells)]
        self.corners = [
            (max(0, dots(top + fix.dy_mm, dpi)), max(0, dots(left + fix.dx_mm, dpi))) for left, top in places
        ]
        self._wanted: list[tuple[int, int, str]] = []
        self._matrices: list[Bits] = []

    def take(self, row: Row, page: Page, *, seen: bool) -> None:
        """A row's labels: read as pictures if `seen`, and kept to be checked unless all are read anyway."""
        for index, cell in enumerate(row.cells):
            link, (top, left) = row.stamps.links[row.first + index], self.corners[cell]
            if seen:
                picture = np.where(np.pad(page.part(top, left, *self.label), 4), np.uint8(0), np.uint8(255))
                self.proof.compare(self.proof.pages, cell, "" if self.plan.sheet.overprint else link, read_one(picture))
                self.proof.read += 1
            if not self.proof.every and not self.plan.sheet.overprint:
                symbol = page.part(top + self.symbol[0], left + self.symbol[1], self.side, self.side)
                self._matrices.append(symbol[self.module // 2 :: self.module, self.module // 2 :: self.module])
                self._wanted.append((self.proof.pages, cell, link))
        self.proof.labels += len(row.cells)

    def check(self) -> None:
        """Decode what was kept."""
        if not self._matrices:
            return
        matrices = np.array(self._matrices, np.uint8)
        large = self.plan.survey.version > LARGEST
        links = [read_one(enlarged(matrix)) for matrix in matrices] if large else read(matrices)
        for (page, cell, link), got in zip(self._wanted, links, strict=True):
            self.proof.compare(page, cell, link, got or "")
            self.proof.checked += 1
        self._wanted, self._matrices = [], []
