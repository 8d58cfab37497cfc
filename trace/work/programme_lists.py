"""What officers look over in the programme: its years in figures, enrolments, units, advice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    Advice,
    Campaign,
    Cooperative,
    Enrolment,
    EnrolmentKind,
    EnrolmentMove,
    EnrolmentState,
    ProgrammeUnit,
    SupportKind,
)
from .stafflists import Page, page_of, searched
from .support import paid_in

STANDING_ADVICE = Advice.taken_back_at.is_(None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One kind of support in a year; withdrawn and refused enrolments do not count."""

    kind: SupportKind
    units: int
    expected_vnd: int


@dataclass(frozen=True, slots=True)
class YearFigures:
    campaign: Campaign
    enrolled_units: int
    advised_units: int
    paid_vnd: int
    asked: list[Asked]


def campaigns(session: Session) -> Sequence[Campaign]:
    return session.scalars(select(Campaign).order_by(Campaign.year.desc())).all()


def open_campaign_on(session: Session, day: date) -> Campaign | None:
    """The year in which a unit may enrol by itself on a day."""
    query = select(Campaign).where(Campaign.opens_on <= day, Campaign.closes_on >= day)
    return session.scalars(query.order_by(Campaign.year.desc()).limit(1)).first()


def support_kinds(session: Session) -> Sequence[SupportKind]:
    return session.scalars(select(SupportKind).order_by(SupportKind.id)).all()


def year_figures(session: Session, campaign: Campaign) -> YearFigures:
    """Each unit is counted once, however often it enrolled or was advised."""
    standing = (EnrolmentKind.campaign_id == campaign.id, EnrolmentKind.dropped_at.is_(None))
    enrolled = session.scalar(select(func.count(EnrolmentKind.unit_id.distinct())).where(*standing))
    advised = session.scalar(select(func.count(Advice.unit_id.distinct())).where(*_in_year(campaign.year)))
    query = (
        select(SupportKind, func.count(EnrolmentKind.unit_id.distinct()), func.sum(EnrolmentKind.expected_vnd))
        .join(EnrolmentKind, EnrolmentKind.kind_id == SupportKind.id)
        .where(*standing)
        .group_by(SupportKind.id)
        .order_by(SupportKind.id)
    )
    asked = [Asked(kind, units, int(cost)) for kind, units, cost in session.execute(query).all()]
    return YearFigures(campaign, enrolled or 0, advised or 0, paid_in(session, campaign), asked)


def _in_year(year: int) -> tuple[Any, ...]:
    return STANDING_ADVICE, Advice.on_day >= date(year, 1, 1), Advice.on_day <= date(year, 12, 31)


def advised_units(session: Session, up_to: date) -> int:
    """How many units were ever advised by a day, each once."""
    query = select(func.count(Advice.unit_id.distinct())).where(STANDING_ADVICE, Advice.on_day <= up_to)
    return session.scalar(query) or 0


def advice_of(session: Session, *, year: int | None = None, unit: ProgrammeUnit | None = None) -> Sequence[Advice]:
    """Advice given in a year, or to a unit, the newest first."""
    query = select(Advice).options(selectinload(Advice.unit)).where(STANDING_ADVICE)
    if year is not None:
        query = query.where(*_in_year(year))
    if unit is not None:
        query = query.where(Advice.unit_id == unit.id)
    return session.scalars(query.order_by(Advice.on_day.desc(), Advice.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which enrolments: what is empty is not asked for. `text` is typed with or without marks."""

    text: str = ""
    year: int | None = None
    state: EnrolmentState | None = None
    kind: str = ""


def enrolments_page(session: Session, wanted: Wanted, page: int = 1) -> Page[Enrolment]:
    return page_of(session, _enrolments(wanted), page)


def every_enrolment(session: Session, wanted: Wanted) -> Sequence[Enrolment]:
    return session.scalars(_enrolments(wanted)).all()


def _enrolments(wanted: Wanted) -> Any:
    shown = (Enrolment.unit, Enrolment.campaign, Enrolment.moves)
    query = select(Enrolment).options(*(selectinload(part) for part in shown))
    query = query.options(selectinload(Enrolment.asked).selectinload(EnrolmentKind.kind))
    query = query.join(ProgrammeUnit, ProgrammeUnit.id == Enrolment.unit_id)
    query = query.join(Campaign, Campaign.id == Enrolment.campaign_id).where(Enrolment.taken_back_at.is_(None))
    if asked := searched(wanted.text):
        query = query.where(_named(asked))
    if wanted.year is not None:
        query = query.where(Campaign.year == wanted.year)
    if wanted.state is not None:
        newest = select(func.max(EnrolmentMove.id)).group_by(EnrolmentMove.enrolment_id)
        there = select(EnrolmentMove.enrolment_id).where(EnrolmentMove.id.in_(newest))
        query = query.where(Enrolment.id.in_(there.where(EnrolmentMove.state == wanted.state)))
    if wanted.kind:
        of_kind = select(EnrolmentKind.enrolment_id).join(SupportKind, SupportKind.id == EnrolmentKind.kind_id)
        query = query.where(Enrolment.id.in_(of_kind.where(SupportKind.key == wanted.kind)))
    return query.order_by(Campaign.year.desc(), Enrolment.received_on.desc(), Enrolment.id.desc())


def _named(asked: str) -> Any:
    return or_(
        ProgrammeUnit.folded.contains(asked, autoescape=True), ProgrammeUnit.tax_code.startswith(asked, autoescape=True)
    )


def units_page(session: Session, text: str = "", page: int = 1) -> Page[ProgrammeUnit]:
    return page_of(session, _units(text), page)


def every_unit(session: Session, text: str = "") -> Sequence[ProgrammeUnit]:
    return session.scalars(_units(text)).all()


def _units(text: str) -> Any:
    query = select(ProgrammeUnit).where(ProgrammeUnit.taken_back_at.is_(None))
    if asked := searched(text):
        query = query.where(_named(asked))
    return query.order_by(ProgrammeUnit.folded, ProgrammeUnit.id)


def cooperatives_not_yet_units(session: Session, text: str, *, most: int = 20) -> Sequence[Cooperative]:
    """Registered cooperatives by name that the programme has not dealt with yet."""
    asked = searched(text)
    if not asked:
        return []
    known = select(ProgrammeUnit.registered_id).where(ProgrammeUnit.registered_id.is_not(None))
    query = select(Cooperative).where(Cooperative.id.not_in(known))
    query = query.where(
        or_(Cooperative.folded.contains(asked, autoescape=True), Cooperative.tax_code.startswith(asked))
    )
    return session.scalars(query.order_by(Cooperative.folded, Cooperative.id).limit(most)).all()


def enrolments_of_unit(session: Session, unit: ProgrammeUnit) -> Sequence[Enrolment]:
    query = select(Enrolment).where(Enrolment.unit_id == unit.id, Enrolment.taken_back_at.is_(None))
    return session.scalars(query.order_by(Enrolment.received_on.desc(), Enrolment.id.desc())).all()
