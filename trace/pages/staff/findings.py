"""Findings of all audits, and the auditor's look at what was done about them; the checklist and its versions."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import Finding, FindingMove, Visit
from ...work.findings import MOVES, SPANS, clause_of, days_to_close, findings, span_of, step_finding
from ...work.reach import owner
from ..acting import acting
from ..choices import ChoiceField
from ..fields import NoteField, needed
from ..forms import Form, finish, show_form
from ..visit_words import FINDING_STATES, GRADE_TONES, GRADES

bp = Blueprint("findings", __name__, url_prefix="/audit/findings")

SAID: dict[FindingMove, Any] = {
    FindingMove.ACCEPTED: lazy_gettext("It is put right: close it"),
    FindingMove.SENT_BACK: lazy_gettext("Not yet right: send it back"),
}


class LookForm(Form):
    move = ChoiceField(lazy_gettext("Your word"), validators=[needed()])
    note = NoteField(lazy_gettext("Note"), description=lazy_gettext("The cooperative reads it."))

    def offer(self, finding: Finding) -> None:
        self.move.choices = [(move.value, word) for move, word in SAID.items() if move in MOVES[finding.state]]


@bp.get("/")
@allow("audit")
def index() -> ResponseReturnValue:
    clause, took = request.args.get("clause", "")[:200], request.args.get("took", "")[:10]
    rows = [(one, owner(db.session, one)) for one in findings(db.session) if _wanted(one, clause, took)]
    spans = {span_key(span): span_words(span) for span in SPANS}
    asked = " · ".join(part for part in (clause, spans.get(took, "")) if part)
    return render_template(
        "staff/findings.html", rows=rows, asked=asked, grades=GRADES, tones=GRADE_TONES, states=FINDING_STATES
    )


def _wanted(finding: Finding, clause: str, took: str) -> bool:
    """Whether a finding belongs to the clause and the span that the overview's charts name; empty: any."""
    if clause and clause_of(finding, db.session.get_one(Visit, finding.visit_id)) != clause:
        return False
    span = span_of(days_to_close(finding))
    return not took or (span is not None and span_key(span) == took)


def span_key(span: tuple[int, int | None]) -> str:
    return f"{span[0]}-{span[1] or ''}"


def span_words(span: tuple[int, int | None]) -> str:
    first, last = span
    if last is None:
        return str(gettext("more than %(days)s days", days=first - 1))
    return str(gettext("%(first)s to %(last)s days", first=first, last=last))


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("audit")
def look(public_id: str) -> ResponseReturnValue:
    finding, form = find(Finding, public_id), LookForm()
    form.offer(finding)
    if form.sent():
        with form.refusals():
            step_finding(db.session, finding, FindingMove(form.move.data or ""), form.note.data, **acting())
            return finish(form, url_for(".index"), gettext("The finding has your word."))
    return show_form(
        "staff/finding.html", form, one=finding, cooperative=owner(db.session, finding), grades=GRADES,
        tones=GRADE_TONES, states=FINDING_STATES,
    )  # fmt: skip
