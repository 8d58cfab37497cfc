"""Goods that left: buyers kept once, and dispatches."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .area_code import Market
from .base import Base, Named, Owned, one_of
from .batch import Batch
from .stamp import Run


class Buyer(Named, Owned, Base):
    __tablename__ = "buyer"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_name"),)

    name: Mapped[str]
    folded: Mapped[str]
    phone: Mapped[str | None] = mapped_column(String(16))
    place: Mapped[str | None]
    public: Mapped[bool] = mapped_column(default=False)
    """The cooperative has said that this buyer's name may stand on consumer pages."""
    taken_back_at: Mapped[datetime | None]


class Dispatch(Named, Owned, Base):
    __tablename__ = "dispatch"
    __table_args__ = (CheckConstraint(one_of("market", Market), name="market_known"),)

    number: Mapped[str] = mapped_column(String(24))
    on_day: Mapped[date]
    buyer_id: Mapped[int] = mapped_column(ForeignKey("buyer.id"))
    place: Mapped[str | None]
    market: Mapped[str] = mapped_column(String(12), default=Market.DOMESTIC, server_default=Market.DOMESTIC)
    note: Mapped[str | None]
    voided_reason: Mapped[str | None]

    buyer: Mapped[Buyer] = relationship()
    lines: Mapped[list["DispatchLine"]] = relationship(order_by="DispatchLine.id")

    @property
    def weight_g(self) -> int:
        return sum(line.weight_g for line in self.lines)


class DispatchLine(Owned, Base):
    __tablename__ = "dispatch_line"
    __table_args__ = (
        CheckConstraint("weight_g > 0", name="has_weight"),
        CheckConstraint("(first IS NULL) = (run_id IS NULL) AND (last IS NULL) = (run_id IS NULL)", name="range_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dispatch_id: Mapped[int] = mapped_column(ForeignKey("dispatch.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    weight_g: Mapped[int]
    packs: Mapped[int | None]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    first: Mapped[int | None]
    last: Mapped[int | None]

    batch: Mapped[Batch] = relationship()
    run: Mapped[Run | None] = relationship()
