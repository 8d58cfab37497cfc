"""Recalls of several batches: found on one screen, forward and back, then decided or only drilled."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import SelectMultipleField

from ...access import OPAQUE, allow, find, fresh, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Base, Batch, Certificate, Cooperative, Plot, Product, Recall
from ...work.reach import owner
from ...work.recall_search import Search, approved, choices_of, find_batches
from ...work.recalls import recall_batches, recalls
from ..forms import finish, show_form
from ..words import now
from .days import day_in
from .range_recalls import LiftForm, recall_page
from .recall_form import RecallWordsForm, said

bp = Blueprint("recalls", __name__, url_prefix="/staff/recalls")

KINDS: dict[str, type[Any]] = {
    "cooperative": Cooperative,
    "plot": Plot,
    "product": Product,
    "certificate": Certificate,
}


class RecallForm(RecallWordsForm):
    batches = SelectMultipleField(lazy_gettext("Batches"), validate_choice=False)


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
    return recall_page(find(Recall, public_id), LiftForm(formdata=None))


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
    if form.sent():
        with form.refusals():
            chosen = [find(Batch, key) for key in form.batches.data or []]
            order, by = form.order(drill=drill), visitor().actor
            made = recall_batches(db.session, chosen, order, wanted, begun_at=form.begun_at, by=by, now=now())
            return finish(form, url_for(".show", public_id=made.public_id), said(made))
    return _page(wanted, form)


def _page(wanted: Search, form: RecallForm) -> ResponseReturnValue:
    found = find_batches(db.session, wanted)
    form.remember_begun()
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
