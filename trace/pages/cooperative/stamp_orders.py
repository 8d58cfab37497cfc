"""Orders of stamps, where the province wants to approve them first. While it does not, nothing of this exists."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import StampOrder
from ...service import keyring, numbering, released
from ...work.own_lists import own_products
from ...work.refused import Refused
from ...work.stamp_limits import limit_of
from ...work.stamp_orders import Wanted, orders, place_order
from ...work.stamps import orders_on
from ..acting import acting
from ..choices import RecordField
from ..fields import CountField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import today
from .approval import approval_words
from .events import events_about

bp = Blueprint("stamp_orders", __name__, url_prefix="/my/stamps/orders")


class OrderForm(Form):
    product = RecordField(lazy_gettext("For the product"), validators=[needed()])
    count = CountField(lazy_gettext("How many stamps"), validators=[needed()])
    note = WordsField(lazy_gettext("What for"))

    def offer(self) -> None:
        products = own_products(db.session, own_cooperative())
        self.product.offer(products, lambda row: row.name_vi, blank=gettext("Choose …"))
        if len(products) == 1 and not self.product.data:
            self.product.data = products[0].public_id


def only_while_on() -> None:
    """A page of orders is no page at all while the province has not turned them on."""
    if not orders_on(db.session, today()):
        abort(404)


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    only_while_on()
    return render_template("cooperative/stamp_orders.html", rows=list(orders(db.session, own_cooperative())))


@bp.route("/new", methods=["GET", "POST"])
@allow("stamps")
def new() -> ResponseReturnValue:
    only_while_on()
    form = OrderForm(data={"product": request.args.get("product", "")[:12]})
    form.offer()
    if form.sent():
        with form.refusals():
            order = _order(form)
            message = gettext("Ordered. An officer decides; you are told here.")
            return finish(form, url_for(".show", public_id=order.public_id), message)
    product = form.product.record
    limit = limit_of(db.session, own_cooperative(), product, today()) if product else None
    waiting = approval_words(own_cooperative())
    return show_form("cooperative/stamp_order_form.html", form, limit=limit, waiting=waiting)


def _order(form: OrderForm) -> StampOrder:
    if not form.count.data:
        raise Refused("A run has 1 to %(most)s stamps.", field="count", most=1 << 20)
    wanted = Wanted(form.count.data, product=form.product.record, note=form.note.data)
    own = own_cooperative()
    return place_order(db.session, keyring(), numbering(), own, wanted, released=released(db.session), **acting())


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    """Open when ordering is off, too: notices and histories lead to orders of before."""
    order = find(StampOrder, public_id)
    events = events_about(db.session, [order.public_id])
    return render_template(
        "cooperative/stamp_order.html", order=order, events=events, ordering=orders_on(db.session, today())
    )
