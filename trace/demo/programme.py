"""The province's programme in the demonstration: the year 2020 from the figures that are known of it, as an officer
enters an earlier year, and this year with the demonstration's own cooperatives."""

from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from ..records import (
    Campaign,
    Certificate,
    Enrolment,
    EnrolmentState,
    LetterKind,
    PaymentKind,
    ProgrammeUnit,
    RangeState,
    Run,
    StampRange,
    SupportKind,
    Trademark,
)
from ..standards.geography import DISTRICTS
from ..work.actor import Actor
from ..work.bought import add_result
from ..work.campaigns import add_letter, open_campaign
from ..work.days import day_of
from ..work.enrolment_steps import finish_step, set_contract
from ..work.enrolments import enrol, move, propose_approval
from ..work.paying import propose_payment
from ..work.programme_units import UnitFacts, add_unit, advise, unit_of
from ..work.proposals import agree
from ..work.support import Invoice, accept_cost, add_cost
from .data import HOUSES
from .stage import Stage

MILLION = 1_000_000
ENTERED_DAYS_AGO = 70
OPENED_DAYS_AGO = 60
ISO = ("systems", "conformity")
GREEN = ("vietgap", "trademark", "stamps")
UNITS_OF_2020 = (
    ("enterprise", "Công ty TNHH Cơ khí Tam Thanh (mẫu)", "178", ("tools",), 90, date(2020, 3, 12)),
    ("enterprise", "Công ty CP Xi măng Đồng Bành (mẫu)", "187", ISO, 160, date(2020, 3, 20)),
    ("enterprise", "Công ty TNHH Hồi Quế Bình Gia (mẫu)", "181", ISO, 120, date(2020, 4, 14)),
    ("enterprise", "Công ty CP Gạch Hợp Thành (mẫu)", "183", ISO, 140, date(2020, 5, 6)),
    ("enterprise", "Công ty TNHH Nước sạch Lộc Bình (mẫu)", "188", ISO, 110, date(2020, 6, 9)),
    ("enterprise", "Công ty TNHH Thạch đen Tràng Định (mẫu)", "180", ISO, 130, date(2020, 7, 2)),
    ("cooperative", "HTX Na Đồng Mỏ (mẫu)", "187", GREEN, 80, date(2020, 7, 21)),
    ("cooperative", "HTX Rau sạch Hữu Lũng (mẫu)", "186", GREEN, 70, date(2020, 8, 11)),
)
"""Kind, invented name, old district, what it asked for, expected cost a kind in millions, received on."""
ADVISED_IN_2020 = 14


def plan_programme(stage: Stage) -> None:
    stage.tell(stage.day(ENTERED_DAYS_AGO), 10, partial(_enter_2020, stage))
    stage.tell(stage.day(OPENED_DAYS_AGO), 9, partial(_open_year, stage))
    stage.tell(stage.day(OPENED_DAYS_AGO - 10), 9, partial(_enrol_own, stage))
    stage.tell(stage.day(OPENED_DAYS_AGO - 25), 10, partial(_support_own, stage))


def _enter_2020(stage: Stage, now: datetime) -> None:
    session, officer = stage.session, stage.by_staff("officer")
    days = {"opens_on": date(2020, 1, 15), "closes_on": date(2020, 10, 31)}
    campaign = open_campaign(session, 2020, target_units=5, budget_vnd=500 * MILLION, actor=officer, now=now, **days)
    _write_letters(stage, campaign, officer, now)
    for place, (kind, name, code, keys, cost, day) in enumerate(UNITS_OF_2020):
        facts = UnitFacts(kind, name, "Lạng Sơn", former_district_code=code)
        unit = add_unit(session, facts, actor=officer, now=now)
        _advise(stage, unit, date(2020, 2, 3 + place), officer, now)
        asked = {_kind(stage, key): cost * MILLION for key in keys}
        plan = "Áp dụng và duy trì theo tiêu chuẩn đã đăng ký."
        enrolment = enrol(session, campaign, unit, asked, plan, actor=officer, now=now, today=day)
        _approve(stage, enrolment, now)
    for number in range(ADVISED_IN_2020 - len(UNITS_OF_2020)):
        facts = UnitFacts(
            "household", f"Hộ kinh doanh số {number + 1:02d} (mẫu)", "Lạng Sơn", former_district_code="185"
        )
        _advise(stage, add_unit(session, facts, actor=officer, now=now), date(2020, 5, 4 + number), officer, now)


def _write_letters(stage: Stage, campaign: Campaign, officer: Actor, now: datetime) -> None:
    """To every district and city of then, and to two departments; half of them answered."""
    doing: dict[str, Any] = {"actor": officer, "now": now, "today": stage.today}
    to: list[tuple[str, str | None]] = [(f"UBND {one.kind} {one.name}", one.code) for one in DISTRICTS]
    to += [("Sở Nông nghiệp và PTNT", None), ("Sở Công Thương", None)]
    for place, (authority, code) in enumerate(to):
        add_letter(stage.session, campaign, LetterKind.LETTER, authority, date(2020, 1, 20),
                   authority_code=code, number="05/BCĐ", **doing)  # fmt: skip
        if place % 2 == 0:
            add_letter(stage.session, campaign, LetterKind.ANSWER, authority, date(2020, 2, 14),
                       authority_code=code, number=f"{31 + place}/UBND", **doing)  # fmt: skip


