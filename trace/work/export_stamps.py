"""The sheets about stamps: runs and their ranges, what was printed, ordered, handed over and activated."""

from typing import Final

from ..records import Activation, HandOver, Printing, Run, StampOrder, StampRange
from .export_columns import MADE, ExportSheet, kg, of, sheet

STAMP_SHEETS: Final[tuple[ExportSheet, ...]] = (
    sheet(
        "Runs of stamps", Run, of("Run", "label"), of("Count", "count"), of("Product", "product.name_vi"),
        of("GTIN", "gtin"), MADE, of("Released at", "released_at"),
    ),
    sheet(
        "Stamps by state", StampRange, of("Run", "run.label"), of("First", "first"), of("Last", "last"),
        of("State", "state"), of("Batch", "batch.code"), of("Household", "hand_over.grower.name"),
        of("Reason", "reason"), of("Since", "since_at"), of("Activated on", "active_at"),
    ),
    sheet(
        "Printed sheets", Printing, of("Run", "run.label"), of("First", "first"), of("Last", "last"),
        of("Paper", "stock"), of("Face", "face"), of("Sample", "sample"), MADE,
    ),
    sheet(
        "Orders of stamps", StampOrder, of("Run", "run.label"), of("Product", "product.name_vi"), of("Count", "count"),
        of("Note", "note"), of("Decision", "decision.verdict"), of("Approved", "decision.count"),
        of("Reason", "decision.reason"), MADE,
    ),
    sheet(
        "Hand-overs of stamps", HandOver, of("Run", "run.label"), of("First", "first"), of("Last", "last"),
        of("Count", "count"), of("Household", "grower.name"), kg("Weight expected (kg)", "expected_g"),
        of("Day", "handed_on"), of("Came back", "returned"), of("Note", "note"), MADE,
    ),
    sheet(
        "Activations", Activation, of("Run", "run.label"), of("First", "first"), of("Last", "last"),
        of("Count", "count"), of("Batch", "batch.code"), of("Undone", "undone_at"), MADE,
    ),
)  # fmt: skip
