"""Ready faces on labels of any size: the largest type that fits, and a symbol that gives way no further than it scans.

A wide label has its symbol on the left and its lines on the right; others have it in the middle, with the lines that
name the goods above it where there is room for two blocks, else all lines below.
"""

from dataclasses import dataclass, replace
from math import sqrt

from .errors import LabelError
from .face import Element, Face
from .faces import Design, Line
from .layout import LEADING, Box, broken, split_code
from .stock import Stock
from .typefaces import FIXED_PITCH, PT_MM, clean
from .words import Words, spoken

INSET_MM = 1.0
GAP_MM = 0.8
WANTED_MM, LEAST_MM = 0.43, 0.377  # of a module: five dots at 300 dpi; three dots at 203 dpi
SCALES = [step / 20 for step in range(48, 8, -1)]  # 2.4 … 0.45 of a line's usual size


def fitted(design: Design, stock: Stock, words: Words, modules: int, lengths: dict[str, int]) -> Face:
    """The design on a label of this stock: the same words and lengths always get the same places.

    `modules` = the symbol's side without quiet zone; `lengths` = letters of code, serial and PIN.
    Raises LabelError if a fact that the face is about is missing, or with the words that do not fit.
    """
    for need in design.needs:
        if not getattr(words, need):
            raise LabelError("face-needs", "The face %(face)s needs %(fact)s.", face=design.name, fact=need)
    setter = _Setter(words, modules, lengths)
    lines = [line for line in design.lines if setter.speaks(line)]
    area = _area(stock, bool(lines))
    if not lines:
        elements = [_square(area, min(area.width, area.height), area.y, area.height)]
    elif stock.width_mm >= 1.3 * stock.height_mm and not stock.round:
        elements = setter.beside(lines, area)
    else:
        elements = setter.stacked(lines, area)
    return Face(
        name=design.name,
        title=design.title,
        width_mm=stock.width_mm,
        height_mm=stock.height_mm,
        elements=tuple(elements),
    )


def _area(stock: Stock, text: bool) -> Box:
    """What a face may use: within the edge's wander, and within a round label's circle."""
    wide, high = stock.width_mm, stock.height_mm
    if stock.round:
        radius = wide / 2 - 0.3
        half_w = radius * (0.66 if text else 1 / sqrt(2))
        half_h = sqrt(radius**2 - half_w**2)
        return Box(wide / 2 - half_w, high / 2 - half_h, 2 * half_w, 2 * half_h)
    inset = 0.3 if min(wide, high) <= 16 else min(2 * INSET_MM, 0.04 * min(wide, high))
    return Box(inset, inset, wide - 2 * inset, high - 2 * inset)


def _square(area: Box, side: float, top: float, room: float) -> Element:
    return Element(
        kind="symbol", x=area.x + (area.width - side) / 2, y=top + (room - side) / 2, width=side, height=side
    )


def _moved(block: list[Element], x: float, y: float) -> list[Element]:
    return [replace(element, x=element.x + x, y=element.y + y) for element in block]


def _height(block: list[Element]) -> float:
    return max((element.y + element.height for element in block), default=0.0)


