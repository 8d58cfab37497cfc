"""What a certifier from outside reads: the cooperatives they were let in to. Every view of theirs becomes an entry."""

from flask import Blueprint, Flask, Response, abort, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError

from ...access import Role, allow, find, visitor
from ...accounts.certifiers import note_view
from ...db import db
from ...records import Certificate, Cooperative
from ...work.reach import owner
from ..cooperative.renewal_file import renewal_file
from ..errors import show_database_away
from ..papers import in_vietnamese, zip_answer
from ..words import now, today
from .cooperative_shown import shown_cooperative

bp = Blueprint("certifier", __name__, url_prefix="/certifier")
SHOWS = frozenset({200, 206, 304})
"""Answers that let somebody see a thing: all of it, a part of it, or what their browser has kept of it."""


@bp.get("/")
@allow("certify")
def home() -> ResponseReturnValue:
    """The cooperatives open today, and until when."""
    person = visitor().person
    assert person is not None
    rows = [access for access in person.accesses if access.holds_on(today())]
    return render_template("staff/certifier.html", rows=rows)


@bp.get("/cooperatives/<public_id>")
@allow("certify")
def cooperative(public_id: str) -> ResponseReturnValue:
    found = find(Cooperative, public_id)
    if found.id not in visitor().reads:
        abort(404)
    g.found_of = found.id
    page = shown_cooperative(db.session, found, today=today())
    return render_template("staff/certifier_cooperative.html", cooperative=found, page=page)


@bp.get("/certificates/<public_id>/file")
@allow("certify")
def renewal(public_id: str) -> ResponseReturnValue:
    """Growers, plots, diary, internal audits, tests, complaints and balance, as the cooperative hands them in."""
    certificate = find(Certificate, public_id)
    with in_vietnamese():
        made = renewal_file(db.session, owner(db.session, certificate), certificate, today=today(), now=now())
    return zip_answer(made, f"ho-so-gia-han-{certificate.number}.zip")


def _note(response: Response) -> Response:
    """Whatever shows a certifier something of a cooperative is noted before it goes out, or does not go out."""
    asking = g.get("visitor")
    if asking is None or asking.role is not Role.CERTIFIER or response.status_code not in SHOWS:
        return response
    whose = g.get("found_of")
    if whose is None:
        return response
    try:
        with db.sessionmaker(bind=db.get_engine("default")) as session:
            person, moment = asking.person, current_app.config["CLOCK"]()
            note_view(session, person, request.path, whose, actor=asking.actor, now=moment)
            session.commit()
    except OperationalError as away:
        return make_response(show_database_away(away))
    return response


def init_app(app: Flask) -> None:
    app.after_request(_note)