def _advise(stage: Stage, unit: ProgrammeUnit, day: date, officer: Actor, now: datetime) -> None:
    words = "Hướng dẫn lựa chọn công cụ, tiêu chuẩn và thủ tục đăng ký."
    advise(stage.session, unit, day, words, "Tổ giúp việc Ban Chỉ đạo", actor=officer, now=now, today=stage.today)


def _kind(stage: Stage, key: str) -> SupportKind:
    return stage.session.scalars(select(SupportKind).where(SupportKind.key == key)).one()


def _approve(stage: Stage, enrolment: Enrolment, now: datetime) -> None:
    """Four eyes: one officer proposes, the other agrees."""
    officer = stage.by_staff("officer")
    move(stage.session, enrolment, EnrolmentState.CHECKED, actor=officer, now=now)
    proposal = propose_approval(stage.session, enrolment, actor=officer, now=now)
    agree(stage.session, proposal, actor=stage.by_second_officer(), now=now)


def _open_year(stage: Stage, now: datetime) -> None:
    session, officer, year = stage.session, stage.by_staff("officer"), day_of(now).year
    days = {"opens_on": date(year, 1, 1), "closes_on": date(year, 12, 31)}
    campaign = open_campaign(session, year, target_units=6, budget_vnd=900 * MILLION, actor=officer, now=now, **days)
    for house in HOUSES:
        cooperative = stage.cooperatives.get(house.key)
        if cooperative is not None and house.approved:
            unit = unit_of(session, cooperative, actor=officer, now=now)
            _advise(stage, unit, day_of(now), officer, now)
    add_letter(session, campaign, LetterKind.LETTER, "UBND xã Chi Lăng", day_of(now), number="12/BCĐ", actor=officer,
               now=now, today=stage.today)  # fmt: skip


def _enrol_own(stage: Stage, now: datetime) -> None:
    """Two cooperatives of the demonstration enrol; the first is approved, and its work begins."""
    session, officer = stage.session, stage.by_staff("officer")
    campaign = _this_year(stage)
    first, second = (stage.cooperatives[house.key] for house in HOUSES[:2])
    on = min(day_of(now), campaign.closes_on)
    doing: dict[str, Any] = {"actor": officer, "now": now, "today": on}
    asked = {_kind(stage, key): cost * MILLION for key, cost in zip(GREEN, (45, 20, 12), strict=True)}
    unit = unit_of(session, first, actor=officer, now=now)
    enrolment = enrol(session, campaign, unit, asked, "Mở rộng vùng VietGAP, dán tem toàn bộ sản phẩm.", **doing)
    _approve(stage, enrolment, now)
    set_contract(session, enrolment, f"07/HĐ-{campaign.year}", on, "Viện Năng suất (mẫu)", actor=officer, now=now)
    move(session, enrolment, EnrolmentState.UNDER_WAY, actor=officer, now=now)
    other = unit_of(session, second, actor=officer, now=now)
    enrol(session, campaign, other, {_kind(stage, "conformity"): 60 * MILLION}, "Chứng nhận chè khô.", **doing)


def _support_own(stage: Stage, now: datetime) -> None:
    """Steps done, an invoice accepted, an advance paid by two officers, and what came of it."""
    session, officer, today = stage.session, stage.by_staff("officer"), day_of(now)
    enrolment = session.scalars(
        select(Enrolment).where(Enrolment.campaign_id == _this_year(stage).id).order_by(Enrolment.id)
    ).all()[0]
    vietgap = _kind(stage, "vietgap")
    doing: dict[str, Any] = {"actor": officer, "now": now}
    for step in [step for step in enrolment.steps if step.kind_id == vietgap.id][:2]:
        finish_step(session, enrolment, step, today, **doing, today=today)
    invoice = Invoice("0000412", today, "Tổ chức chứng nhận Miền Núi (mẫu)", 38 * MILLION)
    cost = add_cost(session, enrolment, vietgap, invoice, **doing, today=today)
    accept_cost(session, cost, 36 * MILLION, "Trừ chi phí đi lại.", **doing)
    proposal = propose_payment(session, enrolment, vietgap, PaymentKind.ADVANCE, 10 * MILLION, **doing)
    agree(session, proposal, actor=stage.by_second_officer(), now=now)
    own = enrolment.unit.registered_id
    papers = select(Certificate).where(Certificate.cooperative_id == own).order_by(Certificate.id)
    marks = select(Trademark).where(Trademark.cooperative_id == own).order_by(Trademark.id)
    active = select(StampRange.run_id).where(StampRange.state == RangeState.ACTIVE)
    runs = select(Run).where(Run.cooperative_id == own, Run.id.in_(active)).order_by(Run.id)
    things = {"vietgap": session.scalars(papers).first(), "trademark": session.scalars(marks).first()}
    for key, thing in (*things.items(), ("stamps", session.scalars(runs).first())):
        if thing is not None:
            add_result(session, enrolment, _kind(stage, key), thing, **doing)


def _this_year(stage: Stage) -> Campaign:
    return stage.session.scalars(select(Campaign).order_by(Campaign.year.desc())).all()[0]
