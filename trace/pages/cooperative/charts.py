"""Who reads our pages: looks and scans by day, batch and province."""

from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import OPAQUE, allow, find, own_cooperative
from ...db import db
from ...records import Batch
from ...service import settings
from ...work.complaints import recent_batches
from ...work.scan_counts import counts_of
from ..charts import bars, day_chart
from ..words import province_name, today

bp = Blueprint("charts", __name__, url_prefix="/my/charts")

PERIODS = (7, 30, 90, 365)


@bp.get("")
@allow("cooperative.read")
def show() -> ResponseReturnValue:
    cooperative = own_cooperative()
    asked = request.args.get("batch", "")
    batch = find(Batch, asked) if OPAQUE.fullmatch(asked) else None
    days = request.args.get("days", 30, type=int)
    days = days if days in PERIODS else 30
    counts = counts_of(db.session, cooperative.id, today() - timedelta(days=days - 1), today(), batch)
    series = [(each.day, each.looks, each.scans) for each in counts.days]
    return render_template(
        "cooperative/charts.html",
        counts=counts,
        chart=day_chart(series, (gettext("looks"), gettext("scans"))),
        batches=bars([(row.batch.public_id if row.batch else "", row.scans) for row in counts.batches], 100),
        provinces=bars([(province_name(code, gettext("not said")), scans) for code, scans in counts.provinces], 40),
        batch=batch,
        choices=recent_batches(db.session, cooperative),
        days=days,
        periods=PERIODS,
        looked_up=settings().geo_database is not None,
    )
