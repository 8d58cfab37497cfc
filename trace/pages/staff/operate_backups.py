"""The operator: could a lost disk or a lost key folder be survived today?"""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, visitor
from ...db import db
from ...service import key_fingerprint, settings
from ...work.backups import BackupState, backup_state, confirm_key_copy, recent_backups
from ..fields import WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now

bp = Blueprint("operate_backups", __name__, url_prefix="/operate/backups")


class CopyForm(Form):
    place = WordsField(lazy_gettext("Where the copy is kept"), validators=[needed()])
    fingerprint = WordsField(lazy_gettext("Fingerprint, as the copy shows it"), validators=[needed()])


def state_now() -> BackupState:
    return backup_state(db.session, now(), key_fingerprint())


@bp.route("/", methods=["GET", "POST"])
@allow("operate")
def index() -> ResponseReturnValue:
    form = CopyForm()
    if form.sent():
        with form.refusals():
            typed, place = form.fingerprint.data or "", form.place.data or ""
            own = key_fingerprint()
            confirm_key_copy(db.session, typed, place, fingerprint=own, actor=visitor().actor, now=now())
            return finish(form, url_for(".index"), gettext("Noted: the keys are kept twice."))
    return show_form(
        "staff/operate_backups.html",
        form,
        state=state_now(),
        backups=recent_backups(db.session),
        settings=settings(),
    )
