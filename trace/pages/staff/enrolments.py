"""Enrolments as the office sees them: all of them with search and filters, and one that an officer enters."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import OPAQUE, allow, find
from ...db import db
from ...records import Campaign, Enrolment, EnrolmentState, ProgrammeUnit
from ...work.enrolments import enrol
from ...work.programme_lists import Wanted, campaigns, enrolments_page, every_enrolment, support_kinds
from ...work.programme_units import add_unit
from ..acting import acting, acting_today
from ..enrol_form import asking, offer
from ..fields import NoteField, needed
from ..forms import Form, finish, show_form
from ..programme_words import STATES
from ..tables import table_answer
from ..words import today
from .programme_units import place_of
from .unit_form import UnitForm
from .vocabulary import KINDS

bp = Blueprint("enrolments", __name__, url_prefix="/office/programme")


class LateForm(Form):
    late_reason = NoteField(
        lazy_gettext("Why it is taken in after the closing day"),
        validators=[needed()],
        description=lazy_gettext("The unit and the history keep it."),
    )


class NewUnitForm(UnitForm, LateForm):
    pass


def wanted() -> Wanted:
    """What the address asks for; nonsense asks for nothing."""
    state, kind = request.args.get("state", ""), request.args.get("support", "")[:30]
    known = EnrolmentState(state) if state in set(EnrolmentState) else None
    return Wanted(request.args.get("q", "")[:200], request.args.get("year", type=int), known, kind)


@bp.get("/enrolments")
@allow("office")
def index() -> ResponseReturnValue:
    asked = wanted()
    return render_template(
        "staff/enrolments.html",
        found=enrolments_page(db.session, asked, request.args.get("page", 1, type=int)),
        wanted=asked,
        filters={"q": asked.text, "year": asked.year, "state": asked.state, "support": asked.kind},
        picks={
            "year": [(campaign.year, campaign.year) for campaign in campaigns(db.session)],
            "state": [(key, word[0]) for key, word in STATES.items()],
            "support": [(kind.key, kind.name) for kind in support_kinds(db.session)],
        },
    )


@bp.get("/enrolments.<any(csv, xlsx):kind>")
@allow("office")
def take(kind: str) -> ResponseReturnValue:
    headings = [
        gettext("Unit"), gettext("Kind"), gettext("Tax code"), gettext("Address"), gettext("Year"),
        gettext("What it asks for"), gettext("Expected cost"), gettext("Received on"), gettext("State"),
        gettext("Consultant"), gettext("Contract"),
    ]  # fmt: skip
    rows = [_line(one) for one in every_enrolment(db.session, wanted())]
    return table_answer(kind, "dang-ky-tham-gia", gettext("Enrolments"), headings, rows)


def _line(one: Enrolment) -> tuple[Any, ...]:
    unit = one.unit
    about = (unit.name, str(KINDS[unit.kind]), unit.tax_code, place_of(unit), one.campaign.year)
    names = "; ".join(asked.kind.name for asked in one.asked)
    cost = sum(asked.expected_vnd for asked in one.asked)
    return (*about, names, cost, one.received_on, str(STATES[one.state][0]), one.consultant, one.contract_number)


@bp.route("/years/<public_id>/enrol", methods=["GET", "POST"])
@allow("office")
def new(public_id: str) -> ResponseReturnValue:
    """From a paper or a call: of a unit that the address names, or of one that is entered with it."""
    campaign, unit = find(Campaign, public_id), _unit()
    form = offer(asking(NewUnitForm if unit is None else LateForm, support_kinds(db.session))())
    if today() <= campaign.closes_on:
        del form.late_reason
    if form.sent():
        with form.refusals():
            return _enrol(form, campaign, unit)
    place = place_of(unit) if unit else ""
    return show_form("staff/enrolment_form.html", form, campaign=campaign, unit=unit, place=place)


def _unit() -> ProgrammeUnit | None:
    asked = request.args.get("unit", "")
    return find(ProgrammeUnit, asked) if OPAQUE.fullmatch(asked) else None


def _enrol(form: Any, campaign: Campaign, unit: ProgrammeUnit | None) -> ResponseReturnValue:
    if unit is None:
        unit = form.tried(add_unit, db.session, form.facts(), **acting())
    late = form.late_reason.data if "late_reason" in form else None
    plan = form.plan.data or ""
    enrolment = enrol(db.session, campaign, unit, form.asked(), plan, late_reason=late, **acting_today())
    return finish(form, url_for(".show", public_id=enrolment.public_id), gettext("The enrolment is received."))
