"""The provincial programme: who may enrol and when, what is supported, and money that never runs over."""

import threading
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import NOON, TODAY, House, make_person
from trace.accounts import Office
from trace.db import db
from trace.records import (
    Campaign,
    Enrolment,
    EnrolmentState,
    Entry,
    PaymentKind,
    ProgrammeUnit,
    Proposal,
    SupportKind,
    SupportPayment,
)
from trace.work.actor import ANONYMOUS, Actor
from trace.work.bought import add_result
from trace.work.campaigns import open_campaign
from trace.work.enrolment_steps import close_contract, finish_step, set_contract
from trace.work.enrolments import enrol, move, propose_approval
from trace.work.paying import give_back, propose_payment, settle_payments
from trace.work.programme_rules import CapPer, set_terms, terms_on
from trace.work.programme_units import UnitFacts, add_unit, advise, unit_of
from trace.work.proposals import agree
from trace.work.refused import Refused, RefusedAll
from trace.work.support import Invoice, accept_cost, add_cost, paid_in, working
from trace.work.support_kinds import change_steps, steps_of

MILLION = 1_000_000
OPENS, CLOSES = date(2026, 1, 5), date(2026, 8, 31)


@dataclass
class Office2:
    """Two officers, a campaign with money for three full caps, and a unit that is not registered."""

    session: Session
    one: Actor
    two: Actor
    campaign: Campaign
    unit: ProgrammeUnit

    def kind(self, key: str) -> SupportKind:
        return self.session.scalars(select(SupportKind).where(SupportKind.key == key)).one()

    def enrolled(self, *keys: str, expected: int = 60 * MILLION, unit: ProgrammeUnit | None = None) -> Enrolment:
        asked = {self.kind(key): expected for key in keys}
        who = {"actor": self.one, "now": NOON}
        return enrol(self.session, self.campaign, unit or self.unit, asked, "Kế hoạch", **who, today=TODAY)

    def agree(self, proposal: Proposal) -> None:
        agree(self.session, proposal, actor=self.two, now=NOON)

    def under_way(self, *keys: str, **more: object) -> Enrolment:
        enrolment = self.enrolled(*keys, **more)  # type: ignore[arg-type]
        move(self.session, enrolment, EnrolmentState.CHECKED, actor=self.one, now=NOON)
        self.agree(propose_approval(self.session, enrolment, actor=self.one, now=NOON))
        set_contract(self.session, enrolment, "12/HĐ", TODAY, "Viện Năng suất", actor=self.one, now=NOON)
        move(self.session, enrolment, EnrolmentState.UNDER_WAY, actor=self.one, now=NOON)
        return enrolment

    def cost(self, enrolment: Enrolment, key: str, amount: int, number: str, on_day: date = TODAY) -> None:
        invoice = Invoice(number, on_day, "Công ty Chứng nhận", amount)
        who = {"actor": self.one, "now": NOON}
        cost = add_cost(self.session, enrolment, self.kind(key), invoice, **who, today=TODAY)
        accept_cost(self.session, cost, amount, **who)

    def accepted(self, enrolment: Enrolment) -> None:
        for step in enrolment.steps:
            finish_step(self.session, enrolment, step, TODAY, actor=self.one, now=NOON, today=TODAY)
        move(self.session, enrolment, EnrolmentState.ACCEPTED, actor=self.one, now=NOON)

    def pay(self, enrolment: Enrolment, key: str, amount: int, what: PaymentKind = PaymentKind.PAYMENT) -> None:
        who = {"actor": self.one, "now": NOON}
        self.agree(propose_payment(self.session, enrolment, self.kind(key), what, amount, **who))

    def payable(self, enrolment: Enrolment, key: str) -> int:
        return working(self.session, enrolment, self.kind(key), TODAY).payable_vnd


def _office(session: Session, budget: int = 150 * MILLION) -> Office2:
    people = [make_person(session, name, office=Office.OFFICER) for name in ("Nông Thị Một", "Lý Văn Hai")]
    one, two = (Actor(person.id, f"officer-{person.id}", "officer") for person in people)
    figures = {"target_units": 5, "budget_vnd": budget, "opens_on": OPENS, "closes_on": CLOSES}
    campaign = open_campaign(session, 2026, **figures, actor=one, now=NOON)
    facts = UnitFacts("enterprise", "Công ty Hồi Xứ Lạng", "Số 1, đường Trần Đăng Ninh", former_district_code="178")
    unit = add_unit(session, facts, actor=one, now=NOON)
    session.flush()
    return Office2(session, one, two, campaign, unit)


