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

from .errors import LabelError
from .files import Progress
from .qr import size_of
from .reading import LARGEST, read
from .rows import Row, rows
from .run import Plan
from .stamp import Stamp
from .writing import ready

EVERY = 10_000  # labels up to which all are read
SHARE = 0.01  # of the pages of larger runs
DPI = 300
MOST_FAULTS = 20
TILE_MM, NEAR_MM = 110, 4


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
    with _opened(path) as pdf, _source(path, proof.every) as source:
        last = len(pdf) - 1 - made.sheet.leader
        for number, row in enumerate(_pages(made, stamps, options.get("copies", 1))):
            proof.pages += 1
            if number < read_pages:
                continue
            if number >= len(pdf):
                proof.compare(number + 1, 0, "a page", "")
                break
            if proof.every or number in (made.sheet.leader, last) or pick.random() < SHARE:
                _read_page(made, pdf, number, row, proof)
            if source is not None and row.cells and not made.sheet.overprint:
                _check_page(made, source.pages[number], number, row, proof)
            proof.labels += len(row.cells)
            if progress:
                progress(proof.labels, count)
            if after:
                after(proof)
        if proof.pages < len(pdf):
            proof.compare(len(pdf), 0, "", "a page too many")
    return proof


def read_pdf(path: Path, dpi: int = DPI) -> Iterator[list[str]]:
    """The links that a phone would find on each page of any PDF, from top to bottom. Raises LabelError."""
    with _opened(path) as pdf:
        for number in range(len(pdf)):
            yield _links(_drawn(pdf, number, dpi), dpi)


def _links(picture: NDArray[np.uint8], dpi: int) -> list[str]:
    """All symbols of a page. Looked at in overlapping parts: neighbours on a whole page may look like one."""
    part, near = round(TILE_MM * dpi / 25.4), round(NEAR_MM * dpi / 25.4)
    found: list[tuple[int, int, str]] = []
    for top in range(0, max(1, picture.shape[0] - part // 2), part // 2):
        for left in range(0, max(1, picture.shape[1] - part // 2), part // 2):
            for code in _codes(np.ascontiguousarray(picture[top : top + part, left : left + part])):
                y, x = top + code.position.top_left.y, left + code.position.top_left.x
                if not any(text == code.text and abs(y - b) + abs(x - a) < near for b, a, text in found):
                    found.append((y, x, code.text))
    return [text for _, _, text in sorted(found, key=lambda place: (place[0] // near, place[1]))]


def _opened(path: Path) -> Any:
    import pypdfium2

    if not path.is_file():
        raise _unreadable(path, "no such file")
    try:
        return pypdfium2.PdfDocument(path)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise _unreadable(path, f"no PDF ({error})".replace(".)", ")")) from error


def _unreadable(path: Path, reason: str) -> LabelError:
    return LabelError("unreadable", "%(path)s could not be read: %(reason)s.", path=str(path), reason=reason)


class _source:  # noqa: N801 - a context, read as a word
    """The file's objects, where pages have to be taken apart."""

    def __init__(self, path: Path, every: bool) -> None:
        import pikepdf

        self.pdf = None if every else pikepdf.open(path)

    def __enter__(self) -> Any:
        return self.pdf

    def __exit__(self, *_: object) -> None:
        if self.pdf is not None:
            self.pdf.close()


def _pages(plan: Plan, stamps: Iterable[Stamp], copies: int) -> Iterator[Row]:
    for block in rows(plan, stamps, copies):
        yield from block


def _drawn(pdf: Any, number: int, dpi: int) -> NDArray[np.uint8]:
    page = pdf[number]
    picture: NDArray[np.uint8] = page.render(scale=dpi / 72, grayscale=True).to_numpy().copy()
    page.close()
    return picture.reshape(picture.shape[:2])


def read_one(picture: NDArray[np.uint8]) -> str:
    """The link of the one symbol in a picture."""
    quick = {"try_rotate": False, "try_invert": False, "try_downscale": False}
    found = _codes(picture, **quick) or _codes(picture)
    return str(found[0].text) if len(found) == 1 else " ".join(code.text for code in found)


def _codes(picture: NDArray[np.uint8], **how: bool) -> Any:
    import zxingcpp

    return zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCodeModel2, **how)  # type: ignore[arg-type]


def _read_page(plan: Plan, pdf: Any, number: int, row: Row, proof: Proof) -> None:
    """Each label of a page by itself, so that what is read is known to stand in its cell."""
    dpi = max(DPI, plan.stock.dpi)
    picture = _drawn(pdf, number, dpi)
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


def _check_page(plan: Plan, page: Any, number: int, row: Row, proof: Proof) -> None:
    """Each symbol's modules, as the file has them."""
    matrices = _matrices(page.Contents.read_bytes(), size_of(plan.survey.version))
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


def enlarged(matrix: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture of a symbol's modules, four dots each."""
    big = np.pad(matrix, 4).repeat(4, axis=0).repeat(4, axis=1)
    return np.where(big, np.uint8(0), np.uint8(255))
