"""Visits of the certification body, and everything it asks for at a renewal in one file."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Certificate, Surveillance
from ...work.surveillance import add_visit, finish_visit
from ..acting import acting, acting_today
from ..fields import DayField, NoteField, needed
from ..forms import Form, finish, show_form
from ..papers import in_vietnamese, zip_answer
from ..words import now, today
from .parts import said
from .renewal_file import renewal_file

bp = Blueprint("surveillance", __name__, url_prefix="/my/surveillance")


class DueForm(Form):
    due_on = DayField(lazy_gettext("The body is due by"), [needed()])


class DoneForm(Form):
    done_on = DayField(lazy_gettext("The body came on"), [needed()])
    note = NoteField(lazy_gettext("Result, in short"))


@bp.route("/new/<public_id>", methods=["GET", "POST"])
@allow("cooperative.write")
def new(public_id: str) -> ResponseReturnValue:
    certificate, form = find(Certificate, public_id), DueForm()
    if form.sent():
        with form.refusals():
            add_visit(db.session, certificate, said(form.due_on), **acting())
            return finish(form, url_for("certificates.show", public_id=public_id), gettext("Saved."))
    return show_form("cooperative/surveillance.html", form, certificate=certificate, visit=None)


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("cooperative.write")
def done(public_id: str) -> ResponseReturnValue:
    visit, form = find(Surveillance, public_id), DoneForm()
    certificate = db.session.get_one(Certificate, visit.certificate_id)
    if form.sent():
        with form.refusals():
            finish_visit(db.session, visit, said(form.done_on), form.note.data, **acting_today())
            return finish(form, url_for("certificates.show", public_id=certificate.public_id), gettext("Saved."))
    return show_form("cooperative/surveillance.html", form, certificate=certificate, visit=visit)


@bp.get("/file/<public_id>.zip")
@allow("cooperative.read")
def file(public_id: str) -> ResponseReturnValue:
    """Growers, plots, diary, internal audit, tests, complaints and mass balance of a certificate, for its renewal."""
    certificate = find(Certificate, public_id)
    with in_vietnamese():
        made = renewal_file(db.session, own_cooperative(), certificate, today=today(), now=now())
    return zip_answer(made, f"ho-so-gia-han-{certificate.number}.zip")
