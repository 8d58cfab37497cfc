"""A scan: the page's script says that a person's phone shows it, or a person presses "I bought this".

Whoever only opens the page (a link preview, a crawler, HEAD) counts as a look at most. What is answered with success
has been committed; a busy or full database answers 503 and leaves the pages alone.
"""

import atexit
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from ... import keyfiles
from ...access import allow
from ...db import db
from ...metrics import LOOKS, LOOKS_UNWRITTEN, SCANS
from ...records import StampRange
from ...service import keyring, registry, settings
from ...standards.codes import normalise
from ...standards.provinces import CODES
from ...where import Where
from ...work.allowances import Allowance
from ...work.copy_cases import Told, told_of
from ...work.days import day_of
from ...work.looks import Looks, keep_looks
from ...work.lookup import Found
from ...work.page_tokens import PageTokens
from ...work.robots import is_robot
from ...work.scans import NewScan, Outcome, RangeFacts, facts_of, keep_scans
from ...work.together import Busy, Together
from ...work.visitors import Visitors
from ..headers import refuse_foreign_forms
from ..words import now
from .frame import bp, page

DAY_S = 86_400.0
MOST_A_NETWORK_A_STAMP = 5
"""Different phones of one network that may scan the same stamp on one day."""
MOST_A_NETWORK = 3_000
"""Scans of one network a day: a carrier's address stands for many honest phones."""
SCAN = "scan"


@dataclass(frozen=True, slots=True)
class Desk:
    """What one process needs to take scans in."""

    tokens: PageTokens
    visitors: Visitors
    queue: Together[NewScan, Outcome]
    looks: Looks
    same_stamp: Allowance
    any_stamp: Allowance
    where: Where


def desk_of(app: Flask) -> Desk:
    found: Desk = app.extensions["temgoc"]["scan_desk"]
    return found


def desk() -> Desk:
    return desk_of(current_app)


def agent() -> str:
    return request.headers.get("User-Agent", "")


def count_look(app: Flask, environ: dict[str, Any], run_number: int, found: Found, day: date) -> None:
    """In memory; once a minute a thread of its own writes what has come together."""
    if environ["REQUEST_METHOD"] != "GET":
        return
    looks = desk_of(app).looks
    looks.count(run_number, found, day, robot=is_robot(environ.get("HTTP_USER_AGENT", "")))
    if looks.due():
        threading.Thread(target=write_looks, args=(app,), daemon=True).start()
        atexit.unregister(write_looks)  # a process that ends writes what came since
        atexit.register(write_looks, app)


def write_looks(app: Flask) -> None:
    looks = desk_of(app).looks
    counts = looks.take()
    if not counts:
        return
    try:
        with app.app_context(), db.sessionmaker(bind=db.get_engine("default")) as session:
            keep_looks(session, counts)
            session.commit()
    except SQLAlchemyError:
        looks.put_back(counts)
        LOOKS_UNWRITTEN.inc()
        return
    LOOKS.labels("person").inc(sum(count[0] for count in counts.values()))
    LOOKS.labels("robot").inc(sum(count[1] for count in counts.values()))


@bp.post("/scan")
@allow("public")
def scan() -> ResponseReturnValue:
    refuse_foreign_forms()
    by_script = request.form.get("by") == "phone"
    outcome, told = _take(request.form.get("code", "")[:80], request.form.get("token", "")[:80], pressed=not by_script)
    SCANS.labels(outcome).inc()
    if by_script:
        return ("", 503, {"Retry-After": "5"}) if outcome == "busy" else ("", 204)
    return page("consumer/thanks.html", 503 if outcome == "busy" else 200, outcome=outcome, told=told)


def _take(code: str, token: str, *, pressed: bool) -> tuple[str, Told | None]:
    """What became of it (an `Outcome`, or why nothing was asked of the database), and what the stamp's scans tell."""
    nonce = desk().tokens.take(token, SCAN, normalise(code), now())
    place = keyring().read(code)
    if nonce is None or place is None or place.version in keyring().leaked:
        return "token", None
    if is_robot(agent()):
        return "robot", None
    found = registry().find(place, lambda: db.get_session("read"))
    stamps = _facts(found) if found else None
    if found is None or stamps is None:
        return "unknown", None
    outcome = _write(stamps, found, nonce, pressed)
    return outcome, told_of_stamp(found) if pressed and outcome in set(Outcome) else None


def _write(stamps: RangeFacts, found: Found, nonce: bytes, pressed: bool) -> str:
    address = request.remote_addr or ""
    stamp = f"{stamps.run_id}-{found.number}"
    if not (desk().same_stamp.take(address, stamp) and desk().any_stamp.take(address)):
        return "network"
    try:
        return desk().queue.write(_new_scan(stamps, found, nonce, address, pressed)).value
    except (Busy, SQLAlchemyError):
        return "busy"


def _facts(found: Found) -> RangeFacts | None:
    """Remembered until anything changes; None when the range was joined to its neighbour just now."""

    def read() -> RangeFacts | None:
        stamps = db.get_session("read").get(StampRange, found.range_id)
        return facts_of(stamps) if stamps else None

    return registry().remember(("range", found.range_id), read)


def _new_scan(stamps: RangeFacts, found: Found, nonce: bytes, address: str, pressed: bool) -> NewScan:
    moment = now()
    day = day_of(moment)
    province = request.form.get("province")
    return NewScan(
        stamps=stamps,
        number=found.number,
        visitor=desk().visitors.of(address, agent(), day),
        nonce=nonce,
        at=moment,
        day=day,
        province=province if pressed and province in CODES else desk().where.province(address),
        pressed=pressed,
        has_pin=found.pinned is not None,
    )


def told_of_stamp(found: Found) -> Told | None:
    session = db.get_session("read")
    session.rollback()  # else it would still see what was there before the scan
    stamps = session.get(StampRange, found.range_id)
    return told_of(session, stamps.run_id, found.number) if stamps else None


def _store(scans: Sequence[NewScan]) -> Sequence[Outcome]:
    with db.sessionmaker(bind=db.get_engine("default")) as session:
        outcomes = keep_scans(session, scans, now=max(each.at for each in scans))
        session.commit()
    return outcomes


def init_app(app: Flask) -> None:
    with app.app_context():
        secret = keyfiles.read_or_make(settings(), keyfiles.PAGES)
    app.extensions["temgoc"]["scan_desk"] = Desk(
        tokens=PageTokens(secret),
        visitors=Visitors(secret, lambda: db.sessionmaker(bind=db.get_engine("default"))),
        queue=Together(_store),
        looks=Looks(),
        same_stamp=Allowance(MOST_A_NETWORK_A_STAMP, DAY_S),
        any_stamp=Allowance(MOST_A_NETWORK, DAY_S),
        where=Where(app.config["SETTINGS"].geo_database),
    )
