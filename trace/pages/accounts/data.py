"""One's own data: all of it on a page, as a file, and the way to have it erased."""

import json

from flask import Blueprint, Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, fresh, visitor
from ...accounts import privacy, sessions
from ...db import db
from ..fields import WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .account import me

bp = Blueprint("my_data", __name__, url_prefix="/account/data")


class EraseForm(Form):
    name = WordsField(lazy_gettext("Type your name as it stands above"), [needed()], longest=100)


@bp.get("")
@allow("account")
def show() -> ResponseReturnValue:
    return _page(EraseForm(formdata=None))


def _page(form: EraseForm) -> ResponseReturnValue:
    kept = privacy.about(db.session, me(), now=now())
    return show_form("accounts/data.html", form, kept=kept, person=me())


@bp.get("/export")
@allow("account")
def export() -> ResponseReturnValue:
    """Everything as one JSON file."""
    words = json.dumps(privacy.everything_about(db.session, me(), now=now()), ensure_ascii=False, indent=1)
    answer = Response(words, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="tem-goc-{me().public_id}.json"'
    return answer


@bp.post("/erase")
@allow("account")
@fresh
def erase() -> ResponseReturnValue:
    form = EraseForm()
    if form.validate_on_submit():
        with form.refusals():
            return _erase(form)
    return _page(form)


def _erase(form: EraseForm) -> ResponseReturnValue:
    person = me()
    if form.name.data != person.name:
        form.name.errors = [gettext("This is not your name as it stands above.")]
        return _page(form)
    privacy.erase(db.session, person, actor=visitor().actor, now=now())
    answer = finish(form, url_for("security.login"), gettext("Your data is erased. Goodbye, and thank you."))
    sessions.leave()
    return answer
