"""The page a phone opens: `/T/<code>`, and `/01/<gtin>/21/<code>` for a product with a GTIN.

Order of reading: shape → decipher → run → range. A wrong code touches no table. What is found is rendered once for all
stamps of a range, day and language; only code and serial differ, and are filled in.
"""

from flask import Flask, Response, abort, current_app, make_response, render_template, request, url_for
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
from .frame import bp, dressed, page, shown
from .front import hint

CODE_MARK, SERIAL_MARK = "\N{SYMBOL FOR NULL}CODE", "\N{SYMBOL FOR NULL}SERIAL"
"""Stand in a rendered page where a stamp's own code and serial go; no text of ours or of a person's contains them."""


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
    key = (found.range_id, language(), today())
    body = registry().remember(key, lambda: _render(found.range_id))
    serial = f"{found.run.label}-{found.number:07d}"
    filled = body.replace(CODE_MARK.encode(), code.encode()).replace(SERIAL_MARK.encode(), serial.encode())
    answer = make_response(filled)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    return dressed(answer).make_conditional(request)


def _find(place: Place) -> Found | None:
    return registry().find(place, lambda: db.session)


def _render(range_id: int) -> bytes:
    stamps = db.session.get(StampRange, range_id)
    if stamps is None:  # joined to its neighbour since this process last looked
        registry().forget()
        abort(503)
    told = stamp_page(db.session, stamps, shown(), code=CODE_MARK, serial=SERIAL_MARK)
    return render_template("consumer/stamp.html", page=told, privacy_url=url_for("consumer.privacy")).encode()


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
