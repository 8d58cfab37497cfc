"""The quick way to a stamp's page: what this process has rendered and knows to hold is filled in before Flask wakes up.

It decides nothing: whatever is not in memory, or is not plain (a wrong code, a query, a leaked key, a suspected copy, a
page that the phone has kept, a database that is away) goes on to the page itself, which also puts into memory what is
told here. `tests/test_consumer.py` holds the two answers to be the same.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from flask import Flask

from ...standards.codes import Place, grouped, normalise
from ...work.days import day_of
from ...work.lookup import Found, Registry
from ...work.page_tokens import hour_of
from ..headers import OPEN_TO_ALL
from ..resolver.target import Environ, wants_links
from ..words import FOR_CONSUMERS, best_language
from .rendered import OwnWords, Rendered
from .scanning import SCAN, count_look, desk_of

LINK: Final = re.compile(r"/(?:[Tt]|01/([0-9]{14})/21)/([0-9A-Za-z]{16}|[0-9A-Za-z]{4}(?:-[0-9A-Za-z]{4}){3})")
SUSPECTS: Final = "suspects"
"""Under which the stamps that seem to be copied are remembered."""

Key = tuple[int, str, date, bool]


def page_key(found: Found, language: str, day: date) -> Key:
    """Under which the page of a stamp's range is remembered."""
    return found.range_id, language, day, found.pinned is not None


def takes_gzip(environ: Environ) -> bool:
    return "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")


def answer(app: Flask, environ: Environ, start_response: Any) -> Iterable[bytes] | None:
    """The page, or None: then Flask answers."""
    link = LINK.fullmatch(environ.get("RAW_URI", ""))
    if link is None or environ["REQUEST_METHOD"] != "GET" or "HTTP_IF_NONE_MATCH" in environ:
        return None
    gtin, code = link.groups()
    if gtin and wants_links(environ, ""):
        return None
    ours = app.extensions["temgoc"]
    place, known = ours["keys"].place(code), ours["registry"]
    found = known.find_remembered(place) if place and known.settled else None
    if place is None or found is None or (gtin and found.run.gtin != gtin):
        return None
    moment = app.config["CLOCK"]()
    day = day_of(moment)
    told = _told(known, place, found, environ, day)
    if told is None:
        return None
    desk, symbols = desk_of(app), normalise(code)
    count_look(app, environ, place.run, found, day)
    token = desk.tokens.give(SCAN, symbols, hour_of(moment))
    stamp = OwnWords(grouped(symbols), found.label, token, day)
    body, headers = told.answer(stamp, packed=takes_gzip(environ))
    start_response("200 OK", [*headers, *(OPEN_TO_ALL if gtin else ()), ("Content-Length", str(len(body)))])
    return [body]


def _told(known: Registry, place: Place, found: Found, environ: Environ, day: date) -> Rendered | None:
    suspects = known.remembered(SUSPECTS)
    if suspects is None or (place.run, found.number) in suspects:
        return None
    language = best_language(environ.get("HTTP_ACCEPT_LANGUAGE", ""), FOR_CONSUMERS)
    told: Rendered | None = known.remembered(page_key(found, language, day))
    return told
