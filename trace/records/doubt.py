"""Doubts about a stamp, told by anybody who holds it: no sign-in, and nothing about the person unless they want."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .batch import Batch
from .cooperative import Cooperative
from .stamp import Run
from .upload import Upload


class DoubtKind(StrEnum):
    SERIAL = "serial"
    """The printed number is another one than the page's."""
    TWICE = "twice"
    """Two packages with one serial."""
    TORN = "torn"
    """Torn, or stuck on a second time."""
    GOODS = "goods"
    """On goods that the page does not describe."""
    UNKNOWN = "unknown"
    """The page says that the code does not exist."""
    OTHER = "other"


class DoubtState(StrEnum):
    RECEIVED = "received"
    LOOKING = "looking"
    ANSWERED = "answered"


class Doubt(Named, Base):
    """Its public id is the reference number; whoever knows it may see how it goes, and nothing of what was told."""

    __tablename__ = "doubt"
    __table_args__ = (
        CheckConstraint(one_of("kind", DoubtKind), name="kind_known"),
        CheckConstraint("(run_id IS NULL) = (number IS NULL)", name="stamp_whole"),
    )

    kind: Mapped[str] = mapped_column(String(10))
    words: Mapped[str | None]
    seller: Mapped[str | None]
    province: Mapped[str | None] = mapped_column(String(2))
    code: Mapped[str | None] = mapped_column(String(40))
    """As typed, where it is none of ours."""
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"), index=True)
    number: Mapped[int | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    """Of the stamp; the cooperative does not read doubts, for one may be about itself."""
    contact: Mapped[str | None]
    """Given for an answer, with consent; deleted some time after the answer."""
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    nonce: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    """Of the page's token, so that one page sends one doubt."""

    run: Mapped[Run | None] = relationship()
    batch: Mapped[Batch | None] = relationship()
    cooperative: Mapped[Cooperative | None] = relationship()
    photo: Mapped[Upload | None] = relationship()
    steps: Mapped[list["DoubtStep"]] = relationship(order_by="DoubtStep.id")

    @property
    def state(self) -> DoubtState:
        return DoubtState(self.steps[-1].state) if self.steps else DoubtState.RECEIVED

    @property
    def serial(self) -> str | None:
        return self.run.serial(self.number) if self.run and self.number else None


class DoubtStep(Base):
    """What staff did about a doubt. The answer is for the reporter's page, the note for staff alone."""

    __tablename__ = "doubt_step"
    __table_args__ = (
        CheckConstraint(one_of("state", DoubtState), name="state_known"),
        CheckConstraint("state != 'answered' OR length(answer) > 0", name="answered_in_words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    doubt_id: Mapped[int] = mapped_column(ForeignKey("doubt.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str | None]
    note: Mapped[str | None]
    office: Mapped[str | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
