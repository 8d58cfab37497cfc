"""The sheets of a cooperative's whole data: which record, which columns, under which heading (an English msgid)."""

from typing import Any, Final

from ..records import (
    Batch,
    BatchCorrection,
    BatchDecision,
    Buyer,
    Certificate,
    CertificateDecision,
    Complaint,
    Consent,
    Dispatch,
    DispatchLine,
    Grower,
    IntakeLine,
    Plot,
    Product,
    SampleTest,
    ScopeLine,
    Season,
    Trademark,
    TrademarkEvent,
    Upload,
)
from .export_columns import MADE, Column, degrees, kg, of, sheet
from .export_farm import FARM_SHEETS
from .export_stamps import STAMP_SHEETS


def _decided(decision: BatchDecision) -> str:
    return "cleared_by_rule" if decision.season_id is not None else str(decision.verdict)


SHEETS: Final = (
    sheet(
        "Growers", Grower, of("Name", "name"), of("Phone", "phone"), of("Note", "note"),
        of("Left on", "left_on"), MADE,
    ),
    sheet(
        "Consents", Consent, of("Grower", "grower_id"), of("To show", "what"), of("Given on", "given_on"),
        of("Withdrawn on", "withdrawn_on"), of("Entered at", "recorded_at"),
    ),
    sheet(
        "Plots", Plot, of("Name", "name"), of("Grower", "grower.name"), of("Planting-area code", "area_code"),
        of("Area (m²)", "area_m2"), of("Commune code", "commune_code"), degrees("Latitude", "latitude_e6"),
        degrees("Longitude", "longitude_e6"), of("Closed on", "closed_on"), MADE,
    ),
    sheet(
        "Products", Product, of("Name", "name_vi"), of("English name", "name_en"), of("Chinese name", "name_zh"),
        of("Variety", "variety"), of("Pack", "pack"), kg("Net weight (kg)", "net_weight_g"),
        of("Shelf life (days)", "shelf_life_days"), of("How to keep it", "keeping"), of("GTIN", "gtin"),
        of("Photo", "photo.public_id"), MADE,
    ),
    sheet(
        "Trademarks", Trademark, of("Name", "name"), of("Kind", "kind"), of("Owner", "owner"),
        of("Application number", "application_number"), of("Filed on", "filed_on"),
        of("Certificate number", "certificate_number"), of("Right given by", "right_giver"),
        of("Number of the right", "right_number"), of("Right from", "right_from"), of("Right to", "right_to"),
        of("Picture", "image.public_id"), MADE,
    ),
    sheet(
        "Steps of trademarks", TrademarkEvent, of("Trademark", "trademark_id"), of("State", "state"),
        of("Day", "on_day"), of("Document", "document"),
    ),
    sheet(
        "Certificates", Certificate, of("Number", "number"), of("Scheme", "scheme"), of("Body", "body"),
        of("Issued on", "issued_on"), of("Expires on", "expires_on"), of("Stars", "stars"), MADE,
    ),
    sheet(
        "Scope lines", ScopeLine, of("Certificate", "certificate.number"), of("Product", "product.name_vi"),
        of("Plot", "plot.name"), of("Grower", "grower.name"), of("Area (m²)", "area_m2"),
        kg("Expected a year (kg)", "expected_g_a_year"),
    ),
    sheet(
        "Certificate decisions", CertificateDecision, of("Certificate", "certificate_id"), of("Decision", "verdict"),
        of("Reason", "reason"), of("Reaches from", "reaches_from"), of("At", "at"),
    ),
    sheet(
        "Batches", Batch, of("Batch", "code"), of("Product", "product.name_vi"), of("Packed on", "packed_on"),
        of("Packs", "packs"), kg("Received (kg)", "received_g"), kg("Lost in sorting (kg)", "loss_g"),
        of("Trademark", "trademark.name"), of("Note", "note"), of("Handed in at", "submitted_at"), MADE,
    ),
    sheet(
        "Intake lines", IntakeLine, of("Batch", "batch.code"), of("Plot", "plot.name"), of("Grower", "grower.name"),
        of("Harvest day", "harvested_on"), kg("Weight (kg)", "weight_g"),
        of("Certificate", "scope_line.certificate.number"),
    ),
    sheet("Corrections", BatchCorrection, of("Batch", "batch_id"), of("Text", "text"), of("At", "at")),
    sheet(
        "Batch decisions", BatchDecision, of("Batch", "batch.code"), Column("Decision", _decided),
        of("Reason", "reason"), of("Advice", "advice"), of("Deciding office", "office"), of("At", "at"),
    ),
    sheet(
        "Seasons", Season, of("Product", "product.name_vi"), of("From", "from_on"), of("To", "to_on"),
        kg("Limit (kg)", "limit_g"), of("Note", "note"), of("Ended at", "ended_at"),
    ),
    *FARM_SHEETS,
    *STAMP_SHEETS,
    sheet(
        "Buyers", Buyer, of("Name", "name"), of("Phone", "phone"), of("Place", "place"),
        of("Shown to consumers", "public"), MADE,
    ),
    sheet(
        "Delivery slips", Dispatch, of("Slip", "number"), of("Day", "on_day"), of("Buyer", "buyer.name"),
        of("Place", "place"), of("Note", "note"), of("Void because", "voided_reason"), MADE,
    ),
    sheet(
        "Goods on slips", DispatchLine, of("Slip", "dispatch_id"), of("Batch", "batch.code"),
        kg("Weight (kg)", "weight_g"), of("Packs", "packs"), of("Run", "run.label"), of("First", "first"),
        of("Last", "last"),
    ),
    sheet(
        "Files", Upload, of("File", "public_id"), of("Name", "name"), of("Kind", "media_type"),
        of("Bytes", "size_bytes"), of("SHA-256", "sha256"), MADE,
    ),
)  # fmt: skip

REFERENCES: Final[dict[tuple[str, str], tuple[Any, str]]] = {
    ("Consents", "Grower"): (Grower, "name"),
    ("Steps of trademarks", "Trademark"): (Trademark, "name"),
    ("Certificate decisions", "Certificate"): (Certificate, "number"),
    ("Corrections", "Batch"): (Batch, "code"),
    ("Goods on slips", "Slip"): (Dispatch, "number"),
    ("Laboratory results", "Report"): (SampleTest, "report_number"),
    ("Answers to complaints", "Reference"): (Complaint, "reference"),
}
"""Columns that hold a bare key: shown as the name of what they point to."""
