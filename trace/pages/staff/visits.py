"""Audits on site: planned, gone through point by point, closed with a result, and their record for both signatures."""

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import OPAQUE, allow, find, fresh, visitor
from ...db import db
from ...records import Batch, Certificate, FindingGrade, PointAnswer, Visit, VisitResult
from ...work.assignments import looked_after
from ...work.findings import FindingFacts, add_finding
from ...work.reach import owner
from ...work.refused import Refused
from ...work.uploads import PICTURES, SCANS, keep
from ...work.visit_closing import Closing, attach_record, close_visit, possible_results
from ...work.visit_scans import new_stamps
from ...work.visits import Plan, answer_point, plan_visit, visits
from ..acting import acting
from ..choices import ChoiceField, RecordField
from ..fields import CountField, DayField, NoteField, UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..visit_words import ANSWERS, FINDING_STATES, GRADE_TONES, GRADES, RESULTS
from ..words import now, today
from .visit_record import record_pdf

bp = Blueprint("visits", __name__, url_prefix="/audit/visits")


class PlanForm(Form):
    cooperative = RecordField(lazy_gettext("Cooperative"), validators=[needed()])
    on_day = DayField(lazy_gettext("Day of the visit"), validators=[needed()])
    purpose = WordsField(lazy_gettext("What it is for"), validators=[needed()])
    sample_size = CountField(
        lazy_gettext("Stamps to scan"),
        validators=[needed()],
        description=lazy_gettext("The square root of the packs in store is a usual sample."),
    )


class AnswersForm(Form):
    """One field a point, named after its key; and a note beside it (`answers_form`)."""


def answers_form(visit: Visit, *, sent: bool) -> AnswersForm:
    """The form of a visit's own checklist."""
    notes = {f"{point.key}-note": WordsField(gettext("Note"), longest=1000) for point in visit.checklist.points}
    made = type("AnswersForm", (AnswersForm,), notes)
    given = {f"{key}-note": answer.note for key, answer in visit.answered.items()}
    form: AnswersForm = made(data=given) if sent else made(formdata=None, data=given)
    return form


class FindingForm(Form):
    grade = ChoiceField(lazy_gettext("Grade"), validators=[needed()])
    item = ChoiceField(lazy_gettext("Point of the checklist"))
    text = NoteField(lazy_gettext("What was found"), validators=[needed()])
    due_on = DayField(lazy_gettext("To be put right by"))
    photo = UploadField(lazy_gettext("Photo"))

    def offer(self, visit: Visit) -> None:
        self.grade.choices = [
            ("", gettext("Choose …")),
            *((grade.value, GRADES[grade.value]) for grade in FindingGrade),
        ]
        points = [(point.key, f"{point.clause}: {point.text}"[:90]) for point in visit.checklist.points]
        self.item.choices = [("", gettext("None of them")), *points]


class CloseForm(Form):
    result = ChoiceField(lazy_gettext("Result"), validators=[needed()])
    note = NoteField(lazy_gettext("Reason and conclusion"), description=lazy_gettext("The cooperative reads it."))
    advice = NoteField(lazy_gettext("Advice to consumers, for a recall"))
    seen = WordsField("", longest=9)

    def offer(self, visit: Visit) -> None:
        self.result.choices = [(result.value, RESULTS[result.value]) for result in possible_results(visit)]


class SignedForm(Form):
    scan = UploadField(lazy_gettext("Scan with both signatures"), validators=[needed()])


@bp.get("/")
@allow("audit")
def index() -> ResponseReturnValue:
    rows = [(visit, owner(db.session, visit)) for visit in visits(db.session)]
    return render_template("staff/visits.html", rows=rows, results=RESULTS)


@bp.route("/new", methods=["GET", "POST"])
@allow("audit")
def new() -> ResponseReturnValue:
    """Of a batch or certificate, if the address names one; else of the cooperative as a whole."""
    batch, certificate = _subject(Batch, "batch"), _subject(Certificate, "certificate")
    subject = batch or certificate
    form = PlanForm(
        data={"on_day": today(), "sample_size": 20, "cooperative": request.args.get("cooperative", "")[:12]}
    )
    own = [
        one for one, _line in looked_after(db.session, today()) if subject is None or one.id == subject.cooperative_id
    ]
    form.cooperative.offer(own, lambda one: one.name, blank=None if subject else gettext("Choose …"))
    if form.sent():
        with form.refusals():
            plan = Plan(
                form.cooperative.record, form.on_day.data or today(), form.purpose.data or "",
                form.sample_size.data or 0, batch, certificate,
            )  # fmt: skip
            visit = plan_visit(db.session, plan, by=visitor().actor, now=now(), today=today())
            return finish(form, url_for(".show", public_id=visit.public_id), gettext("The audit is planned."))
    return show_form("staff/visit_form.html", form, batch=batch, certificate=certificate)


