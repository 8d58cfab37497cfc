"""The sheets of a cooperative's whole data: which record, which columns, under which heading (an English msgid)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from ..records import (
    Batch,
    BatchCorrection,
    BatchDecision,
    Buyer,
    Certificate,
    CertificateDecision,
    Consent,
    Dispatch,
    DispatchLine,
    Grower,
    IntakeLine,
    Plot,
    Printing,
    Product,
    Run,
    ScopeLine,
    Season,
    StampRange,
    Trademark,
    TrademarkEvent,
    Upload,
)

Getter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    heading: str
    value: Getter


@dataclass(frozen=True, slots=True)
class ExportSheet:
    title: str
    kind: Any
    columns: Sequence[Column]


def _of(heading: str, path: str) -> Column:
    """A value by its path; nothing where a step of the path is empty."""
    steps = [attrgetter(step) for step in path.split(".")]

    def value(record: Any) -> Any:
        for step in steps:
            if record is None:
                return None
            record = step(record)
        return record

    return Column(heading, value)


def _kg(heading: str, path: str) -> Column:
    grams = _of(heading, path).value
    return Column(heading, lambda record: None if grams(record) is None else grams(record) / 1000)


def _degrees(heading: str, path: str) -> Column:
    millionths = _of(heading, path).value
    return Column(heading, lambda record: None if millionths(record) is None else millionths(record) / 1_000_000)


def _sheet(title: str, kind: Any, *columns: Column) -> ExportSheet:
    return ExportSheet(title, kind, columns)


def _decided(decision: BatchDecision) -> str:
    return "cleared_by_rule" if decision.season_id is not None else str(decision.verdict)


_MADE = _of("Entered at", "created_at")
SHEETS: Final = (
    _sheet(
        "Growers", Grower, _of("Name", "name"), _of("Phone", "phone"), _of("Note", "note"),
        _of("Left on", "left_on"), _MADE,
    ),
    _sheet(
        "Consents", Consent, _of("Grower", "grower_id"), _of("To show", "what"), _of("Given on", "given_on"),
        _of("Withdrawn on", "withdrawn_on"), _of("Entered at", "recorded_at"),
    ),
    _sheet(
        "Plots", Plot, _of("Name", "name"), _of("Grower", "grower.name"), _of("Planting-area code", "area_code"),
        _of("Area (m²)", "area_m2"), _of("Commune code", "commune_code"), _degrees("Latitude", "latitude_e6"),
        _degrees("Longitude", "longitude_e6"), _of("Closed on", "closed_on"), _MADE,
    ),
    _sheet(
        "Products", Product, _of("Name", "name_vi"), _of("English name", "name_en"), _of("Chinese name", "name_zh"),
        _of("Variety", "variety"), _of("Pack", "pack"), _kg("Net weight (kg)", "net_weight_g"),
        _of("Shelf life (days)", "shelf_life_days"), _of("How to keep it", "keeping"), _of("GTIN", "gtin"),
        _of("Photo", "photo.public_id"), _MADE,
    ),
    _sheet(
        "Trademarks", Trademark, _of("Name", "name"), _of("Kind", "kind"), _of("Owner", "owner"),
        _of("Application number", "application_number"), _of("Filed on", "filed_on"),
        _of("Certificate number", "certificate_number"), _of("Right given by", "right_giver"),
        _of("Number of the right", "right_number"), _of("Right from", "right_from"), _of("Right to", "right_to"),
        _of("Picture", "image.public_id"), _MADE,
    ),
    _sheet(
        "Steps of trademarks", TrademarkEvent, _of("Trademark", "trademark_id"), _of("State", "state"),
        _of("Day", "on_day"), _of("Document", "document"),
    ),
    _sheet(
        "Certificates", Certificate, _of("Number", "number"), _of("Scheme", "scheme"), _of("Body", "body"),
        _of("Issued on", "issued_on"), _of("Expires on", "expires_on"), _of("Stars", "stars"), _MADE,
    ),
    _sheet(
        "Scope lines", ScopeLine, _of("Certificate", "certificate.number"), _of("Product", "product.name_vi"),
        _of("Plot", "plot.name"), _of("Grower", "grower.name"), _of("Area (m²)", "area_m2"),
        _kg("Expected a year (kg)", "expected_g_a_year"),
    ),
    _sheet(
        "Certificate decisions", CertificateDecision, _of("Certificate", "certificate_id"), _of("Decision", "verdict"),
        _of("Reason", "reason"), _of("Reaches from", "reaches_from"), _of("At", "at"),
    ),
    _sheet(
        "Batches", Batch, _of("Batch", "code"), _of("Product", "product.name_vi"), _of("Packed on", "packed_on"),
        _of("Packs", "packs"), _kg("Received (kg)", "received_g"), _kg("Lost in sorting (kg)", "loss_g"),
        _of("Trademark", "trademark.name"), _of("Note", "note"), _of("Handed in at", "submitted_at"), _MADE,
    ),
    _sheet(
        "Intake lines", IntakeLine, _of("Batch", "batch.code"), _of("Plot", "plot.name"), _of("Grower", "grower.name"),
        _of("Harvest day", "harvested_on"), _kg("Weight (kg)", "weight_g"),
        _of("Certificate", "scope_line.certificate.number"),
    ),
    _sheet("Corrections", BatchCorrection, _of("Batch", "batch_id"), _of("Text", "text"), _of("At", "at")),
    _sheet(
        "Batch decisions", BatchDecision, _of("Batch", "batch.code"), Column("Decision", _decided),
        _of("Reason", "reason"), _of("Advice", "advice"), _of("Deciding office", "office"), _of("At", "at"),
    ),
    _sheet(
        "Seasons", Season, _of("Product", "product.name_vi"), _of("From", "from_on"), _of("To", "to_on"),
        _kg("Limit (kg)", "limit_g"), _of("Note", "note"), _of("Ended at", "ended_at"),
    ),
    _sheet(
        "Runs of stamps", Run, _of("Run", "label"), _of("Count", "count"), _of("Product", "product.name_vi"),
        _of("GTIN", "gtin"), _MADE, _of("Released at", "released_at"),
    ),
    _sheet(
        "Stamps by state", StampRange, _of("Run", "run.label"), _of("First", "first"), _of("Last", "last"),
        _of("State", "state"), _of("Batch", "batch.code"), _of("Reason", "reason"), _of("Since", "since_at"),
    ),
    _sheet(
        "Printed sheets", Printing, _of("Run", "run.label"), _of("First", "first"), _of("Last", "last"),
        _of("Paper", "stock"), _of("Face", "face"), _of("Sample", "sample"), _MADE,
    ),
    _sheet(
        "Buyers", Buyer, _of("Name", "name"), _of("Phone", "phone"), _of("Place", "place"),
        _of("Shown to consumers", "public"), _MADE,
    ),
    _sheet(
        "Delivery slips", Dispatch, _of("Slip", "number"), _of("Day", "on_day"), _of("Buyer", "buyer.name"),
        _of("Place", "place"), _of("Note", "note"), _of("Void because", "voided_reason"), _MADE,
    ),
    _sheet(
        "Goods on slips", DispatchLine, _of("Slip", "dispatch_id"), _of("Batch", "batch.code"),
        _kg("Weight (kg)", "weight_g"), _of("Packs", "packs"), _of("Run", "run.label"), _of("First", "first"),
        _of("Last", "last"),
    ),
    _sheet(
        "Files", Upload, _of("File", "public_id"), _of("Name", "name"), _of("Kind", "media_type"),
        _of("Bytes", "size_bytes"), _of("SHA-256", "sha256"), _MADE,
    ),
)  # fmt: skip

REFERENCES: Final[dict[tuple[str, str], tuple[Any, str]]] = {
    ("Consents", "Grower"): (Grower, "name"),
    ("Steps of trademarks", "Trademark"): (Trademark, "name"),
    ("Certificate decisions", "Certificate"): (Certificate, "number"),
    ("Corrections", "Batch"): (Batch, "code"),
    ("Goods on slips", "Slip"): (Dispatch, "number"),
}
"""Columns that hold a bare key: shown as the name of what they point to."""
