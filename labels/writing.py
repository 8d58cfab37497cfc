"""The writers' front: one call a format, the same arguments in each."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .catalogue import stock_named
from .face import Face
from .faces import Design, face_named
from .files import opened
from .pdf_run import PdfRun, Progress
from .run import Plan, plan, survey
from .sheet import Sheet
from .stamp import Stamp
from .stock import Stock
from .words import Words


NO_WORDS = Words()
PLAIN = Sheet()


@dataclass(frozen=True, slots=True)
class Written:
    """What went out: labels, sheets (rows on a roll), bytes, and the file's SHA-256 in hex."""

    labels: int
    sheets: int
    size: int
    sha256: str


def ready(
    stamps: Iterable[Stamp],
    *,
    stock: Stock | str,
    face: Design | Face | str,
    words: Words = NO_WORDS,
    sheet: Sheet = PLAIN,
    level: str = "M",
    copies: int = 1,
    count: int | None = None,
    dpi: int = 0,
) -> tuple[Plan, Iterable[Stamp]]:
    """Plan a run; give back the stamps to write. Raises LabelError for whatever cannot be printed."""
    stock = stock_named(stock) if isinstance(stock, str) else stock
    face = face_named(face) if isinstance(face, str) else face
    found, stamps = survey(stamps, level, count, copies)
    return plan(found, stock, face, words, sheet, level, dpi), stamps


def write_pdf(
    out: Path | str | BinaryIO,
    stamps: Iterable[Stamp],
    *,
    stock: Stock | str,
    face: Design | Face | str = "code",
    words: Words = NO_WORDS,
    sheet: Sheet = PLAIN,
    level: str = "M",
    copies: int = 1,
    count: int | None = None,
    dpi: int = 0,
    title: str = "",
    progress: Progress | None = None,
    processes: int | None = None,
) -> Written:
    """Write a run as vector PDF: sheets, or a roll with one row a page.

    `stamps` may be any iterable (give `count` if it has no length, so that notes know how many sheets there are); memory
    does not grow with it. A path appears only when whole. `dpi` makes modules whole dots of that printer. `progress` is
    called with (labels done, labels in all or None). `processes`: None = as the run is worth. Raises LabelError.
    """
    made, stamps = ready(
        stamps, stock=stock, face=face, words=words, sheet=sheet, level=level, copies=copies, count=count, dpi=dpi
    )
    with opened(out) as stream:
        run = PdfRun(stream, made, title or f"{made.stock.name} · {made.face.name}")
        run.write(stamps, copies, progress, processes)
    return Written(run.labels, run.sheets, run.file.length, run.file.hash.hexdigest())
