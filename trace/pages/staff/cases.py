"""Cases of stamps that seem to be copied: what was seen of them, and what staff found."""

import json
from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import CaseState, CopyCase
from ...service import keyring
from ...work.clones import Sighting
from ...work.copy_cases import cases, held_by, score_of, settle, sightings_of
from ...work.doubts import doubts_of_stamp
from ...work.reach import owner
from ..charts import day_chart
from ..fields import NoteField
from ..forms import Form, finish, show_form
from ..words import now, province_name, show_moment

bp = Blueprint("cases", __name__, url_prefix="/staff/cases")

SIGNALS: dict[str, Any] = {
    "often": lazy_gettext("Scanned far more often than stamps of this product are"),
    "places": lazy_gettext("Scanned in provinces where the batch was not sold"),
    "speed": lazy_gettext("Scanned in two places too far apart for one package"),
    "early": lazy_gettext("Scanned before it was activated"),
    "late": lazy_gettext("Scanned after the shelf life"),
    "after_pin": lazy_gettext("Scanned after its PIN was used"),
}
MOST_DAYS = 92


class CaseForm(Form):
    note = NoteField(lazy_gettext("What was found"), description=lazy_gettext("For the file; consumers never see it."))


@bp.get("/")
@allow("staff.read")
def index() -> ResponseReturnValue:
    closed = request.args.get("closed") is not None
    rows = [(case, owner(db.session, case)) for case in cases(db.session, closed=closed)]
    return render_template("staff/cases.html", rows=rows, closed=closed)


@bp.get("/<public_id>")
@allow("staff.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(CopyCase, public_id), CaseForm(formdata=None))


@bp.post("/<public_id>/<any(looking, copied, cleared):state>")
@allow("staff.act")
def say(public_id: str, state: str) -> ResponseReturnValue:
    case, form = find(CopyCase, public_id), CaseForm()
    if form.sent():
        with form.refusals():
            settle(db.session, case, CaseState(state), form.note.data, by=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("Written into the case."))
    return _page(case, form, state)


def _page(case: CopyCase, form: Form, tried: str = "") -> ResponseReturnValue:
    sightings = sightings_of(db.session, case.run_id, case.number)
    now_scored = score_of(db.session, case.run_id, case.number)
    code = keyring().book(case.run.key_version).code(case.run.number, case.number - 1)
    return show_form(
        "staff/case.html",
        form,
        case=case,
        tried=tried,
        cooperative=owner(db.session, case),
        held_by=held_by(db.session, case.run_id, case.number),
        code=code,
        chart=_chart(sightings),
        scans=_table(sightings),
        score=now_scored,
        points=[(SIGNALS[key], worth) for key, worth in (now_scored.points or json.loads(case.reasons)).items()],
        doubts=doubts_of_stamp(db.session, case.run_id, case.number),
        names=names_by_key(db.session, [step.by_person_id for step in case.steps]),
        acts=visitor().may("staff.act") and case.cooperative_id not in visitor().belongs_to,
    )


def _chart(sightings: list[Sighting]) -> Any:
    counted = Counter(each.day_on for each in sightings)
    if not counted:
        return None
    last = max(counted)
    first = max(min(counted), last - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return day_chart([(day, 0, counted[day]) for day in days], ("", gettext("scans")))


def _table(sightings: list[Sighting]) -> list[tuple[str, int, str, str]]:
    """By hour and province: when, how many, where, and what was odd."""
    rows: Counter[tuple[Any, str, str]] = Counter()
    for each in sightings:
        odd = [words for flag, words in (
            (each.early, gettext("before activation")), (each.late, gettext("after the shelf life")),
            (each.after_pin, gettext("after the PIN")),
        ) if flag]  # fmt: skip
        when = show_moment(each.hour_at) if each.hour_at else f"{each.day_on:%d/%m/%Y}"
        rows[((each.day_on, each.hour_at is None, when), province_name(each.province), ", ".join(odd))] += 1
    return [(key[2], count, place, odd) for (key, place, odd), count in sorted(rows.items(), key=lambda row: row[0][0])]
