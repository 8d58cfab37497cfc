"""Plots (thửa, vườn): where things grow, with an outline where one was walked."""

from typing import Any

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import Plot
from ...standards.geography import commune
from ...standards.identifiers import area_code, area_code_hint
from ...standards.places import read_outline
from ...work.farm import (
    PlotFacts,
    add_plot,
    change_plot,
    close_plot,
    measures_far_off,
    place,
    plots,
    present_growers,
    reopen_plot,
)
from ...work.intervals import intervals
from ..choices import ChoiceField, RecordField
from ..fields import AreaField, DayField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now, today
from .parts import PrintedField, commune_choices, page_number, said, wanted
from .past import history_of
from .places import OutlineField, OutlineFileField, PointField

bp = Blueprint("plots", __name__, url_prefix="/my/plots")


class PlotForm(Form):
    name = WordsField(lazy_gettext("Name of the plot"), [needed()], longest=120)
    grower = RecordField(lazy_gettext("Household"))
    area_m2 = AreaField(
        lazy_gettext("Area"), [needed()], description=lazy_gettext("For example 1,2 ha, 5 sào or 800 m².")
    )
    commune_code = ChoiceField(lazy_gettext("Commune of today"), [needed()])
    area_code = PrintedField(
        lazy_gettext("Planting-area code"),
        reader=area_code,
        description=lazy_gettext("As issued, such as VN-LSOR-0001. Leave it empty if there is none."),
    )
    point = PointField(
        lazy_gettext("Point on the map"),
        description=lazy_gettext("Latitude, then longitude, as a phone's map copies them: 21.664512, 106.571234."),
    )
    outline = OutlineField(
        lazy_gettext("Outline as GeoJSON"),
        description=lazy_gettext("Paste the text of a Polygon, or choose a file below."),
    )
    outline_file = OutlineFileField(lazy_gettext("Outline from a file"))

    def offer(self, plot: Plot | None = None) -> "PlotForm":
        here = present_growers(db.session, own_cooperative(), also=plot.grower_id if plot else None)
        self.grower.offer(here, lambda grower: grower.name, blank=gettext("– the cooperative's own –"))
        self.commune_code.choices = commune_choices()
        return self

    def facts(self) -> PlotFacts:
        grower = self.grower.record
        outline = self.outline_file.data or self.outline.data
        return PlotFacts(
            name=said(self.name),
            area_m2=said(self.area_m2),
            commune_code=said(self.commune_code),
            grower_id=grower.id if grower else None,
            area_code=self.area_code.data,
            **place(self.point.data, outline),
        )


class CloseForm(Form):
    closed_on = DayField(lazy_gettext("Last day in use"), [needed()])


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    listing = plots(db.session, own_cooperative(), wanted(), page_number())
    return render_template("cooperative/plots.html", listing=listing, q=wanted(), commune=commune)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    own = own_cooperative()
    given = {"grower": request.args.get("grower"), "commune_code": own.commune_code}
    form = PlotForm(data=given).offer()
    if form.sent():
        with form.refusals():
            plot = add_plot(db.session, own, form.facts(), actor=visitor().actor, now=now())
            _warn(plot)
            return finish(form, url_for(".show", public_id=plot.public_id), gettext("Plot entered."))
    return show_form("cooperative/plot_form.html", form, plot=None)


def _warn(plot: Plot) -> None:
    """Say what looks odd without refusing it."""
    if measures_far_off(plot):
        flash(gettext("The outline and the stated area differ a lot. Check both."), "warning")
    if plot.area_code and area_code_hint(plot.area_code) is None:
        flash(gettext("The planting-area code has an unusual form. Compare it with the paper; it is kept."), "warning")


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Plot, public_id))


def _page(plot: Plot, complained: Form | None = None) -> ResponseReturnValue:
    close = complained if isinstance(complained, CloseForm) else CloseForm(formdata=None)
    outline = read_outline(plot.outline) if plot.outline else None
    shown: dict[str, Any] = {
        "commune": commune(plot.commune_code),
        "outline": outline,
        "far_off": measures_far_off(plot),
        "odd_code": bool(plot.area_code) and area_code_hint(plot.area_code or "") is None,
        "history": history_of(plot),
        "interval": intervals(db.session, [plot], today()).get(plot.id),
    }
    return show_form("cooperative/plot.html", complained or close, plot=plot, close=close, **shown)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str) -> ResponseReturnValue:
    plot = find(Plot, public_id)
    form = PlotForm(data=_typed(plot)).offer(plot).watched()
    if form.sent():
        with form.refusals():
            change_plot(db.session, plot, form.facts(), actor=visitor().actor, now=now())
            _warn(plot)
            return finish(form, url_for(".show", public_id=public_id), gettext("Saved."))
    return show_form("cooperative/plot_form.html", form, plot=plot)


def _typed(plot: Plot) -> dict[str, Any]:
    """A plot as its form would have been filled in."""
    outline = read_outline(plot.outline) if plot.outline else None
    return {
        "name": plot.name,
        "grower": plot.grower.public_id if plot.grower else None,
        "area_m2": plot.area_m2,
        "commune_code": plot.commune_code,
        "area_code": plot.area_code,
        "point": plot.point,
        "outline": outline,
    }


@bp.post("/<public_id>/close")
@allow("cooperative.write")
def close(public_id: str) -> ResponseReturnValue:
    plot, form = find(Plot, public_id), CloseForm()
    if form.sent():
        with form.refusals():
            day = said(form.closed_on)
            close_plot(db.session, plot, day, today=today(), actor=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("Plot closed."))
    return _page(plot, form)


@bp.post("/<public_id>/reopen")
@allow("cooperative.write")
def reopen(public_id: str) -> ResponseReturnValue:
    plot, form = find(Plot, public_id), Form()
    if form.sent():
        with form.refusals():
            reopen_plot(db.session, plot, actor=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("The plot is in use again."))
    return _page(plot, form)
