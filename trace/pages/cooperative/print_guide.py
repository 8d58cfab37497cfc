"""One page with pictures: how a cheap USB label printer is set up under Windows, so that a PDF comes out right."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from labels import STOCKS

from ...access import allow
from .print_form import paper_name

bp = Blueprint("print_guide", __name__, url_prefix="/my/stamps")
USUAL_ROLL = "roll-50x30"


@bp.get("/usb-printer")
@allow("stamps")
def show() -> ResponseReturnValue:
    """With the sizes of one roll: its page is one row."""
    asked = STOCKS.get(request.args.get("stock", ""))
    stock = asked if asked is not None and asked.roll else STOCKS[USUAL_ROLL]
    rolls = [(one.name, paper_name(one)) for one in STOCKS.values() if one.roll]
    return render_template("cooperative/print_guide.html", stock=stock, rolls=rolls, paper=paper_name(stock))
