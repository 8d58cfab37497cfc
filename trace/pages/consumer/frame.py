"""What every consumer page shares: its own content policy, the office to call, the language."""

import base64
import hashlib
from datetime import timedelta
from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from flask_babel import gettext
from markupsafe import escape

from ...db import db
from ...records import Upload
from ...service import registry, remembered_for_s
from ...work.origin import office
from ...work.origin_parts import Shown
from ...work.seen import OfficeSeen
from ..headers import add_headers, policy
from ..words import language, now, show_moment, today

bp = Blueprint("consumer", __name__)

MAIN: Final = b'<main class="w">'
"""Where a page's own words begin, in the frame that all of them share."""


@cache
def _style_hash(style: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() + "'"


def content_policy(*, script: bool = False) -> str:
    """One inline style, known by its hash; pictures of ours; where asked for, the script that confirms a scan."""
    style = current_app.extensions["temgoc"].get("consumer_style")
    if style is None:
        style = current_app.jinja_env.get_template("consumer/style.css").render()
        current_app.extensions["temgoc"]["consumer_style"] = style
    ours = "'self'" if script else "'none'"
    return policy(style_src=_style_hash(style), script_src=ours, connect_src=ours, font_src="'none'")


def shown() -> Shown:
    return Shown(language(), today(), photo_url)


def photo_url(upload: Upload) -> str:
    return f"/photos/{upload.public_id}?w=800"


def privacy_url() -> str:
    return url_for("consumer.privacy")


def office_told() -> OfficeSeen:
    """Whom to ask, from memory where it is known."""
    told = shown()
    return registry().remember(("office", told.language, told.today), lambda: office(db.session, told))


def page(template: str, status: int = 200, **context: Any) -> Response:
    """A consumer page that is not a stamp's."""
    context["office"] = office_told()
    answer = make_response(render_template(template, privacy_url=privacy_url(), **context), status)
    return dressed(answer)


def dressed(answer: Response, *, script: bool = False) -> Response:
    answer.headers["Content-Security-Policy"] = content_policy(script=script)
    answer.headers["Content-Language"] = language()
    answer.headers["Vary"] = "Accept-Language, Accept-Encoding"
    return add_headers(answer)


def tell_age(answer: Response) -> Response:
    """While the primary database does not answer: what is shown gets the time it is of, on every consumer page."""
    old_s = remembered_for_s()
    if old_s is None or answer.mimetype != "text/html" or answer.is_streamed or answer.status_code >= 300:
        return answer
    when = show_moment(now() - timedelta(seconds=old_s))
    note = gettext(
        "Our records are busy just now. This is the answer as of %(when)s; look again in a minute.", when=when
    )
    told = MAIN + f'<p class="note wait" role="status">{escape(note)}</p>'.encode()
    answer.set_data(answer.get_data().replace(MAIN, told, 1))
    answer.headers["Retry-After"] = "60"
    answer.headers.pop("ETag", None)
    return answer
