"""Audits on site: planned, stamps scanned, points answered, findings with their corrections, and how it ended."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .batch import Batch
from .certificate import Certificate
from .checklist import Checklist
from .upload import Upload


class VisitResult(StrEnum):
    NOTHING = "nothing"
    """Looked at, nothing decided."""
    CERTIFIED = "certified"
    REFUSED = "refused"
    WARNED = "warned"
    SUSPENDED = "suspended"
    RECALLED = "recalled"
    LIFTED = "lifted"


class Visit(Named, Owned, Base):
    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint(f"result IS NULL OR {one_of('result', VisitResult)}", name="result_known"),
        CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name="closed_has_result"),
        CheckConstraint("sample_size BETWEEN 0 AND 10000", name="sample_plausible"),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    """Stands on the visit record: KT-2026-0001."""
    on_day: Mapped[date]
    purpose: Mapped[str]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    sample_size: Mapped[int]
    """So many stamps are to be scanned."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]
    result: Mapped[str | None] = mapped_column(String(12))
    result_note: Mapped[str | None]
    record_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    """The scan of the visit record with both signatures."""

    batch: Mapped[Batch | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    checklist: Mapped[Checklist] = relationship()
    record: Mapped[Upload | None] = relationship()
    answers: Mapped[list["VisitAnswer"]] = relationship(order_by="VisitAnswer.id")
    scans: Mapped[list["VisitScan"]] = relationship(order_by="VisitScan.id")
    findings: Mapped[list["Finding"]] = relationship(back_populates="visit", order_by="Finding.id")

    @property
    def answered(self) -> dict[str, "VisitAnswer"]:
        """The newest answer to each point."""
        return {answer.item: answer for answer in self.answers}


class PointAnswer(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NOT_APPLICABLE = "not_applicable"


class VisitAnswer(Owned, Base):
    __tablename__ = "visit_answer"
    __table_args__ = (CheckConstraint(one_of("answer", PointAnswer), name="answer_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    item: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(String(16))
    note: Mapped[str | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class VisitScan(Owned, Base):
    """A stamp scanned on site. `mark` is the phone's own: sent twice, it is kept once."""

    __tablename__ = "visit_scan"
    __table_args__ = (UniqueConstraint("visit_id", "mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    mark: Mapped[str] = mapped_column(String(32))
    text: Mapped[str]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(String(20))
    """What the stamp's page said then; "foreign" where it is active on another batch than the one audited."""
    repeated: Mapped[bool]
    scanned_at: Mapped[datetime]
    """By the phone's clock; `received_at` by ours."""
    received_at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class FindingGrade(StrEnum):
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class Finding(Named, Owned, Base):
    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint(one_of("grade", FindingGrade), name="grade_known"),
        CheckConstraint("length(text) > 0", name="has_text"),
        CheckConstraint("grade = 'observation' OR due_on IS NOT NULL", name="non_conformity_has_due_day"),
    )

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    grade: Mapped[str] = mapped_column(String(12))
    item: Mapped[str | None] = mapped_column(String(20))
    """The point of the checklist it belongs to."""
    text: Mapped[str]
    due_on: Mapped[date | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    visit: Mapped[Visit] = relationship(back_populates="findings")
    photo: Mapped[Upload | None] = relationship()
    steps: Mapped[list["FindingStep"]] = relationship(order_by="FindingStep.id")

    @property
    def state(self) -> str:
        return self.steps[-1].step if self.steps else "open"

    @property
    def closed(self) -> bool:
        return self.state == FindingMove.ACCEPTED


class FindingMove(StrEnum):
    CORRECTED = "corrected"
    """The cooperative says what it has done."""
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"


class FindingStep(Owned, Base):
    __tablename__ = "finding_step"
    __table_args__ = (
        CheckConstraint(one_of("step", FindingMove), name="step_known"),
        CheckConstraint("step = 'accepted' OR length(note) > 0", name="step_has_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    step: Mapped[str] = mapped_column(String(12))
    note: Mapped[str | None]
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
