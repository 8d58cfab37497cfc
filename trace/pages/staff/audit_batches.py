"""Everything about a batch on one page, and an auditor's word on it."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from ...access import allow, find, fresh, visitor
from ...db import db
from ...records import Batch, BatchVerdict
from ...work.batches import ALLOWED
from ...work.desk import decide_as_seen
from ...work.lifting import propose_lift
from ...work.proposals import about, address
from ...work.standing import BatchStanding, batch_standing
from ..fields import NoteField, needed
from ..forms import Form, finish
from ..words import now
from .batch_shown import shown_batch

bp = Blueprint("audit_batches", __name__, url_prefix="/audit/batches")


class DecisionForm(Form):
    """Several stand on one page, so each one's fields get ids of their own."""

    seen = HiddenField()
    """How many decisions the batch had when the page was drawn."""

    def __init__(self, verdict: BatchVerdict, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self:
            field.id = field.label.field_id = f"{verdict.value}-{field.short_name}"

    @property
    def seen_decisions(self) -> int:
        text = (self.seen.data or "")[:9]
        return int(text) if text.isdecimal() else -1


class CertifyForm(DecisionForm):
    pass


class StopForm(DecisionForm):
    reason = NoteField(
        lazy_gettext("Reason"),
        validators=[needed()],
        description=lazy_gettext("The cooperative reads it; consumers read it too when stamps are stopped."),
    )


class RecallForm(StopForm):
    advice = NoteField(
        lazy_gettext("Advice to consumers"),
        validators=[needed()],
        description=lazy_gettext("Stands on the page of every stamp of this batch, in Vietnamese."),
        default=lazy_gettext("Do not eat it. Take it back to where you bought it, or call the cooperative."),
    )


class LiftForm(DecisionForm):
    reason = NoteField(
        lazy_gettext("Reason"),
        validators=[needed()],
        description=lazy_gettext("What was found out, so that the stop is no longer needed."),
    )


FORMS: dict[BatchVerdict, type[DecisionForm]] = {
    BatchVerdict.CERTIFIED: CertifyForm,
    BatchVerdict.REFUSED: StopForm,
    BatchVerdict.SUSPENDED: StopForm,
    BatchVerdict.RECALLED: RecallForm,
    BatchVerdict.LIFTED: LiftForm,
}
SAID: dict[BatchVerdict, Any] = {
    BatchVerdict.CERTIFIED: lazy_gettext("Batch %(batch)s is confirmed fit for stamping."),
    BatchVerdict.REFUSED: lazy_gettext("Batch %(batch)s is refused."),
    BatchVerdict.SUSPENDED: lazy_gettext("Batch %(batch)s is suspended."),
    BatchVerdict.RECALLED: lazy_gettext("Batch %(batch)s is recalled: its stamps say so from now on."),
    BatchVerdict.LIFTED: lazy_gettext("The stop of batch %(batch)s is lifted."),
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something an auditor may now say, with its form."""

    verdict: str
    form: DecisionForm
    open: bool


def submitted(public_id: str) -> Batch:
    """The batch, or 404; a draft is its cooperative's own affair."""
    batch = find(Batch, public_id)
    if batch_standing(batch) is BatchStanding.DRAFT:
        abort(404)
    return batch


@bp.get("/<public_id>")
@allow("evidence")
def show(public_id: str) -> ResponseReturnValue:
    return _page(submitted(public_id))


@bp.post("/<public_id>/certify")
@allow("audit")
def certify(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, BatchVerdict.CERTIFIED)


@bp.post("/<public_id>/refuse")
@allow("audit")
def refuse(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, BatchVerdict.REFUSED)


@bp.post("/<public_id>/suspend")
@allow("audit")
def suspend(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, BatchVerdict.SUSPENDED)


@bp.post("/<public_id>/recall")
@allow("audit")
@fresh
def recall(public_id: str) -> ResponseReturnValue:
    return _decide(public_id, BatchVerdict.RECALLED)


@bp.post("/<public_id>/lift")
@allow("audit")
@fresh
def lift(public_id: str) -> ResponseReturnValue:
    """Put before a second person; done once they agree."""
    batch, form = submitted(public_id), LiftForm(BatchVerdict.LIFTED)
    if form.sent():
        with form.refusals():
            asked = propose_lift(
                db.session, batch, form.reason.data, seen=form.seen_decisions, by=visitor().actor, now=now()
            )
            return finish(form, address(asked), gettext("Proposed: it is lifted once a second person agrees."))
    return _page(submitted(public_id), BatchVerdict.LIFTED, form)


def _decide(public_id: str, verdict: BatchVerdict) -> ResponseReturnValue:
    batch = submitted(public_id)
    form = FORMS[verdict](verdict)
    if form.sent():
        with form.refusals():
            decide_as_seen(
                db.session,
                batch,
                verdict,
                seen=form.seen_decisions,
                by=visitor().actor,
                now=now(),
                reason=form.reason.data if "reason" in form else None,
                advice=form.advice.data if "advice" in form else None,
            )
            said = str(SAID[verdict]) % {"batch": batch.code}
            return finish(form, url_for(".show", public_id=public_id), said)
    return _page(submitted(public_id), verdict, form)


def _page(batch: Batch, tried: BatchVerdict | None = None, form: DecisionForm | None = None) -> ResponseReturnValue:
    """The page; with the complaints of a form that was tried, 422, or 409 when another auditor was faster."""
    status = 200 if form is None else 409 if form.conflict else 422
    shown = shown_batch(db.session, batch)
    acts = _acts(batch, tried, form) if visitor().may("audit") else []
    asked = [(one, address(one)) for one in about(db.session, batch.public_id) if one.waits(now())]
    page = render_template("staff/batch.html", batch=batch, page=shown, acts=acts, tried=form, asked=asked)
    return page, status


def _acts(batch: Batch, tried: BatchVerdict | None, form: DecisionForm | None) -> list[Act]:
    if batch.cooperative_id in visitor().belongs_to:
        return []
    standing = batch_standing(batch)
    possible = [verdict for verdict, froms in ALLOWED.items() if standing in froms]
    return [
        Act(verdict.value, form, True)
        if form is not None and verdict is tried and not form.conflict
        else Act(verdict.value, _fresh(verdict, batch), False)
        for verdict in possible
    ]


def _fresh(verdict: BatchVerdict, batch: Batch) -> DecisionForm:
    return FORMS[verdict](verdict, formdata=None, data={"seen": str(len(batch.decisions))})
