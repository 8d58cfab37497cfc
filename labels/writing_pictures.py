"""The writers of pictures: a file a label, or one for a look before printing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from .files import Meter, Progress, Written, opened
from .pdf_run import PdfRun
from .pictures_out import PngMaker, drawn
from .rows import name_of
from .run import Plan
from .stamp import Columns, Stamp, in_columns
from .svg import SvgMaker
from .writing import Target, ready


def write_pngs(
    out: Target, stamps: Iterable[Stamp], *, dpi: int = 300, progress: Progress | None = None, **options: Any
) -> Written:
    """A zip of one PNG a label, at `dpi`, its symbol in whole dots; `write_pdf`'s arguments."""
    made, stamps = ready(stamps, dpi=dpi, **{"face": "code", **options})
    return _zipped(out, made, stamps, options.get("copies", 1), "png", PngMaker(made, dpi), progress)


def write_svgs(out: Target, stamps: Iterable[Stamp], *, progress: Progress | None = None, **options: Any) -> Written:
    """A zip of one SVG a label, type as outlines; `write_pdf`'s arguments."""
    made, stamps = ready(stamps, **{"face": "code", **options})
    return _zipped(out, made, stamps, options.get("copies", 1), "svg", SvgMaker(made), progress)


def _zipped(  # noqa: PLR0917 - the three writers' common tail
    out: Target,
    made: Plan,
    stamps: Iterable[Stamp],
    copies: int,
    suffix: str,
    maker: Callable[[Columns], Iterator[bytes]],
    progress: Progress | None,
) -> Written:
    with opened(out) as stream:
        meter = Meter(stream, made.survey.count, progress)
        with ZipFile(meter, "w", ZIP_STORED if suffix == "png" else ZIP_DEFLATED) as box:
            for block in in_columns(stamps, 200, copies):
                for index, data in enumerate(maker(block)):
                    box.writestr(f"{meter.labels + index + 1:07d}-{_file_name(name_of(block, index))}.{suffix}", data)
                meter.count(len(block))
    return meter.written(0)


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in name)


def label_png(stamp: Stamp, *, dpi: int = 300, **options: Any) -> bytes:
    """One label as PNG; `write_pdf`'s arguments."""
    made, _ = ready([stamp], dpi=dpi, **{"face": "code", **options})
    return next(PngMaker(made, dpi)(next(in_columns([stamp], 1))))


def label_svg(stamp: Stamp, **options: Any) -> str:
    """One label as SVG; `write_pdf`'s arguments."""
    made, _ = ready([stamp], **{"face": "code", **options})
    return next(SvgMaker(made)(next(in_columns([stamp], 1)))).decode()


def page_png(stamps: Iterable[Stamp], *, dpi: int = 144, labels: int | None = None, **options: Any) -> bytes:
    """The run's first page as it will be printed, at true scale (`dpi` is in the file): the real page, drawn by PDFium.

    `write_pdf`'s arguments; only as many stamps as the page has cells are drawn, but notes speak of the whole run:
    of all its `labels` where `stamps` are only its beginning.
    """
    options = {"face": "code", **options}
    made, stamps = ready(stamps, dpi=options.pop("printer_dpi", 0), **options)
    copies = options.get("copies", 1)
    if labels is not None:
        made = replace(made, survey=replace(made.survey, count=labels))
    shown = islice((stamp for stamp in stamps for _ in range(copies)), made.stock.cells)
    paper = BytesIO()
    PdfRun(paper, made, "preview").write(shown, 1, None, 1)
    return drawn(paper.getvalue(), 0 if not made.sheet.leader else 1, dpi)
