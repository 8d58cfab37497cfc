"""The service worker that opens a few pages without a network: it must come from the top to reach them."""

from flask import Blueprint, Response, send_from_directory

from ..access import allow
from ..settings import ROOT

bp = Blueprint("away", __name__)


@bp.get("/away.js")
@allow("public")
def script() -> Response:
    answer = send_from_directory(ROOT / "static", "away.js", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
