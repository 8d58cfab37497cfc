"""Enrolments of earlier years by import: one row a unit, year and kind of support, or several kinds without money.

Rows of one unit and year make one enrolment. What was paid is held against rate, cap and budget as any payment is.
"""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from ...records import Campaign, Enrolment, EnrolmentState, SupportKind
from ...standards.day_text import parse_day
from ...standards.quantities import parse_count, parse_money
from ...standards.words import fold, tidy
from ..earlier_years import PastCost, PastEnrolment, enter_past, take_back_past
from ..enrolments import ENDED_EARLY
from ..refused import Refused, refuse_all
from ..support import Invoice
from .enrolment_limits import EnrolmentFacts, beyond, clashes, known_invoices
from .kind import NOT_A_DAY, Column, Context, Doing, Kind, Reading, Row
from .unit_cells import UNIT_COLUMNS, let_go, read_unit, unit_for

S = EnrolmentState
STATES_SAID = {
    "da thanh ly": S.CLOSED, "thanh ly": S.CLOSED, "ket thuc": S.CLOSED, "hoan thanh": S.CLOSED, "closed": S.CLOSED,
    "da ho tro": S.PAID, "da chi": S.PAID, "da tra": S.PAID, "paid": S.PAID,
    "da nghiem thu": S.ACCEPTED, "nghiem thu": S.ACCEPTED, "accepted": S.ACCEPTED,
    "dang thuc hien": S.UNDER_WAY, "under way": S.UNDER_WAY,
    "da duyet": S.APPROVED, "duoc duyet": S.APPROVED, "approved": S.APPROVED,
    "khong duyet": S.REFUSED, "tu choi": S.REFUSED, "refused": S.REFUSED,
    "rut": S.WITHDRAWN, "xin rut": S.WITHDRAWN, "da rut": S.WITHDRAWN, "withdrawn": S.WITHDRAWN,
}  # fmt: skip
"""How an earlier year's list says what became of an enrolment."""
MONEY = ("expected", "cost", "accepted", "paid")


def _read(context: Context, row: Row) -> EnrolmentFacts:
    reading = Reading(row)
    unit = read_unit(context, reading)
    campaign = reading.take(lambda: _campaign(context, row))
    kinds = reading.take(lambda: _kinds(context, row)) or ()
    state = reading.take(lambda: _state(row))
    received_on = _day(context, reading, "received_on")
    amounts = {name: reading.cell(name, parse_money) for name in MONEY}
    if len(kinds) > 1 and any(amounts.values()):
        reading.complain(Refused("Write one kind of support a row where there are amounts.", field="kinds"))
    cost = _cost(context, reading, amounts)
    paid_on = _day(context, reading, "paid_on")
    reason = row.text("note")
    if state in ENDED_EARLY and reason is None:
        reading.complain(Refused("Say why, so that the unit can act on it.", field="note"))
    if state in ENDED_EARLY and amounts["paid"]:
        reading.complain(Refused("Nothing was paid to an enrolment that was refused or withdrawn.", field="paid"))
    contract_on = _day(context, reading, "contract_on")
    refuse_all(reading.complaints)
    assert campaign is not None  # complained of otherwise
    assert state is not None
    past = PastEnrolment(
        campaign=campaign,
        kinds=kinds,
        state=state,
        received_on=received_on or campaign.opens_on,
        plan=row.text("plan") or "",
        expected_vnd=amounts["expected"] or amounts["cost"] or 0,
        consultant=row.text("consultant"),
        contract_number=row.text("contract_number"),
        contract_on=contract_on,
        cost=cost,
        paid_vnd=amounts["paid"] or 0,
        paid_on=paid_on,
        reason=reason,
    )
    facts = EnrolmentFacts(unit, past)
    refuse_all([*clashes(context, facts), *beyond(context, facts)])
    return facts


def _campaign(context: Context, row: Row) -> Campaign:
    year = row.read("year", parse_count, needed=True)
    years = context.once("years", lambda: {one.year: one for one in context.session.scalars(select(Campaign))})
    if year not in years:
        raise Refused("The year %(year)s has not been opened: open it first, with its target and budget.", field="year",
                      year=str(year))  # fmt: skip
    if year >= context.today.year:
        raise Refused("Only years before this one are brought in: units enrol for this year on its page.", field="year")
    found: Campaign = years[year]
    return found


def _kinds(context: Context, row: Row) -> tuple[SupportKind, ...]:
    """A cell may name one kind or several: VietGAP; nhãn hiệu; tem."""
    words = row.need("kinds")
    known = context.once("kinds", lambda: context.session.scalars(select(SupportKind).order_by(SupportKind.id)).all())
    whole = _called(known, words)
    if len(whole) == 1:
        return tuple(whole)
    found: dict[int, SupportKind] = {}
    for part in filter(str.strip, re.split(r"[;,+\n]", words)):
        fitting = _called(known, part)
        if not fitting:
            raise Refused("No kind of support is called %(name)s.", field="kinds", name=tidy(part))
        if len(fitting) > 1:
            raise Refused("Several kinds of support fit %(name)s: write the whole name.", field="kinds",
                          name=tidy(part))  # fmt: skip
        found[fitting[0].id] = fitting[0]
    return tuple(found.values())


