"""Redirects and linksets that are known already, sent before Flask wakes up: a till asks for the same few lots all day.

It decides nothing: what `answers.py` has led on is kept until anything changes, for the same target and preferences.
There are as many stamps as anybody likes, so theirs are kept once for a range, and only the code is filled in.
`tests/test_resolver.py` holds both answers to be the same.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Response, current_app

from ...service import registry, settings
from ...standards.codes import normalise
from ...work.lookup import Answer
from ...work.resolve import Resolved
from .target import Environ, raw_target

LONGEST_KEY: Final = 400
"""Signs of a target and two headers; longer ones are nobody's till."""
LARGEST_BODY: Final = 24_576
CODE: Final = "\n"
"""Stands for a stamp's code in what is kept; no target and no header can hold it."""
_STAMP: Final = re.compile(r"(/01/([0-9]{14})(?:/10/[^/?#]+)?/21/)([0-9A-Z]{16})(/?(?:\?[^#]*)?)")
Key = tuple[str | int, ...]


def _key(app: Flask, environ: Environ) -> tuple[Key, str]:
    """Under which a redirect is kept, and the code to fill in: "" where the target names no stamp that is in memory."""
    target = raw_target(environ)
    preferences = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")
    stamp = _STAMP.fullmatch(target)
    range_id = _range_of(app, stamp[2], stamp[3]) if stamp and stamp[3] not in stamp[4] else None
    if stamp is None or range_id is None:
        return (target, *preferences), ""
    return (f"{stamp[1]}{CODE}{stamp[4]}", *preferences, range_id), stamp[3]


def _range_of(app: Flask, gtin: str, code: str) -> int | None:
    """Of a stamp that is ours under this number, spelt as printed, its key in good standing."""
    ours = app.extensions["temgoc"]
    place = ours["keys"].place(code) if normalise(code) == code else None
    found = ours["registry"].find_remembered(place) if place else None
    return found.range_id if found is not None and found.run.gtin == gtin else None


def keep(environ: Environ, found: Resolved, answer: Response, *, since: int | None) -> None:
    """Remember a finished answer, unless it was for a stamp that is not ours or for a lot that nobody knows.

    `since`: the registry's version when the request began; what was read before a change is not kept after it.
    """
    key, code = _key(current_app, environ)
    if bool(code) != (found.link.serial is not None) or len(found.levels) <= len(found.link.qualifiers):
        return
    own, body = f"{settings().public_url}/T/{code}", answer.get_data()
    headers = tuple(
        (name, value.replace(own, own.replace(code, CODE), 1) if code and value.startswith(own) else value)
        for name, value in answer.headers
    )
    if code and (code.encode() in body or any(code in value for _, value in headers)):  # more of it names this stamp
        return
    if sum(len(str(part)) for part in key) <= LONGEST_KEY and len(body) <= LARGEST_BODY:
        registry().keep_answer(key, Answer(answer.status, headers, body), since=since)


def kept(app: Flask, environ: Environ, start_response: Any) -> Iterable[bytes] | None:
    """The answer, or None: then Flask answers."""
    known = app.extensions["temgoc"]["registry"]
    if environ["REQUEST_METHOD"] != "GET" or environ.get("RAW_URI", "")[:4] not in {"/01/", "/414", "/417"}:
        return None
    if not known.settled:
        return None
    key, code = _key(app, environ)
    answer: Answer | None = known.answered(key)
    if answer is None:
        return None
    start_response(answer.status, [(name, value.replace(CODE, code)) for name, value in answer.headers])
    return [answer.body]
