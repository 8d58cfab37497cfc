"""The auditor's desk: what waits, search, what was done lately."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...service import keyring
from ...standards.words import tidy
from ...work.desk import all_certificates, done_lately, stopped_batches, waiting_batches, waiting_certificates
from ...work.staffsearch import search as find_anything
from ..words import today

bp = Blueprint("audit", __name__, url_prefix="/audit")

LONGEST = 300


@bp.get("/")
@allow("audit")
def desk() -> ResponseReturnValue:
    return render_template(
        "staff/desk.html",
        batches=waiting_batches(db.session),
        certificates=waiting_certificates(db.session, today=today()),
        stopped=stopped_batches(db.session),
        done=done_lately(db.session),
    )


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
