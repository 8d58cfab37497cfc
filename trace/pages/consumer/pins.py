"""The PIN under a stamp's scratch layer: typed into a form of the stamp's page, and told nowhere.

POST only, so that no address, history or log ever holds one. A wrong PIN, a locked stamp and a network that tries too
often get the same page.
"""

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from ...access import allow
from ...db import db
from ...metrics import PINS
from ...records import StampRange
from ...service import keyring, registry
from ...standards.codes import Place, grouped, normalise
from ...work.allowances import Allowance
from ...work.days import day_of
from ...work.lookup import Found
from ...work.pin_tries import PinAnswer, PinTold, Typed, try_pin
from ...work.refused import Refused
from ..headers import refuse_foreign_forms
from ..words import language, now
from .frame import bp, page
from .scanning import DAY_S, SCAN, desk

MOST_A_NETWORK = 60
"""Tries a day; a carrier's address stands for many honest buyers."""
LONGEST = 40


@bp.post("/pin")
@allow("public")
def pin() -> ResponseReturnValue:
    refuse_foreign_forms()
    code = request.form.get("code", "")[:80]
    nonce = desk().tokens.take(request.form.get("token", "")[:80], SCAN, normalise(code), now())
    place = keyring().read(code)
    found = _find(place) if place and place.version not in keyring().leaked else None
    if nonce is None or found is None or found.pinned is None:
        return _show("token", code)
    if not _allowance().take(request.remote_addr or ""):
        return _show("network", code)
    try:
        told = _judge(found, nonce)
    except (Refused, SQLAlchemyError):
        db.session.rollback()
        return _show("busy", code)
    return _show(told.answer, code, told, f"{found.run.label}-{found.number:07d}")


def _find(place: Place) -> Found | None:
    return registry().find(place, lambda: db.get_session("read"))


def _judge(found: Found, nonce: bytes) -> PinTold:
    stamps, how = db.session.get(StampRange, found.range_id), found.pinned
    if stamps is None or how is None:
        registry().forget()
        raise Refused("Our records are busy just now. Try again in a minute.")
    typed = Typed(found.number, request.form.get("pin", "")[:LONGEST], nonce, day_of(now()))
    told = try_pin(db.session, keyring(), stamps, how, typed)
    db.session.commit()
    return told


def _show(outcome: str, code: str, told: PinTold | None = None, serial: str = "") -> Response:
    PINS.labels(outcome).inc()
    outcome = "no" if outcome in {PinAnswer.WRONG, PinAnswer.LOCKED, "network"} else outcome
    code = grouped(normalise(code))
    answer = page(
        "consumer/pin.html",
        503 if outcome == "busy" else 200,
        outcome=outcome,
        used_on=told.used_on if told else None,
        code=code,
        serial=serial,
        stamp_url=f"/T/{code}?lang={language()}",
        report_url=f"/report?code={code}&lang={language()}",
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _allowance() -> Allowance:
    kept: Allowance = current_app.extensions["temgoc"]["pin_tries"]
    return kept


def init_app(app: Flask) -> None:
    app.extensions["temgoc"]["pin_tries"] = Allowance(MOST_A_NETWORK, DAY_S)
