"""Activations as they were done, each with what its stamps were before: so that it can be undone within the hour."""

import json
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned
from .batch import Batch
from .stamp import Run


class Activation(Named, Owned, Base):
    __tablename__ = "activation"
    __table_args__ = (
        CheckConstraint("count > 0", name="counts"),
        CheckConstraint("first >= 1 AND last >= first", name="in_order"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    count: Mapped[int]
    """Void ones between first and last were passed over."""
    before: Mapped[str]
    """The ranges as they were, as JSON text (`work.activating`)."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undone_at: Mapped[datetime | None]

    run: Mapped[Run] = relationship()
    batch: Mapped[Batch] = relationship()

    @property
    def spans(self) -> list[tuple[int, int]]:
        """What became active, neighbours joined."""
        joined: list[tuple[int, int]] = []
        for part in json.loads(self.before):
            first, last = part["first"], part["last"]
            if joined and joined[-1][1] + 1 == first:
                joined[-1] = (joined[-1][0], last)
            else:
                joined.append((first, last))
        return joined
