"""What does not change from stamp to stamp, as PDF operators: the face's art, outlines, crop marks, notes, overprint.

All in millimetres with y upwards from the page's foot; the page's own matrix turns millimetres into points.
"""

from math import cos, radians, sin

from .layout import Box, Drawing, Run
from .overprint import ANGLE, Band
from .pdf import PdfFile, num
from .pdf_type import Fonts
from .pictures import Picture
from .stock import Stock
from .typefaces import pieces, typeface, width

BLACK, WHITE = b"0 0 0 1 k", b"0 0 0 0 k"
HAIR_MM = 0.1
MARK_MM, MARK_CLEAR_MM, MARK_LEAST_MM = 3.0, 0.5, 0.3
CURVE = 0.5523  # of a quarter circle


def art(drawing: Drawing, height: float, fonts: Fonts, pictures: dict[int, bytes]) -> bytes:
    """The face's unchanging part for a label whose foot is at y = 0."""
    out = [BLACK]
    out += [_rect(box, height) + b" f" for box in drawing.blacks]
    if drawing.frames:
        out.append(b"0 0 0 1 K 0.15 w " + b" ".join(_rect(box, height) + b" S" for box in drawing.frames))
    for box, picture in drawing.pictures:
        out.append(
            b"q %b 0 0 %b %b %b cm %b Do Q"
            % (num(box.width), num(box.height), num(box.x), num(height - box.y - box.height), pictures[id(picture)])
        )
    out += [_run(run, height, fonts) for run in drawing.runs]
    return b"\n".join(out)


def _rect(box: Box, height: float) -> bytes:
    return b"%b %b %b %b re" % (num(box.x), num(height - box.y - box.height), num(box.width), num(box.height))


def _run(run: Run, height: float, fonts: Fonts) -> bytes:
    show = b"BT %b %b Tf %b %b Td %b Tj ET" % (
        fonts.name(run.face),
        num(run.size),
        num(run.x),
        num(height - run.baseline),
        fonts.show(run.face, run.text),
    )
    return b"%b %b %b" % (WHITE, show, BLACK) if run.white else show


def line(text: str, x: float, y: float, size: float, fonts: Fonts, *, weight: str = "regular") -> bytes:
    """One line of type from x at baseline y (both upwards), over as many faces as it needs."""
    out = []
    for face, part in pieces(text, weight):
        out.append(
            b"BT %b %b Tf %b %b Td %b Tj ET" % (fonts.name(face), num(size), num(x), num(y), fonts.show(face, part))
        )
        x += typeface(face).width(part) * size
    return b" ".join(out)


def put_picture(file: PdfFile, picture: Picture) -> int:
    """The picture as an object."""
    number = file.number()
    space = b"/DeviceGray" if picture.grey else b"/DeviceRGB"
    file.stream(
        number,
        picture.pixels,
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace%b"
        % (picture.width, picture.height, space),
    )
    return number


def outline(stock: Stock, grow: float = 0.0) -> bytes:
    """The label's edge as a path, foot at 0; rounded corners or a circle as the stock has them."""
    wide, high = stock.width_mm + 2 * grow, stock.height_mm + 2 * grow
    corner = wide / 2 if stock.round else min(stock.corner_mm + (grow if stock.corner_mm else 0), wide / 2, high / 2)
    if not corner:
        return b"%b %b %b %b re" % (num(-grow), num(-grow), num(wide), num(high))
    pull = corner * (1 - CURVE)
    left, foot, right, top = -grow, -grow, -grow + wide, -grow + high
    path = [f"{left + corner:.3f} {foot:.3f} m {right - corner:.3f} {foot:.3f} l"]
    for (x0, y0), (x1, y1), (x2, y2), (lx, ly) in (
        ((right - pull, foot), (right, foot + pull), (right, foot + corner), (right, top - corner)),
        ((right, top - pull), (right - pull, top), (right - corner, top), (left + corner, top)),
        ((left + pull, top), (left, top - pull), (left, top - corner), (left, foot + corner)),
        ((left, foot + pull), (left + pull, foot), (left + corner, foot), (left + corner, foot)),
    ):
        path.append(f"{x0:.3f} {y0:.3f} {x1:.3f} {y1:.3f} {x2:.3f} {y2:.3f} c {lx:.3f} {ly:.3f} l")
    return " ".join(path).encode() + b" h"


def crop_marks(stock: Stock, cell: int, bleed: float) -> bytes:
    """Strokes at a label's corners, outside its bleed and short of its neighbours; foot at 0."""
    row, column = divmod(cell, stock.columns)
    gaps = (stock.pitch_x_mm - stock.width_mm) / 2, (stock.pitch_y_mm - stock.height_mm) / 2
    wide, high = stock.width_mm, stock.height_mm
    near = bleed + MARK_CLEAR_MM
    out = []
    for x, away, outermost in ((0.0, -1, column == 0), (wide, 1, column == stock.columns - 1)):
        far = near + MARK_MM if outermost else min(near + MARK_MM, gaps[0])
        if far - near > MARK_LEAST_MM:
            out += [_stroke(x + away * near, y, x + away * far, y) for y in (0.0, high)]
    for y, away, outermost in ((high, 1, row == 0), (0.0, -1, row == stock.rows - 1)):
        far = near + MARK_MM if outermost else min(near + MARK_MM, gaps[1])
        if far - near > MARK_LEAST_MM:
            out += [_stroke(x, y + away * near, x, y + away * far) for x in (0.0, wide)]
    return b"0 0 0 1 K 0.1 w " + b" ".join(out)


def _stroke(*ends: float) -> bytes:
    return b"%b %b m %b %b l S" % tuple(num(end) for end in ends)


def overprint(band: Band, stock: Stock, fonts: Fonts) -> bytes:
    """The band with its words, cut off at the label's edge; foot at 0."""
    cosine, sine = cos(radians(ANGLE)), sin(radians(ANGLE))
    turn = b" ".join(num(value) for value in (cosine, sine, -sine, cosine, band.x, stock.height_mm - band.y))
    words = line(
        band.text, -width(band.text, "bold") * band.size / 2, -band.size * 0.36, band.size, fonts, weight="bold"
    )
    box = b" ".join(num(value) for value in (-band.length / 2, -band.height / 2, band.length, band.height))
    return b"q %b W n q %b cm 0 0 0 0 k 0 0 0 1 K 0.3 w %b re B 0 0 0 1 k %b Q Q" % (outline(stock), turn, box, words)
