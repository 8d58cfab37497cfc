"""The officer's side of orders of stamps: what is asked for, what the certificates allow, approve or refuse."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, visitor
from ...db import db
from ...records import Cooperative, StampOrder
from ...work.stamp_limits import limit_of
from ...work.stamp_orders import approve_order, orders, refuse_order
from ...work.stamps import orders_on
from ..cooperative.stamp_orders import only_while_on
from ..fields import CountField, NoteField
from ..forms import Form, finish, show_form
from ..words import now, today

bp = Blueprint("office_orders", __name__, url_prefix="/office/orders")


class DecideForm(Form):
    count = CountField(lazy_gettext("Approve"))
    reason = NoteField(
        lazy_gettext("Reason"),
        description=lazy_gettext("Needed when fewer, or none, are approved; the cooperative will read it."),
    )


@bp.get("/")
@allow("office")
def index() -> ResponseReturnValue:
    only_while_on()
    rows = [(order, db.session.get_one(Cooperative, order.cooperative_id)) for order in orders(db.session)]
    return render_template("staff/stamp_orders.html", rows=rows)


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("office")
def show(public_id: str) -> ResponseReturnValue:
    """Open when ordering is off, too: notices lead to orders of before, and one that waits can still be decided."""
    ordering = orders_on(db.session, today())
    back = url_for(".index") if ordering else url_for("office.home")
    order = find(StampOrder, public_id)
    form = DecideForm(data={"count": order.count})
    if form.sent():
        with form.refusals():
            if request.form.get("do") == "refuse":
                refuse_order(db.session, order, form.reason.data or "", by=visitor().actor, now=now())
                return finish(form, back, gettext("Refused. The cooperative is told."))
            approve_order(db.session, order, form.count.data, reason=form.reason.data, by=visitor().actor, now=now())
            return finish(form, back, gettext("Approved. The cooperative is told."))
    cooperative = db.session.get_one(Cooperative, order.cooperative_id)
    limit = limit_of(db.session, cooperative, order.product, today())
    shown = {"order": order, "cooperative": cooperative, "limit": limit, "ordering": ordering, "back": back}
    return show_form("staff/stamp_order.html", form, **shown)
