"""Lines of the diary in words."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from ...records import DiaryEntry, DiaryKind
from ...standards.amounts import show_amount
from ..words import language, show_day

KINDS: dict[str, Any] = {
    DiaryKind.PESTICIDE: lazy_gettext("Spraying"),
    DiaryKind.FERTILISER: lazy_gettext("Fertiliser"),
    DiaryKind.HARVEST: lazy_gettext("Harvest work"),
    DiaryKind.IRRIGATION: lazy_gettext("Watering"),
    DiaryKind.INPUT: lazy_gettext("Inputs bought"),
    DiaryKind.SEED: lazy_gettext("Seed, seedlings"),
    DiaryKind.HANDLING: lazy_gettext("After the harvest"),
    DiaryKind.OTHER: lazy_gettext("Other work"),
}
"""The most frequent first: a thumb finds them on top."""
ICONS: dict[str, str] = {
    DiaryKind.PESTICIDE: "hand",
    DiaryKind.FERTILISER: "plus",
    DiaryKind.HARVEST: "scale",
    DiaryKind.IRRIGATION: "download",
    DiaryKind.INPUT: "truck",
    DiaryKind.SEED: "fruit",
    DiaryKind.HANDLING: "batch",
    DiaryKind.OTHER: "edit",
}
MATERIALS: dict[str, Any] = {
    DiaryKind.PESTICIDE: lazy_gettext("Trade name of the pesticide"),
    DiaryKind.FERTILISER: lazy_gettext("Name of the fertiliser"),
    DiaryKind.SEED: lazy_gettext("Variety, kind of seedling"),
    DiaryKind.INPUT: lazy_gettext("What was bought"),
    DiaryKind.HANDLING: lazy_gettext("What was used (cleaning, packing)"),
}
PURPOSES: dict[str, Any] = {
    DiaryKind.PESTICIDE: lazy_gettext("Against which pest or disease"),
    DiaryKind.IRRIGATION: lazy_gettext("Source of the water, way of watering"),
}
FIELDS: dict[str, tuple[str, ...]] = {
    DiaryKind.PESTICIDE: ("material", "active", "dose", "phi_days", "done_by", "purpose", "quantity"),
    DiaryKind.FERTILISER: ("material", "quantity", "dose", "done_by"),
    DiaryKind.HARVEST: ("quantity", "batch", "done_by"),
    DiaryKind.IRRIGATION: ("purpose", "quantity", "done_by"),
    DiaryKind.INPUT: ("material", "active", "quantity", "supplier"),
    DiaryKind.SEED: ("material", "quantity", "supplier"),
    DiaryKind.HANDLING: ("material", "quantity", "done_by"),
    DiaryKind.OTHER: ("done_by",),
}
"""What a line of each kind asks for, in the order in which it is asked."""


NEEDED: dict[str, frozenset[str]] = {
    DiaryKind.PESTICIDE: frozenset({"material", "dose", "phi_days", "done_by"}),
    DiaryKind.FERTILISER: frozenset({"material"}),
    DiaryKind.HARVEST: frozenset({"quantity"}),
    DiaryKind.INPUT: frozenset({"material"}),
    DiaryKind.SEED: frozenset({"material"}),
    DiaryKind.OTHER: frozenset({"note"}),
}
"""What is not marked as optional; `work.diary` refuses a line without it."""


def amount_of(entry: DiaryEntry) -> str:
    if entry.quantity_milli is None or entry.unit is None:
        return ""
    return show_amount(entry.quantity_milli, entry.unit, language())


def summary(entry: DiaryEntry) -> str:
    """A line in one sentence: what, how much, and of a spray until when it holds the harvest back."""
    name = f"{entry.material} ({entry.active})" if entry.material and entry.active else entry.material
    parts = [name, entry.dose, amount_of(entry), entry.purpose, entry.note if not entry.material else None]
    return " · ".join(part for part in [*parts, _held(entry)] if part)


def _held(entry: DiaryEntry) -> str:
    if entry.withdraws or entry.earliest_harvest_on is None:
        return ""
    return str(gettext("harvest from %(day)s", day=show_day(entry.earliest_harvest_on)))


def plots_in_words(entry: DiaryEntry, most: int = 3) -> str:
    names = [plot.called for plot in entry.plots]
    if len(names) <= most:
        return ", ".join(names)
    return str(gettext("%(names)s and %(count)s more", names=", ".join(names[:most]), count=len(names) - most))
