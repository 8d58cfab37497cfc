"""The programme officer: registrations that wait, all cooperatives, one cooperative's page, runs of stamps."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from wtforms import HiddenField

from ...access import allow, find, fresh, visitor
from ...db import db
from ...records import Cooperative, CooperativeVerdict
from ...work.cooperatives import decide_cooperative
from ...work.desk import refuse_unseen
from ...work.stafflists import NEXT, STATES, cooperatives, runs, stamp_totals, state_of
from ...work.stamp_orders import orders_waiting
from ...work.stamps import orders_on
from ..fields import NoteField, needed
from ..forms import Form, finish
from ..words import now, today
from .cooperative_shown import place_of, shown_cooperative
from .vocabulary import KINDS

bp = Blueprint("office", __name__, url_prefix="/office")


class ApproveForm(Form):
    seen = HiddenField()
    """How many decisions the cooperative had when the page was drawn."""

    @property
    def seen_decisions(self) -> int:
        text = (self.seen.data or "")[:9]
        return int(text) if text.isdecimal() else -1


class AgainstForm(ApproveForm):
    reason = NoteField(
        lazy_gettext("Reason"), validators=[needed()], description=lazy_gettext("The cooperative will read it.")
    )

    def __init__(self, verdict: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.id = self.reason.label.field_id = f"{verdict}-reason"


SAID: dict[CooperativeVerdict, Any] = {
    CooperativeVerdict.APPROVED: lazy_gettext("%(name)s is approved: it may have stamps issued now."),
    CooperativeVerdict.REFUSED: lazy_gettext("The registration of %(name)s is refused."),
    CooperativeVerdict.LEFT: lazy_gettext("%(name)s has left the programme."),
}


@dataclass(frozen=True, slots=True)
class Act:
    verdict: str
    form: Form
    open: bool


@bp.get("/")
@allow("office")
def home() -> ResponseReturnValue:
    waiting = cooperatives(db.session, state="waiting")
    totals = {state: cooperatives(db.session, state=state).total for state in STATES}
    rows = [(cooperative, str(KINDS[cooperative.kind]), place_of(cooperative)) for cooperative in waiting.rows]
    stamps = stamp_totals(db.session)
    ordered = orders_waiting(db.session) if orders_on(db.session, today()) else None
    return render_template(
        "staff/office.html", rows=rows, waiting=waiting, totals=totals, stamps=stamps, ordered=ordered
    )


@bp.get("/cooperatives")
@allow("staff.read")
def index() -> ResponseReturnValue:
    asked, state = request.args.get("q", "")[:200], request.args.get("state", "")
    found = cooperatives(db.session, state=state, text=asked, page=request.args.get("page", 1, type=int))
    rows = [(cooperative, str(KINDS[cooperative.kind]), place_of(cooperative)) for cooperative in found.rows]
    return render_template("staff/cooperatives.html", rows=rows, found=found, asked=asked, state=state)


@bp.get("/cooperatives/<public_id>")
@allow("staff.read")
def cooperative(public_id: str) -> ResponseReturnValue:
    return _page(find(Cooperative, public_id))


@bp.post("/cooperatives/<public_id>/approve")
@allow("office")
@fresh
def approve(public_id: str) -> ResponseReturnValue:
    return _decide(find(Cooperative, public_id), CooperativeVerdict.APPROVED, ApproveForm())


@bp.post("/cooperatives/<public_id>/refuse")
@allow("office")
@fresh
def refuse(public_id: str) -> ResponseReturnValue:
    return _decide(find(Cooperative, public_id), CooperativeVerdict.REFUSED, AgainstForm("refused"))


@bp.post("/cooperatives/<public_id>/leave")
@allow("office")
@fresh
def leave(public_id: str) -> ResponseReturnValue:
    return _decide(find(Cooperative, public_id), CooperativeVerdict.LEFT, AgainstForm("left"))


def _decide(found: Cooperative, verdict: CooperativeVerdict, form: ApproveForm) -> ResponseReturnValue:
    if form.sent():
        with form.refusals():
            reason = form.reason.data if "reason" in form else None
            refuse_unseen(db.session, found, form.seen_decisions, found.name)
            decide_cooperative(db.session, found, verdict, reason, by=visitor().actor, now=now())
            page = url_for(".cooperative", public_id=found.public_id)
            return finish(form, page, str(SAID[verdict]) % {"name": found.name})
    return _page(found, verdict, form)


def _page(found: Cooperative, tried: CooperativeVerdict | None = None, form: Form | None = None) -> ResponseReturnValue:
    status = 200 if form is None else 409 if form.conflict else 422
    acts = []
    if visitor().may("office") and found.id not in visitor().belongs_to:
        acts = [_act(found, verdict, tried, form) for verdict in NEXT[state_of(found)]]
    shown = shown_cooperative(db.session, found, today=today())
    page = render_template("staff/cooperative.html", cooperative=found, page=shown, acts=acts, tried=form)
    return page, status


def _act(found: Cooperative, verdict: CooperativeVerdict, tried: CooperativeVerdict | None, form: Form | None) -> Act:
    if form is not None and verdict is tried and not form.conflict:
        return Act(verdict.value, form, open=True)
    data = {"seen": str(len(found.decisions))}
    if verdict is CooperativeVerdict.APPROVED:
        return Act(verdict.value, ApproveForm(formdata=None, data=data), open=False)
    return Act(verdict.value, AgainstForm(verdict.value, formdata=None, data=data), open=False)


@bp.get("/runs")
@allow("staff.read")
def stamp_runs() -> ResponseReturnValue:
    found = runs(db.session, page=request.args.get("page", 1, type=int))
    return render_template("staff/runs.html", found=found, totals=stamp_totals(db.session))
