"""Trademarks and geographical indications, their legal steps, and what of them may stand on a stamp."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import Trademark, TrademarkState, Upload
from ...work.trademarks import TrademarkFacts, add_state, add_trademark, change_trademark, showing, trademarks
from ...work.uploads import PICTURES, SCANS
from ..forms import Form, finish, show_form
from ..unread import one_of
from ..words import now, today
from .parts import kept, page_number, said, wanted
from .past import history_of
from .trademark_words import KINDS, SHOWINGS, STATES, StateForm, TrademarkForm

bp = Blueprint("trademarks", __name__, url_prefix="/my/trademarks")


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    listing = trademarks(db.session, own_cooperative(), wanted(), page_number())
    told = {mark.id: SHOWINGS[showing(mark, today())] for mark in listing.rows}
    return render_template("cooperative/trademarks.html", listing=listing, q=wanted(), told=told, kinds=KINDS)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = TrademarkForm()
    if form.sent():
        with form.refusals():
            own, facts = own_cooperative(), form.tried(form.facts)
            mark = add_trademark(db.session, own, facts, **_files(form), **_doing())
            return finish(form, url_for(".show", public_id=mark.public_id), gettext("Trademark entered."))
    return show_form("cooperative/trademark_form.html", form, trademark=None)


def _files(form: TrademarkForm) -> dict[str, Any]:
    document = form.tried(kept, form.right_document, SCANS)
    return {"image": form.tried(kept, form.image, PICTURES), "right_document": document}


def _doing() -> dict[str, Any]:
    return {"actor": visitor().actor, "now": now(), "today": today()}


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Trademark, public_id), StateForm(formdata=None))


def _page(mark: Trademark, form: Form) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "told": SHOWINGS[showing(mark, today())],
        "kind": KINDS[mark.kind],
        "states": STATES,
        "document": db.session.get(Upload, mark.right_document_id) if mark.right_document_id else None,
        "history": history_of(mark),
    }
    return show_form("cooperative/trademark.html", form, trademark=mark, **shown)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str) -> ResponseReturnValue:
    mark = find(Trademark, public_id)
    form = TrademarkForm(data={name: getattr(mark, name) for name in TrademarkFacts.__dataclass_fields__}).watched()
    if form.sent():
        with form.refusals():
            facts = form.tried(form.facts)
            change_trademark(db.session, mark, facts, **_files(form), **_doing())
            return finish(form, url_for(".show", public_id=public_id), gettext("Saved."))
    return show_form("cooperative/trademark_form.html", form, trademark=mark)


@bp.post("/<public_id>/state")
@allow("cooperative.write")
def step(public_id: str) -> ResponseReturnValue:
    mark, form = find(Trademark, public_id), StateForm()
    if form.sent():
        with form.refusals():
            state = one_of(TrademarkState, said(form.state))
            day, paper, answer_by = said(form.on_day), form.document.data, form.answer_by.data
            add_state(db.session, mark, state, day, paper, answer_by=answer_by, **_doing())
            return finish(form, url_for(".show", public_id=public_id), gettext("Legal step recorded."))
    return _page(mark, form)
