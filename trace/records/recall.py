"""Recalls of several batches at once, or of a range of stamps, and drills: the same without effect, timed, kept for the
audit file."""

import json
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned
from .batch import Batch
from .stamp import Run


class Recall(Named, Base):
    """The verdicts themselves are decisions of the batches; this says what they were found by and how long it took."""

    __tablename__ = "recall"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="has_reason"),
        CheckConstraint("done_at >= begun_at", name="times_in_order"),
    )

    drill: Mapped[bool]
    reason: Mapped[str]
    advice: Mapped[str | None]
    """What consumers should do."""
    contact: Mapped[str | None]
    criteria: Mapped[str]
    """What the batches were found by, as JSON text."""
    begun_at: Mapped[datetime]
    """When the search for the batches was opened."""
    done_at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    batches: Mapped[list["RecallBatch"]] = relationship(order_by="RecallBatch.id")
    ranges: Mapped[list["RecallRange"]] = relationship(order_by="RecallRange.id", back_populates="recall")

    @property
    def took_s(self) -> int:
        return int((self.done_at - self.begun_at).total_seconds())


class RecallBatch(Base):
    """One batch of a recall, with what was known to be out when it was decided."""

    __tablename__ = "recall_batch"
    __table_args__ = (CheckConstraint("active_stamps >= 0 AND dispatched_g >= 0", name="counts_plausible"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), index=True)
    active_stamps: Mapped[int]
    dispatched_g: Mapped[int]
    buyers: Mapped[int]
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("batch_decision.id"))
    """None in a drill."""

    batch: Mapped[Batch] = relationship()


class RecallRange(Named, Owned, Base):
    """Stamps of a run that were recalled by their serials, whatever batch they are on."""

    __tablename__ = "recall_range"
    __table_args__ = (
        CheckConstraint("first >= 1 AND last >= first", name="in_order"),
        CheckConstraint("count > 0", name="counts"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_reason IS NULL)", name="lifted_with_reason"),
    )

    recall_id: Mapped[int] = mapped_column(ForeignKey("recall.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    spans: Mapped[str]
    """[[first, last], …] as JSON text: the parts that were turned, without void ones."""
    count: Mapped[int]
    """How many stamps that is."""
    lifted_at: Mapped[datetime | None]
    lifted_reason: Mapped[str | None]
    lifted_by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    recall: Mapped[Recall] = relationship(back_populates="ranges")
    run: Mapped[Run] = relationship()

    @property
    def parts(self) -> list[tuple[int, int]]:
        return [(first, last) for first, last in json.loads(self.spans)]

    @property
    def serials(self) -> str:
        return self.run.serial(self.first) + (f" – {self.last:07d}" if self.last > self.first else "")
