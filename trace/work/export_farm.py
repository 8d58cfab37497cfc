"""The sheets about the farm's own records: diary, laboratory reports, internal audits; and what was complained of."""

from typing import Any, Final

from ..records import (
    Complaint,
    ComplaintAnswer,
    DiaryEntry,
    InternalAudit,
    InternalFinding,
    SampleResult,
    SampleTest,
)
from ..standards.amounts import show_amount
from .export_columns import MADE, Column, ExportSheet, of, sheet


def _plots(entry: DiaryEntry) -> str:
    return "; ".join(plot.name for plot in entry.plots)


def _quantity(entry: DiaryEntry) -> str | None:
    """As it is written in the field, with its unit: the import reads it back."""
    return (
        None
        if entry.quantity_milli is None or entry.unit is None
        else show_amount(entry.quantity_milli, entry.unit, "vi")
    )


def _micro(heading: str, path: str) -> Column:
    millionths = of(heading, path).value
    return Column(heading, lambda record: None if millionths(record) is None else millionths(record) / 1_000_000)


def _in_place_of(entry: Any) -> str | None:
    return entry.corrects.on_day.strftime("%d/%m/%Y") if entry.corrects else None


FARM_SHEETS: Final[tuple[ExportSheet, ...]] = (
    sheet(
        "Diary", DiaryEntry, of("Day", "on_day"), of("What was done", "kind"), Column("Plots", _plots),
        of("Material", "material"), of("Active ingredient", "active"), of("Dose", "dose"), of("Purpose", "purpose"),
        of("Days before harvest", "phi_days"), of("Done by", "done_by"), of("Supplier", "supplier"),
        Column("Quantity", _quantity), of("Batch", "batch.code"), of("Note", "note"),
        Column("Corrects the line of", _in_place_of), of("Withdraws it", "withdraws"), of("Reason", "reason"), MADE,
    ),
    sheet(
        "Laboratory reports", SampleTest, of("Report", "report_number"), of("Laboratory", "laboratory"),
        of("Sample", "sample_code"), of("Batch", "batch.code"), of("Plot", "plot.name"),
        of("Product", "product.name_vi"), of("Sampled on", "sampled_on"), of("Reported on", "reported_on"),
        of("Good until", "valid_until"), of("File", "document.public_id"), of("Note", "note"),
        of("Void because", "voided_reason"), MADE,
    ),
    sheet(
        "Laboratory results", SampleResult, of("Report", "test_id"), of("Looked for", "analyte"),
        of("Method", "method"), _micro("Found", "found_micro"), _micro("Limit", "limit_micro"), of("Unit", "unit"),
    ),
    sheet(
        "Internal audits", InternalAudit, of("Day", "on_day"), of("Led by", "led_by"), of("Closed on", "closed_on"),
        of("Summary", "summary"), MADE,
    ),
    sheet(
        "Findings of internal audits", InternalFinding, of("Day", "audit.on_day"), of("Household", "grower.name"),
        of("Grade", "grade"), of("Point", "item"), of("Text", "text"), of("To be done", "action"),
        of("Due on", "due_on"), of("Closed on", "closed_on"), of("What was done", "done"), MADE,
    ),
    sheet(
        "Complaints", Complaint, of("Reference", "reference"), of("Source", "source"), of("About", "about"),
        of("Received on", "received_on"),
        of("Answer by", "due_on"), of("Batch", "batch.code"), of("Text", "words"), of("From", "complainant"), MADE,
    ),
    sheet(
        "Answers to complaints", ComplaintAnswer, of("Reference", "complaint_id"), of("Text", "words"),
        of("Final", "final"), of("At", "at"),
    ),
)  # fmt: skip
