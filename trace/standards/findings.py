"""What a laboratory found: 0,03 · KPH · < 0,01. Kept as millionths, or as not detected."""

import re
from decimal import Decimal
from typing import Final

from .figures import NotAQuantity, read_figure, write_figure
from .words import fold

_MICRO: Final = 1_000_000
_LARGEST: Final = 10**17
_NOT_DETECTED: Final = frozenset({"kph", "khong phat hien", "nd", "not detected", "am tinh", "negative", "khong co"})
_BELOW: Final = re.compile(r"[<≤] ?(.+)")


def parse_finding(text: str) -> int | None:
    """Return millionths, or None for what was not detected or lies below what can be measured. Raise NotAQuantity."""
    folded = fold(text)
    if not folded:
        raise NotAQuantity("empty")
    if folded.rstrip(".") in _NOT_DETECTED:
        return None
    below = _BELOW.fullmatch(folded)
    value = _millionths(below.group(1) if below else folded, text)
    return None if below else value


def parse_limit(text: str) -> int | None:
    """Return millionths, or None where nothing may be found at all. Raise NotAQuantity."""
    folded = fold(text)
    below = _BELOW.fullmatch(folded)
    return None if folded.rstrip(".") in _NOT_DETECTED else _millionths(below.group(1) if below else folded, text)


def _millionths(figure: str, text: str) -> int:
    if figure[:1] in {"-", "−", "–"}:
        raise NotAQuantity("negative", text=text)
    amount = _read(figure) * _MICRO
    if amount != int(amount):
        raise NotAQuantity("fraction", text=text)
    if amount > _LARGEST:
        raise NotAQuantity("too_large", text=text)
    return int(amount)


def _read(figure: str) -> Decimal:
    """As anywhere here; but 0.05 and 0.005 stand on many reports, and nothing begins with a group 0."""
    if re.fullmatch(r"0\.[0-9]{1,6}", figure):
        return Decimal(figure)
    return read_figure(figure)


def show_finding(micro: int | None, locale: str) -> str:
    """Write 0,03, or KPH (ND) for not detected: `parse_finding` reads the Vietnamese form back."""
    if micro is None:
        return "KPH" if locale.startswith("vi") else "ND"
    return write_figure(Decimal(micro) / _MICRO, locale)
