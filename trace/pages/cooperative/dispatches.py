"""Goods that leave: listed, entered on one form, shown as a slip for the driver, taken back."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from labels import symbol

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Cooperative, Dispatch
from ...service import settings
from ...work.dispatches import dispatch, void_dispatch
from ...work.own_lists import listed_dispatches
from ..acting import acting, acting_today
from ..checks_told import MARKETS
from ..consumer.frame import page
from ..fields import WordsField, needed
from ..forms import Form, finish, show_form
from ..words import today
from .dispatch_form import DispatchForm
from .events import events_about
from .parts import page_number, wanted

bp = Blueprint("dispatches", __name__, url_prefix="/my/dispatches")
slips = Blueprint("slips", __name__)


class VoidForm(Form):
    reason = WordsField(lazy_gettext("Why"), validators=[needed()])


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    q = wanted()
    listing = listed_dispatches(db.session, own_cooperative(), q, page_number())
    return render_template("cooperative/dispatches.html", listing=listing, q=q)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = DispatchForm(data={"on_day": today()})
    form.offer()
    if form.asks_for_a_line:
        form.add_line()
        form.offer()
    elif form.sent():
        with form.refusals():
            entry = dispatch(
                db.session,
                own_cooperative(),
                form.leaving(),
                form.going(),
                seen_at=form.seen_at,
                **acting_today(),
            )
            message = gettext("Entered. Print the slip, or show it on the phone.")
            return finish(form, url_for(".show", public_id=entry.public_id), message)
    return show_form("cooperative/dispatch_form.html", form)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _show(find(Dispatch, public_id), VoidForm())


@bp.post("/<public_id>/void")
@allow("cooperative.write")
def take_back(public_id: str) -> ResponseReturnValue:
    entry, form = find(Dispatch, public_id), VoidForm()
    if form.sent():
        with form.refusals():
            void_dispatch(db.session, entry, form.reason.data or "", **acting())
            message = gettext("The slip is void; its goods count as not having left.")
            return finish(form, url_for(".show", public_id=public_id), message)
    return _show(entry, form)


def _show(entry: Dispatch, form: Form) -> ResponseReturnValue:
    address = settings().public_url + url_for("slips.check", public_id=entry.public_id)
    return show_form(
        "cooperative/dispatch.html",
        form,
        slip=entry,
        market=MARKETS[entry.market],
        cooperative=own_cooperative(),
        address=address,
        drawing=drawn(address),
        events=events_about(db.session, [entry.public_id]),
    )


def drawn(link: str) -> dict[str, Any]:
    """A QR symbol as one SVG path, with its quiet zone of four modules."""
    matrix = symbol(link)
    size = len(matrix)
    path = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z" for y, row in enumerate(matrix.tolist()) for x, dark in enumerate(row) if dark
    )
    return {"size": size + 8, "path": path}


@slips.get("/S/<public_id>")
@allow("public")
def check(public_id: str) -> ResponseReturnValue:
    """What whoever holds the slip may check: that it is true, its goods, and that it still holds. Never the buyer."""
    entry = find(Dispatch, public_id)
    cooperative = db.session.get_one(Cooperative, entry.cooperative_id)
    return page("cooperative/dispatch_check.html", slip=entry, cooperative=cooperative)
