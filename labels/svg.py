"""Labels as SVG in millimetres: the symbol one path, type as outlines, so that no viewer needs the fonts."""

from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from .layout import Box, Drawing, Slot
from .overprint import ANGLE, Band, band_of
from .qr import symbols
from .run import Plan
from .stamp import Columns
from .typefaces import FIXED, pieces, typeface, width


class SvgMaker:
    """A planned run's labels, one SVG each."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.art = "".join(_art(plan.drawing))
        self.over = _band(band_of(plan)) if plan.sheet.overprint else ""

    def __call__(self, stamps: Columns) -> Iterator[bytes]:
        drawn = symbols(stamps.links, self.plan.level, self.plan.survey.version)
        for index in range(len(stamps)):
            texts = {"code": stamps.codes[index], "serial": stamps.serials[index], "pin": stamps.pins[index]}
            yield self._label(drawn.matrix(index), texts).encode()

    def _label(self, matrix: NDArray[np.bool_], texts: dict[str, str]) -> str:
        stock, drawing = self.plan.stock, self.plan.drawing
        title = escape(" ".join(text for text in (texts["code"], texts["serial"]) if text))
        wide, high = f"{stock.width_mm:g}", f"{stock.height_mm:g}"
        slots = "".join(_slot(slot, texts[slot.kind], self.plan.survey.lengths[slot.kind]) for slot in drawing.slots)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm" viewBox="0 0 {wide} {high}">'
            f'<title>{title}</title><rect width="{wide}" height="{high}" fill="#fff"/>'
            f"{self.art}{symbol_path(matrix, drawing.symbol, drawing.module)}{slots}{self.over}</svg>\n"
        )


def symbol_path(matrix: NDArray[np.bool_], box: Box, module: float) -> str:
    """The dark modules as one path, a rectangle for each run of them in a row."""
    edges = np.diff(np.pad(matrix.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    starts, ends = np.argwhere(edges == 1), np.argwhere(edges == -1)
    path = "".join(
        f"M{first} {row}h{last - first}v1h{first - last}z"
        for (row, first), (_, last) in zip(starts.tolist(), ends.tolist(), strict=True)
    )
    place = f"translate({box.x + 4 * module:.4f} {box.y + 4 * module:.4f}) scale({module:.5f})"
    return f'<path transform="{place}" shape-rendering="crispEdges" d="{path}"/>'


def _art(drawing: Drawing) -> Iterator[str]:
    for box, picture in drawing.pictures:
        out = BytesIO()
        picture.image().save(out, "PNG")
        data = b64encode(out.getvalue()).decode()
        yield f'<image {_box(box)} href="data:image/png;base64,{data}"/>'
    for box in drawing.blacks:
        yield f"<rect {_box(box)}/>"
    for box in drawing.frames:
        yield f'<rect {_box(box)} fill="none" stroke="#000" stroke-width="0.15"/>'
    for run in drawing.runs:
        fill = ' fill="#fff"' if run.white else ""
        yield f'<path{fill} d="{outlines(run.face, run.text, run.x, run.baseline, run.size)}"/>'


def _box(box: Box) -> str:
    return f'x="{box.x:.3f}" y="{box.y:.3f}" width="{box.width:.3f}" height="{box.height:.3f}"'


def _slot(slot: Slot, text: str, length: int) -> str:
    letters = text.center(length)[slot.first : slot.last]
    return f'<path d="{outlines(FIXED, letters, slot.x, slot.baseline, slot.size)}"/>'


def _band(band: Band) -> str:
    x, size = -width(band.text, "bold") * band.size / 2, band.size
    words = []
    for face, part in pieces(band.text, "bold"):
        words.append(f'<path d="{outlines(face, part, x, 0.36 * size, size)}"/>')
        x += typeface(face).width(part) * size
    edge = f'x="{-band.length / 2:.2f}" y="{-band.height / 2:.2f}" width="{band.length:.2f}" height="{band.height:.2f}"'
    turn = f"translate({band.x:.3f} {band.y:.3f}) rotate({-ANGLE})"
    return f'<g transform="{turn}"><rect {edge} fill="#fff" stroke="#000" stroke-width="0.3"/>{"".join(words)}</g>'


@lru_cache(maxsize=4096)
def outlines(face: str, text: str, x: float, baseline: float, size: float) -> str:
    """The letters' outlines, in millimetres."""
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    kind = typeface(face)
    glyphs = kind.font.getGlyphSet()
    scale = size / kind.units
    out = []
    for letter in text:
        pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.3f}".rstrip("0").rstrip("."))
        name = kind.glyphs[ord(letter)]
        glyphs[name].draw(TransformPen(pen, (scale, 0, 0, -scale, x, baseline)))
        out.append(pen.getCommands())
        x += kind.advances[name][0] * scale
    return "".join(out)
