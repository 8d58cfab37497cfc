"""Cases of stamps that seem to be copied, and what staff found out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .batch import Batch
from .stamp import Run


class CaseState(StrEnum):
    OPEN = "open"
    LOOKING = "looking"
    COPIED = "copied"
    CLEARED = "cleared"


class CopyCase(Named, Owned, Base):
    """A stamp that seems to be on several packages. Opened by the count, closed by a person's word."""

    __tablename__ = "copy_case"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        CheckConstraint("points_milli >= 0", name="points_plausible"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    points_milli: Mapped[int]
    """The score when it was opened, in thousandths (see `work.clones`)."""
    visitor_days: Mapped[int]
    reasons: Mapped[str]
    """Points by signal, as JSON text."""

    run: Mapped[Run] = relationship()
    batch: Mapped[Batch | None] = relationship()
    steps: Mapped[list["CopyCaseStep"]] = relationship(order_by="CopyCaseStep.id")

    @property
    def serial(self) -> str:
        return self.run.serial(self.number)

    @property
    def state(self) -> CaseState:
        return CaseState(self.steps[-1].state) if self.steps else CaseState.OPEN


class CopyCaseStep(Base):
    """What staff found: being looked into, copied indeed, or no copy after all."""

    __tablename__ = "copy_case_step"
    __table_args__ = (
        CheckConstraint(one_of("state", CaseState), name="state_known"),
        CheckConstraint("state = 'looking' OR length(note) > 0", name="verdict_has_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("copy_case.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    note: Mapped[str | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
