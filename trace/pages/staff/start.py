"""How to start using the service for real: what stands in front of everybody who tries the demonstration."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ...access import allow

bp = Blueprint("start", __name__)


@bp.get("/start-for-real")
@allow("public")
def for_real() -> ResponseReturnValue:
    return render_template("staff/start_for_real.html")
