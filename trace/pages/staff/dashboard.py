"""How the province stands, as charts that lead to their lists, each with its sentence and its table."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...work.dashboard import Overview, overview
from ..charts import Bar, bars
from ..words import today
from .findings import span_key, span_words

bp = Blueprint("dashboard", __name__, url_prefix="/audit/overview")


def _speed(found: Overview) -> list[tuple[str, Bar]]:
    """How long findings took to close: each span's name in an address, and its bar."""
    spans = [span for span, _ in found.closed_within]
    rows = bars([(span_words(span), count) for span, count in found.closed_within])
    return [(span_key(span), row) for span, row in zip(spans, rows, strict=True)]


@bp.get("/")
@allow("staff.read")
def show() -> ResponseReturnValue:
    found = overview(db.session, today())
    return render_template(
        "staff/dashboard.html", found=found, clauses=bars(found.clauses), speed=_speed(found),
        most_g=max((max(crop.expected_g, crop.drawn_g, crop.stamped_g) for crop in found.crops), default=1),
    )  # fmt: skip
