"""The annexes of a yearly report: one workbook, whose sheets are the rows that the report's sums are made of."""

from flask_babel import gettext
from sqlalchemy.orm import Session

from ...records import Campaign
from ...work.ledger_tables import Row, Sheet, write_book
from ...work.programme_lists import advice_of
from ...work.programme_numbers import YearNumbers
from ...work.programme_places import by_place
from ...work.support import costs_of, payments_of
from ..programme_words import LETTERS, PAYMENTS, STATES


def annex(session: Session, numbers: YearNumbers) -> bytes:
    """In the language of who asks: the paper it belongs to is Vietnamese (`papers.in_vietnamese`)."""
    unit, kind, day = gettext("Name of the unit"), gettext("Kind of support"), gettext("Day")
    place = [gettext("Where units are"), gettext("Units"), gettext("Support paid")]
    campaign, number = numbers.campaign, gettext("Number")
    letters = [gettext("Authority"), gettext("Kind"), day, number]
    advice = [unit, day, gettext("What about"), gettext("Advised by")]
    enrolments = [unit, gettext("Received on"), kind, gettext("Expected cost"), gettext("State")]
    bill = [gettext("Number of the invoice"), day, gettext("Seller"), gettext("Amount of the invoice")]
    sheets: list[Sheet] = [
        (gettext("Papers to and from authorities"), letters, _letters(campaign, numbers)),
        (gettext("Advice of the year"), advice, _advice(session, numbers)),
        (gettext("Enrolments of the year"), enrolments, _enrolments(numbers)),
        (gettext("Costs"), [unit, kind, *bill, gettext("Accepted cost")], _costs(session, numbers)),
        (gettext("Support already paid"), [unit, kind, gettext("What"), day, gettext("Amount")],
         _payments(session, numbers)),
        (gettext("By commune"), place, _places(session, numbers, districts=False)),
        (gettext("By old district"), place, _places(session, numbers, districts=True)),
    ]  # fmt: skip
    return write_book(sheets, thousands=True)


def _letters(campaign: Campaign, numbers: YearNumbers) -> list[Row]:
    told = [letter for letter in campaign.letters if letter.on_day <= numbers.up_to]
    return [(letter.authority, str(LETTERS[letter.kind]), letter.on_day, letter.number) for letter in told]


def _advice(session: Session, numbers: YearNumbers) -> list[Row]:
    told = [one for one in advice_of(session, year=numbers.campaign.year) if one.on_day <= numbers.up_to]
    return [(one.unit.name, one.on_day, one.subject, one.given_by) for one in told]


def _enrolments(numbers: YearNumbers) -> list[Row]:
    return [
        (one.unit.name, one.received_on, asked.kind.name, asked.expected_vnd, str(STATES[one.state][0]))
        for one in numbers.enrolments
        for asked in one.asked
        if asked.dropped_at is None
    ]


def _costs(session: Session, numbers: YearNumbers) -> list[Row]:
    return [
        (one.unit.name, cost.kind.name, cost.invoice_number, cost.invoice_on, cost.seller, cost.amount_vnd,
         cost.accepted_vnd if cost.accepted_vnd is not None else gettext("not looked at yet"))
        for one in numbers.enrolments
        for cost in costs_of(session, one)
        if cost.invoice_on <= numbers.up_to
    ]  # fmt: skip


def _payments(session: Session, numbers: YearNumbers) -> list[Row]:
    return [
        (one.unit.name, payment.kind.name, str(PAYMENTS[payment.what]), payment.on_day, payment.counted_vnd)
        for one in numbers.enrolments
        for payment in payments_of(session, one)
        if payment.on_day <= numbers.up_to
    ]


def _places(session: Session, numbers: YearNumbers, *, districts: bool) -> list[Row]:
    return [(row.name, row.units, row.paid_vnd) for row in by_place(numbers, session, districts=districts)]
