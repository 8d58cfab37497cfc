"""The dossier of a batch: asked for, made by the worker, fetched as one PDF and one ZIP of tables."""

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, find, visitor
from ...db import db
from ...records import Batch, Dossier
from ...work.dossiers import ask_dossier, dossiers_of
from ..forms import Form, finish
from ..uploads import answer_with
from ..words import now
from .audit_batches import submitted

bp = Blueprint("dossiers", __name__, url_prefix="/audit/dossiers")


class AskForm(Form):
    """One press, taken once."""


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("staff.read")
def show(public_id: str) -> ResponseReturnValue:
    """Of a batch: those made, the one being made, and a button for a new one."""
    batch, form = submitted(public_id), AskForm()
    if form.sent():
        with form.refusals():
            ask_dossier(db.session, batch, by=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("The dossier is being made."))
    batch = find(Batch, public_id)
    rows = dossiers_of(db.session, batch)
    working = any(row.ended_at is None for row in rows)
    page = render_template("staff/dossier.html", batch=batch, rows=rows, working=working, form=form)
    return page, 409 if form.conflict else 200


@bp.get("/<public_id>/<any(pdf, zip):kind>")
@allow("staff.read")
def fetch(public_id: str, kind: str) -> ResponseReturnValue:
    dossier = find(Dossier, public_id)
    upload = dossier.paper if kind == "pdf" else dossier.tables
    if upload is None:
        abort(404)
    return answer_with(upload)
