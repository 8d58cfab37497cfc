"""The label workshop's "no" in words of this house."""

import re
from typing import Any

from labels import LabelError

from .refused import Refused

NEEDS = {
    "product": "This face names the product, and these stamps have none yet.",
    "product_2": "This face is in two languages: give the product an English name first.",
    "certificate": "This face names a certificate that covers the batch, and there is none.",
    "trademark": "This face shows a mark's picture, and the batch has no mark that may be shown.",
    "product_zh": "This face is in Chinese, too: give the product a Chinese name first.",
    "logo": "This face shows the cooperative's logo, and there is none: load it on the page of your cooperative.",
}
"""What a face lacks, by the fact that the workshop misses."""
MESSAGES = {
    "words-do-not-fit": "“%(words)s” does not fit on a stamp of this size: choose larger paper or a simpler face.",
    "face-outside": "Part %(number)s leaves the stamp of %(width)s × %(height)s mm.",
    "face-over-symbol": "Part %(number)s lies over the symbol or its white border.",
    "face-symbol": "A face has exactly one symbol; this one has %(count)s.",
    "face-full": "A face holds at most %(most)s parts.",
    "face-figure": "A figure of a part is %(value)s; it must lie between %(least)s and %(most)s.",
    "face-size-bounds": "A stamp of %(value)s mm cannot be made: it must measure %(least)s to %(most)s mm.",
    "face-picture": "A face shows the trademark or the logo of whoever prints it; it brings no picture of its own.",
    "face-long": "This file is too long to be a face.",
    "face-kind": "This file holds a part that no face has: %(kind)s.",
    "face-choice": "This file does not hold a face.",
    "face-unreadable": "This file does not hold a face.",
    "face-format": "This file is not a face, or of a newer kind than this service knows.",
    "face-name": "A face's name has 1 to 60 letters, digits, spaces, dots or hyphens.",
    "face-size": "The face is %(face)s mm, the stamps of this paper are %(label)s mm.",
    "bad-template": "The words “%(text)s” ask for something that a stamp does not know.",
    "long-words": "These words have %(letters)s letters; %(most)s is the most.",
    "no-glyph": "No type here draws %(letters)s.",
}
"""Where the workshop speaks of elements and templates, people hear of parts and words."""


def refuse_needed(fact: str, field: str = "face") -> None:
    """Say that a face lacks a fact."""
    message = NEEDS[fact]
    raise Refused(message, field=field)


def as_refusal(error: LabelError, field: str) -> Refused:
    """The workshop's "no" in our shape: its figures already written, so that any language can place them."""
    if error.code == "face-needs":
        message = NEEDS[str(error.figures["fact"])]
        return Refused(message, field=field)
    if error.code in MESSAGES:
        figures: dict[str, Any] = {name: _written(value) for name, value in error.figures.items() if name != "field"}
        return Refused(MESSAGES[error.code], field=field, **figures)
    message = re.sub(r"%\((\w+)\)(?:\.\d+f|[dsr])", r"%(\1)s", error.message).replace("%(field)s", "%(part)s")
    figures = {name: _written(value) for name, value in error.figures.items() if name != "field"}
    return Refused(message, field=field, part=str(error.figures.get("field", "")), **figures)


def _written(value: object) -> str:
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)
