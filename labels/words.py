"""What a face says: the caller's facts, and the few fixed captions in the languages that stamps are printed in."""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from .errors import LabelError
from .pictures import Picture

CAPTIONS = Path(__file__).with_name("captions.json")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of a face, already in the reader's language. Days come as they shall be read (`18/08/2026`).

    `product_2` and `cooperative_2` are the same names in `language_2`. `gtin`: 14 digits, taken from the links where
    they carry it. `logo` is the cooperative's own picture, `trademark` a mark that may be shown. A face leaves out what
    is empty.
    """

    product: str = ""
    cooperative: str = ""
    certificate: str = ""
    harvest_day: str = ""
    weight: str = ""
    contact: str = ""
    product_2: str = ""
    cooperative_2: str = ""
    trademark: Picture | None = None
    language: str = "vi"
    language_2: str = "en"
    product_zh: str = ""
    gtin: str = ""
    logo: Picture | None = None

    def __post_init__(self) -> None:
        for name in TEXTS:
            text = getattr(self, name)
            if len(text) > LONGEST:
                raise LabelError(
                    "long-words",
                    "%(field)s has %(letters)d letters; %(most)d is the most.",
                    field=name,
                    letters=len(text),
                    most=LONGEST,
                )
        for language in (self.language, self.language_2):
            captions(language)


TEXTS = (
    "product",
    "cooperative",
    "certificate",
    "harvest_day",
    "weight",
    "contact",
    "product_2",
    "cooperative_2",
    "product_zh",
    "gtin",
)
PICTURES = ("trademark", "logo")


@cache
def _all_captions() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = json.loads(CAPTIONS.read_text(encoding="utf-8"))
    return loaded


def captions(language: str) -> dict[str, str]:
    """The fixed captions of one language. Raises LabelError for a language without them."""
    try:
        return _all_captions()[language]
    except KeyError:
        known = ", ".join(_all_captions())
        raise LabelError(
            "no-captions",
            "Faces have no captions in %(language)r; they have %(known)s.",
            language=language,
            known=known,
        ) from None


def spoken(template: str, words: Words) -> str:
    """Fill `{product}`, `{harvested}`, `{2:harvested}` or `{zh:harvested}`. Empty, if a fact that it names is empty.

    Raises LabelError for a name that is neither a fact nor a caption.
    """
    out, rest = "", template
    while rest:
        before, brace, rest = rest.partition("{")
        out += before
        if not brace:
            break
        name, closed, rest = rest.partition("}")
        if not closed:
            raise LabelError("bad-template", "The text %(text)r opens a { that it does not close.", text=template)
        value = _value(name, words, template)
        if not value:
            return ""
        out += value
    return out.strip()


def _value(name: str, words: Words, template: str) -> str:
    if name in TEXTS:
        return str(getattr(words, name))
    tongue, _, caption = name.rpartition(":")
    languages = {"": words.language, "2": words.language_2} | {own: own for own in _all_captions()}
    lines = captions(languages.get(tongue, words.language))
    if caption not in lines or tongue not in languages:
        raise LabelError(
            "bad-template",
            "The text %(text)r names %(name)r, which is no fact and no caption.",
            text=template,
            name=name,
        )
    return spoken(lines[caption], words)


@lru_cache(maxsize=1024)
def check_template(template: str) -> None:
    """Raises LabelError for a text that is too long, or names what is neither a fact nor a caption."""
    if len(template) > LONGEST:
        raise LabelError(
            "long-words",
            "%(field)s has %(letters)d letters; %(most)d is the most.",
            field="text",
            letters=len(template),
            most=LONGEST,
        )
    spoken(template, _FULL)


_FULL = Words("x", "x", "x", "x", "x", "x", "x", "x", product_zh="x", gtin="x")
