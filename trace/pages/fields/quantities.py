"""Weights, areas, money and counts as they are spoken here."""

from typing import Any

from flask_babel import lazy_gettext

from ...standards import quantities
from ..words import language
from .typed import TypedField

QUANTITY_COMPLAINTS = {
    "empty": lazy_gettext("Please fill this in."),
    "shape": lazy_gettext("This is not a number we can read. Write for example 1.200 or 1,5."),
    "ambiguous": lazy_gettext(
        "This number can be read in two ways. Write 1.200 for one thousand two hundred, 1,2 for one point two."
    ),
    "negative": lazy_gettext("A quantity is not negative."),
    "unit": lazy_gettext("We do not know this unit."),
    "fraction": lazy_gettext("This is finer than we count. Round it."),
    "too_large": lazy_gettext("This is more than can be. Check the number and its unit."),
}


class QuantityField(TypedField):
    complaints = QUANTITY_COMPLAINTS


class WeightField(QuantityField):
    """Whole grams; a bare number is in `unit`."""

    def __init__(self, *args: Any, unit: str = "kg", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def read(self, text: str) -> int:
        return quantities.parse_weight(text, self.unit)

    def show(self, value: int) -> str:
        return quantities.show_weight(value, "vi")

    def say(self, value: int) -> str:
        return quantities.said_weight(value, language())


class AreaField(QuantityField):
    """Whole square metres; a bare number is in hectares."""

    def read(self, text: str) -> int:
        return quantities.parse_area(text)

    def show(self, value: int) -> str:
        return quantities.show_area(value, "vi")

    def say(self, value: int) -> str:
        return quantities.said_area(value, language())


class MoneyField(QuantityField):
    """Whole đồng."""

    def read(self, text: str) -> int:
        return quantities.parse_money(text)

    def show(self, value: int) -> str:
        return quantities.show_money(value, "vi")

    def say(self, value: int) -> str:
        return quantities.said_money(value, language())


class CountField(QuantityField):
    def read(self, text: str) -> int:
        return quantities.parse_count(text)

    def show(self, value: int) -> str:
        return quantities.show_count(value, "vi")
