"""What was printed is read back before it is released: pages drawn by PDFium, symbols read by zxing-cpp.

Small runs are read whole. Of large ones the first, the last and a random hundredth of the pages are read, and every
symbol is taken out of the file and decoded by a second route (reading.py) that knows nothing of how it was made.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .drawn import DPI, Drawn, enlarged, read_one, unreadable
from .files import Progress
from .pdf_contents import Unreadable, contents
from .qr import size_of
from .reading import LARGEST, read
from .rows import Row, rows
from .run import Plan
from .stamp import Stamp
from .writing import ready

EVERY = 10_000  # labels up to which all are read
SHARE = 0.01  # of the pages of larger runs
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """A label that does not say what it should. `page` and `cell` count from 1; `got` is empty if nothing was read."""

    page: int
    cell: int
    wanted: str
    got: str


@dataclass(slots=True)
class Proof:
    """What was found. `every`: all labels were read from a picture; else `read` of them, and `checked` by modules."""

    labels: int = 0
    read: int = 0
    checked: int = 0
    pages: int = 0
    every: bool = True
    faults: list[Fault] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the file may be released."""
        return self.labels > 0 and not self.faults and (self.read if self.every else self.checked) == self.labels

    def compare(self, page: int, cell: int, wanted: str, got: str) -> None:
        if wanted != got and len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(page, cell + 1, wanted, got))


def prove(
    path: Path,
    stamps: Iterable[Stamp],
    *,
    every: int = EVERY,
    progress: Progress | None = None,
    seed: int | None = None,
    read_pages: int = 0,
    after: Callable[[Proof], None] | None = None,
    **options: Any,
) -> Proof:
    """Read a PDF of ours back against the stamps that it should carry: `write_pdf`'s arguments once more.

    A run printed with an overprint is sound if nothing on it can be read. Raises LabelError for a file that is no PDF.
    The first `read_pages` pages are passed over, for they were read before; `after` is called after each other one.
    """
    made, stamps = ready(stamps, **{"face": "code", **options})
    count = made.survey.count
    proof = Proof(every=count is not None and count <= every)
    pick = random.Random(seed)  # noqa: S311 # nosec B311 - a sample of pages, no secret
    checked = None if proof.every or made.sheet.overprint else contents(path)
    with Drawn(path) as pdf:
        last = len(pdf) - 1 - made.sheet.leader
        for number, row in enumerate(_pages(made, stamps, options.get("copies", 1))):
            proof.pages += 1
            content = _next(checked, path)
            if number < read_pages:
                continue
            if number >= len(pdf):
                proof.compare(number + 1, 0, "a page", "")
                break
            if proof.every or number in (made.sheet.leader, last) or pick.random() < SHARE:
                _read_page(made, pdf, number, row, proof)
            if checked is not None and row.cells:
                _check_page(made, content or b"", number, row, proof)
            proof.labels += len(row.cells)
            if progress:
                progress(proof.labels, count)
            if after:
                after(proof)
        if proof.pages < len(pdf):
            proof.compare(len(pdf), 0, "", "a page too many")
    return proof


def _next(pages: Iterator[bytes] | None, path: Path) -> bytes | None:
    """The next page's content, where pages are taken apart and there is one more."""
    try:
        return None if pages is None else next(pages, None)
    except Unreadable as fault:
        raise unreadable(path, str(fault)) from fault


def _pages(plan: Plan, stamps: Iterable[Stamp], copies: int) -> Iterator[Row]:
    for block in rows(plan, stamps, copies):
        yield from block


def _read_page(plan: Plan, pdf: Drawn, number: int, row: Row, proof: Proof) -> None:
    """Each label of a page by itself, so that what is read is known to stand in its cell."""
    dpi = max(DPI, plan.stock.dpi)
    picture = pdf.page(number, dpi)
    stock, fix = plan.stock, plan.sheet.calibration
    for index, cell in enumerate(row.cells):
        left, top = stock.place(cell)
        box = (
            fix.dx_mm + fix.scale_x * left,
            fix.dy_mm + fix.scale_y * top,
            fix.scale_x * stock.width_mm,
            fix.scale_y * stock.height_mm,
        )
        x, y, wide, high = (max(0, round(value * dpi / 25.4)) for value in box)
        wanted = "" if plan.sheet.overprint else row.stamps.links[row.first + index]
        proof.compare(number + 1, cell, wanted, read_one(np.ascontiguousarray(picture[y : y + high, x : x + wide])))
        proof.read += 1


def _check_page(plan: Plan, content: bytes, number: int, row: Row, proof: Proof) -> None:
    """Each symbol's modules, as the file has them."""
    matrices = _matrices(content, size_of(plan.survey.version))
    links = read(matrices) if plan.survey.version <= LARGEST else [read_one(enlarged(matrix)) for matrix in matrices]
    wanted = row.stamps.links[row.first : row.first + len(row.cells)]
    for cell, want, got in zip(row.cells, wanted, [*links, *[None] * len(wanted)], strict=False):
        proof.compare(number + 1, cell, want, got or "")
        proof.checked += 1
    if len(links) != len(wanted):
        proof.compare(number + 1, 0, f"{len(wanted)} symbols", f"{len(links)}")


def _matrices(content: bytes, size: int) -> NDArray[np.uint8]:
    """(symbols, size, size) modules out of a page's rows of hex digits, each of which ends in `>'`."""
    letters = np.frombuffer(content, np.uint8)
    digits = 2 * -(-size // 8)
    ends = np.flatnonzero((letters[1:] == ord("'")) & (letters[:-1] == ord(">")))
    rows_hex = letters[(ends - digits)[:, None] + np.arange(digits)]
    nibbles = np.where(rows_hex > ord("9"), rows_hex - ord("a") + 10, rows_hex - ord("0")).astype(np.uint8)
    packed = nibbles[:, 0::2] << 4 | nibbles[:, 1::2]
    return np.unpackbits(packed, axis=1)[:, :size].reshape(-1, size, size)
