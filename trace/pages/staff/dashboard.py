"""How the province stands, as charts that lead to their lists, each with its sentence and its table."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...work.dashboard import overview
from ..charts import bars
from ..words import today

bp = Blueprint("dashboard", __name__, url_prefix="/audit/overview")


@bp.get("/")
@allow("staff.read")
def show() -> ResponseReturnValue:
    found = overview(db.session, today())
    return render_template(
        "staff/dashboard.html", found=found, clauses=bars(found.clauses),
        most_g=max((max(crop.expected_g, crop.drawn_g, crop.stamped_g) for crop in found.crops), default=1),
    )  # fmt: skip
