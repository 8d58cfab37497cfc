"""Doubts from consumers, for auditors and officers; and the complaints that cooperatives have to answer."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Complaint, Doubt, DoubtKind, DoubtState
from ...work.complaints import complaints
from ...work.copy_cases import held_by
from ...work.doubts import count_waiting, doubts, settle_doubt
from ...work.reach import owner
from ..fields import NoteField, needed
from ..forms import Form, finish, show_form
from ..words import now, province_name

bp = Blueprint("doubts", __name__, url_prefix="/staff")

KINDS: dict[str, Any] = {
    DoubtKind.SERIAL: lazy_gettext("Number differs from the page"),
    DoubtKind.TWICE: lazy_gettext("Two packages, one number"),
    DoubtKind.TORN: lazy_gettext("Torn, or stuck on again"),
    DoubtKind.GOODS: lazy_gettext("On other goods"),
    DoubtKind.UNKNOWN: lazy_gettext("Code does not exist"),
    DoubtKind.OTHER: lazy_gettext("Something else"),
}
TABS: tuple[tuple[str, Any], ...] = (
    (DoubtState.RECEIVED, lazy_gettext("New")),
    (DoubtState.LOOKING, lazy_gettext("Being looked into")),
    (DoubtState.ANSWERED, lazy_gettext("Answered")),
)


class LookForm(Form):
    note = NoteField(lazy_gettext("Note for colleagues (the reporter never sees it)"))


class AnswerForm(Form):
    answer = NoteField(lazy_gettext("Answer to the reporter"), [needed()])
    note = NoteField(lazy_gettext("Note for colleagues (the reporter never sees it)"))


@bp.get("/doubts")
@allow("staff.read")
def index() -> ResponseReturnValue:
    asked = request.args.get("state", DoubtState.RECEIVED)
    state = DoubtState(asked) if asked in set(DoubtState) else DoubtState.RECEIVED
    rows = doubts(db.session, state)
    waiting = count_waiting(db.session)
    return render_template("staff/doubts.html", rows=rows, state=state, tabs=TABS, kinds=KINDS, waiting=waiting)


@bp.get("/doubts/<public_id>")
@allow("staff.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Doubt, public_id))


@bp.post("/doubts/<public_id>/look")
@allow("staff.act")
def look(public_id: str) -> ResponseReturnValue:
    doubt, form = find(Doubt, public_id), LookForm()
    if form.sent():
        with form.refusals():
            by = visitor().actor
            settle_doubt(db.session, doubt, DoubtState.LOOKING, by=by, now=now(), note=form.note.data)
            return finish(
                form, url_for(".show", public_id=public_id), gettext("Noted. The reporter sees it is taken up.")
            )
    return _page(doubt, look=form)


@bp.post("/doubts/<public_id>/answer")
@allow("staff.act")
def answer(public_id: str) -> ResponseReturnValue:
    doubt, form = find(Doubt, public_id), AnswerForm()
    if form.sent():
        with form.refusals():
            words = {"answer": form.answer.data, "note": form.note.data}
            settle_doubt(db.session, doubt, DoubtState.ANSWERED, by=visitor().actor, now=now(), **words)
            return finish(form, url_for(".show", public_id=public_id), gettext("Answered on the reporter's page."))
    return _page(doubt, answer=form)


def _page(doubt: Doubt, **sent: Form) -> ResponseReturnValue:
    forms: dict[str, Form] = {"look": LookForm(formdata=None), "answer": AnswerForm(formdata=None)}
    complained = next(iter(sent.values()), forms["look"])
    names = names_by_key(db.session, [step.by_person_id for step in doubt.steps])
    acts = visitor().may("staff.act") and doubt.cooperative_id not in visitor().belongs_to
    shown: dict[str, Any] = forms | sent
    return show_form(
        "staff/doubt.html",
        complained,
        doubt=doubt,
        kind=KINDS[doubt.kind],
        place=province_name(doubt.province),
        names=names,
        held_by=held_by(db.session, doubt.run_id, doubt.number) if doubt.run_id and doubt.number else "",
        acts=acts,
        **shown,
    )


@bp.get("/complaints")
@allow("staff.read")
def all_complaints() -> ResponseReturnValue:
    open_only = request.args.get("all") is None
    rows = [(row, owner(db.session, row)) for row in complaints(db.session, open_only=open_only)]
    return render_template("staff/complaints.html", rows=rows, open_only=open_only)


@bp.get("/complaints/<public_id>")
@allow("staff.read")
def complaint(public_id: str) -> ResponseReturnValue:
    found = find(Complaint, public_id)
    names = names_by_key(db.session, [answer.by_person_id for answer in found.answers])
    cooperative = owner(db.session, found)
    return render_template("staff/complaint.html", complaint=found, cooperative=cooperative, names=names)