@pytest.fixture
def office(session: Session) -> Office2:
    return _office(session)


def test_an_enrolment_goes_from_received_to_closed_and_every_move_is_an_entry(
    office: Office2, session: Session
) -> None:
    enrolment = office.under_way("vietgap")
    assert [step.name for step in enrolment.steps] == ["Đào tạo", "Đánh giá nội bộ", "Chứng nhận"]
    office.cost(enrolment, "vietgap", 40 * MILLION, "0001")
    with pytest.raises(Refused, match="still open: Đào tạo"):
        move(session, enrolment, EnrolmentState.ACCEPTED, actor=office.one, now=NOON)
    office.accepted(enrolment)
    office.pay(enrolment, "vietgap", 20 * MILLION)
    office.agree(settle_payments(session, enrolment, actor=office.one, now=NOON))
    with pytest.raises(Refused, match="paper that closes"):
        move(session, enrolment, EnrolmentState.CLOSED, actor=office.one, now=NOON)
    close_contract(session, enrolment, "12/TL", TODAY, actor=office.one, now=NOON)
    move(session, enrolment, EnrolmentState.CLOSED, actor=office.one, now=NOON)
    session.commit()
    assert [m.state for m in enrolment.moves] == [
        "received", "checked", "approved", "under_way", "accepted", "paid", "closed",
    ]  # fmt: skip
    kinds = set(session.scalars(select(Entry.kind).where(Entry.subject == enrolment.public_id)))
    assert {f"enrolment.{m.state}" for m in enrolment.moves} <= kinds


def test_nobody_approves_or_pays_alone(office: Office2, session: Session) -> None:
    enrolment = office.enrolled("stamps")
    move(session, enrolment, EnrolmentState.CHECKED, actor=office.one, now=NOON)
    proposal = propose_approval(session, enrolment, actor=office.one, now=NOON)
    with pytest.raises(Refused, match="second person"):
        agree(session, proposal, actor=office.one, now=NOON)
    for state in (EnrolmentState.APPROVED, EnrolmentState.PAID):
        with pytest.raises(Refused, match="Two officers"):
            move(session, enrolment, state, actor=office.one, now=NOON)
    assert enrolment.state is EnrolmentState.CHECKED


def test_a_unit_asks_for_a_kind_once_a_year_and_again_after_a_refusal(office: Office2, session: Session) -> None:
    first = office.enrolled("vietgap", "stamps")
    with pytest.raises(Refused, match="already"):
        office.enrolled("stamps")
    with pytest.raises(Refused, match="Say why"):
        move(session, first, EnrolmentState.REFUSED, reason=" ", actor=office.one, now=NOON)
    move(session, first, EnrolmentState.REFUSED, reason="Thiếu hồ sơ", actor=office.one, now=NOON)
    assert office.enrolled("stamps").state is EnrolmentState.RECEIVED


def test_after_the_closing_day_only_an_officer_enrols_and_says_why(office: Office2, session: Session) -> None:
    asked = {office.kind("stamps"): 0}
    late = {"now": NOON, "today": CLOSES + timedelta(days=1)}
    with pytest.raises(Refused, match="has closed"):
        enrol(session, office.campaign, office.unit, asked, "", late_reason="x", actor=ANONYMOUS, **late)
    with pytest.raises(Refused, match="after the closing day"):
        enrol(session, office.campaign, office.unit, asked, "", actor=office.one, **late)
    found = enrol(session, office.campaign, office.unit, asked, "", late_reason="Bão số 3", actor=office.one, **late)
    assert found.late_reason == "Bão số 3"


def test_a_registered_cooperative_is_one_unit_and_asked_nothing_again(office: Office2, house: House) -> None:
    doing = {"actor": office.one, "now": NOON}
    unit = unit_of(office.session, house.cooperative, **doing)
    office.session.flush()
    assert (unit.name, unit.former_district_code) == (house.cooperative.name, "187")
    assert unit_of(office.session, house.cooperative, **doing) is unit


def test_an_enrolment_keeps_the_steps_it_began_with(office: Office2, session: Session) -> None:
    before = office.under_way("stamps")
    change_steps(session, office.kind("stamps"), ("Tập huấn", "Đặt tem"), actor=office.one, now=NOON)
    assert len(before.steps) == 2
    assert before.steps[0].name == "Đặt tem lần đầu"
    assert steps_of(office.kind("stamps")) == ["Tập huấn", "Đặt tem"]


