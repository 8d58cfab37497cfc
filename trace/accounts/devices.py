"""What a browser says it is, in a few words; and the mark by which a person's own browser is known again.

The mark is OWASP's "device cookie": set after a sign-in, it lets the owner try a password while strangers, who have no
mark, have used up the account's tries. It opens nothing by itself.
"""

from typing import Final

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from ..records import opaque_id

MOST_PEOPLE: Final = 5
YEAR_SECONDS: Final = 365 * 24 * 3600
BROWSERS: Final = {
    "Edg/": "Edge",
    "CocCoc": "Cốc Cốc",
    "OPR/": "Opera",
    "Zalo": "Zalo",
    "Firefox/": "Firefox",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS: Final = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
"""Signs in a browser's own description, the telling ones first: most claim to be several."""


def describe() -> str | None:
    """Such as "Chrome · Android": enough to tell one's phone from one's desk, too little to follow anybody."""
    agent = request.user_agent.string
    words = [next((name for sign, name in table.items() if sign in agent), None) for table in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in words if word) or None


def _signer() -> URLSafeSerializer:
    assert current_app.secret_key is not None
    return URLSafeSerializer(current_app.secret_key, salt="known device")


def _name() -> str:
    return "__Host-device" if current_app.config["SETTINGS"].https else "device"


def _mark() -> tuple[str, list[str]]:
    try:
        device, people = _signer().loads(request.cookies.get(_name(), ""))
    except (BadData, ValueError):
        return opaque_id(), []
    return str(device), list(people)


def knows(person_id: str) -> str | None:
    """This browser's mark if the person (public id) has signed in here before."""
    device, people = _mark()
    return device if person_id in people else None


def remember(response: Response, person_id: str) -> None:
    """Mark the browser as one of the person's; the last few people of a shared one are kept."""
    device, people = _mark()
    people = [person_id, *(other for other in people if other != person_id)][:MOST_PEOPLE]
    secure: bool = current_app.config["SETTINGS"].https
    value = _signer().dumps([device, people])
    response.set_cookie(
        _name(), str(value), max_age=YEAR_SECONDS, path="/", httponly=True, samesite="Lax", secure=secure
    )
