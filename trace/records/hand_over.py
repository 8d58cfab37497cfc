"""Hand-overs (bàn giao tem): a range of a run given to a grower, with the weight expected, and what came back of it."""

import json
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned
from .farm import Grower
from .stamp import Run


class HandOver(Named, Owned, Base):
    __tablename__ = "hand_over"
    __table_args__ = (
        CheckConstraint("first >= 1 AND last >= first", name="in_order"),
        CheckConstraint("expected_g > 0", name="has_weight"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    count: Mapped[int]
    """Fewer than first to last where void ones lie between."""
    grower_id: Mapped[int] = mapped_column(ForeignKey("grower.id"), index=True)
    expected_g: Mapped[int]
    """How much the grower is expected to bring under these stamps."""
    handed_on: Mapped[date]
    note: Mapped[str | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    run: Mapped[Run] = relationship()
    grower: Mapped[Grower] = relationship()
    returns: Mapped[list["HandOverReturn"]] = relationship(order_by="HandOverReturn.id")

    @property
    def returned(self) -> int:
        return sum(row.count for row in self.returns)


class HandOverReturn(Owned, Base):
    """Stamps that a grower brought back, counted."""

    __tablename__ = "hand_over_return"
    __table_args__ = (CheckConstraint("count > 0", name="counts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    hand_over_id: Mapped[int] = mapped_column(ForeignKey("hand_over.id"), index=True)
    spans: Mapped[str]
    """[[first, last], …] as JSON text."""
    count: Mapped[int]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def parts(self) -> list[tuple[int, int]]:
        return [(first, last) for first, last in json.loads(self.spans)]
