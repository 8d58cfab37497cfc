"""Clearing a cooperative's season before harvest, and ending a clearance."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from ...access import allow, find, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Cooperative, Season
from ...work.reach import owner
from ...work.seasons import Clearance, Ground, batches_under, clear_season, end_season, ground_of, season_row, seasons
from ...work.stafflists import cooperatives
from ..fields import DayField, NoteField, WeightField, needed
from ..forms import Form, finish, show_form
from ..words import now, today

bp = Blueprint("seasons", __name__, url_prefix="/audit/seasons")


class ChecksField(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SeasonForm(Form):
    product = SelectField(lazy_gettext("Product"), validators=[needed()], validate_choice=False)
    plots = ChecksField(lazy_gettext("Plots"), validators=[needed()], validate_choice=False)
    from_on = DayField(lazy_gettext("First harvest day"), validators=[needed()])
    to_on = DayField(lazy_gettext("Last harvest day"), validators=[needed()])
    limit = WeightField(
        lazy_gettext("At most, for the whole season"),
        unit="t",
        validators=[needed()],
        description=lazy_gettext("In tonnes, or with a unit: 12, 12,5 t, 800 kg."),
    )
    note = NoteField(lazy_gettext("What was looked at on the spot"))


class EndForm(Form):
    reason = NoteField(
        lazy_gettext("Reason"), validators=[needed()], description=lazy_gettext("The cooperative will read it.")
    )


@bp.get("/")
@allow("audit")
def index() -> ResponseReturnValue:
    return render_template("staff/seasons.html", rows=seasons(db.session, today=today()))


@bp.get("/new")
@allow("audit")
def choose() -> ResponseReturnValue:
    """For which cooperative: searched, for there may be hundreds."""
    asked = request.args.get("q", "")[:200]
    found = cooperatives(db.session, state="approved", text=asked, page=request.args.get("page", 1, type=int))
    return render_template("staff/season_choose.html", asked=asked, found=found)


@bp.route("/new/<public_id>", methods=["GET", "POST"])
@allow("audit")
def new(public_id: str) -> ResponseReturnValue:
    cooperative = find(Cooperative, public_id)
    ground = ground_of(db.session, cooperative, today=today())
    form = _form(ground)
    if form.sent():
        with form.refusals():
            wanted = _clearance(form, ground)
            season = clear_season(db.session, cooperative, wanted, by=visitor().actor, now=now(), today=today())
            return finish(form, url_for(".show", public_id=season.public_id), gettext("The season is cleared."))
    own = cooperative.id in visitor().belongs_to
    return show_form("staff/season_form.html", form, cooperative=cooperative, ground=ground, own=own)


def _form(ground: Ground) -> SeasonForm:
    form = SeasonForm(data={"from_on": today()} if request.method == "GET" else None)
    form.product.choices = [SelectChoice(product.public_id, product.name_vi) for product in ground.products]
    form.plots.choices = [SelectChoice(plot.public_id, _plot_words(plot)) for plot in ground.plots]
    return form


def _plot_words(plot: Any) -> str:
    return f"{plot.name} · {plot.grower.name}" if plot.grower is not None else str(plot.name)


def _clearance(form: SeasonForm, ground: Ground) -> Clearance:
    """What was chosen, from this cooperative's own products and plots only."""
    product = next((each for each in ground.products if each.public_id == form.product.data), None)
    plots = [plot for plot in ground.plots if plot.public_id in (form.plots.data or [])]
    from_on, to_on, limit_g = form.from_on.data, form.to_on.data, form.limit.data
    assert from_on is not None
    assert to_on is not None
    assert limit_g is not None
    return Clearance(product, plots, from_on, to_on, limit_g, form.note.data)


@bp.get("/<public_id>")
@allow("audit")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Season, public_id), EndForm())


@bp.post("/<public_id>/end")
@allow("audit")
def end(public_id: str) -> ResponseReturnValue:
    season = find(Season, public_id)
    form = EndForm()
    if form.sent():
        with form.refusals():
            end_season(db.session, season, form.reason.data, by=visitor().actor, now=now())
            said = gettext("The clearance is ended. Batches cleared under it stay cleared.")
            return finish(form, url_for(".show", public_id=public_id), said)
    return _page(season, form)


def _page(season: Season, form: EndForm) -> ResponseReturnValue:
    cooperative = owner(db.session, season)
    names = names_by_key(db.session, [season.by_person_id])
    return show_form(
        "staff/season.html",
        form,
        season=season,
        row=season_row(db.session, season, cooperative, today=today()),
        batches=batches_under(db.session, season),
        by=names.get(season.by_person_id or 0, ""),
        own=cooperative.id in visitor().belongs_to,
    )
