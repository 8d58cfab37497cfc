"""What does not change from stamp to stamp, as PDF operators: the face's art, outlines, crop marks, notes, overprint.

All in millimetres with y upwards from the page's foot; the page's own matrix turns millimetres into points.
"""

from .layout import Box, Drawing, Run
from .pdf import PdfFile, num
from .pdf_type import Fonts
from .pictures import Picture
from .stock import Stock
from .typefaces import pieces, typeface, width

BLACK, WHITE = b"0 0 0 1 k", b"0 0 0 0 k"
HAIR_MM = 0.1
MARK_MM = 3.0
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


def line(text: str, x: float, y: float, size: float, fonts: Fonts, weight: str = "regular") -> bytes:
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


def crop_marks(stock: Stock, bleed: float) -> bytes:
    """Eight strokes at a label's corners, outside its bleed, foot at 0."""
    near, far = bleed + 0.5, bleed + 0.5 + MARK_MM
    wide, high = stock.width_mm, stock.height_mm
    out = []
    for x, out_x in ((0.0, -1), (wide, 1)):
        for y, out_y in ((0.0, -1), (high, 1)):
            out.append(b"%b %b m %b %b l S" % (num(x + out_x * near), num(y), num(x + out_x * far), num(y)))
            out.append(b"%b %b m %b %b l S" % (num(x), num(y + out_y * near), num(x), num(y + out_y * far)))
    return b"0 0 0 1 K 0.1 w " + b" ".join(out)


def overprint(drawing: Drawing, stock: Stock, text: str, fonts: Fonts) -> bytes:
    """A band with the words across the whole label, and one across the symbol that no decoder gets past; foot at 0."""
    high = stock.height_mm
    box = drawing.symbol
    out = [b"q", outline(stock), b"W n"]
    middle = high - box.y - box.height / 2
    out.append(_band(box.x + box.width / 2, middle, box.width, text, fonts))
    if abs(box.x + box.width / 2 - stock.width_mm / 2) > 2 or abs(middle - high / 2) > 2:
        rest_x = (box.x + box.width + stock.width_mm) / 2
        wide = stock.width_mm - box.x - box.width
        if wide > 8:
            out.append(_band(rest_x, high / 2, wide, text, fonts))
    return b"\n".join([*out, b"Q"])


def _band(x: float, y: float, room: float, text: str, fonts: Fonts) -> bytes:
    """The words at 30°, white with a black edge behind them, as long as `room` allows."""
    long = room / 0.9
    size = min(long * 0.9 / width(text, "bold"), 6.0)
    high = max(size * 1.5, room * 0.26)
    wide = width(text, "bold") * size
    return b"q 0.866 0.5 -0.5 0.866 %b %b cm 0 0 0 0 k 0 0 0 1 K 0.3 w %b %b %b %b re B 0 0 0 1 k %b Q" % (
        num(x),
        num(y),
        num(-long),
        num(-high / 2),
        num(2 * long),
        num(high),
        line(text, -wide / 2, -size * 0.35, size, fonts, "bold"),
    )
