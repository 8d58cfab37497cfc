"""`/recalls`: what has been recalled, for everybody; its Atom feed (RFC 4287), and a notice of each to print."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ...access import OPAQUE, allow
from ...db import db
from ...service import registry, settings
from ...work.recall_list import public_recall, public_recalls
from ..headers import add_headers
from ..words import language, now
from .frame import bp, page

ATOM = "application/atom+xml; charset=utf-8"
FEED = 50


@bp.get("/recalls")
@allow("public")
def recalls() -> ResponseReturnValue:
    answer = page("consumer/recalls.html", rows=public_recalls(db.session))
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/recalls.atom")
@allow("public")
def feed() -> ResponseReturnValue:
    """The newest fifty, told anew when one is lifted."""
    words = registry().remember(("recalls.atom", language()), _feed)
    answer = Response(words, content_type=ATOM)
    answer.headers["Cache-Control"] = "no-cache"
    return add_headers(answer)


def _feed() -> str:
    rows = public_recalls(db.session, most=FEED)
    updated = max((row.changed_at for row in rows), default=now())
    return render_template("consumer/recalls.atom.xml", rows=rows, base=settings().public_url, updated=updated)


@bp.get("/recalls/<public_id>")
@allow("public")
def recall_notice(public_id: str) -> ResponseReturnValue:
    row = public_recall(db.session, public_id) if OPAQUE.fullmatch(public_id) else None
    if row is None:
        abort(404)
    answer = page("consumer/recall_notice.html", row=row, address=settings().public_url + url_for(".recalls"))
    answer.headers["Cache-Control"] = "no-cache"
    return answer
