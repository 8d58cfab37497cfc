"""Two sheets of plain paper that find out how a printer errs, and prove the correction."""

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .errors import LabelError
from .files import Written, opened
from .pdf import MM_PT, PdfFile, num
from .pdf_pages import matrix
from .pdf_static import line
from .pdf_type import Fonts
from .sheet import Calibration
from .typefaces import clean, width
from .words import captions

A_MM = 25.0  # of mark A from the left and top edge; B is as far from the right and bottom edge
STEP_MM = 10
TYPE_MM, HEAD_MM = 2.6, 4.6


def marks_on(page: tuple[float, float]) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where marks A and B belong on a page of this size, mm from the top left corner."""
    return (A_MM, A_MM), (page[0] - A_MM, page[1] - A_MM)


def from_readings(
    first: tuple[float, float],
    second: tuple[float, float],
    page: tuple[float, float],
    now: Calibration | None = None,
) -> Calibration:
    """The correction for a printer that put A at `first` and B at `second` while `now` was in force.

    All are mm from the top left corner.
    Raises LabelError for readings that no 100 % print gives.
    """
    now = now or Calibration()
    true_first, true_second = marks_on(page)
    out = []
    for axis, shift, scale in ((0, now.dx_mm, now.scale_x), (1, now.dy_mm, now.scale_y)):
        span = second[axis] - first[axis]
        if not span > 0:
            raise LabelError("calibration-readings", "Mark B lies right of and below mark A: the readings are swapped.")
        # The paper showed a + b · (scale · x + shift): find a and b, then undo them.
        b = span / (true_second[axis] - true_first[axis]) / scale
        a = first[axis] - b * (scale * true_first[axis] + shift)
        out += [-a / b, 1 / b]
    dx, scale_x, dy, scale_y = out
    return Calibration(round(dx, 3), round(dy, 3), round(scale_x, 5), round(scale_y, 5))


def write_calibration_page(
    out: Path | str | BinaryIO,
    page: tuple[float, float] = (210.0, 297.0),
    calibration: Calibration | None = None,
    language: str = "vi",
) -> Written:
    """A page of that size (mm) with marks A and B, rulers along two edges and a numbered grid, set by `calibration`."""
    now = calibration or Calibration()
    with opened(out) as stream:
        file = PdfFile(stream, captions(language)["calibration"])
        fonts = Fonts(file)
        resources = file.number()
        content = b"\n".join(
            [b"q", matrix(page[1], now), b"0 0 0 1 k 0 0 0 1 K", *_page(page, now, language, fonts), b"Q"]
        )
        box = b"[0 0 %b %b]" % (num(page[0] * MM_PT), num(page[1] * MM_PT))
        file.page(zlib.compress(content), b"/MediaBox%b/CropBox%b/TrimBox%b" % (box, box, box), resources)
        file.put(resources, b"<<%b>>" % fonts.finish())
        file.close()
    return Written(0, 1, file.length, file.hash.hexdigest())


def _page(page: tuple[float, float], now: Calibration, language: str, fonts: Fonts) -> Iterator[bytes]:
    yield from _grid(page, fonts)
    yield from _rulers(page, fonts)
    for name, (x, y) in zip("AB", marks_on(page), strict=True):
        yield _mark(name, x, page[1] - y, fonts)
    yield from _words(page, now, language, fonts)


def _grid(page: tuple[float, float], fonts: Fonts) -> Iterator[bytes]:
    """Faint lines each centimetre, their distance from the top left corner written on every second one."""
    yield b"0 0 0 0.25 K 0.1 w"
    for x in range(STEP_MM, int(page[0]), STEP_MM):
        yield b"%d 0 m %d %b l S" % (x, x, num(page[1]))
    for y in range(STEP_MM, int(page[1]), STEP_MM):
        yield b"0 %b m %b %b l S" % (num(page[1] - y), num(page[0]), num(page[1] - y))
    yield b"0 0 0 1 K"
    for x in range(2 * STEP_MM, int(page[0]) - STEP_MM, 2 * STEP_MM):
        yield line(str(x), x + 0.5, page[1] - 2 * STEP_MM + 0.5, 2.0, fonts)
    for y in range(4 * STEP_MM, int(page[1]) - STEP_MM, 2 * STEP_MM):
        yield line(str(y), 2 * STEP_MM + 0.5, page[1] - y + 0.5, 2.0, fonts)


def _rulers(page: tuple[float, float], fonts: Fonts) -> Iterator[bytes]:
    """Millimetres along a line 12 mm from the top and from the left edge, running off the paper at both ends."""
    yield b"0.12 w"
    for at in range(int(page[0]) + 1):
        yield b"%d %b m %d %b l S" % (at, num(page[1] - 12), at, num(page[1] - 12 + _tick(at)))
    for at in range(int(page[1]) + 1):
        yield b"12 %b m %b %b l S" % (num(page[1] - at), num(12 - _tick(at)), num(page[1] - at))
    yield line("0", 0.4, page[1] - 12 - 2.2, 2.0, fonts)


def _tick(at: int) -> float:
    return 4.0 if at % 10 == 0 else 3.0 if at % 5 == 0 else 1.8


def _mark(name: str, x: float, y: float, fonts: Fonts) -> bytes:
    cross = b"%b %b m %b %b l S %b %b m %b %b l S" % tuple(num(v) for v in (x - 6, y, x + 6, y, x, y - 6, x, y + 6))
    ring = b"%b %b 4 4 re S" % (num(x - 2), num(y - 2))
    return b"0.2 w %b %b %b" % (cross, ring, line(name, x + 2.6, y + 2.6, 5, fonts, weight="bold"))


def _words(page: tuple[float, float], now: Calibration, language: str, fonts: Fonts) -> Iterator[bytes]:
    say = captions(language)
    lines = [say["calibration"], say["calibration_how"]]
    lines += [
        say["calibration_mark"].format(mark=name, x=f"{x:g}", y=f"{y:g}")
        for name, (x, y) in zip("AB", marks_on(page), strict=True)
    ]
    figures = {"dx": now.dx_mm, "dy": now.dy_mm, "sx": 100 * now.scale_x, "sy": 100 * now.scale_y}
    point = "," if language == "vi" else "."
    lines.append(
        say["calibration_now"].format(**{name: f"{value:g}".replace(".", point) for name, value in figures.items()})
    )
    top = page[1] * 0.6
    room = page[0] - 70
    yield b"0 0 0 0 k %b %b %b 34 re f 0 0 0 1 k" % (num(33), num(top - 26), num(page[0] - 66))
    for index, text in enumerate(map(clean, lines)):
        weight, size = ("bold", HEAD_MM) if index == 0 else ("regular", TYPE_MM)
        size = min(size, room / width(text, weight))
        yield line(text, (page[0] - width(text, weight) * size) / 2, top - index * 5.4, size, fonts, weight=weight)
