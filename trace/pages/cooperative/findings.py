"""What audits found at a cooperative, each to be put right by its day, and the audits to come."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Finding, FindingMove
from ...work.findings import MOVES, findings, step_finding
from ...work.uploads import PICTURES
from ...work.visits import visits
from ..acting import acting
from ..fields import NoteField, UploadField, needed
from ..forms import Form, finish, show_form
from ..visit_words import FINDING_STATES, GRADE_TONES, GRADES, RESULTS
from .parts import kept

bp = Blueprint("my_findings", __name__, url_prefix="/my/findings")


class CorrectedForm(Form):
    note = NoteField(lazy_gettext("What you have done"), validators=[needed()])
    photo = UploadField(lazy_gettext("Photo"))


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    own = own_cooperative()
    return render_template(
        "cooperative/findings.html", rows=findings(db.session, cooperative=own), grades=GRADES, tones=GRADE_TONES,
        states=FINDING_STATES, visits=visits(db.session, cooperative=own, most=20), results=RESULTS,
    )  # fmt: skip


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("cooperative.write")
def corrected(public_id: str) -> ResponseReturnValue:
    finding, form = find(Finding, public_id), CorrectedForm()
    if form.sent():
        with form.refusals():
            photo = kept(form.photo, PICTURES)
            step_finding(db.session, finding, FindingMove.CORRECTED, form.note.data, photo, **acting())
            return finish(form, url_for(".index"), gettext("Told. An auditor looks at it."))
    may = FindingMove.CORRECTED in MOVES[finding.state]
    return show_form(
        "cooperative/finding.html", form, one=finding, may=may, grades=GRADES, tones=GRADE_TONES,
        states=FINDING_STATES,
    )  # fmt: skip
