"""The cooperative's own audit: begun, household by household, findings put right, closed, printed."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from ...access import OPAQUE, allow, find, own_cooperative
from ...db import db
from ...records import Grower, InternalAnswer, InternalAudit, InternalFinding, InternalGrade
from ...work.farm import present_growers
from ...work.internal_audits import (
    FindingFacts,
    answers_of,
    audits_of,
    begin,
    close,
    find_fault,
    look_at,
    next_due,
    open_audit,
    put_right,
    unseen,
)
from ..acting import acting, acting_today
from ..choices import RecordField
from ..fields import DayField, NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..papers import in_vietnamese, pdf_answer
from ..words import now, today
from .internal_audit_paper import audit_paper
from .internal_audit_words import ANSWERS, GRADES
from .parts import said

bp = Blueprint("internal_audits", __name__, url_prefix="/my/internal-audits")
USUAL_DAYS_TO_CORRECT = 30


class BeginForm(Form):
    on_day = DayField(lazy_gettext("Day"), [needed()])
    led_by = WordsField(
        lazy_gettext("Who carries it out"),
        [needed()],
        description=lazy_gettext("Somebody trained for internal audits."),
    )


class LookForm(Form):
    """The points of the checklist are fields of their own, named by the point."""

    seen_on = DayField(lazy_gettext("Looked at on"), [needed()])
    note = NoteField(lazy_gettext("Note"))


class FindingForm(Form):
    grade = SelectField(lazy_gettext("Grade"), validate_choice=False)
    grower = RecordField(lazy_gettext("Household"))
    text = NoteField(lazy_gettext("Finding"), [needed()])
    action = NoteField(lazy_gettext("What is to be done"))
    due_on = DayField(lazy_gettext("Put right by"), [needed()])

    def offer(self) -> "FindingForm":
        self.grade.choices = [SelectChoice(str(key), word) for key, word in GRADES.items()]
        growers = present_growers(db.session, own_cooperative())
        self.grower.offer(growers, lambda row: str(row.name), blank=gettext("the cooperative as a whole"))
        return self


class RightForm(Form):
    closed_on = DayField(lazy_gettext("Put right on"), [needed()])
    done = NoteField(lazy_gettext("What was done"), [needed()])


class CloseForm(Form):
    summary = NoteField(lazy_gettext("Summary"))


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    own = own_cooperative()
    rows, due = audits_of(db.session, own), next_due(db.session, own)
    return render_template(
        "cooperative/internal_audits.html", rows=rows, due=due, under_way=open_audit(db.session, own)
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = BeginForm(data={"on_day": today()})
    if form.sent():
        with form.refusals():
            audit = begin(db.session, own_cooperative(), said(form.on_day), said(form.led_by), **acting_today())
            return finish(
                form, url_for(".show", public_id=audit.public_id), gettext("Begun. Go from household to household.")
            )
    return show_form("cooperative/internal_audit_new.html", form)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(InternalAudit, public_id), CloseForm(formdata=None))


def _page(audit: InternalAudit, form: Form) -> ResponseReturnValue:
    bad = {
        key: [point for point, answer in answers_of(seen).items() if answer is InternalAnswer.BAD]
        for key, seen in audit.seen.items()
    }
    shown: dict[str, Any] = {"bad": bad, "left": unseen(db.session, audit), "grades": GRADES}
    return show_form("cooperative/internal_audit.html", form, audit=audit, **shown)


@bp.route("/<public_id>/look/<grower>", methods=["GET", "POST"])
@allow("cooperative.write")
def look(public_id: str, grower: str) -> ResponseReturnValue:
    audit, household = find(InternalAudit, public_id), find(Grower, grower)
    form = LookForm(data={"seen_on": today()})
    asked = {point.key: request.form.get(f"point-{point.key}", "") for point in audit.checklist.points}
    answers = {key: InternalAnswer(value) for key, value in asked.items() if value in set(InternalAnswer)}
    if form.sent():
        with form.refusals():
            seen_on = said(form.seen_on)
            look_at(db.session, audit, household, answers, form.note.data, seen_on=seen_on, **acting_today())
            return finish(form, url_for(".show", public_id=public_id), gettext("Kept."))
    missing = [key for key in asked if key not in answers] if request.method == "POST" else []
    shown = {"audit": audit, "grower": household, "answers": answers, "words": ANSWERS, "missing": missing}
    return show_form("cooperative/internal_audit_look.html", form, **shown)


@bp.route("/<public_id>/finding", methods=["GET", "POST"])
@allow("cooperative.write")
def finding(public_id: str) -> ResponseReturnValue:
    audit = find(InternalAudit, public_id)
    asked = request.args.get("grower", "")
    given = {
        "due_on": today() + timedelta(days=USUAL_DAYS_TO_CORRECT),
        "grower": asked if OPAQUE.fullmatch(asked) else "",
    }
    form = FindingForm(data=given).offer()
    if form.sent():
        with form.refusals():
            grade = InternalGrade(form.grade.data if form.grade.data in set(InternalGrade) else "minor")
            facts = FindingFacts(grade, said(form.text), said(form.due_on), form.action.data, form.grower.record)
            find_fault(db.session, audit, facts, **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Kept."))
    return show_form("cooperative/internal_audit_finding.html", form, audit=audit)


@bp.route("/finding/<public_id>", methods=["GET", "POST"])
@allow("cooperative.write")
def correct(public_id: str) -> ResponseReturnValue:
    found = find(InternalFinding, public_id)
    form = RightForm(data={"closed_on": today()})
    if form.sent():
        with form.refusals():
            put_right(db.session, found, said(form.done), said(form.closed_on), **acting_today())
            return finish(form, url_for(".show", public_id=found.audit.public_id), gettext("Kept."))
    return show_form("cooperative/internal_audit_right.html", form, found=found, grades=GRADES)


@bp.post("/<public_id>/close")
@allow("cooperative.write")
def end(public_id: str) -> ResponseReturnValue:
    audit, form = find(InternalAudit, public_id), CloseForm()
    if form.sent():
        with form.refusals():
            close(db.session, audit, form.summary.data, **acting_today())
            return finish(form, url_for(".show", public_id=public_id), gettext("Closed."))
    return _page(audit, form)


@bp.get("/<public_id>.pdf")
@allow("cooperative.read")
def paper(public_id: str) -> ResponseReturnValue:
    audit = find(InternalAudit, public_id)
    with in_vietnamese():
        made = audit_paper(own_cooperative(), audit, now=now())
    return pdf_answer(made, f"danh-gia-noi-bo-{own_cooperative().label}-{audit.on_day:%Y%m%d}.pdf")
