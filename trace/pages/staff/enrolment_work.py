"""The work of one enrolment: its steps with days, documents, the 5S audit before and after, what came of it."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow
from ...db import db
from ...records import Enrolment, EnrolmentState, EnrolmentStep, ScorePhase, Upload
from ...work.bought import add_result
from ...work.enrolment_papers import FIVE_S, Scored, add_document, add_scores, documents_of, score_table
from ...work.enrolment_steps import finish_step, plan_step
from ...work.result_choices import named_by
from ...work.uploads import PICTURES, SCANS, Kind, keep
from ..acting import acting, acting_today
from ..forms import Form, finish, show_form
from ..programme_words import PHASES
from ..unread import UNREAD, one_of
from ..words import today
from .enrolment_forms import DocumentForm, ResultForm, ScoresForm, result_words, step_fields, steps_form
from .enrolment_shown import apart, found_enrolment, frame
from .enrolments import bp

TOOLS = "tools"
"""The key of the kind whose work is audited by 5S."""
S = EnrolmentState


@bp.get("/enrolments/<public_id>/work")
@allow("office")
def work(public_id: str) -> ResponseReturnValue:
    return _page(found_enrolment(public_id))


def _page(enrolment: Enrolment, **tried: Form) -> ResponseReturnValue:
    forms: dict[str, Any] = {
        "steps": steps_form(enrolment, sent=False),
        "document": DocumentForm(formdata=None),
        "scores": ScoresForm(formdata=None, data={"on_day": today()}),
        "result": ResultForm(formdata=None),
    } | tried
    forms["result"].offer(enrolment)
    for name, form in forms.items():
        apart(name, form)
    fields = {step.public_id: step_fields(forms["steps"], step) for step in enrolment.steps}
    results = [(result, result_words(named_by(result))) for result in enrolment.results]
    return show_form(
        "staff/enrolment_work.html", next(iter(tried.values()), forms["document"]), **frame(enrolment, ".work"),
        forms=forms, fields=fields, documents=documents_of(db.session, enrolment), phases=PHASES,
        scores=score_table(db.session, enrolment), results=results, criteria=range(len(FIVE_S)),
        with_scores=any(asked.kind.key == TOOLS for asked in enrolment.asked),
        open=enrolment.state in {S.APPROVED, S.UNDER_WAY}, today=today(),
    )  # fmt: skip


def _address(public_id: str, part: str = "") -> str:
    return url_for(".work", public_id=public_id) + part


def kept(enrolment: Enrolment, field: Any, kinds: frozenset[Kind]) -> Upload | None:
    """A file of the unit's: its own people may open it, if it is registered."""
    if field.data is UNREAD:
        return UNREAD  # type: ignore[no-any-return]
    if not field.data or not field.data.filename:
        return None
    sent, owner = field.data, enrolment.unit.registered_id
    return keep(db.session, owner, sent.read(), sent.filename, kinds, field=field.short_name, **acting())


@bp.post("/enrolments/<public_id>/steps")
@allow("office")
def steps(public_id: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    form = steps_form(enrolment, sent=True)
    if form.sent():
        with form.refusals():
            for step in list(enrolment.steps):
                _keep_step(enrolment, step, *(field.data for field in step_fields(form, step)))
            return finish(form, _address(public_id), gettext("The steps are kept."))
    return _page(found_enrolment(public_id), steps=form)


def _keep_step(enrolment: Enrolment, step: EnrolmentStep, due: Any, done: Any, note: Any) -> None:
    """Only what differs becomes an entry of the history."""
    if due != step.due_on:
        plan_step(db.session, enrolment, step, due, **acting())
    if done is not None and (done != step.done_on or (note or None) != step.note):
        finish_step(db.session, enrolment, step, done, note, **acting_today())


@bp.post("/enrolments/<public_id>/documents")
@allow("office")
def document(public_id: str) -> ResponseReturnValue:
    enrolment, form = found_enrolment(public_id), DocumentForm()
    if form.sent():
        with form.refusals():
            upload: Any = kept(enrolment, form.file, SCANS)
            add_document(db.session, enrolment, form.name.data or "", upload, **acting())
            return finish(form, _address(public_id, "#documents"), gettext("The document is kept."))
    return _page(found_enrolment(public_id), document=form)


@bp.post("/enrolments/<public_id>/scores")
@allow("office")
def score(public_id: str) -> ResponseReturnValue:
    enrolment, form = found_enrolment(public_id), ScoresForm()
    if form.sent():
        with form.refusals():
            scores = {
                name: Scored(form[f"points_{place}"].data, kept(enrolment, form[f"photo_{place}"], PICTURES))
                for place, name in enumerate(FIVE_S)
            }
            phase, day = one_of(ScorePhase, form.phase.data), form.on_day.data or today()
            add_scores(db.session, enrolment, phase, day, scores, **acting_today())
            return finish(form, _address(public_id, "#scores"), gettext("The scores are kept."))
    return _page(found_enrolment(public_id), scores=form)


@bp.post("/enrolments/<public_id>/results")
@allow("office")
def result(public_id: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    form = ResultForm().offer(enrolment)
    if form.sent():
        with form.refusals():
            if form.thing.record is UNREAD:  # nothing to judge without it
                form.end_rehearsal()
            add_result(db.session, enrolment, form.kind.record, form.thing.record, **acting())
            return finish(form, _address(public_id, "#results"), gettext("Kept."))
    return _page(found_enrolment(public_id), result=form)
