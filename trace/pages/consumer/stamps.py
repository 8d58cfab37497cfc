"""The page a phone opens: `/T/<code>`, and `/01/<gtin>/21/<code>` for a product with a GTIN.

Order of reading: shape → decipher → run → range. A wrong code touches no table. What is found is rendered once for all
stamps of a range, day and language; only code, serial and a one-time token differ, and are filled in. A stamp that
seems to be on several packages has a page of its own, which says so softly.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from flask import Flask, Response, abort, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from ...access import allow
from ...db import db
from ...records import RangeState, StampRange
from ...service import keyring, registry, settings
from ...standards.codes import Place, complaint, grouped, normalise
from ...standards.gs1.checks import has_check_digit
from ...standards.provinces import PROVINCES, listed
from ...work.copy_cases import Told, suspects
from ...work.guesses import WrongCodes
from ...work.lookup import Found, Registry
from ...work.origin import stamp_page
from ...work.page_tokens import hour_of
from ...work.seen import ScansSeen, StampPage
from ...work.standing import StampVerdict
from ..resolver.answers import resolve
from ..words import language, now, today
from .frame import bp, dressed, office_told, page, privacy_url, shown
from .front import SERIAL, hint, serial_hint
from .quick import SUSPECTS, page_key, takes_gzip
from .rendered import CODE_MARK, SERIAL_MARK, TOKEN_MARK, OwnWords, Rendered, rendered
from .scanning import SCAN, count_look, desk_of, told_of_stamp

WARNINGS: Final = frozenset({StampVerdict.RECALLED, StampVerdict.SUSPENDED})
"""Under which a page must not hand out any comfort."""
FOR_THE_COOPERATIVE = f"/my/activate?code={CODE_MARK.decode()}"
"""The quiet way from a stamp's page to its activation: many scan inside Zalo, whose browser is signed in nowhere."""


@bp.get("/t/<path:code>")
@bp.get("/T/<path:code>")
@allow("public")
def stamp(code: str) -> ResponseReturnValue:
    place = keyring().read(code)
    if place is None and keyring().lacks(code):
        return page("consumer/restoring.html", code=grouped(normalise(code)))
    if place is None:
        return _no_such_code(code)
    if place.version in keyring().leaked:
        return _unverifiable(code)
    return _show(code, place)


@bp.get("/01/<gtin>/21/<code>")
@allow("public")
def gs1_stamp(gtin: str, code: str) -> ResponseReturnValue:
    """Opens the page at once where all is well; anything else is the resolver's to answer."""
    place = keyring().read(code)
    found = _find(place) if place else None
    if place is None or (found is not None and found.run.gtin != gtin) or not _is_gtin(gtin):
        return resolve()
    return _unverifiable(code) if place.version in keyring().leaked else _show(code, place)


def _is_gtin(digits: str) -> bool:
    return len(digits) == 14 and digits.isdigit() and has_check_digit(digits)


def _show(code: str, place: Place) -> ResponseReturnValue:
    known, moment, symbols = registry(), now(), normalise(code)
    day = today(moment)
    found = known.find(place, _reading)
    code = grouped(symbols)
    if found is None:
        return page("consumer/restoring.html", code=code)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # the proxy's own method
    count_look(app, request.environ, place.run, found, day)
    told = _page_of(known, place, found, day)
    token = desk_of(app).tokens.give(SCAN, symbols, hour_of(moment))
    stamp = OwnWords(code, found.label, token, day)
    if known.away_s is not None:  # with the time it is of, see `frame.tell_age`
        return Response(told.filled(stamp), headers=told.headers)
    body, headers = told.answer(stamp, packed=takes_gzip(request.environ))
    answer = Response(body, headers=headers)
    return answer.make_conditional(request) if "If-None-Match" in request.headers else answer


def _page_of(known: Registry, place: Place, found: Found, day: date) -> Rendered:
    """One for all stamps of the range; one of its own for a stamp that seems to be copied, while records answer."""
    pins = found.pinned is not None
    key = page_key(found, language(), day)
    suspected = (place.run, found.number) in known.remember(SUSPECTS, lambda: suspects(_reading()))
    if not suspected or known.away_s is not None:
        return known.remember(key, lambda: _render(found.range_id, None, pins))
    told = told_of_stamp(found)
    return known.remember((*key, found.number, told), lambda: _render(found.range_id, told, pins))


def _reading() -> Session:
    return db.session


def _find(place: Place) -> Found | None:
    return registry().find(place, _reading)


def _render(range_id: int, scans: Told | None, pins: bool) -> Rendered:
    stamps = db.session.get(StampRange, range_id)
    if stamps is None:  # joined to its neighbour since this process last looked
        registry().forget()
        abort(503)
    told = stamp_page(db.session, stamps, shown(), code=CODE_MARK.decode(), serial=SERIAL_MARK.decode())
    told = replace(told, report_url=f"/report?code={CODE_MARK.decode()}&lang={language()}", scanned=_seen(scans))
    told = replace(told, pin=pins and stamps.state == RangeState.ACTIVE and told.verdict not in WARNINGS)
    form = {"token": TOKEN_MARK.decode(), "provinces": listed()}
    words = render_template(
        "consumer/stamp.html", page=told, scan=form, privacy_url=privacy_url(), desk_url=FOR_THE_COOPERATIVE
    )
    answer = dressed(make_response(words), script=True)
    answer.headers["Cache-Control"] = "private, no-cache"  # kept, and asked about at every look: a recall shows at once
    headers = [(name, value) for name, value in answer.headers if name != "Content-Length"]
    return rendered(answer.get_data(), headers)


def _seen(scans: Told | None) -> ScansSeen | None:
    if scans is None:
        return None
    place = PROVINCES.get(scans.first_province or "")
    return ScansSeen(scans.scans, scans.first_on, place.name if place else "")


def _unverifiable(code: str) -> Response:
    told = StampPage(StampVerdict.UNVERIFIABLE, grouped(normalise(code)), "", office=office_told())
    return dressed(make_response(render_template("consumer/stamp.html", page=told)))


def _no_such_code(code: str) -> Response:
    """The same answer for whatever is none of ours; a network that tries many has to wait."""
    if not _wrong_codes().count(request.remote_addr or ""):
        abort(429)
    return page("consumer/unknown.html", 404, typed=code[:80], hint=_hint(code))


def _hint(code: str) -> str:
    if SERIAL.fullmatch(code):
        return serial_hint()
    wrong = complaint(code)
    return hint(wrong) if wrong else ""


def _wrong_codes() -> WrongCodes:
    counters: WrongCodes = current_app.extensions["temgoc"]["wrong_codes"]
    return counters


def init_app(app: Flask) -> None:
    with app.app_context():
        share = settings().bad_codes_a_minute // max(1, settings().workers)
    app.extensions["temgoc"]["wrong_codes"] = WrongCodes(share)
