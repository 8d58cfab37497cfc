"""Certificates a cooperative declares, and the lines of their scope."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import Certificate, Scheme, Upload
from ...standards.identifiers import vietgap_hint
from ...work.certificates import CertificateFacts, add_certificate, certificates, change_certificate
from ...work.uploads import SCANS
from ..forms import Form, finish, show_form
from ..staff.vocabulary import SCHEMES
from ..words import now, today
from .certificate_words import CertificateForm, told
from .parts import kept, wanted
from .past import history_of

bp = Blueprint("certificates", __name__, url_prefix="/my/certificates")


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    rows = certificates(db.session, own_cooperative(), wanted())
    states = {row.id: told(row, today()) for row in rows}
    return render_template("cooperative/certificates.html", rows=rows, q=wanted(), states=states, schemes=SCHEMES)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    """`?like=`: a renewal or correction of an earlier certificate, whose scope lines are taken over."""
    like = find(Certificate, request.args["like"]) if "like" in request.args else None
    form = CertificateForm(data={"scheme": like.scheme, "body": like.body, "stars": like.stars} if like else None)
    if form.sent():
        with form.refusals():
            facts = form.tried(form.facts)
            document = form.tried(kept, form.document, SCANS)
            certificate = add_certificate(db.session, own_cooperative(), facts, document, like=like, **_doing())
            _hint(facts)
            return finish(form, url_for(".show", public_id=certificate.public_id), gettext("Certificate declared."))
    return show_form("cooperative/certificate_form.html", form, certificate=None, like=like)


def _doing() -> dict[str, Any]:
    return {"actor": visitor().actor, "now": now(), "today": today()}


def _hint(facts: CertificateFacts) -> None:
    """Say what a number's form suggests; the forms met in the field are many, so nothing is refused for it."""
    if odd := odd_number(facts.scheme, facts.number):
        flash(odd, "warning")


def odd_number(scheme: str, number: str) -> str | None:
    if scheme != Scheme.VIETGAP:
        return None
    hint = vietgap_hint(number)
    if hint is None:
        return str(gettext("The number has an unusual form. Compare it with the paper; it is kept as you typed it."))
    if not hint.for_crops:
        return str(gettext("This number reads like one for livestock or fish, not crops. Compare it with the paper."))
    return None


def frozen(certificate: Certificate) -> bool:
    """Whether to turn somebody back who asks for a form that could only be refused; a form sent is work's to judge."""
    return request.method == "GET" and bool(certificate.decisions)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return certificate_page(find(Certificate, public_id), Form(formdata=None))


def certificate_page(certificate: Certificate, form: Form) -> ResponseReturnValue:
    document = db.session.get(Upload, certificate.document_id) if certificate.document_id else None
    shown: dict[str, Any] = {
        "told": told(certificate, today()),
        "scheme": SCHEMES[certificate.scheme],
        "odd": odd_number(certificate.scheme, certificate.number),
        "document": document,
        "history": history_of(certificate),
    }
    return show_form("cooperative/certificate.html", form, certificate=certificate, **shown)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str) -> ResponseReturnValue:
    certificate = find(Certificate, public_id)
    if frozen(certificate):
        return redirect(url_for(".show", public_id=public_id))
    form = CertificateForm(data={name: getattr(certificate, name) for name in CertificateFacts.__dataclass_fields__})
    form.watched()
    if form.sent():
        with form.refusals():
            facts = form.tried(form.facts)
            document = form.tried(kept, form.document, SCANS)
            change_certificate(db.session, certificate, facts, document, **_doing())
            _hint(facts)
            return finish(form, url_for(".show", public_id=public_id), gettext("Saved."))
    return show_form("cooperative/certificate_form.html", form, certificate=certificate, like=None)
