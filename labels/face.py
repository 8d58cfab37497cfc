"""A face as data: what stands where on one label, in millimetres. Ready faces end as this; own faces are this."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from .errors import LabelError
from .words import PICTURES, check_template

KINDS = ("symbol", "text", "code", "serial", "pin", "picture", "rule", "frame")
ALIGNS = ("left", "center", "right")
WEIGHTS = ("regular", "medium", "semibold", "bold")
FORMAT = "temgoc-face"
FORMAT_VERSION = 1
MOST_ELEMENTS = 60
SMALLEST_MM, LARGEST_MM = 8.0, 450.0
MOST_BYTES = 100_000  # of a face as a file
FLOOR_PT = 4.0  # smaller type is not read by people, and not held by a 203-dpi head


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One thing on a face, in a box (mm from the label's top left corner).

    `symbol`: the box holds the quiet zone too. `text`: a template such as `{product}`, shrunk from `size_pt` to
    `floor_pt` over at most `lines` lines, `balanced` ones about equally long. `picture`: `{trademark}` (or nothing) or
    `{logo}`; a face carries no picture itself. `code`, `serial`, `pin`: what differs from stamp to stamp. `inverted`:
    white on black.
    """

    kind: str
    x: float
    y: float
    width: float
    height: float
    text: str = ""
    size_pt: float = 7.0
    floor_pt: float = 4.5
    weight: str = "regular"
    align: str = "center"
    lines: int = 1
    inverted: bool = False
    balanced: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise LabelError("face-kind", "A face has no element of kind %(kind)r.", kind=self.kind)
        if self.kind == "picture" and self.text not in ("", *(f"{{{name}}}" for name in PICTURES)):
            raise LabelError("face-picture", "A face shows the trademark or the logo, not the picture %(text)r.",
                             text=self.text[:60])  # fmt: skip
        if self.kind == "text":
            check_template(self.text)
        for name, known in (("align", ALIGNS), ("weight", WEIGHTS)):
            if getattr(self, name) not in known:
                raise LabelError(
                    "face-choice",
                    "%(field)s of an element is one of %(known)s, not %(value)r.",
                    field=name,
                    known=", ".join(known),
                    value=getattr(self, name),
                )
        for name, least, most in (
            ("x", 0, 450),
            ("y", 0, 450),
            ("width", 0.05, 450),
            ("height", 0.05, 450),
            ("size_pt", FLOOR_PT, 120),
            ("floor_pt", FLOOR_PT, 120),
            ("lines", 1, 12),
        ):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and least <= value <= most):
                raise LabelError(
                    "face-figure",
                    "%(field)s of a %(kind)s is %(value)r; it must lie between %(least)s and %(most)s.",
                    field=name,
                    kind=self.kind,
                    value=value,
                    least=least,
                    most=most,
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A design for labels of one size. `version` counts its changes, so that a reprint can ask for the face as it was.

    Raises LabelError if an element leaves the label, if there is not exactly one symbol, or if something lies over it.
    """

    name: str
    title: str = ""
    width_mm: float
    height_mm: float
    elements: tuple[Element, ...]
    version: int = 1

    def __post_init__(self) -> None:
        for fault in faults(self.width_mm, self.height_mm, self.elements):
            raise fault

    @property
    def symbol(self) -> Element:
        return next(element for element in self.elements if element.kind == "symbol")

    def has(self, kind: str) -> bool:
        return any(element.kind == kind for element in self.elements)

    def to_json(self) -> str:
        """The file that carries a face to another cooperative; `from_json` reads it."""
        return json.dumps(
            {"format": FORMAT, "format_version": FORMAT_VERSION, **asdict(self)}, ensure_ascii=False, indent=1
        )

    @classmethod
    def from_json(cls, text: str) -> "Face":
        """Raises LabelError for anything that is not a whole and sound face of a known format version."""
        if len(text) > MOST_BYTES:
            raise LabelError("face-long", "This file is too long to be a face.")
        try:
            data = json.loads(text)
            if data.pop("format") != FORMAT or data.pop("format_version") != FORMAT_VERSION:
                raise LabelError(
                    "face-format", "This file is not a face of format version %(version)d.", version=FORMAT_VERSION
                )
            found = data.pop("elements")
            if len(found) > MOST_ELEMENTS:
                raise LabelError("face-full", "A face holds at most %(most)d elements.", most=MOST_ELEMENTS)
            elements = tuple(Element(**_fields(Element, element)) for element in found)
            face = cls(elements=elements, **_fields(cls, data))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OverflowError) as error:
            if isinstance(error, LabelError):
                raise
            raise LabelError("face-unreadable", "This file does not hold a face.") from error
        if not re.fullmatch(r"[\w .-]{1,60}", face.name):
            raise LabelError("face-name", "A face's name has 1 to 60 letters, digits, spaces, dots or hyphens.")
        return face


def _fields(kind: type[Any], data: dict[str, Any]) -> dict[str, Any]:
    """The data, if each value is of the type that its field's default or name asks for."""
    wanted = {field.name: field.type for field in fields(kind)}
    for name, value in data.items():
        want = wanted[name]
        kinds: tuple[type, ...] = {float: (int, float), int: (int,), str: (str,), bool: (bool,)}[want]  # type: ignore[index]
        if not isinstance(value, kinds) or (want is not bool and isinstance(value, bool)):
            raise TypeError(name)
    return data


def faults(width_mm: float, height_mm: float, elements: Sequence[Element]) -> Iterator[LabelError]:
    """All that is wrong with elements together; `number` among a fault's figures counts the element, from 1."""
    for name, value in (("width_mm", width_mm), ("height_mm", height_mm)):
        if not SMALLEST_MM <= value <= LARGEST_MM:  # false for NaN too
            yield LabelError(
                "face-size-bounds",
                "%(field)s is %(value)s mm; it must lie between %(least)s and %(most)s mm.",
                field=name,
                value=f"{value:g}",
                least=f"{SMALLEST_MM:g}",
                most=f"{LARGEST_MM:g}",
            )
    if len(elements) > MOST_ELEMENTS:
        yield LabelError("face-full", "A face holds at most %(most)d elements.", most=MOST_ELEMENTS)
    found = [element for element in elements if element.kind == "symbol"]
    if len(found) != 1:
        yield LabelError("face-symbol", "A face has exactly one symbol; this one has %(count)d.", count=len(found))
    for number, element in enumerate(elements, 1):
        place = {"kind": element.kind, "x": element.x, "y": element.y, "number": number}
        if element.x + element.width > width_mm + 0.01 or element.y + element.height > height_mm + 0.01:
            yield LabelError(
                "face-outside",
                "The %(kind)s at %(x)s, %(y)s mm leaves the label of %(width)s × %(height)s mm.",
                **place,
                width=width_mm,
                height=height_mm,
            )
        if found and element is not found[0] and element.kind != "symbol" and overlap(element, found[0]):
            yield LabelError(
                "face-over-symbol",
                "The %(kind)s at %(x)s, %(y)s mm lies over the symbol or its quiet zone.",
                **place,
            )


def overlap(one: Element, other: Element) -> bool:
    """Whether two boxes share more than an edge."""
    slack = 0.01
    return (
        one.x + slack < other.x + other.width
        and other.x + slack < one.x + one.width
        and one.y + slack < other.y + other.height
        and other.y + slack < one.y + one.height
    )