@pytest.mark.parametrize(("cap_per", "second"), [(CapPer.UNIT, 20), (CapPer.UNIT_YEAR, 20), (CapPer.KIND, 40)], ids=str)
def test_several_kinds_share_the_cap_unless_each_has_its_own(office: Office2, cap_per: CapPer, second: int) -> None:
    set_terms(office.session, 50, 50 * MILLION, cap_per, from_on=OPENS, actor=office.one, now=NOON)
    enrolment = office.under_way("vietgap", "trademark")
    office.cost(enrolment, "vietgap", 60 * MILLION, "1")
    office.cost(enrolment, "trademark", 80 * MILLION, "2")
    office.accepted(enrolment)
    office.pay(enrolment, "vietgap", 30 * MILLION)
    assert office.payable(enrolment, "vietgap") == 0
    assert office.payable(enrolment, "trademark") == second * MILLION


def test_a_new_rate_counts_for_invoices_of_its_day_and_later(office: Office2) -> None:
    rise = date(2026, 7, 1)
    doing = {"actor": office.one, "now": NOON}
    assert not terms_on(office.session, TODAY).confirmed
    set_terms(office.session, 30, 50 * MILLION, CapPer.UNIT, from_on=OPENS, **doing)
    set_terms(office.session, 50, 50 * MILLION, CapPer.UNIT, from_on=rise, **doing)
    enrolment = office.under_way("systems")
    office.cost(enrolment, "systems", 10 * MILLION, "1", rise - timedelta(days=1))
    office.cost(enrolment, "systems", 10 * MILLION + 1, "2", rise)
    shown = working(office.session, enrolment, office.kind("systems"), TODAY)
    assert (shown.earned_vnd, shown.terms.confirmed) == (8 * MILLION, True), "halves of a đồng are not paid"


def test_an_advance_counts_against_the_cap_after_a_withdrawal_until_it_comes_back(office: Office2) -> None:
    enrolment = office.under_way("vietgap")
    with pytest.raises(Refused, match="At most 30000000"):
        office.pay(enrolment, "vietgap", 30 * MILLION + 1, PaymentKind.ADVANCE)
    office.pay(enrolment, "vietgap", 30 * MILLION, PaymentKind.ADVANCE)
    reason = "Không đủ hộ"
    move(office.session, enrolment, EnrolmentState.WITHDRAWN, reason=reason, actor=office.one, now=NOON)
    again = office.under_way("trademark")
    office.cost(again, "trademark", 100 * MILLION, "1")
    assert office.payable(again, "trademark") == 20 * MILLION
    with pytest.raises(Refused, match="come back"):
        give_back(office.session, enrolment, office.kind("vietgap"), 31 * MILLION, actor=office.one, now=NOON)
    give_back(office.session, enrolment, office.kind("vietgap"), 30 * MILLION, actor=office.one, now=NOON)
    assert office.payable(again, "trademark") == 50 * MILLION


BAD_INVOICES = [
    (Invoice("1", TODAY, "A", -5), "amount"),
    (Invoice("1", TODAY, "A", 0), "amount"),
    (Invoice(" ", TODAY, "A", 5), "number"),
    (Invoice("1", TODAY, " ", 5), "seller"),
    (Invoice("1", TODAY + timedelta(days=1), "A", 5), "on_day"),
    (Invoice("0001 ", TODAY, "CÔNG TY CHỨNG NHẬN", 5), "number"),
]


@pytest.mark.parametrize(("invoice", "field"), BAD_INVOICES)
def test_a_bad_invoice_is_refused_at_its_field(office: Office2, invoice: Invoice, field: str) -> None:
    enrolment = office.under_way("vietgap")
    office.cost(enrolment, "vietgap", MILLION, "0001")
    with pytest.raises(Refused) as refused:
        add_cost(office.session, enrolment, office.kind("vietgap"), invoice, actor=office.one, now=NOON, today=TODAY)
    assert refused.value.field == field


def test_no_more_than_the_invoice_is_accepted_and_less_needs_a_reason(office: Office2) -> None:
    enrolment = office.under_way("vietgap")
    doing = {"actor": office.one, "now": NOON}
    kind = office.kind("vietgap")
    cost = add_cost(office.session, enrolment, kind, Invoice("1", TODAY, "A", 100), **doing, today=TODAY)
    for accepted, field in ((101, "accepted"), (-1, "accepted"), (99, "reason")):
        with pytest.raises(Refused) as refused:
            accept_cost(office.session, cost, accepted, **doing)
        assert refused.value.field == field
    accept_cost(office.session, cost, 0, "Ngoài kế hoạch", **doing)
    assert working(office.session, enrolment, kind, TODAY).earned_vnd == 0


