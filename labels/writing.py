"""The writers' front: one call a format, the same arguments in each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

from .catalogue import stock_named
from .errors import LabelError
from .face import Face
from .faces import Design, face_named
from .files import Meter, Progress, Written, opened
from .pdf_run import PdfRun
from .pdf_static import MARK_MM
from .run import Plan, plan, survey
from .sheet import Sheet, pages
from .stamp import Stamp
from .stock import Stock
from .tables import write_csv_rows, write_xlsx_rows
from .tspl import tspl
from .words import Words
from .zpl import zpl

Target = Path | str | BinaryIO
NO_WORDS = Words()
PLAIN = Sheet()


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
    return plan(found, stock, face, words, sheet, level=level, dpi=dpi), stamps


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

    `stamps` may be any iterable (give `count` if it has no length, so that notes know the number of sheets); memory
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


def single(stock: Stock, sheet: Sheet) -> Stock:
    """A page for one label of a stock, with room for bleed and crop marks where they are wanted."""
    edge = sheet.bleed_mm + (MARK_MM + 1 if sheet.crop_marks else 0)
    return Stock(
        name=stock.name,
        title=stock.title,
        page_width_mm=stock.width_mm + 2 * edge,
        page_height_mm=stock.height_mm + 2 * edge,
        width_mm=stock.width_mm,
        height_mm=stock.height_mm,
        left_mm=edge,
        top_mm=edge,
        corner_mm=stock.corner_mm,
        round=stock.round,
        dpi=stock.dpi,
    )


def write_labels_pdf(
    out: Target, stamps: Iterable[Stamp], *, stock: Stock | str, sheet: Sheet = PLAIN, **options: Any
) -> Written:
    """One label a page, for print houses: `write_pdf`'s arguments; each page's trim box is the label."""
    stock = stock_named(stock) if isinstance(stock, str) else stock
    return write_pdf(out, stamps, stock=single(stock, sheet), sheet=replace(sheet, used=()), **options)


def write_zpl(
    out: Target, stamps: Iterable[Stamp], *, dpi: int = 0, progress: Progress | None = None, **options: Any
) -> Written:
    """ZPL II, one format a row: `write_pdf`'s arguments. `dpi` = the printer's (203, 300, 600), else the stock's."""
    return _printer(zpl, out, stamps, dpi, progress, options)


def write_tspl(
    out: Target, stamps: Iterable[Stamp], *, dpi: int = 0, progress: Progress | None = None, **options: Any
) -> Written:
    """TSPL, one bitmap a row: `write_pdf`'s arguments."""
    return _printer(tspl, out, stamps, dpi, progress, options)


def _printer(  # noqa: PLR0917 - the three writers' common tail
    speak: Callable[..., Iterator[tuple[int, bytes]]],
    out: Target,
    stamps: Iterable[Stamp],
    dpi: int,
    progress: Progress | None,
    options: dict[str, Any],
) -> Written:
    options = {"face": "code", **options}
    copies = options.get("copies", 1)
    stock = options["stock"] = stock_named(options["stock"]) if isinstance(options["stock"], str) else options["stock"]
    if not stock.roll:
        raise LabelError("not-a-roll", "A label printer takes rolls; %(stock)s is a sheet.", stock=stock.name)
    dpi = dpi or stock.dpi or 203
    made, stamps = ready(stamps, dpi=dpi, **options)
    with opened(out) as stream:
        meter = Meter(stream, made.survey.count, progress)
        for labels, data in speak(made, stamps, copies, dpi):
            meter.write(data, labels)
    return meter.written(pages(made.stock, made.sheet, meter.labels))


def write_csv(
    out: Target, stamps: Iterable[Stamp], *, copies: int = 1, pins: bool = False, progress: Progress | None = None
) -> Written:
    """A list for a print house: number, code, serial, link, and PIN if asked. No cell can become a formula."""
    return _table(write_csv_rows, out, stamps, copies, pins, progress)


def write_xlsx(
    out: Target, stamps: Iterable[Stamp], *, copies: int = 1, pins: bool = False, progress: Progress | None = None
) -> Written:
    """The same list as a workbook, every cell a text."""
    return _table(write_xlsx_rows, out, stamps, copies, pins, progress)


def _table(  # noqa: PLR0917 - the three writers' common tail
    write: Callable[..., Iterator[int]],
    out: Target,
    stamps: Iterable[Stamp],
    copies: int,
    pins: bool,
    progress: Progress | None,
) -> Written:
    found, stamps = survey(stamps, copies=copies)
    with opened(out) as stream:
        meter = Meter(stream, found.count, progress)
        for labels in write(meter, stamps, copies, pins):
            meter.count(labels)
    return meter.written(0)
