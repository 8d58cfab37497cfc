"""The lines of a ready face: each in a box as high as it needs, one under another, at the largest scale that fits."""

from dataclasses import dataclass, replace

from .breaking import broken
from .errors import LabelError
from .face import Element
from .faces import Line
from .layout import LEADING, shown_picture, split_code
from .typefaces import FIXED_PITCH, PT_MM, clean, width
from .words import Words, spoken

SCALES = [step / 20 for step in range(48, 8, -1)]  # 2.4 … 0.45 of a line's usual size
SMALLER = (1.0, 0.93, 0.86, 0.8)
HRI, HRI_PT, HRI_LEAST_PT = "{hri}", 7.0, 4.0


def height_of(block: list[Element]) -> float:
    return max((element.y + element.height for element in block), default=0.0)


@dataclass(frozen=True)
class Setter:
    """Sets one design's lines for one run. `modules` = the symbol's side; `lengths` = letters of code, serial, PIN."""

    words: Words
    modules: int
    lengths: dict[str, int]
    hri: bool = False
    """Whether the goods' number stands under the symbol."""

    def speaks(self, line: Line) -> bool:
        """Whether a line has anything to show."""
        if line.kind == "text":
            return bool(self.said(line))
        if line.kind in ("code", "serial", "pin"):
            return bool(self.lengths.get(line.kind))
        return line.kind != "picture" or shown_picture(line.text, self.words) is not None

    def symbol(self, x: float, y: float, side: float) -> list[Element]:
        """The symbol, and under it what a person can type at a till."""
        out = [Element(kind="symbol", x=x, y=y, width=side, height=side)]
        if self.hri:
            wide = self.column(side)
            out.append(
                Element(kind="text", text=HRI, x=max(0.0, x - (wide - side) / 2), y=y + side, width=wide,
                        height=self.strip(side), size_pt=self._hri_pt(side), floor_pt=HRI_LEAST_PT, weight="medium")
            )  # fmt: skip
        return out

    def column(self, side: float) -> float:
        """The width that the symbol and the goods' number under it take."""
        least = width(spoken(HRI, self.words), "medium") * HRI_LEAST_PT * PT_MM * 1.02 if self.hri else 0.0
        return max(side, least)

    def strip(self, side: float) -> float:
        """The height that the goods' number takes under a symbol of this side."""
        return self._hri_pt(side) * PT_MM * LEADING if self.hri else 0.0

    def _hri_pt(self, side: float) -> float:
        """No wider than the symbol's own squares where that can be read: it is not to run into the words beside it."""
        wide = side * self.modules / (self.modules + 8)
        return max(HRI_LEAST_PT, min(HRI_PT, wide / width(spoken(HRI, self.words), "medium") / PT_MM * 0.98))

    def block(self, lines: list[Line], wide: float, high: float, align: str) -> list[Element]:
        """The lines, one under another from 0, at the largest scale that fits; a picture takes what is left."""
        for scale in SCALES:
            out = self.at_scale(lines, scale, wide, align)
            if out is not None and height_of(out) <= high:
                return self.grown(out, high - height_of(out))
        raise self.refusal(lines, wide, high)

    def blocks(
        self, head: list[Line], foot: list[Line], wide: float, room: float
    ) -> tuple[list[Element], list[Element]]:
        """Both blocks at one scale, so that type of one kind is of one size."""
        for scale in SCALES:
            above, below = (self.at_scale(lines, scale, wide, "center") for lines in (head, foot))
            if above is not None and below is not None and height_of(above) + height_of(below) <= room:
                return above, below
        raise self.refusal([*head, *foot], wide, room)

    def grown(self, block: list[Element], spare: float) -> list[Element]:
        """The block with its picture as high as its own width and the room allow."""
        picture = next((element for element in block if element.kind == "picture"), None)
        shown = picture and shown_picture(picture.text, self.words)
        if picture is None or not shown:
            return block
        more = max(0.0, min(spare, picture.width * shown.height / shown.width - picture.height))
        return [
            replace(element, height=element.height + more) if element is picture
            else replace(element, y=element.y + (more if element.y > picture.y else 0.0))
            for element in block
        ]  # fmt: skip

    def refusal(self, lines: list[Line], wide: float, high: float) -> LabelError:
        """Names the first line that is too wide by itself, else the one that takes most room."""
        narrow = [line for line in lines if self.element(line, SCALES[-1], wide, "left") is None]
        line = narrow[0] if narrow else max(lines, key=lambda line: len(self.said(line)))
        return _refusal(self.said(line) or line.kind, wide, high, line.floor_pt)

    def said(self, line: Line) -> str:
        """Its words, if it has any."""
        return spoken(line.text, self.words) if line.kind == "text" else ""

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
            weight=line.weight, align="center" if line.kind == "pin" else align, inverted=line.inverted,
            balanced=line.kind == "text")  # fmt: skip
        if line.kind in ("picture", "rule"):
            return replace(box, height=max(line.height_mm * scale, 0.1))
        if line.kind == "text":
            return self.text(line, box)
        return self.changing(line, box)

    def text(self, line: Line, box: Element) -> Element | None:
        """Somewhat smaller type, where that keeps a number whole."""
        text = clean(self.said(line))
        for factor in SMALLER:
            size = max(box.size_pt * factor, min(line.floor_pt, box.size_pt)) * PT_MM
            pad = size * 0.3 if line.inverted else 0.0
            found = broken(text, line.weight, box.width - 2 * pad, size, line.lines)
            if found and not any(part.endswith("-") for part in found):
                return replace(box, size_pt=size / PT_MM, lines=len(found), height=len(found) * size * LEADING + pad)
        if not found or box.size_pt > line.size_pt:
            return None  # larger type is not worth parting a number for
        return replace(box, size_pt=size / PT_MM, lines=len(found), height=len(found) * size * LEADING + pad)

    def changing(self, line: Line, box: Element) -> Element | None:
        """Code, serial or PIN; a long code or serial may part, a serial only where somewhat smaller type is no help."""
        small = box.size_pt <= line.size_pt  # larger type is not worth breaking the serial for
        for count in {"code": (1, 2, 4)[: 2 + small], "serial": (1, 2)[: 1 + small], "pin": (1,)}[line.kind]:
            longest = max(last - first for first, last in split_code(self.lengths[line.kind], count))
            for factor in SMALLER if line.kind == "serial" else (1.0,):
                size = max(box.size_pt * factor, line.floor_pt) * PT_MM
                frame = size * 0.5 if line.kind == "pin" else 0.0
                if longest * size * FIXED_PITCH / 1000 <= box.width - 2 * frame:
                    return replace(box, size_pt=size / PT_MM, lines=count, height=count * size * LEADING + frame)
        return None


def _refusal(words: str, wide: float, high: float, floor: float) -> LabelError:
    return LabelError(
        "words-do-not-fit",
        "%(words)r does not fit in %(width).1f × %(height).1f mm, even at %(floor).1f pt.",
        words=words,
        width=wide,
        height=high,
        floor=floor,
    )


def _space(line: Line, after: Line) -> float:
    """Millimetres between two lines at scale 1: air around pictures, rules and bands, and before code and serial."""
    if "rule" in (line.kind, after.kind):
        return 0.5
    if line.kind == "picture" or line.inverted or "pin" in (line.kind, after.kind):
        return 0.7
    return 0.5 if after.kind in ("code", "serial") and line.kind == "text" else 0.12
