"""What an enrolment cost, what of it was accepted, and what the programme paid. Amounts are whole đồng."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .enrolment import Enrolment
from .programme import SupportKind
from .upload import Upload


class SupportCost(Named, Base):
    """One invoice. An invoice counts once in the whole programme: by its number and seller."""

    __tablename__ = "support_cost"
    __table_args__ = (
        UniqueConstraint("invoice_folded", "seller_folded"),
        CheckConstraint("amount_vnd > 0", name="amount_counts"),
        CheckConstraint("accepted_vnd IS NULL OR accepted_vnd BETWEEN 0 AND amount_vnd", name="accepted_within"),
        CheckConstraint(
            "accepted_vnd IS NULL OR accepted_vnd = amount_vnd OR length(reason) > 0", name="less_has_reason"
        ),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("support_kind.id"))
    invoice_number: Mapped[str]
    invoice_folded: Mapped[str]
    """By which it is known again; of a cost that was taken back no number is, so that it may be entered anew."""
    invoice_on: Mapped[date]
    seller: Mapped[str]
    seller_folded: Mapped[str]
    amount_vnd: Mapped[int]
    accepted_vnd: Mapped[int | None]
    """None until an officer has looked; 0 where nothing was accepted."""
    reason: Mapped[str | None]
    """Why less than the invoice was accepted."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    enrolment: Mapped[Enrolment] = relationship()
    kind: Mapped[SupportKind] = relationship()
    file: Mapped[Upload | None] = relationship()


class PaymentKind(StrEnum):
    ADVANCE = "advance"
    PAYMENT = "payment"
    RETURNED = "returned"
    """Money that came back, as after a withdrawal."""


class SupportPayment(Named, Base):
    __tablename__ = "support_payment"
    __table_args__ = (
        CheckConstraint(one_of("what", PaymentKind), name="what_known"),
        CheckConstraint("amount_vnd > 0", name="amount_counts"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("support_kind.id"))
    what: Mapped[str] = mapped_column(String(10))
    amount_vnd: Mapped[int]
    on_day: Mapped[date]
    cap_vnd: Mapped[int | None]
    """The cap that held when it was paid: with this payment the unit may not be above it, says the database."""
    cap_per: Mapped[str | None] = mapped_column(String(10))
    """What that cap is counted over, as in the terms of the programme."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    enrolment: Mapped[Enrolment] = relationship()
    kind: Mapped[SupportKind] = relationship()

    @property
    def counted_vnd(self) -> int:
        """What it adds to the money paid; less than nothing for money that came back."""
        return -self.amount_vnd if self.what == PaymentKind.RETURNED else self.amount_vnd
