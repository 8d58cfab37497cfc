"""What people are to be told: shown on home pages, and mailed where there is an address."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Named


class Notice(Named, Base):
    """For one person, one cooperative's people, or everybody of one office."""

    __tablename__ = "notice"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN person_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN cooperative_id IS NULL THEN 0 ELSE 1 END) "
            "+ (CASE WHEN office IS NULL THEN 0 ELSE 1 END) = 1",
            name="is_for_one",
        ),
    )

    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    office: Mapped[str | None] = mapped_column(String(10))
    message: Mapped[str]
    """An English msgid with %(name)s places, put into the reader's language when shown."""
    figures: Mapped[str]
    """What goes into the places (JSON text)."""
    url: Mapped[str | None]
    """The page to go to, as a path."""
    done_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
