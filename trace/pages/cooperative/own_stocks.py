"""Label papers of our own: measured with a ruler, drawn as understood, offered wherever stamps are printed."""

from contextlib import suppress

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from labels import Stock

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import OwnStock
from ...work.own_stocks import add_stock, change_stock, retire_stock, stock_of
from ...work.refused import Refused, RefusedAll
from ..acting import acting
from ..forms import Form, finish, show_form
from .own_stock_form import StockForm, data_of

bp = Blueprint("own_stocks", __name__, url_prefix="/my/labels/papers")
USUAL = {"feed": "sheet", "page": "A4", "columns": 3, "rows": 8, "dpi": "203"}


@bp.route("/new", methods=["GET", "POST"])
@allow("stamps")
def new() -> ResponseReturnValue:
    form = StockForm(data=USUAL)
    form.offer()
    if form.sent() and request.form.get("do") == "save":
        with form.refusals():
            add_stock(db.session, own_cooperative(), form.name.data or "", form.figures(), **acting())
            return finish(form, url_for("own_labels.index"), gettext("Paper kept."))
    return _page(form, None)


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("stamps")
def show(public_id: str) -> ResponseReturnValue:
    own = find(OwnStock, public_id)
    form = StockForm(data=data_of(own.name, stock_of(own)))
    form.offer()
    if form.sent() and request.form.get("do") == "save":
        with form.refusals():
            change_stock(db.session, own, form.name.data or "", form.figures(), **acting())
            return finish(form, url_for("own_labels.index"), gettext("Paper kept."))
    return _page(form, own)


@bp.route("/<public_id>/end", methods=["GET", "POST"])
@allow("stamps")
def end(public_id: str) -> ResponseReturnValue:
    own, form = find(OwnStock, public_id), Form()
    if form.sent():
        with form.refusals():
            retire_stock(db.session, own, **acting())
            return finish(form, url_for("own_labels.index"))
    return show_form("cooperative/own_end.html", form, name=own.name, back=url_for(".show", public_id=public_id))


def _page(form: StockForm, own: OwnStock | None) -> ResponseReturnValue:
    stock = _drawn(form)
    cells = [(number + 1, *stock.place(number)) for number in range(stock.cells)] if stock else []
    return show_form("cooperative/own_stock.html", form, own=own, stock=stock, cells=cells)


def _drawn(form: StockForm) -> Stock | None:
    """The paper as understood; while figures do not add up, their complaints stand beside them instead."""
    if request.method == "GET" and not form.width_mm.data:
        return None
    drawn = None
    if form.complained:
        with suppress(Refused, RefusedAll):
            drawn = form.drawn()
    else:
        with form.refusals():
            drawn = form.drawn()
    return drawn
