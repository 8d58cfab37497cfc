"""What proves the work of an enrolment: documents, and the scores of an audit of tools (5S) with their photos."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .upload import Upload


class EnrolmentDocument(Named, Base):
    __tablename__ = "enrolment_document"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_name"),)

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    name: Mapped[str]
    """What it is: the form with its signature, the consultant's report."""
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))

    upload: Mapped[Upload] = relationship()


class ScorePhase(StrEnum):
    BEFORE = "before"
    AFTER = "after"


class EnrolmentScore(Named, Base):
    """One criterion of one audit. A second score of the same phase is a correction: the newest counts."""

    __tablename__ = "enrolment_score"
    __table_args__ = (
        CheckConstraint(one_of("phase", ScorePhase), name="phase_known"),
        CheckConstraint("points BETWEEN 0 AND 100", name="points_within"),
        CheckConstraint("length(criterion) > 0", name="has_criterion"),
    )

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    phase: Mapped[str] = mapped_column(String(6))
    criterion: Mapped[str]
    points: Mapped[int]
    on_day: Mapped[date]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    photo: Mapped[Upload | None] = relationship()
