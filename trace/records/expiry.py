"""What has been warned of before a paper ends, so that nobody is told the same thing twice."""

from datetime import date, datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import OPAQUE_LENGTH, Base, Owned


class ExpiryWarning(Owned, Base):
    __tablename__ = "expiry_warning"
    __table_args__ = (UniqueConstraint("subject", "what", "ends_on", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(OPAQUE_LENGTH))
    what: Mapped[str] = mapped_column(String(24))
    """Which of its days: a mark has its term, its right and its answer."""
    ends_on: Mapped[date]
    step: Mapped[int]
    """So many days before; -1 for once after."""
    told_at: Mapped[datetime]