def test_a_rate_of_500_percent_and_a_cap_of_nothing_are_both_told(office: Office2) -> None:
    with pytest.raises(RefusedAll) as refused:
        set_terms(office.session, 500, 0, CapPer.UNIT, from_on=TODAY, actor=office.one, now=NOON)
    assert {one.field for one in refused.value.refusals} == {"rate", "cap"}


def test_payments_and_moves_are_never_changed_or_deleted(office: Office2, session: Session) -> None:
    enrolment = office.under_way("vietgap")
    office.pay(enrolment, "vietgap", MILLION, PaymentKind.ADVANCE)
    payment = session.scalars(select(SupportPayment)).one()
    session.commit()
    payment.amount_vnd = 2
    with pytest.raises(DBAPIError):
        session.flush()
    session.rollback()
    session.delete(enrolment.moves[-1])
    with pytest.raises(DBAPIError):
        session.flush()


def test_an_enrolment_names_only_what_its_own_unit_got_and_once(
    office: Office2, house: House, other_house: House
) -> None:
    doing = {"actor": office.one, "now": NOON}
    enrolment = office.enrolled("vietgap", unit=unit_of(office.session, house.cooperative, **doing))
    vietgap = office.kind("vietgap")
    add_result(office.session, enrolment, vietgap, house.certificate, **doing)
    with pytest.raises(Refused, match="named already"):
        add_result(office.session, enrolment, vietgap, house.certificate, **doing)
    with pytest.raises(Refused, match="another unit"):
        add_result(office.session, enrolment, vietgap, other_house.certificate, **doing)
    with pytest.raises(RefusedAll, match="did not ask"):
        add_result(office.session, enrolment, office.kind("stamps"), house.certificate, **doing)
    assert [result.certificate for result in enrolment.results] == [house.certificate]


def test_of_two_officers_paying_at_once_only_what_is_left_is_paid(
    app: Flask, office: Office2, session: Session
) -> None:
    """Two units, each with 50 million earned, and 60 million in the budget: the second is told what is left."""
    other = add_unit(session, UnitFacts("group", "Tổ hợp tác Chè", "Bắc Sơn"), actor=office.one, now=NOON)
    session.flush()
    office.campaign.budget_vnd = 60 * MILLION
    waiting = []
    for number, unit in enumerate((office.unit, other)):
        enrolment = office.under_way("vietgap", unit=unit)
        office.cost(enrolment, "vietgap", 100 * MILLION, str(number))
        office.accepted(enrolment)
        who = {"actor": office.one, "now": NOON}
        kind = office.kind("vietgap")
        waiting.append(propose_payment(session, enrolment, kind, PaymentKind.PAYMENT, 50 * MILLION, **who).id)
    session.commit()
    said = _both_at_once(app, waiting, office.two)
    assert sorted(said) == ["At most 10000000 đồng can be paid now.", "paid"]
    session.expire_all()
    assert paid_in(session, office.campaign) == 50 * MILLION


def test_the_database_itself_pays_no_more_than_the_budget(office: Office2, session: Session) -> None:
    enrolment = office.under_way("vietgap")
    office.campaign.budget_vnd = 30 * MILLION
    office.pay(enrolment, "vietgap", 20 * MILLION, PaymentKind.ADVANCE)
    session.commit()
    own = {"enrolment_id": enrolment.id, "kind_id": office.kind("vietgap").id, "on_day": TODAY, "created_at": NOON}
    session.add(SupportPayment(what=PaymentKind.RETURNED, amount_vnd=15 * MILLION, **own))
    session.commit()
    session.add(SupportPayment(what=PaymentKind.PAYMENT, amount_vnd=25 * MILLION, **own))
    session.commit()
    session.add(SupportPayment(what=PaymentKind.PAYMENT, amount_vnd=1, **own))
    with pytest.raises(DBAPIError, match="budget"):
        session.flush()
    session.rollback()
    office.campaign.budget_vnd = 30 * MILLION - 1
    with pytest.raises(DBAPIError, match="budget"):
        session.flush()
    session.rollback()


