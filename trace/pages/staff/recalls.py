"""Recalls of several batches: found on one screen, forward and back, then decided or only drilled."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, SelectMultipleField

from ...access import OPAQUE, allow, find, fresh, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Base, Batch, Certificate, Cooperative, Plot, Product, Recall
from ...work.reach import owner
from ...work.recall_search import Search, approved, choices_of, find_batches
from ...work.recalls import Order, recall_batches, recalls
from ..fields import NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .days import day_in

bp = Blueprint("recalls", __name__, url_prefix="/staff/recalls")

KINDS: dict[str, type[Any]] = {
    "cooperative": Cooperative,
    "plot": Plot,
    "product": Product,
    "certificate": Certificate,
}
LONGEST_SEARCH = timedelta(hours=12)


class RecallForm(Form):
    batches = SelectMultipleField(lazy_gettext("Batches"), validate_choice=False)
    reason = NoteField(
        lazy_gettext("Reason"), [needed()], description=lazy_gettext("The cooperative and consumers will read it.")
    )
    advice = NoteField(
        lazy_gettext("What consumers should do"),
        description=lazy_gettext("Such as: do not eat it, take it back to where you bought it."),
    )
    contact = WordsField(lazy_gettext("Whom to call"), description=lazy_gettext("Name of an office and its number."))
    begun = HiddenField()


@bp.get("/")
@allow("staff.read")
def index() -> ResponseReturnValue:
    rows = recalls(db.session)
    names = names_by_key(db.session, [row.by_person_id for row in rows])
    return render_template("staff/recalls.html", rows=rows, names=names)


@bp.get("/find")
@allow("staff.read")
def search() -> ResponseReturnValue:
    return _page(_search(), RecallForm(formdata=None))


@bp.get("/<public_id>")
@allow("staff.read")
def show(public_id: str) -> ResponseReturnValue:
    recall = find(Recall, public_id)
    rows = [(line, owner(db.session, line.batch)) for line in recall.batches]
    names = names_by_key(db.session, [recall.by_person_id])
    return render_template("staff/recall.html", recall=recall, rows=rows, by=names.get(recall.by_person_id or 0, ""))


@bp.post("/make")
@allow("staff.act")
@fresh
def make() -> ResponseReturnValue:
    return _decide(drill=False)


@bp.post("/drill")
@allow("staff.act")
def drill() -> ResponseReturnValue:
    return _decide(drill=True)


def _decide(*, drill: bool) -> ResponseReturnValue:
    form, wanted = RecallForm(), _search()
    if form.validate_on_submit():
        with form.refusals():
            chosen = [find(Batch, key) for key in form.batches.data or []]
            order = Order(form.reason.data or "", form.advice.data, form.contact.data, drill)
            by, begun_at = visitor().actor, _begun(form)
            made = recall_batches(db.session, chosen, order, wanted, begun_at=begun_at, by=by, now=now())
            return finish(form, url_for(".show", public_id=made.public_id), _said(made))
    return _page(wanted, form)


def _said(made: Recall) -> str:
    if made.drill:
        return str(gettext("Drilled in %(seconds)s seconds. Nothing has been recalled.", seconds=made.took_s))
    return str(gettext("Recalled. Every page of these batches says so within seconds."))


def _page(wanted: Search, form: RecallForm) -> ResponseReturnValue:
    found = find_batches(db.session, wanted)
    if not form.begun.data:
        form.begun.data = request.args.get("begun") or now().isoformat(timespec="seconds")
    return show_form(
        "staff/recall_find.html",
        form,
        search=wanted,
        found=found,
        choices=choices_of(db.session, wanted.cooperative) if wanted.cooperative else None,
        cooperatives=approved(db.session),
        chosen=set(form.batches.data or [row.batch.public_id for row in found if row.recallable]),
        acts=visitor().may("staff.act"),
    )


def _search() -> Search:
    """From the address of a search, or from the form that was sent with it."""
    named = {name: _named(kind, request.values.get(name, "")) for name, kind in KINDS.items()}
    if named["cooperative"] is None:
        held = next((row for row in (named["plot"], named["product"], named["certificate"]) if row is not None), None)
        named["cooperative"] = owner(db.session, held) if held is not None else None
    return Search(**named, from_on=day_in("from_on"), to_on=day_in("to_on"))


def _named(kind: type[Base], public_id: str) -> Any:
    return find(kind, public_id) if OPAQUE.fullmatch(public_id) else None


def _begun(form: RecallForm) -> datetime:
    """When the search was opened, as the page remembers it; never the future, never longer ago than half a day."""
    try:
        begun = datetime.fromisoformat(form.begun.data or "")
    except ValueError:
        return now()
    if begun.tzinfo is None:
        return now()
    return min(max(begun, now() - LONGEST_SEARCH), now())
