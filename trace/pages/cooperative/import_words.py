"""What can be imported, and what its columns are called."""

from typing import Any

from flask_babel import lazy_gettext

KINDS: dict[str, Any] = {
    "growers": lazy_gettext("Households"),
    "plots": lazy_gettext("Plots"),
    "products": lazy_gettext("Products"),
    "scope_lines": lazy_gettext("Scope lines of a certificate"),
    "diary": lazy_gettext("Lines of the diary"),
    "buyers": lazy_gettext("Buyers"),
}
COLUMNS: dict[tuple[str, str], Any] = {
    ("growers", "name"): lazy_gettext("Name of the household"),
    ("growers", "phone"): lazy_gettext("Phone"),
    ("growers", "note"): lazy_gettext("Note"),
    ("plots", "name"): lazy_gettext("Name of the plot"),
    ("plots", "grower"): lazy_gettext("Household"),
    ("plots", "area"): lazy_gettext("Area (ha)"),
    ("plots", "commune"): lazy_gettext("Commune"),
    ("plots", "area_code"): lazy_gettext("Planting-area code"),
    ("products", "name_vi"): lazy_gettext("Product"),
    ("products", "variety"): lazy_gettext("Variety"),
    ("products", "pack"): lazy_gettext("Kind of pack"),
    ("products", "net_weight_g"): lazy_gettext("Net weight"),
    ("products", "shelf_life_days"): lazy_gettext("Shelf life (days)"),
    ("products", "keeping"): lazy_gettext("Keeping"),
    ("products", "gtin"): lazy_gettext("GTIN"),
    ("products", "name_en"): lazy_gettext("Name in English"),
    ("products", "name_zh"): lazy_gettext("Name in Chinese"),
    ("scope_lines", "product"): lazy_gettext("Product"),
    ("scope_lines", "plot"): lazy_gettext("Plot"),
    ("scope_lines", "grower"): lazy_gettext("Household"),
    ("scope_lines", "area"): lazy_gettext("Area (ha)"),
    ("scope_lines", "expected"): lazy_gettext("Expected output (tonnes a year)"),
    ("diary", "on_day"): lazy_gettext("Day"),
    ("diary", "work"): lazy_gettext("Work"),
    ("diary", "grower"): lazy_gettext("Household"),
    ("diary", "plots"): lazy_gettext("Plot"),
    ("diary", "material"): lazy_gettext("Name on the pack"),
    ("diary", "active"): lazy_gettext("Active ingredient"),
    ("diary", "dose"): lazy_gettext("Dose"),
    ("diary", "purpose"): lazy_gettext("What for"),
    ("diary", "phi_days"): lazy_gettext("Interval (days)"),
    ("diary", "quantity"): lazy_gettext("How much"),
    ("diary", "done_by"): lazy_gettext("Who did it"),
    ("diary", "supplier"): lazy_gettext("Bought from"),
    ("diary", "note"): lazy_gettext("Note"),
    ("buyers", "name"): lazy_gettext("Buyer"),
    ("buyers", "phone"): lazy_gettext("Phone"),
    ("buyers", "place"): lazy_gettext("Place of delivery"),
}
"""By kind and field: the heading in the template, and the words of complaints."""


def heading(kind: str, name: str) -> Any:
    return COLUMNS.get((kind, name), name)
