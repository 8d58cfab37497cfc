"""Weights, areas, money and counts: read from what people type, written back as they say them.

What is read is always a Vietnamese figure, whatever the language of the page: a form holds `show_…(…, "vi")`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .figures import NotAQuantity, read_figure, write_figure
from .words import fold

__all__ = [
    "NotAQuantity",
    "parse_area",
    "parse_count",
    "parse_money",
    "parse_weight",
    "said_area",
    "said_money",
    "said_weight",
    "show_area",
    "show_count",
    "show_money",
    "show_weight",
]

_LONGEST: Final = 80
_LARGEST: Final = 10**15  # within what every JSON reader and a BIGINT hold
_PART: Final = re.compile(r"([0-9][0-9.,]*(?: [0-9]{3}(?![0-9])[0-9.,]*)*) ?([^0-9]*)")


@dataclass(frozen=True, slots=True)
class _Measure:
    """The units of one kind, folded, each as so many of the smallest unit kept."""

    units: Mapping[str, int]
    smallest: str

    def read(self, text: str, default_unit: str) -> int:
        """Read one number, or several with falling units (1 tạ 20 kg), as whole smallest units."""
        folded = fold(text)
        if not folded:
            raise NotAQuantity("empty")
        if len(folded) > _LONGEST:
            raise NotAQuantity("shape", text=text[:_LONGEST])
        if folded[0] in "-−–" and folded[1:].strip()[:1].isdigit():
            raise NotAQuantity("negative", text=text)
        total = self._sum(_square(folded), default_unit)
        if total > _LARGEST:
            raise NotAQuantity("too_large", text=text)
        if total != int(total):
            raise NotAQuantity("fraction", text=text, unit=self.smallest)
        return int(total)

    def _sum(self, folded: str, default_unit: str) -> Decimal:
        parts = _PART.findall(folded)
        if not parts or "".join(f"{figure} {unit}" for figure, unit in parts).replace(" ", "") != folded.replace(
            " ", ""
        ):
            raise NotAQuantity("shape", text=folded)
        total, room = Decimal(0), Decimal("Infinity")
        for figure, unit in parts:
            factor = self._factor(unit.strip(), default_unit if len(parts) == 1 else "", folded)
            part = read_figure(figure) * factor
            if part >= room:  # 1 tạ 200 kg, 20 kg 1 tạ: a slip, and nobody can tell which
                raise NotAQuantity("ambiguous", text=folded)
            total, room = total + part, Decimal(factor)
        return total

    def _factor(self, unit: str, default_unit: str, text: str) -> int:
        if not unit:
            unit = fold(_square(default_unit))
        if not re.fullmatch(r"[^\W\d_][^\W_]*(?: [^\W_]+)*|₫", unit):
            raise NotAQuantity("shape", text=text)
        if unit not in self.units:
            raise NotAQuantity("unit", unit=unit.replace("sqm", "m²"))
        return self.units[unit]


def _square(folded: str) -> str:
    # The 2 of m2 is no figure.
    return re.sub(r"(?<![^\W\d_])(?:m ?\^? ?[2²]|met vuong)(?![^\W_])", " sqm ", folded).strip()


_KG: Final = 1_000
_WEIGHT: Final = _Measure(
    {
        **dict.fromkeys(("g", "gr", "gam", "gram"), 1),
        "lang": 100,
        **dict.fromkeys(("kg", "kgs", "ky", "ki", "kilo", "kilogam", "can"), _KG),
        "yen": 10 * _KG,
        "ta": 100 * _KG,
        **dict.fromkeys(("tan", "t"), 1_000 * _KG),
    },
    "g",
)
_HA: Final = 10_000
_SAO: Final = 360  # the sào of the north; in the centre it is 500 m²
_AREA: Final = _Measure(
    {
        "sqm": 1,
        "thuoc": _SAO // 15,
        "sao": _SAO,
        "mau": 10 * _SAO,
        **dict.fromkeys(("ha", "hecta", "hec ta", "hectare", "hectares"), _HA),
    },
    "m²",
)
_SCALES: Final = {"k": 1_000, "nghin": 1_000, "ngan": 1_000, "tr": 10**6, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_CURRENCIES: Final = ("d", "dong", "vnd", "₫")
_MONEY: Final = _Measure(
    {
        **dict.fromkeys(_CURRENCIES, 1),
        **_SCALES,
        **{f"{scale} {currency}": factor for scale, factor in _SCALES.items() for currency in _CURRENCIES},
    },
    "VND",
)
_COUNT: Final = _Measure({"one": 1}, "1")


def parse_weight(text: str, default_unit: str = "kg") -> int:
    """Return whole grams. Units: g, lạng, kg, yến, tạ, tấn, with or without marks. Raise NotAQuantity."""
    return _WEIGHT.read(text, default_unit)


def parse_area(text: str, default_unit: str = "ha") -> int:
    """Return whole m². Units: m², thước, sào (360 m²), mẫu, ha. Raise NotAQuantity."""
    return _AREA.read(text, default_unit)


def parse_money(text: str, default_unit: str = "VND") -> int:
    """Return whole VND. Units: đ, đồng, VND, nghìn, k, triệu, tr, tỷ. Raise NotAQuantity."""
    return _MONEY.read(re.sub(r"^\s*(?:VND|₫)\s*(?=[0-9])", "", text, flags=re.IGNORECASE), default_unit)


def parse_count(text: str) -> int:
    """Return a whole count; no unit is taken. Raise NotAQuantity."""
    return _COUNT.read(text, "one")


def _shown(amount: int, per: int, unit: str, locale: str) -> str:
    return f"{write_figure(Decimal(amount) / per, locale)} {_UNITS.get(unit, {}).get(locale[:2], unit)}"


_UNITS: Final[Mapping[str, Mapping[str, str]]] = {
    "t": {"vi": "tấn", "zh": "吨"},
    "ha": {"zh": "公顷"},
    "VND": {"vi": "đ", "zh": "越南盾"},
    "million VND": {"vi": "triệu đồng", "zh": "百万越南盾"},
    "billion VND": {"vi": "tỷ đồng", "zh": "十亿越南盾"},
}


def show_weight(weight_g: int, locale: str) -> str:
    """Write 1.200 kg, 12,5 kg or 250 g: exact, and `parse_weight` reads the Vietnamese form back."""
    return _shown(weight_g, 1, "g", locale) if abs(weight_g) < _KG else _shown(weight_g, _KG, "kg", locale)


def said_weight(weight_g: int, locale: str) -> str:
    """Write a weight twice, so that a slip of a thousand shows: 1.200 kg = 1,2 tấn."""
    shown = show_weight(weight_g, locale)
    if abs(weight_g) >= 1_000 * _KG:
        return f"{shown} = {_shown(weight_g, 1_000 * _KG, 't', locale)}"
    if abs(weight_g) >= 100 * _KG and locale.startswith("vi"):
        return f"{shown} = {_shown(weight_g, 100 * _KG, 'tạ', locale)}"
    return shown if abs(weight_g) >= _KG else f"{shown} = {_shown(weight_g, _KG, 'kg', locale)}"


def show_area(area_m2: int, locale: str) -> str:
    """Write 1,25 ha, or 3.600 m² below a hectare: exact, and `parse_area` reads the Vietnamese form back."""
    return _shown(area_m2, 1, "m²", locale) if abs(area_m2) < _HA else _shown(area_m2, _HA, "ha", locale)


def said_area(area_m2: int, locale: str) -> str:
    """Write an area in hectares and m²: 1,25 ha = 12.500 m²."""
    other = (_HA, "ha") if abs(area_m2) < _HA else (1, "m²")
    return f"{show_area(area_m2, locale)} = {_shown(area_m2, *other, locale)}"


def show_money(amount_vnd: int, locale: str) -> str:
    """Write 1.200.000 đ (vi) or 1,200,000 VND (en); `parse_money` reads the Vietnamese form back."""
    return _shown(amount_vnd, 1, "VND", locale)


def said_money(amount_vnd: int, locale: str) -> str:
    """Write an amount twice from a million up: 1.500.000 đ = 1,5 triệu đồng."""
    shown = show_money(amount_vnd, locale)
    if abs(amount_vnd) >= 10**9:
        return f"{shown} = {_shown(amount_vnd, 10**9, 'billion VND', locale)}"
    return shown if abs(amount_vnd) < 10**6 else f"{shown} = {_shown(amount_vnd, 10**6, 'million VND', locale)}"


def show_count(count: int, locale: str) -> str:
    """Write a whole number with the locale's separators."""
    return write_figure(count, locale)
