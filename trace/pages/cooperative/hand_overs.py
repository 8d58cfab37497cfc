"""Stamps handed over to growers: written down, printed as a slip to sign, and counted when they come back."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import HandOver, RangeState, Run, StampRange
from ...standards.quantities import show_count
from ...work.hand_overs import MAY_GO, Handing, hand_over, hand_overs, still_with, take_back, where_now
from ...work.own_lists import open_sources
from ...work.serials import read_list, read_span
from ..acting import acting, acting_today
from ..choices import RecordField
from ..fields import DayField, NoteField, WeightField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import language, today
from .events import events_about
from .stamp_map import bars, counts, shown_range

bp = Blueprint("hand_overs", __name__, url_prefix="/my/stamps")


class HandOverForm(Form):
    grower = RecordField(lazy_gettext("Household"), validators=[needed()])
    first = WordsField(lazy_gettext("First serial"), validators=[needed()], longest=40)
    last = WordsField(lazy_gettext("Last serial"), longest=40)
    expected_g = WeightField(lazy_gettext("Weight expected"), validators=[needed()])
    handed_on = DayField(lazy_gettext("Handed over on"), validators=[needed()])
    note = WordsField(lazy_gettext("Note"))

    def offer(self) -> None:
        growers = open_sources(db.session, own_cooperative())[1]
        self.grower.offer(sorted(growers, key=lambda row: row.folded), lambda row: row.name, blank=gettext("Choose …"))

    def handing(self) -> Handing:
        return Handing(self.grower.record, self.expected_g.data, self.handed_on.data, self.note.data)


class ReturnForm(Form):
    serials = NoteField(
        lazy_gettext("Serials that came back"),
        validators=[needed()],
        description=lazy_gettext("One or several: 12, 15-20, or whole serials."),
    )


@bp.get("/hand-overs")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    rows = hand_overs(db.session, own_cooperative())
    return render_template("cooperative/hand_overs.html", rows=rows, where=where_now(db.session, rows))


@bp.route("/<public_id>/hand-over", methods=["GET", "POST"])
@allow("stamps")
def new(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    start = _next(run)
    form = HandOverForm(data=_as_meant(run, start))
    form.offer()
    if form.sent():
        with form.refusals():
            typed = form.tried(read_span, run, form.first.data, form.last.data)
            handed = hand_over(db.session, run, (typed.first, typed.last), form.handing(), **acting_today())
            count = show_count(handed.count, language())
            message = gettext("%(count)s stamps handed over. Print the slip for both to sign.", count=count)
            return finish(form, url_for(".show", public_id=handed.public_id), message)
    ranges = [shown_range(row) for row in run.ranges]
    strip = {"bars": bars(run, ranges), "counts": counts(ranges)}
    return show_form("cooperative/hand_over_form.html", form, run=run, start=start, **strip)


def _next(run: Run) -> StampRange | None:
    """The stamps to hand over next: those never given out before those that came back."""
    waiting = [row for row in run.ranges if row.state in MAY_GO]
    return next((row for row in waiting if row.state != RangeState.RETURNED), waiting[0] if waiting else None)


def _as_meant(run: Run, start: StampRange | None) -> dict[str, object]:
    meant: dict[str, object] = {"handed_on": today(), "grower": request.args.get("grower", "")[:12]}
    return meant | ({"first": run.serial(start.first), "last": run.serial(start.last)} if start else {})


@bp.get("/hand-overs/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _show(find(HandOver, public_id), ReturnForm(formdata=None))


@bp.post("/hand-overs/<public_id>/return")
@allow("stamps")
def back(public_id: str) -> ResponseReturnValue:
    handed, form = find(HandOver, public_id), ReturnForm()
    if form.sent():
        with form.refusals():
            counted = take_back(db.session, handed, read_list(handed.run, form.serials.data or ""), **acting())
            message = gettext("%(count)s stamps came back.", count=show_count(counted.count, language()))
            return finish(form, url_for(".show", public_id=public_id), message)
    return _show(handed, form)


def _show(handed: HandOver, form: Form) -> ResponseReturnValue:
    run = handed.run
    held = [f"{first}-{last}" if last > first else str(first) for first, last in still_with(db.session, handed)]
    return show_form(
        "cooperative/hand_over.html",
        form,
        handed=handed,
        run=run,
        cooperative=own_cooperative(),
        where=where_now(db.session, [handed])[handed.id],
        held=", ".join(held),
        events=events_about(db.session, [handed.public_id]),
    )
