"""The page a phone opens: `/T/<code>`, and `/01/<gtin>/21/<code>` for a product with a GTIN.

Order of reading: shape → decipher → run → range. A wrong code touches no table. What is found is rendered once for all
stamps of a range, day and language; only code and serial differ, and are filled in.
"""

from flask import Flask, Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...records import StampRange
from ...service import keyring, registry, settings
from ...standards.codes import Place, complaint, grouped, normalise
from ...work.guesses import WrongCodes
from ...work.lookup import Found
from ...work.origin import stamp_page
from ...work.seen import StampPage
from ...work.standing import StampVerdict
from ..words import language, today
from .frame import bp, dressed, page, privacy_url, shown
from .front import hint
from .rendered import CODE_MARK, SERIAL_MARK, Rendered, rendered


@bp.get("/t/<path:code>")
@bp.get("/T/<path:code>")
@allow("public")
def stamp(code: str) -> ResponseReturnValue:
    place = keyring().read(code)
    if place is None:
        return _no_such_code(code)
    if place.version in keyring().leaked:
        return _unverifiable(code)
    return _show(code, place)


@bp.get("/01/<gtin>/21/<code>")
@allow("public")
def gs1_stamp(gtin: str, code: str) -> ResponseReturnValue:
    place = keyring().read(code)
    if place is None:
        return _no_such_code(code)
    found = _find(place)
    if found is not None and found.run.gtin != gtin:
        return _no_such_code(code)
    return _show(code, place)


def _show(code: str, place: Place) -> ResponseReturnValue:
    found = _find(place)
    code = grouped(normalise(code))
    if found is None:
        return page("consumer/restoring.html", code=code)
    told = registry().remember((found.range_id, language(), today()), lambda: _render(found.range_id))
    serial = f"{found.run.label}-{found.number:07d}"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = Response(told.filled_and_packed(code, serial), headers=told.packed_headers)
    else:
        answer = Response(told.filled(code, serial), headers=told.headers)
    answer.headers["ETag"] = f'W/"{told.tag}-{code}"'
    return answer.make_conditional(request) if "If-None-Match" in request.headers else answer


def _find(place: Place) -> Found | None:
    return registry().find(place, lambda: db.session)


def _render(range_id: int) -> Rendered:
    stamps = db.session.get(StampRange, range_id)
    if stamps is None:  # joined to its neighbour since this process last looked
        registry().forget()
        abort(503)
    told = stamp_page(db.session, stamps, shown(), code=CODE_MARK.decode(), serial=SERIAL_MARK.decode())
    answer = dressed(make_response(render_template("consumer/stamp.html", page=told, privacy_url=privacy_url())))
    answer.headers["Cache-Control"] = "private, no-cache"  # kept, and asked about at every look: a recall shows at once
    headers = [(name, value) for name, value in answer.headers if name != "Content-Length"]
    return rendered(answer.get_data(), headers)


def _unverifiable(code: str) -> Response:
    told = StampPage(StampVerdict.UNVERIFIABLE, grouped(normalise(code)), "")
    return dressed(make_response(render_template("consumer/stamp.html", page=told)))


def _no_such_code(code: str) -> Response:
    """The same answer for whatever is none of ours; a network that tries many has to wait."""
    if not _wrong_codes().count(request.remote_addr or ""):
        abort(429)
    wrong = complaint(code)
    return page("consumer/unknown.html", 404, typed=code[:80], hint=hint(wrong) if wrong else "")


def _wrong_codes() -> WrongCodes:
    counters: WrongCodes = current_app.extensions["temgoc"]["wrong_codes"]
    return counters


def init_app(app: Flask) -> None:
    with app.app_context():
        share = settings().bad_codes_a_minute // max(1, settings().workers)
    app.extensions["temgoc"]["wrong_codes"] = WrongCodes(share)
