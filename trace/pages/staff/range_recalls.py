"""Recalling stamps by their serials: found, then turned or only drilled; lifted by a second person."""

from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, fresh, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Cooperative, Recall
from ...work.proposals import address
from ...work.range_recalls import FoundStamps, find_stamps, propose_lift, recall_stamps
from ...work.reach import owner
from ...work.refused import Refused, RefusedAll
from ..fields import NoteField
from ..forms import Form, finish, show_form
from ..stamp_words import FINER
from ..words import now, sentence
from .recall_form import RecallWordsForm, said

bp = Blueprint("range_recalls", __name__, url_prefix="/staff/recalls")
LONGEST = 40


class LiftForm(Form):
    reason = NoteField(lazy_gettext("Reason"), description=lazy_gettext("The cooperative and consumers will read it."))


@bp.get("/stamps")
@allow("staff.read")
def search() -> ResponseReturnValue:
    return _page(RecallWordsForm(formdata=None))


@bp.post("/stamps/make")
@allow("staff.act")
@fresh
def make() -> ResponseReturnValue:
    return _decide(drill=False)


@bp.post("/stamps/drill")
@allow("staff.act")
def drill() -> ResponseReturnValue:
    return _decide(drill=True)


def _decide(*, drill: bool) -> ResponseReturnValue:
    form = RecallWordsForm()
    if form.sent():
        with form.refusals():
            found, by = find_stamps(db.session, *_typed()), visitor().actor
            made = recall_stamps(db.session, found, form.order(drill=drill), begun_at=form.begun_at, by=by, now=now())
            return finish(form, url_for("recalls.show", public_id=made.public_id), said(made))
    return _page(form)


def _typed() -> tuple[str, str]:
    return request.values.get("first", "").strip()[:LONGEST], request.values.get("last", "").strip()[:LONGEST]


def _page(form: RecallWordsForm) -> ResponseReturnValue:
    first, last = _typed()
    found: FoundStamps | None = None
    wrong: dict[str, str] = {}
    if first or last:
        try:
            found = find_stamps(db.session, first, last)
        except Refused as refusal:
            wrong[refusal.field or "first"] = sentence(refusal)
        except RefusedAll as several:
            wrong = {refusal.field or "first": sentence(refusal) for refusal in several.refusals}
    form.remember_begun()
    return show_form(
        "staff/recall_stamps.html",
        form,
        typed={"first": first, "last": last},
        found=found,
        wrong=wrong,
        finer=FINER,
        acts=visitor().may("staff.act"),
    )


@bp.post("/<public_id>/lift")
@allow("staff.act")
@fresh
def lift(public_id: str) -> ResponseReturnValue:
    recall, form = find(Recall, public_id), LiftForm()
    if form.sent():
        with form.refusals():
            asked = propose_lift(db.session, recall, form.reason.data, by=visitor().actor, now=now())
            return finish(form, address(asked), gettext("Proposed: it is lifted once a second person agrees."))
    return recall_page(find(Recall, public_id), form)


def recall_page(recall: Recall, form: LiftForm) -> ResponseReturnValue:
    """What was recalled or drilled, with its way back for whoever did not do it."""
    lines: list[Any] = [(line, owner(db.session, line.batch)) for line in recall.batches]
    names = names_by_key(db.session, [recall.by_person_id])
    stamps = recall.ranges[0] if recall.ranges else None
    return show_form(
        "staff/recall.html",
        form,
        recall=recall,
        rows=lines,
        by=names.get(recall.by_person_id or 0, ""),
        cooperative=db.session.get_one(Cooperative, stamps.cooperative_id) if stamps else None,
        spans=", ".join(f"{first:07d}–{last:07d}" for first, last in stamps.parts) if stamps else "",
        liftable=bool(stamps and not recall.drill and stamps.lifted_at is None and visitor().may("staff.act")),
    )
