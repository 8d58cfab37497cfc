"""Redirects that are known already, sent before Flask wakes up: a till asks for the same few products and lots all day.

It decides nothing: what `answers.py` has led on is kept until anything changes, for the same target and preferences.
Stamps are not kept, for there are as many as anybody likes. `tests/test_resolver.py` holds both answers to be the same.
"""

from collections.abc import Iterable
from typing import Any, Final

from flask import Flask, Response

from ...service import registry
from ...work.resolve import Resolved
from .target import Environ, raw_target

LONGEST_KEY: Final = 400
"""Signs of a target and two headers; longer ones are nobody's till."""
STATUS: Final = "307 TEMPORARY REDIRECT"
Headers = list[tuple[str, str]]


def _key(environ: Environ) -> tuple[str, ...]:
    preferences = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_LANGUAGE", "")
    return (raw_target(environ), *preferences)


def keep(environ: Environ, found: Resolved, answer: Response, *, since: int | None) -> None:
    """Remember a finished redirect, unless it was to a stamp or for a lot that nobody knows.

    `since`: the registry's version when the request began; what was read before a change is not kept after it.
    """
    key, link = _key(environ), found.link
    if link.serial is None and len(found.levels) > len(link.qualifiers) and sum(map(len, key)) <= LONGEST_KEY:
        registry().keep_redirect(key, list(answer.headers), since=since)


def kept(app: Flask, environ: Environ, start_response: Any) -> Iterable[bytes] | None:
    """The redirect, or None: then Flask answers."""
    known = app.extensions["temgoc"]["registry"]
    if environ["REQUEST_METHOD"] != "GET" or environ.get("RAW_URI", "")[:4] not in {"/01/", "/414", "/417"}:
        return None
    headers: Headers | None = known.redirect(_key(environ)) if known.settled else None
    if headers is None:
        return None
    start_response(STATUS, list(headers))
    return [b""]
