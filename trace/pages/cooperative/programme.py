"""The province's programme as a cooperative sees it: enrolling on one page, and how far each enrolment has come."""

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, own_cooperative
from ...db import db
from ...records import Enrolment
from ...work.enrolment_papers import add_document, documents_of, score_table
from ...work.enrolments import enrol
from ...work.own_enrolments import asked_already, own_enrolment, own_enrolments
from ...work.programme_lists import open_campaign_on, support_kinds
from ...work.programme_rules import terms_on
from ...work.programme_units import unit_of
from ...work.support import costs_of, payments_of
from ...work.uploads import SCANS
from ..acting import acting, acting_today
from ..enrol_form import asking, offer
from ..fields import UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..programme_words import PATH, PAYMENTS, STATES
from ..staff.cooperative_shown import former_district, place_of
from ..staff.vocabulary import KINDS
from ..words import today
from .parts import SCAN_HINT, kept

bp = Blueprint("my_programme", __name__, url_prefix="/my/programme")


class DocumentForm(Form):
    name = WordsField(lazy_gettext("What this document is"), validators=[needed()])
    file = UploadField(lazy_gettext("File"), validators=[needed()], description=SCAN_HINT)


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    own, campaign = own_cooperative(), open_campaign_on(db.session, today())
    taken = asked_already(db.session, own, campaign) if campaign else set()
    kinds = support_kinds(db.session)
    return render_template(
        "cooperative/programme.html", rows=own_enrolments(db.session, own), campaign=campaign, kinds=kinds,
        left=[kind for kind in kinds if kind.id not in taken], terms=terms_on(db.session, today()),
    )  # fmt: skip


@bp.route("/enrol", methods=["GET", "POST"])
@allow("cooperative.manage")
def new() -> ResponseReturnValue:
    """Everything that is known of the cooperative is shown, not asked."""
    own, campaign = own_cooperative(), open_campaign_on(db.session, today())
    taken = asked_already(db.session, own, campaign) if campaign else set()
    form = offer(asking(Form, [kind for kind in support_kinds(db.session) if kind.id not in taken])())
    if form.sent():
        with form.refusals():
            if campaign is None:
                abort(404)
            unit = unit_of(db.session, own, **acting())
            enrolment = enrol(db.session, campaign, unit, form.asked(), form.plan.data or "", **acting_today())
            message = gettext("You have enrolled. You are told here of every step.")
            return finish(form, url_for(".show", public_id=enrolment.public_id), message)
    facts = {"place": place_of(own), "former": former_district(own), "kind": str(KINDS[own.kind])}
    terms = terms_on(db.session, today())
    return show_form("cooperative/enrol.html", form, own=own, campaign=campaign, facts=facts, terms=terms)


def _own(public_id: str) -> Enrolment:
    """This cooperative's enrolment, or 404: the programme's records belong to units, not to cooperatives."""
    return own_enrolment(db.session, own_cooperative(), public_id) or abort(404)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(_own(public_id), DocumentForm(formdata=None))


def _page(enrolment: Enrolment, form: Form) -> ResponseReturnValue:
    reached = [move.state for move in enrolment.moves if move.state in PATH]
    place = PATH.index(reached[-1]) + 1 + (enrolment.state == PATH[-1])
    payments = payments_of(db.session, enrolment)
    shown: dict[str, Any] = {
        "stage": [str(STATES[key][0]) for key in PATH],
        "place": place,
        "documents": documents_of(db.session, enrolment),
        "scores": score_table(db.session, enrolment),
        "costs": costs_of(db.session, enrolment),
        "payments": payments,
        "paid_vnd": sum(one.counted_vnd for one in payments),
        "words": PAYMENTS,
        "done": sum(step.done_on is not None for step in enrolment.steps),
    }
    return show_form("cooperative/enrolment.html", form, enrolment=enrolment, today=today(), **shown)


@bp.post("/<public_id>/documents")
@allow("cooperative.write")
def document(public_id: str) -> ResponseReturnValue:
    enrolment, form = _own(public_id), DocumentForm()
    if form.sent():
        with form.refusals():
            upload: Any = kept(form.file, SCANS)
            add_document(db.session, enrolment, form.name.data or "", upload, **acting())
            return finish(form, url_for(".show", public_id=public_id) + "#documents", gettext("Kept."))
    return _page(_own(public_id), form)
