"""From a face and its words to things to draw: type broken and sized, symbol and changing parts given places."""

from dataclasses import dataclass, field

from .breaking import balanced, broken
from .errors import LabelError
from .face import Element, Face
from .pictures import Picture
from .typefaces import FIXED, FIXED_PITCH, PT_MM, clean, pieces, typeface, width
from .words import Words, spoken

LEADING = 1.2
STEP_PT = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one face on one line; x and baseline in mm, size in mm, from the label's top left corner."""

    x: float
    baseline: float
    size: float
    face: str
    text: str
    white: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for letters first … last of a stamp's code, serial or PIN, in the fixed pitch."""

    kind: str
    x: float
    baseline: float
    size: float
    first: int
    last: int


@dataclass(slots=True)
class Drawing:
    """One label, ready to draw. `symbol` includes the quiet zone; `module` is the width of one module, both mm."""

    symbol: Box
    module: float
    runs: list[Run] = field(default_factory=list)
    blacks: list[Box] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    pictures: list[tuple[Box, Picture]] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)


def lay_out(face: Face, words: Words, modules: int, lengths: dict[str, int]) -> Drawing:
    """Place everything. `modules` = the symbol's side without quiet zone; `lengths` = letters of code, serial and PIN.

    Raises LabelError with the words that do not fit at their floor size.
    """
    box = face.symbol
    side = min(box.width, box.height)
    drawing = Drawing(
        Box(box.x + (box.width - side) / 2, box.y + (box.height - side) / 2, side, side), side / (modules + 8)
    )
    for element in face.elements:
        if element.kind == "text":
            _lay_text(drawing, element, spoken(element.text, words))
        elif element.kind in ("code", "serial", "pin"):
            _lay_slots(drawing, element, lengths.get(element.kind, 0))
        elif element.kind == "picture" and (picture := shown_picture(element.text, words)):
            drawing.pictures.append((_within(element, picture), picture))
        elif element.kind == "rule":
            drawing.blacks.append(Box(element.x, element.y, element.width, element.height))
        elif element.kind == "frame":
            drawing.frames.append(Box(element.x, element.y, element.width, element.height))
    return drawing


def shown_picture(name: str, words: Words) -> Picture | None:
    """The picture that an element shows: `{logo}`, else the trademark's."""
    return words.logo if name == "{logo}" else words.trademark


def _lay_text(drawing: Drawing, element: Element, text: str) -> None:
    text = clean(text)
    if not text:
        return
    if element.inverted:
        drawing.blacks.append(Box(element.x, element.y, element.width, element.height))
    drawing.runs += lay_lines(element, text)


def lay_lines(element: Element, text: str) -> list[Run]:
    """The text in the element's box, a run for each line and face. Raises LabelError if it does not fit."""
    pad = element.height * 0.18 if element.inverted else 0.0
    room = element.width - 2 * pad
    size_pt, lines = _fit(text, element, room)
    size = size_pt * PT_MM
    baseline = _first_baseline(element, size, len(lines))
    runs: list[Run] = []
    for index, line in enumerate(lines):
        x = element.x + pad + _shift(element.align, room - width(line, element.weight) * size)
        for face, part in pieces(line, element.weight):
            runs.append(Run(x, baseline + index * size * LEADING, size, face, part, element.inverted))
            x += typeface(face).width(part) * size
    return runs


def _fit(text: str, element: Element, room: float) -> tuple[float, list[str]]:
    size_pt = element.size_pt
    floor_pt = min(element.floor_pt, element.size_pt)
    while True:
        size = size_pt * PT_MM
        most = min(
            element.lines,
            int((element.height + 0.02) / (size * LEADING)) or (1 if size <= element.height + 0.02 else 0),
        )
        part = balanced if element.balanced else broken
        lines = part(text, element.weight, room + 0.01, size, most) if most else None
        if lines:
            return size_pt, lines
        if size_pt <= floor_pt:
            raise LabelError(
                "words-do-not-fit",
                "%(words)r does not fit in %(width).1f × %(height).1f mm, even at %(floor).1f pt.",
                words=text,
                width=element.width,
                height=element.height,
                floor=floor_pt,
            )
        size_pt = max(floor_pt, size_pt - STEP_PT)


def _first_baseline(element: Element, size: float, lines: int) -> float:
    """So that the block's capitals stand centred in the box."""
    cap = typeface(element.weight).cap_height * size
    return element.y + (element.height - (lines - 1) * size * LEADING + cap) / 2


def _shift(align: str, spare: float) -> float:
    return {"left": 0.0, "center": spare / 2, "right": spare}[align]


def split_code(length: int, lines: int) -> list[tuple[int, int]]:
    """[first, last) of each line: 19 letters (four groups, three hyphens) part at hyphens, others evenly."""
    if lines == 1 or length < 2 * lines:
        return [(0, length)]
    if length == 19 and lines in (2, 4):
        return [(0, 9), (10, 19)] if lines == 2 else [(0, 4), (5, 9), (10, 14), (15, 19)]
    step = -(-length // lines)
    return [(start, min(start + step, length)) for start in range(0, length, step)]


def _lay_slots(drawing: Drawing, element: Element, length: int) -> None:
    """The changing parts get the largest size at which the longest of the run fits."""
    if not length:
        return
    parts = split_code(length, element.lines)
    longest = max(last - first for first, last in parts)
    pitch = FIXED_PITCH / 1000
    size = min(
        element.size_pt * PT_MM,
        (element.width + 0.01) / (longest * pitch),
        (element.height + 0.02) / (len(parts) * LEADING - 0.2),
    )
    if size < min(element.floor_pt, element.size_pt) * PT_MM - 0.001:
        raise LabelError(
            "words-do-not-fit",
            "%(words)r does not fit in %(width).1f × %(height).1f mm, even at %(floor).1f pt.",
            words=f"{element.kind} ({length})",
            width=element.width,
            height=element.height,
            floor=element.floor_pt,
        )
    if element.kind == "pin":
        drawing.frames.append(Box(element.x, element.y, element.width, element.height))
    cap = typeface(FIXED).cap_height * size
    baseline = element.y + (element.height - (len(parts) - 1) * size * LEADING + cap) / 2
    for index, (first, last) in enumerate(parts):
        x = element.x + _shift(element.align, element.width - (last - first) * pitch * size)
        drawing.slots.append(Slot(element.kind, x, baseline + index * size * LEADING, size, first, last))


def _within(element: Element, picture: Picture) -> Box:
    """The picture's box inside the element's, in its own proportions."""
    scale = min(element.width / picture.width, element.height / picture.height)
    wide, high = picture.width * scale, picture.height * scale
    return Box(
        element.x + _shift(element.align, element.width - wide), element.y + (element.height - high) / 2, wide, high
    )
