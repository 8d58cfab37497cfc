"""Ready faces on labels of any size: the largest type that fits, and a symbol that gives way no further than it scans.

A wide label has its symbol on the left and its lines on the right; others have it in the middle, with the lines that
name the goods above it and all others below.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt

from .errors import LabelError
from .face import Element, Face
from .faces import Design, Line
from .layout import Box
from .lines import Setter, height_of
from .stock import Stock
from .words import Words

INSET_MM = 1.0
GAP_MM = 0.8
WANTED_MM, LEAST_MM = 0.43, 0.377  # of a module: five dots at 300 dpi; three dots at 203 dpi
LEAST_GS1_MM = 0.3965


def fitted(design: Design, stock: Stock, words: Words, modules: int, lengths: dict[str, int]) -> Face:
    """The design on a label of this stock: the same words and lengths always get the same places.

    `modules` = the symbol's side without quiet zone; `lengths` = letters of code, serial and PIN.
    Raises LabelError if a fact that the face is about is missing, or with the words that do not fit.
    """
    for need in design.needs:
        if not getattr(words, need):
            raise LabelError("face-needs", "The face %(face)s needs %(fact)s.", face=design.name, fact=need)
    refused: LabelError | None = None
    for setter, lines in _attempts(design, words, modules, lengths):
        try:
            elements = _Placer(setter).place(lines, stock)
        except LabelError as error:
            refused = error  # of what can be left out nothing is left by the last attempt: that is what does not fit
            continue
        return Face(
            name=design.name,
            title=design.title,
            width_mm=stock.width_mm,
            height_mm=stock.height_mm,
            elements=tuple(elements),
        )
    assert refused is not None
    raise refused


def _attempts(
    design: Design, words: Words, modules: int, lengths: dict[str, int]
) -> Iterator[tuple[Setter, list[Line]]]:
    """All there is to say first; then without the lines that may give way; then without the number."""
    for hri in (True, False) if words.gtin else (False,):
        setter = Setter(words, modules, lengths, hri)
        lines = [line for line in design.lines if setter.speaks(line)]
        yield setter, lines
        for line in sorted((line for line in lines if line.yields), key=lambda line: line.yields):
            lines = [other for other in lines if other is not line]
            yield setter, lines


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


def _moved(block: list[Element], x: float, y: float) -> list[Element]:
    return [replace(element, x=element.x + x, y=element.y + y) for element in block]


@dataclass(frozen=True)
class _Placer:
    """Puts a design's blocks on a label."""

    setter: Setter

    def place(self, lines: list[Line], stock: Stock) -> list[Element]:
        area = _area(stock, bool(lines))
        if not lines:
            return self.alone(area)
        if stock.width_mm >= 1.3 * stock.height_mm and not stock.round:
            return self.beside(lines, area)
        head = [line for line in lines if line.head]
        return self.sandwich(head, [line for line in lines if not line.head], area)

    def sides(self, most: float, usual: float) -> list[float]:
        """Sides to try for the symbol and its quiet zone, the best first."""
        modules = self.setter.modules + 8
        wanted, least = WANTED_MM * modules, (LEAST_GS1_MM if self.setter.words.gtin else LEAST_MM) * modules
        first = max(usual, wanted)
        return [min(most, side) for side in (first, (first + wanted) / 2, wanted, least)]

    def alone(self, area: Box) -> list[Element]:
        side = min(area.width, area.height)
        strip = self.setter.strip(side)
        side = min(area.width, area.height - strip)
        if self.setter.hri and (
            side < LEAST_GS1_MM * (self.setter.modules + 8) or self.setter.column(side) > area.width
        ):
            raise LabelError("no-room", "The symbol leaves no room for the goods' number.")
        top = area.y + (area.height - side - strip) / 2
        return self.setter.symbol(area.x + (area.width - side) / 2, top, side)

    def beside(self, lines: list[Line], area: Box) -> list[Element]:
        refused: LabelError | None = None
        for wish in self.sides(area.height, min(area.width * 0.5, area.height)):
            side = min(wish, area.height - self.setter.strip(wish))
            try:
                column = self.setter.column(side)
                block = self.setter.block(lines, area.width - column - GAP_MM, area.height, "left")
            except LabelError as error:
                refused = error
                continue
            top = area.y + (area.height - side - self.setter.strip(side)) / 2
            down = area.y + (area.height - height_of(block)) / 2
            symbol = self.setter.symbol(area.x + (column - side) / 2, top, side)
            return [*symbol, *_moved(block, area.x + column + GAP_MM, down)]
        assert refused is not None
        raise refused

    def sandwich(self, head: list[Line], foot: list[Line], area: Box) -> list[Element]:
        refused: LabelError | None = None
        for side in self.sides(area.width, min(area.width, area.height * 0.5)):
            strip = self.setter.strip(side)
            try:
                above, below = self.setter.blocks(head, foot, area.width, area.height - side - strip)
            except LabelError as error:
                refused = error
                continue
            return self.stacked(above, below, area)
        assert refused is not None
        raise refused

    def stacked(self, above: list[Element], below: list[Element], area: Box) -> list[Element]:
        """The symbol between two blocks, as large as what they leave."""
        middle = area.height - height_of(above) - height_of(below)
        side = min(area.width, middle)
        side = min(side, middle - self.setter.strip(side))
        top = area.y + height_of(above) + (middle - side - self.setter.strip(side)) / 2
        return [
            *_moved(above, area.x, area.y),
            *self.setter.symbol(area.x + (area.width - side) / 2, top, side),
            *_moved(below, area.x, area.y + area.height - height_of(below)),
        ]