@dataclass(frozen=True)
class _Setter:
    """Sets one design's lines for one run."""

    words: Words
    modules: int
    lengths: dict[str, int]

    def speaks(self, line: Line) -> bool:
        """Whether a line has anything to show."""
        if line.kind == "text":
            return bool(spoken(line.text, self.words))
        if line.kind in ("code", "serial", "pin"):
            return bool(self.lengths.get(line.kind))
        return line.kind != "picture" or self.words.trademark is not None

    def sides(self, most: float, usual: float) -> list[float]:
        """Sides to try for the symbol and its quiet zone, the best first."""
        wanted, least = ((self.modules + 8) * module for module in (WANTED_MM, LEAST_MM))
        first = max(usual, wanted)
        return [min(most, side) for side in (first, (first + wanted) / 2, wanted, least)]

    def beside(self, lines: list[Line], area: Box) -> list[Element]:
        refused: LabelError | None = None
        for side in self.sides(area.height, min(area.width * 0.5, area.height)):
            room = area.width - side - GAP_MM
            try:
                block = self.block(lines, room, area.height, "left")
            except LabelError as error:
                refused = error
                continue
            down = area.y + (area.height - _height(block)) / 2
            symbol = Element(kind="symbol", x=area.x, y=area.y + (area.height - side) / 2, width=side, height=side)
            return [symbol, *_moved(block, area.x + side + GAP_MM, down)]
        assert refused is not None
        raise refused

    def stacked(self, lines: list[Line], area: Box) -> list[Element]:
        head = [line for line in lines if line.head]
        if area.height < 40 or not head:
            return self.sandwich([], lines, area)
        return self.sandwich(head, [line for line in lines if not line.head], area)

    def sandwich(self, head: list[Line], foot: list[Line], area: Box) -> list[Element]:
        refused: LabelError | None = None
        for side in self.sides(area.width, min(area.width, area.height * 0.5)):
            room = area.height - side
            try:
                above, below = self.blocks(head, foot, area.width, room)
            except LabelError as error:
                refused = error
                continue
            middle = area.height - _height(above) - _height(below)
            symbol = _square(area, min(area.width, middle), area.y + _height(above), middle)
            return [
                *_moved(above, area.x, area.y),
                symbol,
                *_moved(below, area.x, area.y + area.height - _height(below)),
            ]
        assert refused is not None
        raise refused

    def blocks(
        self, head: list[Line], foot: list[Line], wide: float, room: float
    ) -> tuple[list[Element], list[Element]]:
        """Both blocks at one scale, so that type of one kind is of one size."""
        for scale in SCALES:
            above, below = (self.at_scale(lines, scale, wide, "center") for lines in (head, foot))
            if above is not None and below is not None and _height(above) + _height(below) <= room:
                return above, below
        raise self.refusal([*head, *foot], wide, room)

    def block(self, lines: list[Line], wide: float, high: float, align: str) -> list[Element]:
        """The lines, one under another from 0, at the largest scale that fits."""
        for scale in SCALES:
            out = self.at_scale(lines, scale, wide, align)
            if out is not None and _height(out) <= high:
                return out
        raise self.refusal(lines, wide, high)

    def refusal(self, lines: list[Line], wide: float, high: float) -> LabelError:
        """Names the first line that is too wide by itself, else the one that takes most room."""
        narrow = [line for line in lines if self.element(line, SCALES[-1], wide, "left") is None]
        line = narrow[0] if narrow else max(lines, key=lambda line: len(spoken(line.text, self.words)))
        return LabelError(
            "words-do-not-fit",
            "%(words)r does not fit in %(width).1f × %(height).1f mm, even at %(floor).1f pt.",
            words=spoken(line.text, self.words) or line.kind,
            width=wide,
            height=high,
            floor=line.floor_pt,
        )

    def at_scale(self, lines: list[Line], scale: float, wide: float, align: str) -> list[Element] | None:
        """The lines under one another, or None if one is too wide."""
        out: list[Element] = []
        top = 0.0
        for line, after in zip(lines, [*lines[1:], None], strict=False):
            element = self.element(line, scale, wide, align)
            if element is None:
                return None
            out.append(replace(element, y=top))
            top += element.height + (_space(line, after) * min(scale, 2.0) if after else 0.0)
        return out

    def element(self, line: Line, scale: float, wide: float, align: str) -> Element | None:
        """The line in a box as high as it needs, at y = 0; None if it is too wide at this scale."""
        size_pt = max(line.floor_pt, line.size_pt * scale)
        box = Element(
            kind=line.kind, x=0, y=0, width=wide, height=1, text=line.text, size_pt=size_pt, floor_pt=line.floor_pt,
            weight=line.weight, align="center" if line.kind == "pin" else align, inverted=line.inverted)  # fmt: skip
        if line.kind in ("picture", "rule"):
            return replace(box, height=max(line.height_mm * scale, 0.1))
        if line.kind == "text":
            return self.text(line, box)
        return self.changing(line, box)

    def text(self, line: Line, box: Element) -> Element | None:
        size = box.size_pt * PT_MM
        pad = size * 0.3 if line.inverted else 0.0
        found = broken(clean(spoken(line.text, self.words)), line.weight, box.width - 2 * pad, size, line.lines)
        return replace(box, lines=len(found), height=len(found) * size * LEADING + pad) if found else None

    def changing(self, line: Line, box: Element) -> Element | None:
        """Code, serial or PIN; a long code or serial may part."""
        size = box.size_pt * PT_MM
        frame = size * 0.5 if line.kind == "pin" else 0.0
        small = box.size_pt <= line.size_pt  # larger type is not worth breaking the serial for
        for count in {"code": (1, 2, 4)[: 2 + small], "serial": (1, 2)[: 1 + small], "pin": (1,)}[line.kind]:
            longest = max(last - first for first, last in split_code(self.lengths[line.kind], count))
            if longest * size * FIXED_PITCH / 1000 <= box.width - 2 * frame:
                return replace(box, lines=count, height=count * size * LEADING + frame)
        return None


def _space(line: Line, after: Line) -> float:
    """Millimetres between two lines at scale 1: air around pictures, rules and bands, and before code and serial."""
    if "rule" in (line.kind, after.kind):
        return 0.5
    if line.kind == "picture" or line.inverted or "pin" in (line.kind, after.kind):
        return 0.7
    return 0.5 if after.kind in ("code", "serial") and line.kind == "text" else 0.12
