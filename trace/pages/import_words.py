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
    "enrolments": lazy_gettext("Enrolments of earlier years"),
    "advice": lazy_gettext("Advice of earlier years"),
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
    ("enrolments", "year"): lazy_gettext("Year"),
    ("enrolments", "kinds"): lazy_gettext("Kinds of support"),
    ("enrolments", "state"): lazy_gettext("State"),
    ("enrolments", "received_on"): lazy_gettext("Received on"),
    ("enrolments", "plan"): lazy_gettext("Plan"),
    ("enrolments", "expected"): lazy_gettext("Expected cost"),
    ("enrolments", "consultant"): lazy_gettext("Consultant"),
    ("enrolments", "contract_number"): lazy_gettext("Number of the contract"),
    ("enrolments", "contract_on"): lazy_gettext("Day of the contract"),
    ("enrolments", "invoice_number"): lazy_gettext("Number of the invoice"),
    ("enrolments", "invoice_on"): lazy_gettext("Day of the invoice"),
    ("enrolments", "seller"): lazy_gettext("Seller"),
    ("enrolments", "cost"): lazy_gettext("Amount of the invoice"),
    ("enrolments", "accepted"): lazy_gettext("Accepted cost"),
    ("enrolments", "paid"): lazy_gettext("Support paid"),
    ("enrolments", "paid_on"): lazy_gettext("Paid on"),
    ("enrolments", "note"): lazy_gettext("Note"),
    ("advice", "on_day"): lazy_gettext("Day"),
    ("advice", "subject"): lazy_gettext("What about"),
    ("advice", "given_by"): lazy_gettext("Advised by"),
}
UNIT: dict[str, Any] = {
    "unit": lazy_gettext("Name of the unit"),
    "unit_kind": lazy_gettext("Kind of unit"),
    "tax_code": lazy_gettext("Tax code"),
    "address": lazy_gettext("Address"),
    "district": lazy_gettext("District of before July 2025"),
    "commune": lazy_gettext("Commune or ward of today"),
}
COLUMNS |= {(kind, name): words for kind in ("enrolments", "advice") for name, words in UNIT.items()}
"""By kind and field: the heading in the template, and the words of complaints."""


def heading(kind: str, name: str) -> Any:
    return COLUMNS.get((kind, name), name)
