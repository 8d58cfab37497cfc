"""Complaints (khiếu nại) about goods, as VietGAP asks a producer to keep: received, answered within set days."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .batch import Batch
from .dispatch import Dispatch
from .stamp import Run
from .upload import Upload


class ComplaintSource(StrEnum):
    PAGE = "page"
    CALL = "call"
    VISIT = "visit"
    LETTER = "letter"


class ComplaintAbout(StrEnum):
    SPOILED = "spoiled"
    WEIGHT = "weight"
    TASTE = "taste"
    FOREIGN = "foreign"
    """Something in it that does not belong there."""
    OTHER = "other"


class ComplaintState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


class Complaint(Named, Owned, Base):
    __tablename__ = "complaint"
    __table_args__ = (
        UniqueConstraint("cooperative_id", "reference"),
        CheckConstraint(one_of("source", ComplaintSource), name="source_known"),
        CheckConstraint(one_of("about", ComplaintAbout), name="about_known"),
        CheckConstraint("due_on >= received_on", name="days_in_order"),
        CheckConstraint("length(words) > 0", name="has_words"),
    )

    reference: Mapped[str] = mapped_column(String(20))
    """Counted through in a year, as a book's lines are: HCL-KN26-007."""
    source: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(10))
    copies_suspected: Mapped[bool] = mapped_column(default=False)
    """Somebody thinks that a stamp was copied: the offices are told at once."""
    words: Mapped[str]
    received_on: Mapped[date]
    due_on: Mapped[date]
    complainant: Mapped[str | None]
    """Name and how to reach them, only as far as they agreed."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    dispatch_id: Mapped[int | None] = mapped_column(ForeignKey("dispatch.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    batch: Mapped[Batch | None] = relationship()
    dispatch: Mapped[Dispatch | None] = relationship()
    run: Mapped[Run | None] = relationship()
    photo: Mapped[Upload | None] = relationship()
    answers: Mapped[list["ComplaintAnswer"]] = relationship(order_by="ComplaintAnswer.id")

    @property
    def state(self) -> ComplaintState:
        return ComplaintState.ANSWERED if any(row.final for row in self.answers) else ComplaintState.OPEN

    @property
    def serial(self) -> str | None:
        return self.run.serial(self.number) if self.run and self.number else None

    def overdue(self, today: date) -> bool:
        return self.state is ComplaintState.OPEN and today > self.due_on


class ComplaintAnswer(Owned, Base):
    """What the cooperative found and did. The final one is the answer to the complainant."""

    __tablename__ = "complaint_answer"
    __table_args__ = (CheckConstraint("length(words) > 0", name="has_words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    words: Mapped[str]
    final: Mapped[bool]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
