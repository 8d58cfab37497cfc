"""The province's programme (Dự án): its years, what it supports, whom it wrote to and whom it advised."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, one_of
from .cooperative import CooperativeKind
from .upload import Upload


class Campaign(Named, Base):
    """One year of the programme: how many units are wanted, what money there is, when one may enrol."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("year"),
        CheckConstraint("target_units >= 0", name="target_counts"),
        CheckConstraint("budget_vnd >= 0", name="budget_counts"),
        CheckConstraint("closes_on >= opens_on", name="days_in_order"),
    )

    year: Mapped[int]
    target_units: Mapped[int]
    budget_vnd: Mapped[int]
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    """The last day on which a unit may enrol by itself."""

    letters: Mapped[list["CampaignLetter"]] = relationship(
        back_populates="campaign", order_by="CampaignLetter.on_day, CampaignLetter.id"
    )


class LetterKind(StrEnum):
    LETTER = "letter"
    REMINDER = "reminder"
    ANSWER = "answer"


class CampaignLetter(Named, Base):
    """One paper to or from one authority: a district of before 1 July 2025, a commune of today, or a department."""

    __tablename__ = "campaign_letter"
    __table_args__ = (
        CheckConstraint(one_of("kind", LetterKind), name="kind_known"),
        CheckConstraint("length(authority) > 0", name="has_authority"),
    )

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    authority: Mapped[str]
    """Its name, as written on the paper."""
    authority_code: Mapped[str | None] = mapped_column(String(5))
    """Three digits of a district, five of a commune; none for a department."""
    on_day: Mapped[date]
    number: Mapped[str | None]
    note: Mapped[str | None]

    campaign: Mapped[Campaign] = relationship(back_populates="letters")


class ProgrammeReport(Named, Base):
    """A yearly report as it was signed: its number, its day and the scan, whose hash stands in the history."""

    __tablename__ = "programme_report"
    __table_args__ = (CheckConstraint("length(number) > 0", name="has_number"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    number: Mapped[str]
    on_day: Mapped[date]
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))

    upload: Mapped[Upload] = relationship()


class ProgrammeUnit(Named, Base):
    """An enterprise, cooperative or household group that the programme deals with, registered here or not yet."""

    __tablename__ = "programme_unit"
    __table_args__ = (
        CheckConstraint(one_of("kind", CooperativeKind), name="kind_known"),
        CheckConstraint("length(name) > 0", name="has_name"),
        UniqueConstraint("registered_id"),
        UniqueConstraint("tax_code"),
    )

    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    folded: Mapped[str]
    tax_code: Mapped[str | None] = mapped_column(String(14))
    address: Mapped[str]
    """As it stood when the unit was first entered: reports by district count it there."""
    commune_code: Mapped[str | None] = mapped_column(String(5))
    former_district_code: Mapped[str | None] = mapped_column(String(3))
    contact_name: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(String(16))
    registered_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"))
    taken_back_at: Mapped[datetime | None]
    """When the import that brought it was taken back, and nothing else had named it."""


class Advice(Named, Base):
    """Advised (tư vấn, hướng dẫn), which costs nothing and promises nothing."""

    __tablename__ = "advice"
    __table_args__ = (CheckConstraint("length(subject) > 0", name="has_subject"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("programme_unit.id"), index=True)
    on_day: Mapped[date]
    subject: Mapped[str]
    given_by: Mapped[str]
    taken_back_at: Mapped[datetime | None]
    """When the import that brought it was taken back: it counts no more."""

    unit: Mapped[ProgrammeUnit] = relationship()


class SupportKind(Named, Base):
    """What may be asked for: data, since a year may bring another kind."""

    __tablename__ = "support_kind"
    __table_args__ = (UniqueConstraint("key"), CheckConstraint("length(name) > 0", name="has_name"))

    key: Mapped[str] = mapped_column(String(30))
    name: Mapped[str]
    templates: Mapped[list["StepTemplate"]] = relationship(order_by="StepTemplate.version")


class StepTemplate(Named, Base):
    """The steps of a kind. A change is a new version: enrolments keep the steps they began with."""

    __tablename__ = "step_template"
    __table_args__ = (UniqueConstraint("kind_id", "version"), CheckConstraint("version > 0", name="version_counts"))

    kind_id: Mapped[int] = mapped_column(ForeignKey("support_kind.id"), index=True)
    version: Mapped[int]
    steps: Mapped[str]
    """JSON: names in order."""
