"""The ready faces. Each is a list of lines in order of reading; `fitted` gives them places on a label of any size."""

from dataclasses import dataclass, replace
from difflib import get_close_matches
from math import sqrt

from .errors import LabelError
from .face import Element, Face
from .layout import LEADING, broken, split_code
from .stock import Stock
from .typefaces import FIXED_PITCH, PT_MM, clean
from .words import Words, spoken

INSET_MM = 1.0
GAP_MM = 0.8
MODULE_MM = 0.42  # wanted: five dots at 300 dpi, and above the 0.396 mm of a shop's till
SCALES = [step / 20 for step in range(56, 8, -1)]  # 2.8 … 0.45 of a line's usual size


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str = ""
    size_pt: float = 6.5
    floor_pt: float = 4.5
    weight: str = "regular"
    lines: int = 1
    inverted: bool = False
    height_mm: float = 0.0  # of a picture or a rule, at scale 1


@dataclass(frozen=True, slots=True)
class Design:
    """A ready face, before it meets a label."""

    name: str
    title: str
    lines: tuple[Line, ...]
    needs: tuple[str, ...] = ()


_PRODUCT = Line("text", "{product}", 9, 5, "bold", 2)
_COOPERATIVE = Line("text", "{cooperative}", 6.5, 4.5, "medium", 3)
_CERTIFIED = Line("text", "{certified}", 5.5, 4.2, lines=2)
_HARVESTED = Line("text", "{harvested}", 5.5, 4.2)
_NET = Line("text", "{net}", 5.5, 4.2)
_RULE = Line("rule", height_mm=0.15)
_CODE = Line("code", size_pt=6, floor_pt=4.5)
_SERIAL = Line("serial", size_pt=5, floor_pt=4)
_SCAN = Line("text", "{scan}", 5, 4, "medium", 2)

_ALL = (
    Design("symbol", "The symbol alone", ()),
    Design("code", "Symbol with code and serial", (_CODE, _SERIAL)),
    Design(
        "origin",
        "Product, cooperative, certificate, harvest day",
        (_PRODUCT, _COOPERATIVE, _RULE, _CERTIFIED, _HARVESTED, _NET, _CODE, _SERIAL),
        ("product",),
    ),
    Design(
        "trademark",
        "With the trademark's picture",
        (Line("picture", height_mm=7), _PRODUCT, _COOPERATIVE, _CODE, _SERIAL),
        ("trademark",),
    ),
    Design(
        "vietgap",
        "With the VietGAP words",
        (
            Line("text", "{vietgap_words}", 6.5, 4.5, "bold", inverted=True),
            _PRODUCT,
            _COOPERATIVE,
            _CERTIFIED,
            _CODE,
            _SERIAL,
        ),
        ("certificate",),
    ),
    Design(
        "pin",
        "With a scratch-off PIN field",
        (
            _PRODUCT,
            _COOPERATIVE,
            Line("pin", size_pt=8, floor_pt=6),
            Line("text", "{scratch}", 5, 4, "medium"),
            _CODE,
            _SERIAL,
        ),
    ),
    Design(
        "bilingual",
        "In two languages",
        (
            _PRODUCT,
            Line("text", "{product_2}", 7, 4.5, "medium", 2),
            _COOPERATIVE,
            Line("text", "{cooperative_2}", 5.5, 4.2, lines=2),
            _RULE,
            _HARVESTED,
            Line("text", "{2:harvested}", 5.5, 4.2),
            _SCAN,
            Line("text", "{2:scan}", 5, 4, lines=2),
            _CODE,
            _SERIAL,
        ),
        ("product", "product_2"),
    ),
)

FACES: dict[str, Design] = {design.name: design for design in _ALL}


def face_named(name: str) -> Design:
    """Raises LabelError, with the nearest names, for a face that is not a ready one."""
    if name in FACES:
        return FACES[name]
    near = ", ".join(get_close_matches(name, FACES, 3, 0.3)) or ", ".join(FACES)
    raise LabelError("unknown-face", "There is no face named %(name)r. Near: %(near)s.", name=name, near=near)


def fitted(design: Design, stock: Stock, words: Words, modules: int, lengths: dict[str, int]) -> Face:
    """The design on a label of this stock: the same face always gives the same places for the same words and lengths.

    Raises LabelError if a fact that the face is about is missing, or with the words that do not fit.
    """
    for need in design.needs:
        if not getattr(words, need):
            raise LabelError("face-needs", "The face %(face)s needs %(fact)s.", face=design.name, fact=need)
    lines = [line for line in design.lines if _speaks(line, words, lengths)]
    area = _area(stock, bool(lines))
    if not lines:
        side = min(area[2], area[3])
        elements = [
            Element(
                kind="symbol",
                x=area[0] + (area[2] - side) / 2,
                y=area[1] + (area[3] - side) / 2,
                width=side,
                height=side,
            )
        ]
    else:
        beside = stock.width_mm >= 1.3 * stock.height_mm
        elements = (_beside if beside else _above)(lines, area, words, modules, lengths)
    return Face(
        name=design.name,
        title=design.title,
        width_mm=stock.width_mm,
        height_mm=stock.height_mm,
        elements=tuple(elements),
    )


def _speaks(line: Line, words: Words, lengths: dict[str, int]) -> bool:
    """Whether a line has anything to show."""
    if line.kind == "text":
        return bool(spoken(line.text, words))
    if line.kind in ("code", "serial", "pin"):
        return bool(lengths.get(line.kind))
    return line.kind != "picture" or words.trademark is not None


