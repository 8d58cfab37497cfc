"""Numbers as people in Viet Nam write them: points between thousands, a comma before decimals."""

import re
from decimal import Decimal
from typing import Final

_PLAIN: Final = re.compile(r"[0-9]+(,[0-9]+)?")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)(?:,[0-9]+)?")
# No group of thousands has one or two digits, so a phone's number pad may be forgiven its point.
_POINT: Final = re.compile(r"[0-9]+\.[0-9]{1,2}")
_MOST_DIGITS: Final = 18


class NotAQuantity(ValueError):  # noqa: N818 – named for what it says, as `Refused` is
    """A text that gives no amount. `code` is for pages to translate, `figures` are what its sentence may quote.

    Codes: empty; shape (no number and unit); ambiguous (thousands or decimals? 1,200.5); negative; unit (not one of
    this measure); fraction (finer than the smallest unit kept); too_large.
    """

    def __init__(self, code: str, **figures: str) -> None:
        super().__init__(f"{code} {figures}" if figures else code)
        self.code = code
        self.figures = figures


def read_figure(text: str) -> Decimal:
    """Read 1200, 1.200, 1 200, 1,2, 1.234,5 or 1.5. Raise NotAQuantity: shape, ambiguous or too_large."""
    if not re.fullmatch(r"[0-9][0-9., ]*", text) or not text[-1].isdigit():
        raise NotAQuantity("shape", text=text)
    if sum(letter.isdigit() for letter in text) > _MOST_DIGITS:
        raise NotAQuantity("too_large", text=text)
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(" ", "").replace(",", "."))
    if _POINT.fullmatch(text):
        return Decimal(text)
    raise NotAQuantity("ambiguous", text=text)


def write_figure(value: Decimal | int, locale: str) -> str:
    """Write a number with the locale's separators and no trailing zeros: 1.234,5 for vi, 1,234.5 for others."""
    plain = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    plain = plain.replace("-", "−")
    return plain.translate(str.maketrans(".,", ",.")) if locale.startswith("vi") else plain
