"""Sheets of labels that were not used up."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned
from .stamp import Printing


class PartSheet(Named, Owned, Base):
    """A sheet with free cells, as its margin names it: job and number. Offered until printed on or thrown away."""

    __tablename__ = "part_sheet"
    __table_args__ = (CheckConstraint("number >= 1", name="number_counts"),)

    printing_id: Mapped[int] = mapped_column(ForeignKey("printing.id"), index=True)
    number: Mapped[int]
    """Which sheet of its job, from 1."""
    stock: Mapped[str] = mapped_column(String(40))
    used: Mapped[str]
    """The cells that are gone, counted from 0 row by row (JSON list)."""
    ended_at: Mapped[datetime | None]

    printing: Mapped[Printing] = relationship()
