"""Kinds of support and the steps of each, which officers add to and change."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import SupportKind
from ...standards.words import fold
from ...work.programme_lists import support_kinds
from ...work.support_kinds import add_kind, change_steps, steps_of
from ..acting import acting
from ..fields import NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..tables import table_answer

bp = Blueprint("support_kinds", __name__, url_prefix="/office/programme/kinds")
LONGEST_KEY = 30


class StepsForm(Form):
    steps = NoteField(
        lazy_gettext("Steps, one a line"),
        validators=[needed()],
        description=lazy_gettext("In the order in which they are done. Enrolments under way keep the steps they have."),
    )


class KindForm(StepsForm):
    name = WordsField(lazy_gettext("Name"), validators=[needed()])


@bp.get("")
@allow("office")
def index() -> ResponseReturnValue:
    rows = [(kind, steps_of(kind)) for kind in support_kinds(db.session)]
    return render_template("staff/support_kinds.html", rows=rows)


@bp.get("/list.<any(csv, xlsx):kind>")
@allow("office")
def take(kind: str) -> ResponseReturnValue:
    headings = [gettext("Kind of support"), gettext("Steps")]
    rows = [(one.name, " → ".join(steps_of(one))) for one in support_kinds(db.session)]
    return table_answer(kind, "noi-dung-ho-tro", gettext("Kinds of support"), headings, rows)


@bp.route("/new", methods=["GET", "POST"])
@allow("office")
def new() -> ResponseReturnValue:
    form = KindForm()
    if form.sent():
        with form.refusals():
            name = form.name.data or ""
            key = "-".join(fold(name).split())[:LONGEST_KEY]
            add_kind(db.session, key, name, tuple((form.steps.data or "").splitlines()), **acting())
            return finish(form, url_for(".index"), gettext("Stored."))
    return show_form("staff/support_kind_form.html", form, kind=None)


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("office")
def steps(public_id: str) -> ResponseReturnValue:
    kind = find(SupportKind, public_id)
    form = StepsForm(data={"steps": "\n".join(steps_of(kind))}).watched()
    if form.sent():
        with form.refusals():
            change_steps(db.session, kind, tuple((form.steps.data or "").splitlines()), **acting())
            return finish(form, url_for(".index"), gettext("Stored. New enrolments get these steps."))
    return show_form("staff/support_kind_form.html", form, kind=kind)
