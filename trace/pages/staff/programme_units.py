"""Units that the programme deals with, registered here or not, and the advice they were given."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, visitor
from ...db import db
from ...records import Cooperative, ProgrammeUnit
from ...standards.geography import commune, district
from ...work.programme_lists import (
    advice_of,
    campaigns,
    cooperatives_not_yet_units,
    enrolments_of_unit,
    every_unit,
    units_page,
)
from ...work.programme_units import add_unit, advise, unit_of
from ..acting import acting, acting_today
from ..fields import DayField, NoteField, WordsField, needed, not_ahead
from ..forms import Form, finish, show_form
from ..tables import table_answer
from ..words import today
from .unit_form import UnitForm
from .vocabulary import KINDS

bp = Blueprint("programme_units", __name__, url_prefix="/office/programme")


class AdviceForm(Form):
    on_day = DayField(lazy_gettext("Day"), validators=[needed(), not_ahead()])
    subject = NoteField(lazy_gettext("What about"), validators=[needed()])
    given_by = WordsField(lazy_gettext("Advised by"), validators=[needed()], longest=100)


class TakeInForm(Form):
    pass


def place_of(unit: ProgrammeUnit) -> str:
    """Its address, with the commune of today and, where it was given, the district of before."""
    now, before = commune(unit.commune_code or ""), district(unit.former_district_code or "")
    parts = [unit.address, now.full_name if now else "", f"({before.kind} {before.name})" if before else ""]
    return ", ".join(part for part in parts if part).replace(", (", " (")


@bp.get("/units")
@allow("office")
def index() -> ResponseReturnValue:
    return _list(TakeInForm())


def _list(form: Form) -> ResponseReturnValue:
    asked = request.args.get("q", "")[:200]
    found = units_page(db.session, asked, request.args.get("page", 1, type=int))
    rows = [(unit, str(KINDS[unit.kind]), place_of(unit)) for unit in found.rows]
    others = cooperatives_not_yet_units(db.session, asked)
    return show_form("staff/programme_units.html", form, rows=rows, found=found, asked=asked, others=others)


@bp.post("/units/of/<public_id>")
@allow("office")
def take_in(public_id: str) -> ResponseReturnValue:
    """A registered cooperative becomes a unit, with the facts it gave when it registered."""
    cooperative, form = find(Cooperative, public_id), TakeInForm()
    if form.sent():
        with form.refusals():
            unit = unit_of(db.session, cooperative, **acting())
            return finish(form, url_for(".show", public_id=unit.public_id))
    return _list(form)


@bp.get("/units.<any(csv, xlsx):kind>")
@allow("office")
def take(kind: str) -> ResponseReturnValue:
    headings = [
        gettext("Name"), gettext("Kind"), gettext("Tax code"), gettext("Address"), gettext("Commune or ward of today"),
        gettext("District of before July 2025"), gettext("Who is in charge"), gettext("Phone number"),
        gettext("Registered here"),
    ]  # fmt: skip
    rows = []
    for unit in every_unit(db.session, request.args.get("q", "")[:200]):
        now, before = commune(unit.commune_code or ""), district(unit.former_district_code or "")
        places = (now.full_name if now else "", before.name if before else "")
        registered = gettext("yes") if unit.registered_id else gettext("no")
        told = (unit.contact_name, unit.phone, registered)
        rows.append((unit.name, str(KINDS[unit.kind]), unit.tax_code, unit.address, *places, *told))
    return table_answer(kind, "don-vi-du-an", gettext("Units of the programme"), headings, rows)


@bp.route("/units/new", methods=["GET", "POST"])
@allow("office")
def new() -> ResponseReturnValue:
    form = UnitForm()
    if form.sent():
        with form.refusals():
            unit = add_unit(db.session, form.facts(), **acting())
            return finish(form, url_for(".show", public_id=unit.public_id), gettext("Stored."))
    return show_form("staff/programme_unit_form.html", form)


@bp.route("/units/<public_id>", methods=["GET", "POST"])
@allow("office")
def show(public_id: str) -> ResponseReturnValue:
    """A unit with its enrolments; what is sent here is advice given to it."""
    unit, person = find(ProgrammeUnit, public_id), visitor().person
    form = AdviceForm(data={"on_day": today(), "given_by": person.name if person else ""})
    if form.sent():
        with form.refusals():
            said = (form.on_day.data or today(), form.subject.data or "", form.given_by.data or "")
            advise(db.session, unit, *said, **acting_today())
            return finish(form, url_for(".show", public_id=public_id), gettext("Kept."))
    return show_form(
        "staff/programme_unit.html",
        form,
        unit=unit,
        kind=str(KINDS[unit.kind]),
        place=place_of(unit),
        registered=db.session.get(Cooperative, unit.registered_id) if unit.registered_id else None,
        advice=advice_of(db.session, unit=unit),
        enrolments=enrolments_of_unit(db.session, unit),
        campaign=next(iter(campaigns(db.session)), None),
    )


@bp.get("/advice")
@allow("office")
def advice() -> ResponseReturnValue:
    year = request.args.get("year", type=int)
    years = [campaign.year for campaign in campaigns(db.session)]
    return render_template("staff/programme_advice.html", rows=advice_of(db.session, year=year), year=year, years=years)


@bp.get("/advice.<any(csv, xlsx):kind>")
@allow("office")
def take_advice(kind: str) -> ResponseReturnValue:
    headings = [gettext("Unit"), gettext("Address"), gettext("Day"), gettext("What about"), gettext("Advised by")]
    found = advice_of(db.session, year=request.args.get("year", type=int))
    rows = [(one.unit.name, place_of(one.unit), one.on_day, one.subject, one.given_by) for one in found]
    return table_answer(kind, "tu-van-huong-dan", gettext("Advice given"), headings, rows)
