"""`/`: what this is, and a field for whoever types a code by hand. `/privacy`: what is kept, next to nothing."""

import re
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow
from ...standards.codes import Complaint, complaint, normalise
from .frame import bp, page
from .scanning import desk

SERIAL_SENTENCE = lazy_gettext(
    "The serial tells stamps apart, but opens nothing. Type the code: 16 letters and digits in fours, beside the "
    "square symbol."
)
SERIAL = re.compile(r"(?i)[a-z]{1,8}-[0-9]{2}[a-z]{1,3}-[0-9]{1,7}")
"""As printed beside the code: HCL-26A-0000123."""


@bp.get("/")
@allow("public")
def front() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()[:80]
    if not typed:
        return page("consumer/home.html", typed="", hint="", **_ways_in())
    wrong = complaint(typed)
    if SERIAL.fullmatch(typed):
        return page("consumer/home.html", 422, typed=typed, hint=serial_hint(), **_ways_in())
    if wrong is None:
        return redirect(url_for("consumer.stamp", code=normalise(typed), lang=request.args.get("lang")))
    return page("consumer/home.html", 422, typed=typed, hint=hint(wrong), **_ways_in())


@bp.get("/privacy")
@allow("public")
def privacy() -> ResponseReturnValue:
    return page("consumer/privacy.html", looks_up_places=desk().where.known)


def serial_hint() -> str:
    return str(SERIAL_SENTENCE)


def hint(wrong: Complaint) -> str:
    """What can be seen in the typing alone: symbols no code has, and its length; never a neighbour of the code."""
    sentences = []
    if wrong.foreign:
        signs = ", ".join(f"“{foreign.symbol}” ({foreign.position})" for foreign in wrong.foreign[:4])
        sentences.append(gettext("No code contains these signs (and their places): %(signs)s.", signs=signs))
    if wrong.too_short or wrong.too_long:
        sentences.append(gettext("A code has 16 letters and digits; this has %(count)s.", count=wrong.length))
    return " ".join(sentences)


def _ways_in() -> dict[str, Any]:
    return {"sign_in_url": "/sign-in", "register_url": "/register"}
