"""A unit's entry in one year of the programme: what it asks for, how far it has come, its steps."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .certificate import Certificate
from .product import Trademark
from .programme import Campaign, ProgrammeUnit, SupportKind
from .stamp import Run


class EnrolmentState(StrEnum):
    RECEIVED = "received"
    CHECKED = "checked"
    APPROVED = "approved"
    REFUSED = "refused"
    UNDER_WAY = "under_way"
    ACCEPTED = "accepted"
    PAID = "paid"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Enrolment(Named, Base):
    __tablename__ = "enrolment"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("programme_unit.id"), index=True)
    plan: Mapped[str]
    received_on: Mapped[date]
    late_reason: Mapped[str | None]
    """Why an officer took it in after the closing day."""
    consultant: Mapped[str | None]
    contract_number: Mapped[str | None]
    contract_on: Mapped[date | None]
    closing_number: Mapped[str | None]
    closing_on: Mapped[date | None]
    """Number and day of the paper that closes the contract (thanh lý)."""
    taken_back_at: Mapped[datetime | None]
    """When the import that brought it was taken back: no list and no sum knows it any more."""

    campaign: Mapped[Campaign] = relationship()
    unit: Mapped[ProgrammeUnit] = relationship()
    asked: Mapped[list["EnrolmentKind"]] = relationship(order_by="EnrolmentKind.id")
    moves: Mapped[list["EnrolmentMove"]] = relationship(order_by="EnrolmentMove.id")
    steps: Mapped[list["EnrolmentStep"]] = relationship(order_by="EnrolmentStep.id")
    results: Mapped[list["EnrolmentResult"]] = relationship(order_by="EnrolmentResult.id")

    @property
    def state(self) -> EnrolmentState:
        return EnrolmentState(self.moves[-1].state)

    @property
    def open_steps(self) -> list["EnrolmentStep"]:
        return [step for step in self.steps if step.done_on is None]


_STANDING = text("dropped_at IS NULL")


class EnrolmentKind(Base):
    """One kind asked for. Campaign and unit stand here too, so that the database can refuse a second time."""

    __tablename__ = "enrolment_kind"
    __table_args__ = (
        CheckConstraint("expected_vnd >= 0", name="cost_counts"),
        UniqueConstraint("enrolment_id", "kind_id"),
        Index(
            "uq_enrolment_kind_once_a_year",
            "campaign_id",
            "unit_id",
            "kind_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("programme_unit.id"))
    kind_id: Mapped[int] = mapped_column(ForeignKey("support_kind.id"))
    expected_vnd: Mapped[int]
    dropped_at: Mapped[datetime | None]
    """Set when the enrolment is refused or withdrawn: the unit may then ask again."""

    kind: Mapped[SupportKind] = relationship()


class EnrolmentMove(Base):
    """From one state to the next. The state is the newest move's; no column repeats it."""

    __tablename__ = "enrolment_move"
    __table_args__ = (
        CheckConstraint(one_of("state", EnrolmentState), name="state_known"),
        CheckConstraint("state NOT IN ('refused', 'withdrawn') OR length(reason) > 0", name="end_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class EnrolmentStep(Named, Base):
    __tablename__ = "enrolment_step"

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("support_kind.id"))
    name: Mapped[str]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    note: Mapped[str | None]

    kind: Mapped[SupportKind] = relationship()


class EnrolmentResult(Base):
    """One thing that came of the support: a certificate, a trademark or a run of stamps."""

    __tablename__ = "enrolment_result"
    __table_args__ = (
        CheckConstraint(
            "CASE WHEN certificate_id IS NULL THEN 0 ELSE 1 END + CASE WHEN trademark_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN run_id IS NULL THEN 0 ELSE 1 END = 1",
            name="one_thing",
        ),
        UniqueConstraint("enrolment_id", "certificate_id"),
        UniqueConstraint("enrolment_id", "trademark_id"),
        UniqueConstraint("enrolment_id", "run_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind_id: Mapped[int] = mapped_column(ForeignKey("support_kind.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    trademark_id: Mapped[int | None] = mapped_column(ForeignKey("trademark.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    at: Mapped[datetime]

    kind: Mapped[SupportKind] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    trademark: Mapped[Trademark | None] = relationship()
    run: Mapped[Run | None] = relationship()
