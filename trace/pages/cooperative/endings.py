"""What ends soon, on one page: where the daily digest leads."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, own_cooperative
from ...db import db
from ...work.expiries import Ending, endings
from ..words import today

bp = Blueprint("endings", __name__, url_prefix="/my/endings")

WHAT: dict[str, Any] = {
    "certificate": lazy_gettext("Certificate"),
    "visit": lazy_gettext("Surveillance visit"),
    "term": lazy_gettext("Term of a trademark"),
    "right": lazy_gettext("Right to use a mark"),
    "answer": lazy_gettext("Answer to the trademark office"),
    "test": lazy_gettext("Sample test"),
    "area_code": lazy_gettext("Planting-area code"),
    "audit": lazy_gettext("Internal audit"),
}


def link_of(ending: Ending) -> str:
    pages = {"certificate": "certificates.show", "visit": "certificates.show", "test": "samples.show"}
    marks = dict.fromkeys(("term", "right", "answer"), "trademarks.show")
    page = (pages | marks).get(ending.what)
    if page is not None:
        return url_for(page, public_id=ending.subject.public_id)
    return url_for("internal_audits.index") if ending.what == "audit" else url_for("plots.index")


def in_words(days: int) -> str:
    if days < 0:
        return str(gettext("ended %(days)s days ago", days=-days))
    return str(gettext("today")) if days == 0 else str(gettext("in %(days)s days", days=days))


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    rows = endings(db.session, own_cooperative(), today())
    told = {"what": WHAT, "link_of": link_of, "in_words": in_words}
    return render_template("cooperative/endings.html", rows=rows, **told)
