"""Scanning stamps on site with a phone: a page that works without a network, and the scans it sends when it can."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, visitor
from ...db import db
from ...records import Run, Visit, VisitScan
from ...service import keyring
from ...work.refused import Refused
from ...work.visit_scans import Scanned, new_stamps, take_scans
from ..fields import WordsField, needed
from ..forms import Form, finish
from ..visit_words import SCANS
from ..words import now, sentence, today

bp = Blueprint("visit_scanning", __name__, url_prefix="/audit/visits")


class ScanForm(Form):
    text = WordsField(
        lazy_gettext("Code, link or serial"),
        validators=[needed()],
        longest=300,
        description=lazy_gettext("A hand scanner types here by itself."),
    )


@bp.route("/<public_id>/scan", methods=["GET", "POST"])
@allow("audit")
def scan(public_id: str) -> ResponseReturnValue:
    """The page; and, where no script runs, one stamp at a time."""
    visit, form = find(Visit, public_id), ScanForm()
    if form.sent():
        with form.refusals():
            one = Scanned(form.own_mark, form.text.data or "", now())
            _take(visit, [one])
            return finish(form, url_for(".scan", public_id=public_id))
    rows = [_told(visit, row) for row in reversed(visit.scans)]
    shown = form if form.complained else ScanForm(formdata=None)
    page = render_template(
        "staff/visit_scan.html", visit=visit, form=shown, rows=rows, scanned=new_stamps(visit), tried=form
    )
    return page, 409 if form.conflict else 422 if form.complained else 200


@bp.post("/<public_id>/scans")
@allow("audit")
def take(public_id: str) -> ResponseReturnValue:
    """What a phone kept while it had no network. Sent twice, each scan is taken once, by its mark."""
    visit = find(Visit, public_id)
    try:
        rows = _take(visit, _sent())
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        return jsonify(error=sentence(refusal)), 409 if refusal.conflict else 422
    db.session.refresh(visit)
    return jsonify(scans=[_told(visit, row) for row in rows])


def _take(visit: Visit, scans: list[Scanned]) -> list[VisitScan]:
    return take_scans(db.session, visit, scans, keyring=keyring(), by=visitor().actor, now=now(), today=today())


def _sent() -> list[Scanned]:
    body: Any = request.get_json(silent=True)
    listed = body.get("scans") if isinstance(body, dict) else None
    if not isinstance(listed, list):
        abort(400)
    return [_one(each) for each in listed]


def _one(each: Any) -> Scanned:
    if not isinstance(each, dict):
        abort(400)
    mark, text, at = each.get("mark"), each.get("text"), each.get("at")
    if not (isinstance(mark, str) and 8 <= len(mark) <= 32 and mark.isalnum() and isinstance(text, str)):
        abort(400)
    return Scanned(mark, text.replace("\x00", ""), _moment(at))


def _moment(text: Any) -> datetime:
    """By the phone's clock; a clock that tells nothing sensible is passed over for ours."""
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        return moment.astimezone(UTC) if moment.tzinfo and moment.year > 2000 else now()
    except (ValueError, OverflowError):
        return now()


def _told(visit: Visit, row: VisitScan) -> dict[str, Any]:
    word, tone = SCANS[row.verdict]
    repeated = gettext("scanned before") if row.repeated else ""
    run = db.session.get(Run, row.run_id) if row.run_id else None
    serial = run.serial(row.number) if run is not None and row.number else ""
    return {
        "mark": row.mark, "word": f"{word}{' · ' + repeated if repeated else ''}",
        "tone": "wait" if row.repeated and tone == "valid" else tone, "serial": serial, "text": row.text,
        "sentence": serial or row.text, "repeated": row.repeated, "count": new_stamps(visit),
    }  # fmt: skip
