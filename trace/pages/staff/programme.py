"""The programme's years: opened with target and budget, each with its figures and what leads on from there."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import Campaign, LetterKind
from ...work.campaigns import change_campaign, open_campaign
from ...work.letters import correspondence
from ...work.programme_lists import Wanted, advice_of, campaigns, enrolments_page, year_figures
from ...work.programme_rules import terms_on
from ..acting import acting
from ..fields import CountField, DayField, MoneyField, needed
from ..forms import Form, finish, show_form
from ..programme_words import CAP_PER
from ..tables import table_answer
from ..words import today

bp = Blueprint("programme", __name__, url_prefix="/office/programme")
NEWEST = 10


class ChangeForm(Form):
    target_units = CountField(lazy_gettext("Target: units to be supported"), validators=[needed()])
    budget_vnd = MoneyField(
        lazy_gettext("Budget of support"),
        validators=[needed()],
        description=lazy_gettext("Whole đồng: 500.000.000 or 500 triệu."),
    )
    opens_on = DayField(lazy_gettext("Enrolment opens on"), validators=[needed()])
    closes_on = DayField(
        lazy_gettext("Last day to enrol"),
        validators=[needed()],
        description=lazy_gettext("After it an officer can still take an enrolment in, with a reason."),
    )

    def facts(self) -> dict[str, Any]:
        return {name: self[name].data for name in ("target_units", "budget_vnd", "opens_on", "closes_on")}


class YearForm(ChangeForm):
    year = CountField(lazy_gettext("Year"), validators=[needed()])


@bp.get("")
@allow("office")
def index() -> ResponseReturnValue:
    rows = [year_figures(db.session, campaign) for campaign in campaigns(db.session)]
    return render_template("staff/programme.html", rows=rows, terms=terms_on(db.session, today()), cap_per=CAP_PER)


@bp.get("/years.<any(csv, xlsx):kind>")
@allow("office")
def take(kind: str) -> ResponseReturnValue:
    headings = [
        gettext("Year"), gettext("Target"), gettext("Units enrolled"), gettext("Units advised"), gettext("Budget"),
        gettext("Support paid"), gettext("Enrolment opens on"), gettext("Last day to enrol"),
    ]  # fmt: skip
    rows = []
    for campaign in campaigns(db.session):
        row = year_figures(db.session, campaign)
        counted = (row.enrolled_units, row.advised_units, campaign.budget_vnd, row.paid_vnd)
        rows.append((campaign.year, campaign.target_units, *counted, campaign.opens_on, campaign.closes_on))
    return table_answer(kind, "du-an-cac-nam", gettext("Years of the programme"), headings, rows)


@bp.route("/new", methods=["GET", "POST"])
@allow("office")
def new() -> ResponseReturnValue:
    form = YearForm(data={"year": today().year})
    if form.sent():
        with form.refusals():
            campaign = open_campaign(db.session, form.year.data or 0, **form.facts(), **acting())
            said = gettext("The year is open. Now enter the letters that were sent.")
            return finish(form, url_for(".show", public_id=campaign.public_id), said)
    return show_form("staff/programme_year_form.html", form, campaign=None)


@bp.route("/years/<public_id>/change", methods=["GET", "POST"])
@allow("office")
def change(public_id: str) -> ResponseReturnValue:
    campaign = find(Campaign, public_id)
    form = ChangeForm(obj=campaign).watched()
    if form.sent():
        with form.refusals():
            change_campaign(db.session, campaign, **form.facts(), **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Stored."))
    return show_form("staff/programme_year_form.html", form, campaign=campaign)


@bp.get("/years/<public_id>")
@allow("office")
def show(public_id: str) -> ResponseReturnValue:
    campaign = find(Campaign, public_id)
    written = correspondence(campaign)
    return render_template(
        "staff/programme_year.html",
        campaign=campaign,
        figures=year_figures(db.session, campaign),
        sent=sum(bool(one.of(LetterKind.LETTER)) for one in written),
        answered=sum(one.answered for one in written),
        advice=advice_of(db.session, year=campaign.year)[:NEWEST],
        newest=enrolments_page(db.session, Wanted(year=campaign.year)).rows[:NEWEST],
        terms=terms_on(db.session, today()),
        cap_per=CAP_PER,
    )
