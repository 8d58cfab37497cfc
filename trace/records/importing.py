"""Tables brought from elsewhere: what was sent, how its columns were matched, and what was made of each row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import OPAQUE_LENGTH, Base, Named


class Import(Named, Base):
    """One sheet, kept on the server until it is written or thrown away, so that one may leave and come back."""

    __tablename__ = "import_sheet"
    __table_args__ = (
        CheckConstraint("length(kind) > 0", name="has_kind"),
        CheckConstraint("taken_back_at IS NULL OR written_at IS NOT NULL", name="written_before_taken_back"),
        CheckConstraint("dropped_at IS NULL OR written_at IS NULL", name="written_or_dropped"),
    )

    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    """None for what an office brings for the whole province."""
    kind: Mapped[str] = mapped_column(String(24))
    target: Mapped[str | None] = mapped_column(String(OPAQUE_LENGTH))
    """The public id of the record that the rows go under, such as a certificate."""
    name: Mapped[str]
    """The file's name; empty for what was pasted."""
    sheets: Mapped[str] = mapped_column(deferred=True)
    """Every sheet as JSON: [{"name", "rows": [[text, …], …]}, …]; cells are text as Vietnam writes it."""
    sheet: Mapped[int] = mapped_column(default=0)
    matched: Mapped[str | None]
    """JSON: column of the sheet → field; None until somebody has looked at what was guessed."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]

    rows: Mapped[list["ImportRow"]] = relationship(order_by="ImportRow.id")


class ImportRow(Base):
    """What one row became."""

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_sheet.id"), index=True)
    number: Mapped[int]
    """The row as a spreadsheet counts it."""
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(OPAQUE_LENGTH))
