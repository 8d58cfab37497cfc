"""The checklist of audits, changed as text, one point a line; each change is a version of its own."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow
from ...db import db
from ...work.checklists import as_lines, first_items, from_lines, newest_checklist, revise
from ..acting import acting
from ..fields import NoteField, WordsField, needed
from ..forms import Form, finish, show_form

bp = Blueprint("checklists", __name__, url_prefix="/audit/checklist")


class ChecklistForm(Form):
    points = NoteField(lazy_gettext("Points"), validators=[needed()])
    note = WordsField(lazy_gettext("What has changed"))
    seen = WordsField("", longest=9)

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.points.longest = 100_000


@bp.route("/", methods=["GET", "POST"])
@allow("audit")
def show() -> ResponseReturnValue:
    newest = newest_checklist(db.session)
    points = newest.points if newest else first_items()
    version = newest.version if newest else 0
    form = ChecklistForm(data={"points": as_lines(points), "seen": str(version)})
    if form.sent():
        with form.refusals():
            seen = form.seen.data or ""
            made = revise(db.session, from_lines(form.points.data or ""), form.note.data,
                          seen=int(seen) if seen.isdecimal() else -1, **acting())  # fmt: skip
            return finish(form, url_for(".show"), gettext("Version %(version)s is kept.", version=made.version))
    return show_form("staff/checklist.html", form, points=points, version=version)
