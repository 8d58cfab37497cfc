"""Amounts with any of a diary's units: 20 kg, 1,5 lít, 3 bao. Read from what people type, kept as thousandths."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from .figures import NotAQuantity, read_figure, write_figure
from .words import fold

_LONGEST: Final = 60
_LARGEST: Final = 10**13
_SHAPE: Final = re.compile(r"([0-9][0-9.,]*(?: [0-9]{3}(?![0-9])[0-9.,]*)*) ?(.*)")

_UNITS: Final[Mapping[str, tuple[str, int]]] = {
    **dict.fromkeys(("kg", "ky", "ki", "kilo", "can"), ("kg", 1_000)),
    **dict.fromkeys(("g", "gr", "gam", "gram"), ("kg", 1)),
    **dict.fromkeys(("ta",), ("kg", 100_000)),
    **dict.fromkeys(("yen",), ("kg", 10_000)),
    **dict.fromkeys(("tan", "t"), ("kg", 1_000_000)),
    **dict.fromkeys(("l", "lit", "litre", "litres"), ("l", 1_000)),
    **dict.fromkeys(("ml", "cc"), ("l", 1)),
    **dict.fromkeys(("m3", "m³", "khoi", "met khoi"), ("m3", 1_000)),
    **dict.fromkeys(
        ("cay", "cai", "con", "hom", "qua", "mat", "canh", "piece", "pieces", "cay giong"), ("piece", 1_000)
    ),
    **dict.fromkeys(("bao", "bi", "goi", "tui", "bag", "bags"), ("bag", 1_000)),
    **dict.fromkeys(("chai", "lo", "bottle", "bottles"), ("bottle", 1_000)),
    **dict.fromkeys(("gio", "h", "hour", "hours"), ("hour", 1_000)),
}
_SHOWN: Final[Mapping[str, tuple[str, str]]] = {
    "kg": ("kg", "kg"),
    "l": ("lít", "l"),
    "m3": ("m³", "m³"),
    "piece": ("cây", "pieces"),
    "bag": ("bao", "bags"),
    "bottle": ("chai", "bottles"),
    "hour": ("giờ", "hours"),
}


def parse_amount(text: str, default_unit: str = "kg") -> tuple[int, str]:
    """Return thousandths and the unit's key. A bare number is in `default_unit`. Raise NotAQuantity."""
    folded = fold(text)
    if not folded:
        raise NotAQuantity("empty")
    if folded[0] in "-−–" and folded[1:].strip()[:1].isdigit():
        raise NotAQuantity("negative", text=text)
    found = _SHAPE.fullmatch(folded)
    if found is None or len(folded) > _LONGEST:
        raise NotAQuantity("shape", text=text[:_LONGEST])
    figure, named = found.groups()
    unit = named.strip() or default_unit
    if unit not in _UNITS:
        raise NotAQuantity("unit", unit=unit)
    key, factor = _UNITS[unit]
    amount = read_figure(figure.strip()) * factor
    if amount > _LARGEST:
        raise NotAQuantity("too_large", text=text)
    if amount != int(amount):
        raise NotAQuantity("fraction", text=text)
    return int(amount), key


def show_amount(milli: int, unit: str, locale: str) -> str:
    """Write 20 kg, 1,5 lít or 250 ml: exact, and `parse_amount` reads the Vietnamese form back."""
    vietnamese = locale.startswith("vi")
    if milli < 1_000 and unit in {"kg", "l"}:
        return f"{write_figure(milli, locale)} {'g' if unit == 'kg' else 'ml'}"
    name = _SHOWN[unit][0 if vietnamese else 1]
    return f"{write_figure(Decimal(milli) / 1_000, locale)} {name}"
