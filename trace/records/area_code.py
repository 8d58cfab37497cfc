"""The province's register of planting-area and packhouse codes, as the authority gave them out."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .cooperative import Cooperative


class Market(StrEnum):
    DOMESTIC = "domestic"
    CHINA = "china"
    OTHER = "other"


class AreaCode(Named, Base):
    """A code is given per crop and market, and can be revoked. Every cooperative's checks read it, so it is no
    cooperative's own record."""

    __tablename__ = "area_code"
    __table_args__ = (
        CheckConstraint(one_of("market", Market), name="market_known"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="days_in_order"),
        CheckConstraint("(revoked_on IS NULL) = (revoked_reason IS NULL)", name="revoking_has_reason"),
    )

    code: Mapped[str] = mapped_column(String(40))
    """As printed; `folded` is what is compared."""
    folded: Mapped[str] = mapped_column(String(40), index=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), index=True)
    crop: Mapped[str] = mapped_column(String(60))
    market: Mapped[str] = mapped_column(String(12))
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    holder: Mapped[Cooperative] = relationship()

    def holds_on(self, day: date) -> bool:
        if self.revoked_on is not None and day >= self.revoked_on:
            return False
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)
