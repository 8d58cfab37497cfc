"""Costs and payments of one enrolment as lists to take along."""

from typing import Any

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow
from ...db import db
from ...work.support import costs_of, payments_of
from ..programme_words import PAYMENTS
from ..tables import table_answer
from .enrolment_shown import found_enrolment
from .enrolments import bp


@bp.get("/enrolments/<public_id>/costs.<any(csv, xlsx):kind>")
@allow("office")
def take_costs(public_id: str, kind: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    headings = [
        gettext("Kind of support"), gettext("Number of the invoice"), gettext("Day of the invoice"),
        gettext("Who sold it"), gettext("Amount"), gettext("Accepted"), gettext("Reason"),
    ]  # fmt: skip
    rows: list[tuple[Any, ...]] = [
        (one.kind.name, one.invoice_number, one.invoice_on, one.seller, one.amount_vnd, one.accepted_vnd, one.reason)
        for one in costs_of(db.session, enrolment)
    ]
    return table_answer(kind, "chi-phi", gettext("Costs"), headings, rows)


@bp.get("/enrolments/<public_id>/payments.<any(csv, xlsx):kind>")
@allow("office")
def take_payments(public_id: str, kind: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    headings = [gettext("Day"), gettext("Kind of support"), gettext("What is paid"), gettext("Amount")]
    rows: list[tuple[Any, ...]] = [
        (one.on_day, one.kind.name, str(PAYMENTS[one.what]), one.counted_vnd)
        for one in payments_of(db.session, enrolment)
    ]
    return table_answer(kind, "chi-tra", gettext("Payments"), headings, rows)