def _area(stock: Stock, text: bool) -> tuple[float, float, float, float]:
    """(x, y, width, height) that a face may use: within the edge's wander, and within a round label's circle."""
    wide, high = stock.width_mm, stock.height_mm
    if stock.round:
        radius = wide / 2 - 0.3
        half_w = radius * (0.62 if text else 1 / sqrt(2))
        half_h = sqrt(radius**2 - half_w**2)
        return wide / 2 - half_w, high / 2 - half_h, 2 * half_w, 2 * half_h
    inset = 0.3 if min(wide, high) <= 16 and not text else min(INSET_MM, 0.04 * min(wide, high))
    return inset, inset, wide - 2 * inset, high - 2 * inset


def _beside(
    lines: list[Line], area: tuple[float, float, float, float], words: Words, modules: int, lengths: dict[str, int]
) -> list[Element]:
    """Symbol left, lines right; the symbol gives way, down to its wanted module, where the words need room."""
    x, y, wide, high = area
    least = min(high, (modules + 8) * MODULE_MM)
    refused: LabelError | None = None
    for side in (min(high, wide * 0.5), (min(high, wide * 0.5) + least) / 2, least):
        left = x + side + GAP_MM
        room = wide - side - GAP_MM
        try:
            block = _block(lines, room, high, words, lengths, "left")
        except LabelError as error:
            refused = error
            continue
        used = max(element.y + element.height for element in block)
        down = y + (high - used) / 2
        symbol = Element(kind="symbol", x=x, y=y + (high - side) / 2, width=side, height=side)
        return [symbol, *(replace(element, x=element.x + left, y=element.y + down) for element in block)]
    assert refused is not None
    raise refused


def _above(
    lines: list[Line], area: tuple[float, float, float, float], words: Words, modules: int, lengths: dict[str, int]
) -> list[Element]:
    """Symbol on top, lines below it."""
    x, y, wide, high = area
    least = min(wide, (modules + 8) * MODULE_MM)
    want = max(min(wide, high * 0.56), least)
    refused: LabelError | None = None
    for side in (want, (want + least) / 2, least, min(least, (modules + 8) * 0.376)):
        try:
            block = _block(lines, wide, high - side, words, lengths, "center")
        except LabelError as error:
            refused = error
            continue
        used = max(element.y + element.height for element in block)
        side = min(wide, high - used)
        down = y + (high - side - used) / 2
        symbol = Element(kind="symbol", x=x + (wide - side) / 2, y=down, width=side, height=side)
        return [symbol, *(replace(element, x=element.x + x, y=element.y + down + side) for element in block)]
    assert refused is not None
    raise refused


def _block(
    lines: list[Line], wide: float, high: float, words: Words, lengths: dict[str, int], align: str
) -> list[Element]:
    """The lines, one under another from 0, at the largest scale that fits. Raises LabelError with the tallest that does not."""
    trouble = lines[0]
    for scale in SCALES:
        out: list[Element] = []
        top = 0.0
        for line in lines:
            element = _element(line, scale, wide, words, lengths, align)
            if element is None:
                trouble = line
                break
            out.append(replace(element, y=top))
            top += element.height + _space(line, scale)
        else:
            if top - _space(lines[-1], scale) <= high:
                return out
            trouble = max(lines, key=lambda line: line.size_pt * line.lines)
    said = spoken(trouble.text, words) if trouble.kind == "text" else trouble.kind
    raise LabelError(
        "words-do-not-fit",
        "%(words)r does not fit in %(width).1f × %(height).1f mm, even at %(floor).1f pt.",
        words=said,
        width=wide,
        height=high,
        floor=trouble.floor_pt,
    )


def _space(line: Line, scale: float) -> float:
    return {"picture": 0.8, "rule": 0.5, "pin": 0.4}.get(line.kind, 0.9 if line.inverted else 0.15) * min(scale, 1.6)


def _element(
    line: Line, scale: float, wide: float, words: Words, lengths: dict[str, int], align: str
) -> Element | None:
    """The line in a box as high as it needs, at y = 0; None if it is too wide at this scale."""
    size_pt = max(line.floor_pt, line.size_pt * scale)
    size = size_pt * PT_MM
    if line.kind in ("picture", "rule"):
        high = max(line.height_mm * scale, 0.1)
        return Element(kind=line.kind, x=0, y=0, width=wide, height=high, align=align)
    common = {"x": 0.0, "y": 0.0, "width": wide, "size_pt": size_pt, "floor_pt": line.floor_pt, "align": align}
    if line.kind == "text":
        pad = size * 0.3 if line.inverted else 0.0
        broken_lines = broken(clean(spoken(line.text, words)), line.weight, wide - 2 * pad, size, line.lines)
        if broken_lines is None:
            return None
        high = len(broken_lines) * size * LEADING + pad
        return Element(
            kind="text",
            text=line.text,
            weight=line.weight,
            lines=len(broken_lines),
            height=high,
            inverted=line.inverted,
            **common,
        )  # type: ignore[arg-type]
    for count in (1, 2, 4) if line.kind == "code" else (1,):
        longest = max(last - first for first, last in split_code(lengths[line.kind], count))
        if longest * size * FIXED_PITCH / 1000 <= wide - (2 * size if line.kind == "pin" else 0):
            high = count * size * LEADING + (size * 0.5 if line.kind == "pin" else 0)
            return Element(kind=line.kind, lines=count, height=high, **common)  # type: ignore[arg-type]
    return None
