"""The resolver of GS1 Digital Links (Resolver 1.2.1): every address of this host that is not a page's own.

400 what is no link, 404 what is unknown, 300 where nothing tells two links apart, 200 a linkset, and 307 to a page.
"""

from flask import Response, abort, current_app, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow
from ...db import db
from ...records import StampRange
from ...service import keyring, registry
from ...standards.codes import normalise
from ...standards.gs1 import (
    ALL,
    LINKSET,
    BadLink,
    DigitalLink,
    choose,
    decompress,
    forward,
    is_epc,
    link_type,
    parse_target,
)
from ...work.links import StampSeen
from ...work.origin import TELLS_ORIGIN
from ...work.public import is_told
from ...work.resolve import Resolved, Resolver
from ...work.standing import stamp_verdict
from ..consumer.frame import page
from ..headers import add_headers, open_to_all
from ..words import today
from .kept import keep
from .linksets import linkset_answer, root, wants_linkset
from .target import raw_target
from .words import fault

METHODS = ("GET", "HEAD", "OPTIONS")


@allow("public")
def resolve() -> ResponseReturnValue:
    if request.method not in METHODS:
        answer = page("consumer/no_link.html", 405, why="")
        answer.headers["Allow"] = ", ".join(METHODS)
        return answer
    target, since = raw_target(request.environ), registry().version
    try:
        link = _read(target)
    except BadLink as bad:
        return page("consumer/no_link.html", 400, why=fault(bad))
    found = _found(link)
    if found is None:
        return page("consumer/nothing_known.html", 404, lines=link.readable)
    return _options(found) if request.method == "OPTIONS" else _answer(found, since)


def _read(target: str) -> DigitalLink:
    path, mark, query = target.partition("#")[0].partition("?")
    if is_epc(path):
        return parse_target(decompress(path).path + mark + query)
    return parse_target(target)


def _found(link: DigitalLink) -> Resolved | None:
    return Resolver(db.session, registry(), root(), _stamp).resolve(link)


def _stamp(serial: str, gtin: str) -> StampSeen | None:
    """Only a wrong serial counts against the network that tries it."""
    place = keyring().read(serial)
    found = registry().find(place, lambda: db.session) if place else None
    if place is None or (found is not None and found.run.gtin != gtin):
        if not current_app.extensions["temgoc"]["wrong_codes"].count(request.remote_addr or ""):
            abort(429)
        return None
    code = normalise(serial)
    if found is None or place.version in keyring().leaked:  # its page says so, and lends it no lot
        return StampSeen(code)
    return StampSeen(code, registry().remember(("lot of", found.range_id), lambda: _lot(found.range_id)))


def _lot(range_id: int) -> str:
    stamps = db.session.get(StampRange, range_id)
    if stamps is None:  # joined to its neighbour since this process last looked
        registry().forget()
        abort(503)
    tells = stamp_verdict(stamps, today()) in TELLS_ORIGIN
    return stamps.batch.code if stamps.batch and tells and is_told(stamps.batch) else ""


def _options(found: Resolved) -> Response:
    answer = make_response("", 204)
    address = f"{root()}{found.link.path}"
    answer.headers["Allow"] = ", ".join(METHODS)
    answer.headers["Link"] = f'<{address}?linkType=linkset>; rel="linkset"; type="application/linkset+json"'
    return answer


def _answer(found: Resolved, since: int | None) -> Response:
    asked = found.link.asked("linkType") or None
    named = link_type(asked) if asked else None
    if named in {LINKSET, ALL} or (asked is None and wants_linkset()):
        answer = _whole(linkset_answer(found))
        keep(request.environ, found, answer, since=since)
        return answer
    if asked and named is None:
        return _no_such_type(found)
    headers = request.headers
    choice = choose(
        found.targets,
        link_type=named,
        accept=headers.get("Accept", ""),
        accept_language=headers.get("Accept-Language", ""),
        context=found.link.asked("context") or "",
    )
    if choice.status == 404:
        return _no_such_type(found)
    if choice.status == 300:
        return linkset_answer(found, 300)
    answer = _redirect(forward(choice.targets[0].href, found.link.query))
    keep(request.environ, found, answer, since=since)
    return answer


def _redirect(location: str) -> Response:
    answer = make_response("", 307)
    answer.headers["Location"] = "".join(sign if sign.isascii() else f"%{ord(sign):02X}" for sign in location)
    answer.headers["Vary"] = "Accept, Accept-Language"
    answer.headers["Cache-Control"] = "no-cache"
    return _whole(answer)


def _whole(answer: Response) -> Response:
    """With the headers that every answer gets: it may be kept as it stands."""
    open_to_all(answer)
    return add_headers(answer)


def _no_such_type(found: Resolved) -> Response:
    return linkset_answer(found, 404, gettext("There is no link of this type"))
