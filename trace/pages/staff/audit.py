"""The auditor's desk: what waits, the riskiest first; the day's sample; search; what was done lately."""

from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, visitor
from ...db import db
from ...records import Batch
from ...service import keyring
from ...standards.words import tidy
from ...work.desk import (
    all_certificates,
    confirm_green,
    done_lately,
    stopped_batches,
    waiting_batches,
    waiting_certificates,
)
from ...work.sampling import draw
from ...work.staffsearch import search as find_anything
from ...work.visits import visits
from ..forms import Form, finish
from ..words import now, today
from .risk_told import reason_words

bp = Blueprint("audit", __name__, url_prefix="/audit")

LONGEST = 300
MOST_AT_ONCE = 50


class ConfirmForm(Form):
    """Batches are marked by boxes named after their public ids; each holds the number of decisions that was read."""


@bp.get("/")
@allow("audit")
def desk() -> ResponseReturnValue:
    return _desk(ConfirmForm())


def _desk(form: ConfirmForm) -> ResponseReturnValue:
    rows = waiting_batches(db.session, now=now())
    status = 200 if not form.complained else 409 if form.conflict else 422
    page = render_template(
        "staff/desk.html",
        batches=[(row, [reason_words(reason) for reason in row.reasons]) for row in rows],
        green=[row for row in rows if row.green and row.cooperative.id not in visitor().belongs_to],
        form=form,
        sample=draw(db.session, today()),
        visits=[visit for visit in visits(db.session) if visit.closed_at is None][:8],
        certificates=waiting_certificates(db.session, today=today()),
        stopped=stopped_batches(db.session),
        done=done_lately(db.session),
    )
    return page, status


@bp.post("/confirm")
@allow("audit")
def confirm() -> ResponseReturnValue:
    """Several all-green batches in one act, an entry each."""
    form = ConfirmForm()
    if form.sent():
        with form.refusals():
            count = confirm_green(db.session, _marked(), by=visitor().actor, now=now())
            return finish(form, url_for(".desk"), gettext("%(count)s batches are confirmed.", count=count))
    return _desk(form)


def _marked() -> list[tuple[Batch, int]]:
    rows = {row.batch.public_id: row.batch for row in waiting_batches(db.session, now=now())}
    marked = request.form.getlist("batch")[:MOST_AT_ONCE]
    found = []
    for value in marked:
        public_id, _, seen = value[:40].partition("/")
        batch = rows.get(public_id)
        if batch is not None:
            found.append((batch, int(seen) if seen.isdecimal() else -1))
    return found


@bp.get("/sample")
@allow("audit")
def sample() -> ResponseReturnValue:
    """The random sample of a day, drawn anew: the same day gives the same sample, for whoever asks."""
    try:
        day = min(date.fromisoformat(request.args.get("day", "")[:10]), today())
    except ValueError:
        day = today()
    return render_template("staff/sample.html", sample=draw(db.session, day))


@bp.get("/certificates")
@allow("audit")
def certificates() -> ResponseReturnValue:
    return render_template("staff/certificates.html", rows=all_certificates(db.session, today=today()))


@bp.get("/search")
@allow("staff.read")
def search() -> ResponseReturnValue:
    asked = tidy(request.args.get("q", ""))[:LONGEST]
    found = find_anything(db.session, keyring(), asked, today=today())
    return render_template("staff/search.html", asked=asked, found=found)
