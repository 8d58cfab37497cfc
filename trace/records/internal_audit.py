"""The cooperative's own audit (đánh giá nội bộ): every household, the auditors' checklist, findings with due days."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .checklist import Checklist
from .farm import Grower


class InternalAnswer(StrEnum):
    GOOD = "good"
    BAD = "bad"
    NOT_APPLICABLE = "not_applicable"


class InternalAudit(Named, Owned, Base):
    """Begun, answered household by household, and closed once every household has been looked at."""

    __tablename__ = "internal_audit"
    __table_args__ = (
        CheckConstraint("length(led_by) > 0", name="has_leader"),
        CheckConstraint("closed_on IS NULL OR closed_on >= on_day", name="days_in_order"),
    )

    on_day: Mapped[date]
    led_by: Mapped[str]
    """Who is trained to look: it may be somebody without a sign-in."""
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    summary: Mapped[str | None]

    checklist: Mapped[Checklist] = relationship()
    growers: Mapped[list["InternalAuditGrower"]] = relationship(order_by="InternalAuditGrower.id")
    findings: Mapped[list["InternalFinding"]] = relationship(
        back_populates="audit", order_by="InternalFinding.due_on, InternalFinding.id"
    )

    @property
    def seen(self) -> dict[int, "InternalAuditGrower"]:
        """By grower id, the newest look at each household."""
        return {row.grower_id: row for row in self.growers}


class InternalAuditGrower(Owned, Base):
    """One household looked at; looked at again, a newer row stands beside the older one."""

    __tablename__ = "internal_audit_grower"

    id: Mapped[int] = mapped_column(primary_key=True)
    audit_id: Mapped[int] = mapped_column(ForeignKey("internal_audit.id"), index=True)
    grower_id: Mapped[int] = mapped_column(ForeignKey("grower.id"), index=True)
    seen_on: Mapped[date]
    answers: Mapped[str]
    """JSON: point of the checklist → good, bad, not_applicable."""
    note: Mapped[str | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    grower: Mapped[Grower] = relationship()


class InternalGrade(StrEnum):
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class InternalFinding(Named, Owned, Base):
    __tablename__ = "internal_finding"
    __table_args__ = (
        CheckConstraint(one_of("grade", InternalGrade), name="grade_known"),
        CheckConstraint("length(text) > 0", name="has_text"),
        CheckConstraint("(closed_on IS NULL) = (done IS NULL)", name="closed_says_how"),
    )

    audit_id: Mapped[int] = mapped_column(ForeignKey("internal_audit.id"), index=True)
    grower_id: Mapped[int | None] = mapped_column(ForeignKey("grower.id"))
    grade: Mapped[str] = mapped_column(String(12))
    item: Mapped[str | None] = mapped_column(String(20))
    text: Mapped[str]
    action: Mapped[str | None]
    """What is to be done."""
    due_on: Mapped[date]
    closed_on: Mapped[date | None]
    done: Mapped[str | None]
    """What was done."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    audit: Mapped[InternalAudit] = relationship(back_populates="findings")
    grower: Mapped[Grower | None] = relationship()