def _subject(kind: Any, name: str) -> Any:
    asked = request.args.get(name, "")
    return find(kind, asked) if OPAQUE.fullmatch(asked) else None


@bp.get("/<public_id>")
@allow("audit")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Visit, public_id))


def _page(visit: Visit, **tried: Form) -> ResponseReturnValue:
    forms: dict[str, Any] = {"answers": answers_form(visit, sent=False), "signed": SignedForm(formdata=None)}
    forms["finding"] = FindingForm(formdata=None)
    forms["close"] = CloseForm(formdata=None, data={"seen": str(_decisions(visit))})
    forms |= tried
    forms["finding"].offer(visit)
    forms["close"].offer(visit)
    for name, form in forms.items():
        for field in form:
            field.id = field.label.field_id = f"{name}-{field.short_name}"
    asked = next(iter(tried.values()), forms["answers"])
    return show_form(
        "staff/visit.html", asked, visit=visit, cooperative=owner(db.session, visit), forms=forms, results=RESULTS,
        answers=ANSWERS, grades=GRADES, tones=GRADE_TONES, states=FINDING_STATES, scanned=new_stamps(visit),
        points={point.key: point for point in visit.checklist.points},
    )  # fmt: skip


def _decisions(visit: Visit) -> int:
    subject = visit.batch or visit.certificate
    return len(subject.decisions) if subject is not None else 0


@bp.post("/<public_id>/answers")
@allow("audit")
def answer(public_id: str) -> ResponseReturnValue:
    visit = find(Visit, public_id)
    form = answers_form(visit, sent=True)
    if form.sent():
        with form.refusals():
            for point in visit.checklist.points:
                given = request.form.get(point.key, "")
                if given in set(PointAnswer):
                    note = form[f"{point.key}-note"].data
                    said = PointAnswer(given)
                    answer_point(db.session, visit, point.key, said, note, by=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id) + "#points", gettext("The answers are kept."))
    return _page(find(Visit, public_id), answers=form)


@bp.post("/<public_id>/findings")
@allow("audit")
def find_fault(public_id: str) -> ResponseReturnValue:
    visit, form = find(Visit, public_id), FindingForm()
    form.offer(visit)
    if form.sent():
        with form.refusals():
            facts = FindingFacts(
                FindingGrade(form.grade.data or ""), form.text.data or "", form.due_on.data, form.item.data or None
            )
            photo = _kept(form.photo, visit, PICTURES)
            add_finding(db.session, visit, facts, photo, by=visitor().actor, now=now(), today=today())
            return finish(form, url_for(".show", public_id=public_id) + "#findings", gettext("The finding is kept."))
    return _page(find(Visit, public_id), finding=form)


def _kept(field: Any, visit: Visit, kinds: Any) -> Any:
    sent = field.data
    if not sent or not getattr(sent, "filename", ""):
        return None
    return keep(db.session, visit.cooperative_id, sent.read(), sent.filename, kinds, **acting())


@bp.post("/<public_id>/close")
@allow("audit")
@fresh
def close(public_id: str) -> ResponseReturnValue:
    visit, form = find(Visit, public_id), CloseForm()
    form.offer(visit)
    if form.sent():
        with form.refusals():
            seen = form.seen.data or ""
            closing = Closing(
                VisitResult(form.result.data or ""), form.note.data, form.advice.data,
                int(seen) if seen.isdecimal() else -1,
            )  # fmt: skip
            close_visit(db.session, visit, closing, by=visitor().actor, now=now(), today=today())
            message = gettext("The audit is closed. Print its record for both signatures.")
            return finish(form, url_for(".show", public_id=public_id), message)
    return _page(find(Visit, public_id), close=form)


@bp.post("/<public_id>/signed")
@allow("audit")
def sign(public_id: str) -> ResponseReturnValue:
    visit, form = find(Visit, public_id), SignedForm()
    if form.sent():
        with form.refusals():
            scan = _kept(form.scan, visit, SCANS)
            if scan is None:
                raise Refused("Choose a file.", field="scan")
            attach_record(db.session, visit, scan, by=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("The signed record is kept."))
    return _page(find(Visit, public_id), signed=form)


@bp.get("/<public_id>/record.pdf")
@allow("audit")
def record(public_id: str) -> ResponseReturnValue:
    visit = find(Visit, public_id)
    answer = Response(record_pdf(db.session, visit, now=now(), today=today()), content_type="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"bien-ban-{visit.number}.pdf")
    return answer
