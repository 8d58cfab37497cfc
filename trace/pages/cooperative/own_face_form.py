"""The form of a face: each part with its place in millimetres, so that every drag has a number beside it."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField
from wtforms import Form as Fields
from wtforms.validators import Optional

from labels import Element, Face, LabelError
from labels.face import KINDS, MOST_ELEMENTS, faults

from ...work.label_refusals import as_refusal
from ..choices import ChoiceField
from ..fields import CountField, WordsField, needed
from ..forms import Form
from ..words import sentence
from .own_stock_form import DPIS, Millimetres

OWN_WORDS = "own"
FACTS = {
    "{product}": lazy_gettext("Product"),
    "{cooperative}": lazy_gettext("Cooperative"),
    "{certified}": lazy_gettext("“Certificate” and its number"),
    "{harvested}": lazy_gettext("“Harvested” and the day"),
    "{net}": lazy_gettext("“Net weight” and the weight"),
    "{call}": lazy_gettext("“Tel” and the phone number"),
    "{vietgap_words}": lazy_gettext("“Grown to VietGAP”"),
    "{scan}": lazy_gettext("“Scan to see the origin”"),
    "{scratch}": lazy_gettext("“Scratch for the PIN”"),
    "{hri}": lazy_gettext("The number (01) of the goods, where links carry it"),
    "{product_2}": lazy_gettext("Product in English"),
    "{2:harvested}": lazy_gettext("“Harvested” in English and the day"),
    "{2:scan}": lazy_gettext("“Scan to see the origin” in English"),
    "{product_zh}": lazy_gettext("Product in Chinese"),
    "{zh:harvested}": lazy_gettext("“Harvested” in Chinese and the day"),
    "{zh:scan}": lazy_gettext("“Scan to see the origin” in Chinese"),
}
PICTURES = {"{trademark}": lazy_gettext("The trademark, where it may be shown"), "{logo}": lazy_gettext("Our logo")}
PARTS = {
    "symbol": lazy_gettext("Symbol"),
    "text": lazy_gettext("Words"),
    "code": lazy_gettext("Code"),
    "serial": lazy_gettext("Serial"),
    "pin": lazy_gettext("PIN under a scratch layer"),
    "picture": lazy_gettext("Picture"),
    "rule": lazy_gettext("Line"),
    "frame": lazy_gettext("Frame"),
}
ALIGN_WORDS = {"left": lazy_gettext("left"), "center": lazy_gettext("in the middle"), "right": lazy_gettext("right")}
WEIGHT_WORDS = {
    "regular": lazy_gettext("regular"),
    "medium": lazy_gettext("medium"),
    "semibold": lazy_gettext("semibold"),
    "bold": lazy_gettext("bold"),
}


FIGURES = ("x", "y", "width", "height", "size_pt", "floor_pt")


class PartForm(Fields):
    kind = HiddenField()
    what = ChoiceField(lazy_gettext("What it says"))
    words = WordsField(lazy_gettext("Own words"), longest=300)
    x = Millimetres(lazy_gettext("From the left"), validators=[needed()])
    y = Millimetres(lazy_gettext("From the top"), validators=[needed()])
    width = Millimetres(lazy_gettext("Width"), validators=[needed()])
    height = Millimetres(lazy_gettext("Height"), validators=[needed()])
    size_pt = Millimetres(lazy_gettext("Largest type"))
    floor_pt = Millimetres(lazy_gettext("Smallest type"))
    weight = ChoiceField(lazy_gettext("Weight"))
    align = ChoiceField(lazy_gettext("Aligned"))
    lines = CountField(lazy_gettext("Most lines"))
    inverted = BooleanField(lazy_gettext("White on black"))
    balanced = BooleanField(lazy_gettext("Lines about equally long"))
    gone = BooleanField(lazy_gettext("Take this part away"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = FACTS | {OWN_WORDS: lazy_gettext("Own words")}
        self.what.choices = list({"picture": PICTURES, "text": texts}.get(self.kind.data or "", {}).items())
        self.weight.choices, self.align.choices = list(WEIGHT_WORDS.items()), list(ALIGN_WORDS.items())


class FaceForm(Form):
    name = WordsField(lazy_gettext("Name of the face"), validators=[needed()], longest=60)
    seen = IntegerField(validators=[Optional()], widget=HiddenField.widget)
    width_mm = Millimetres(lazy_gettext("Width of the stamp"), validators=[needed()])
    height_mm = Millimetres(lazy_gettext("Height of the stamp"), validators=[needed()])
    dpi = ChoiceField(lazy_gettext("Looked at for a printer of"))
    parts = FieldList(FormField(PartForm), max_entries=MOST_ELEMENTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dpi.choices = list(DPIS.items())

    def face(self) -> Face | None:
        """What the form describes; complaints are noted, and None given, where that is no face."""
        before = self.complained
        elements = [self._element(number, part) for number, part in enumerate(self.parts, 1)]
        sound = [element for element in elements if element]
        if len(sound) < len(elements) or before:
            return None
        size = float(self.width_mm.data or 0.0), float(self.height_mm.data or 0.0)
        found = list(faults(*size, sound))
        for fault in found:
            self.complain(as_refusal(fault, ""))
        if found:
            return None
        return Face(name="own", title=self.name.data or "", width_mm=size[0], height_mm=size[1], elements=tuple(sound))

    def _element(self, number: int, part: Any) -> Element | None:
        try:
            return element_of(part.data)
        except LabelError as error:
            reason = sentence(as_refusal(error, ""))
            self.general.append(gettext("Part %(number)s: %(reason)s", number=number, reason=reason))
            return None


def element_of(part: dict[str, Any]) -> Element:
    """Raises LabelError."""
    kind = part["kind"] if part["kind"] in KINDS else ""
    text = (part["words"] or "") if part["what"] == OWN_WORDS else (part["what"] or "")
    given = {name: part[name] for name in FIGURES if part[name] is not None}
    return Element(
        kind=kind,
        text=text if kind in ("text", "picture") else "",
        weight=part["weight"] or "regular",
        align=part["align"] or "center",
        lines=part["lines"] if part["lines"] is not None else 1,
        inverted=bool(part["inverted"]) and kind == "text",
        balanced=bool(part["balanced"]),
        **given,
    )


def data_of(name: str, version: int, face: Face) -> dict[str, Any]:
    """What stands in the form of a face that is known."""
    return {
        "name": name,
        "seen": version,
        "width_mm": face.width_mm,
        "height_mm": face.height_mm,
        "dpi": "203",
        "parts": [part_of(element) for element in face.elements],
    }


def part_of(element: Element) -> dict[str, Any]:
    known = element.text in FACTS or element.kind != "text"
    what = (element.text or "{trademark}") if element.kind == "picture" else element.text if known else OWN_WORDS
    shape = {name: getattr(element, name) for name in (*FIGURES, "weight", "align", "lines", "inverted", "balanced")}
    return shape | {"kind": element.kind, "what": what, "words": "" if known else element.text}


def called(element: Element) -> str:
    """A part in the words of the list: “Words: Product”."""
    kind = str(PARTS[element.kind])
    said = FACTS.get(element.text) or PICTURES.get(element.text) or element.text
    return f"{kind}: {said}" if element.kind in ("text", "picture") and said else kind