def _both_at_once(app: Flask, proposals: list[int], actor: Actor) -> list[str]:
    barrier = threading.Barrier(len(proposals))
    said: list[str] = []
    with app.app_context():
        engine = db.get_engine("default")

    def press(proposal_id: int) -> None:
        barrier.wait()
        with Session(engine) as mine:
            try:
                agree(mine, mine.get_one(Proposal, proposal_id), actor=actor, now=NOON)
                mine.commit()
                said.append("paid")
            except Refused as refused:
                said.append(str(refused))

    threads = [threading.Thread(target=press, args=(one,)) for one in proposals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said


def test_the_database_itself_pays_no_unit_more_than_the_cap(office: Office2, session: Session) -> None:
    enrolment = office.under_way("vietgap")
    office.pay(enrolment, "vietgap", 20 * MILLION, PaymentKind.ADVANCE)
    session.commit()
    own = {"enrolment_id": enrolment.id, "kind_id": office.kind("vietgap").id, "on_day": TODAY, "created_at": NOON}
    own |= {"what": PaymentKind.PAYMENT, "cap_vnd": 50 * MILLION}
    other = office.kind("stamps").id
    session.add(SupportPayment(amount_vnd=50 * MILLION, cap_per="kind", **(own | {"kind_id": other})))
    session.commit()
    for per in ("unit", "unit_year", "kind"):
        session.add(SupportPayment(amount_vnd=30 * MILLION + 1, cap_per=per, **own))
        with pytest.raises(DBAPIError, match="cap"):
            session.flush()
        session.rollback()
    session.add(SupportPayment(amount_vnd=30 * MILLION, cap_per="kind", **own))
    session.commit()


def test_nothing_counts_as_paid_in_full_while_something_is_due(office: Office2, session: Session) -> None:
    enrolment = office.under_way("vietgap")
    office.cost(enrolment, "vietgap", 40 * MILLION, "0001")
    office.accepted(enrolment)
    office.pay(enrolment, "vietgap", 15 * MILLION)
    with pytest.raises(Refused, match="5000000 đồng can still be paid"):
        settle_payments(session, enrolment, actor=office.one, now=NOON)
    office.pay(enrolment, "vietgap", 5 * MILLION)
    office.agree(settle_payments(session, enrolment, actor=office.one, now=NOON))
    assert enrolment.state == "paid"
    session.rollback()


ASKS = st.lists(st.tuples(st.sampled_from(["vietgap", "trademark"]), st.integers(1, 90 * MILLION)), max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asks=ASKS, budget=st.integers(0, 120 * MILLION), cap=st.integers(1, 80 * MILLION))
def test_whatever_is_asked_paid_never_exceeds_cap_or_budget(
    session: Session, asks: list[tuple[str, int]], budget: int, cap: int
) -> None:
    try:
        office = _office(session, budget)
        set_terms(session, 50, cap, CapPer.UNIT, from_on=OPENS, actor=office.one, now=NOON)
        enrolment = office.under_way("vietgap", "trademark")
        for key in ("vietgap", "trademark"):
            office.cost(enrolment, key, 150 * MILLION, key)
        office.accepted(enrolment)
        for key, amount in asks:
            before, left = paid_in(session, office.campaign), office.payable(enrolment, key)
            try:
                office.pay(enrolment, key, amount)
            except Refused:
                assert amount > left
            else:
                assert amount <= left
                assert paid_in(session, office.campaign) == before + amount
        total = session.scalar(select(func.coalesce(func.sum(SupportPayment.amount_vnd), 0)))
        assert total <= min(cap, budget)
    finally:
        session.rollback()


def test_a_units_tax_code_is_checked_and_no_personal_number_is_kept(office: Office2, session: Session) -> None:
    doing = {"actor": office.one, "now": NOON}
    for wrong in ("0100233489", "020090001234", "hỏi sau"):
        with pytest.raises(Refused, match="10 or 13 digits"):
            add_unit(session, UnitFacts("household", "Hộ Nông Văn Thu", "Chi Lăng", tax_code=wrong), **doing)
    first = add_unit(session, UnitFacts("cooperative", "HTX Na", "Chi Lăng", tax_code="0100 233 488"), **doing)
    assert first.tax_code == "0100233488"
    assert add_unit(session, UnitFacts("cooperative", "HTX Na Chi Lăng", "x", tax_code="0100233488"), **doing) is first


def test_what_officers_write_about_people_enters_the_history_only_as_commitments(
    office: Office2, session: Session
) -> None:
    enrolment = office.under_way("vietgap")
    office.cost(enrolment, "vietgap", MILLION, "0001")
    advise(session, office.unit, TODAY, "VietGAP", "Bà Hoàng Thị Kín", actor=office.one, now=NOON, today=TODAY)
    session.commit()
    written = b" ".join(session.scalars(select(Entry.body))).decode()
    assert "Hoàng Thị Kín" not in written
    assert enrolment.plan not in written
    assert "_folded" not in written
