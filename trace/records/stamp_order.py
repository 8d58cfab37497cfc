"""Orders of stamps, where the province approves them before they are made."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Decided, Named, Owned, one_of
from .batch import Batch
from .product import Product
from .stamp import Run


class OrderVerdict(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"


class StampOrder(Named, Owned, Base):
    """A run that is asked for: its stamps are `ordered` until somebody decides."""

    __tablename__ = "stamp_order"
    __table_args__ = (CheckConstraint("count >= 1 AND limit_count >= 0", name="counts_plausible"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    count: Mapped[int]
    limit_count: Mapped[int]
    """What the certificates allowed for the season when it was asked for, less what there was already."""
    note: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    run: Mapped[Run] = relationship()
    product: Mapped[Product] = relationship()
    batch: Mapped[Batch | None] = relationship()
    decision: Mapped["StampOrderDecision | None"] = relationship()


class StampOrderDecision(Decided, Owned, Base):
    __tablename__ = "stamp_order_decision"
    __table_args__ = (
        CheckConstraint(one_of("verdict", OrderVerdict), name="verdict_known"),
        CheckConstraint("(verdict = 'approved') = (count > 0)", name="approved_counts"),
        CheckConstraint("verdict != 'refused' OR length(reason) > 0", name="refused_has_reason"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("stamp_order.id"), unique=True)
    count: Mapped[int]
    """How many of them were approved."""