def _called(known: Sequence[SupportKind], words: str) -> list[SupportKind]:
    """Of exactly this name or key; else those in whose name the words stand."""
    said = _plain(words)
    exact = [kind for kind in known if said in {_plain(kind.name), kind.key}]
    return exact or [kind for kind in known if said and re.search(rf"\b{re.escape(said)}\b", _plain(kind.name))]


def _plain(words: str) -> str:
    return " ".join(re.sub(r"\W+", " ", fold(words)).split())


def _state(row: Row) -> EnrolmentState:
    state = STATES_SAID.get(_plain(row.need("state")))
    if state is None:
        raise Refused("Write how it ended: thanh lý, đã hỗ trợ, nghiệm thu, đang thực hiện, đã duyệt, từ chối or rút.",
                      field="state")  # fmt: skip
    return state


def _day(context: Context, reading: Reading, name: str) -> date | None:
    day = reading.cell(name, parse_day, wrong=NOT_A_DAY)
    if day is not None and day > context.today:
        reading.complain(Refused("This day lies in the future.", field=name))
    return day


def _cost(context: Context, reading: Reading, amounts: dict[str, int | None]) -> PastCost | None:
    """An invoice, where the row has one; what of it was accepted needs it."""
    row, amount, accepted = reading.row, amounts["cost"], amounts["accepted"]
    if accepted is not None and row.text("cost") is None:
        reading.complain(Refused("Write the amount of the invoice, too.", field="cost"))
    if not amount:
        return None
    number, seller = reading.words("invoice_number"), reading.words("seller")
    on_day = reading.cell("invoice_on", parse_day, needed=True, wrong=NOT_A_DAY)
    if accepted is not None and accepted > amount:
        reading.complain(Refused("Accept between nothing and the amount of the invoice.", field="accepted"))
    elif accepted is not None and accepted < amount and row.text("note") is None:
        reading.complain(Refused("Say why less than the invoice is accepted.", field="note"))
    invoices: set[tuple[str, str]] = context.once("invoices", lambda: known_invoices(context.session))
    if (same := (fold(number), fold(seller))) in invoices:
        reading.complain(Refused("This invoice of this seller has been entered already.", field="invoice_number"))
    invoices.add(same)
    invoice = Invoice(number, on_day or context.today, seller, amount)
    return PastCost(invoice, amount if accepted is None else accepted, row.text("note"))


def _write(context: Context, facts: EnrolmentFacts, doing: Doing) -> Enrolment:
    written: dict[tuple[int, str], Enrolment] = context.once("written", dict)
    unit = unit_for(context.session, facts.unit, doing)
    into = written.get(facts.of)
    written[facts.of] = enter_past(context.session, unit, facts.past, into, actor=doing.actor, now=doing.now)
    return written[facts.of]


def _take_back(context: Context, subject: str, doing: Doing) -> None:
    enrolment = context.session.scalars(select(Enrolment).where(Enrolment.public_id == subject)).one()
    take_back_past(context.session, enrolment, actor=doing.actor, now=doing.now)
    let_go(context.session, enrolment.unit, enrolment.created_at, doing)


ENROLMENTS = Kind(
    "enrolments",
    (
        Column("year", ("nam", "nam dang ky", "year"), needed=True, example="2019"),
        *UNIT_COLUMNS,
        Column("kinds", ("noi dung ho tro", "noi dung dang ky", "noi dung", "hang muc", "kinds of support"),
               needed=True, example="VietGAP"),
        Column("state", ("tinh trang", "ket qua", "trang thai", "state"), needed=True, example="đã thanh lý"),
        Column("received_on", ("ngay dang ky", "ngay nhan", "received on"), example="12/04/2019"),
        Column("plan", ("ke hoach", "muc tieu", "plan"), example="Mở rộng vùng rau VietGAP"),
        Column("expected", ("kinh phi du kien", "chi phi du kien", "du kien", "expected cost"), example="80.000.000"),
        Column("consultant", ("don vi tu van", "tu van", "consultant"), example=""),
        Column("contract_number", ("so hop dong", "hop dong", "contract"), example="07/HĐ-2019"),
        Column("contract_on", ("ngay hop dong", "ngay ky", "contract day"), example="20/05/2019"),
        Column("invoice_number", ("so hoa don", "hoa don", "invoice"), example="0000412"),
        Column("invoice_on", ("ngay hoa don", "invoice day"), example="02/11/2019"),
        Column("seller", ("ben ban", "nguoi ban", "seller"), example="Tổ chức chứng nhận Miền Núi (mẫu)"),
        Column("cost", ("so tien hoa don", "chi phi thuc te", "chi phi", "amount of the invoice"),
               example="60.000.000"),
        Column("accepted", ("chi phi duoc chap nhan", "duoc chap nhan", "accepted cost"), example="60.000.000"),
        Column("paid", ("so tien ho tro", "kinh phi ho tro", "da ho tro", "support paid"), example="30.000.000"),
        Column("paid_on", ("ngay chi", "ngay ho tro", "ngay tra", "paid on"), example="20/12/2019"),
        Column("note", ("ghi chu", "ly do", "note"), example=""),
    ),
    _read,
    _write,
    _take_back,
    identity=lambda facts: (*facts.of, tuple(sorted(kind.id for kind in facts.past.kinds))),
    for_office=True,
    four_eyes=True,
)  # fmt: skip
