"""Printers, and how each tray errs."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Named, Owned


class Printer(Named, Owned, Base):
    """A tray of a printer with its correction: x' = dx + scale_x · x from the page's top left corner."""

    __tablename__ = "printer"
    __table_args__ = (CheckConstraint("page IN ('A4', 'A5')", name="page_known"),)

    name: Mapped[str] = mapped_column(String(60))
    tray: Mapped[str] = mapped_column(String(40))
    page: Mapped[str] = mapped_column(String(2))
    dx_um: Mapped[int] = mapped_column(default=0)
    dy_um: Mapped[int] = mapped_column(default=0)
    scale_x_ppm: Mapped[int] = mapped_column(default=1_000_000)
    scale_y_ppm: Mapped[int] = mapped_column(default=1_000_000)
    measured_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    """When somebody found the marks of a corrected page in their places."""
    ended_at: Mapped[datetime | None]
