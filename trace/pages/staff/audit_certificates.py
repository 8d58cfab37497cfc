"""Certificates held against the original, and what an auditor decides about them afterwards."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField

from ...access import allow, find, fresh, visitor
from ...db import db
from ...records import Certificate, CertificateVerdict, Upload
from ...work.certifying import decide_certificate, next_verdicts
from ...work.desk import refuse_unseen
from ...work.lifting import propose_reinstating
from ...work.proposals import address
from ...work.reach import Reached, owner, reached_by
from ...work.refused import Refused
from ..fields import DayField, NoteField, needed
from ..forms import Form, finish, show_form
from ..words import now, today
from .certificate_shown import shown_certificate

bp = Blueprint("audit_certificates", __name__, url_prefix="/audit/certificates")

TURNING = frozenset({CertificateVerdict.SUSPENDED, CertificateVerdict.LIFTED, CertificateVerdict.CANCELLED})
"""Verdicts that turn what consumers see: the batches and stamps they reach are shown before they are taken."""


class VerdictForm(Form):
    seen = HiddenField()
    """How many decisions the certificate had when the page was drawn."""

    @property
    def seen_decisions(self) -> int:
        text = (self.seen.data or "")[:9]
        return int(text) if text.isdecimal() else -1


class ConfirmForm(VerdictForm):
    compared = BooleanField(
        lazy_gettext("I have compared the number, the body, both days and every scope line with the original."),
        validators=[needed()],
    )


class RefuseForm(VerdictForm):
    reason = NoteField(
        lazy_gettext("Reason"), validators=[needed()], description=lazy_gettext("The cooperative will read it.")
    )


class StopForm(RefuseForm):
    shown = HiddenField()
    """The day, the batches and the stamps that the page showed as reached."""
    reaches_from = DayField(
        lazy_gettext("Reaches from this harvest day"),
        validators=[needed()],
        description=lazy_gettext("Batches harvested or packed on this day or later are reached, earlier ones are not."),
    )


FORMS: dict[CertificateVerdict, type[VerdictForm]] = {
    CertificateVerdict.CONFIRMED: ConfirmForm,
    CertificateVerdict.REFUSED: RefuseForm,
    CertificateVerdict.WARNED: StopForm,
    CertificateVerdict.SUSPENDED: StopForm,
    CertificateVerdict.LIFTED: StopForm,
    CertificateVerdict.CANCELLED: StopForm,
}
SAID: dict[CertificateVerdict, Any] = {
    CertificateVerdict.CONFIRMED: lazy_gettext("Certificate %(number)s is confirmed."),
    CertificateVerdict.REFUSED: lazy_gettext("Certificate %(number)s is refused."),
    CertificateVerdict.WARNED: lazy_gettext("Certificate %(number)s has a warning."),
    CertificateVerdict.SUSPENDED: lazy_gettext("Certificate %(number)s is suspended."),
    CertificateVerdict.LIFTED: lazy_gettext("Certificate %(number)s is in force again."),
    CertificateVerdict.CANCELLED: lazy_gettext("Certificate %(number)s is cancelled."),
}


@bp.get("/<public_id>")
@allow("evidence")
def show(public_id: str) -> ResponseReturnValue:
    certificate = find(Certificate, public_id)
    may = visitor().may("audit") and certificate.cooperative_id not in visitor().belongs_to
    return render_template(
        "staff/certificate.html",
        certificate=certificate,
        page=shown_certificate(db.session, certificate, today=today()),
        verdicts=next_verdicts(certificate) if may else [],
    )


@bp.route("/<public_id>/<any(confirmed, refused, warned):verdict>", methods=["GET", "POST"])
@allow("audit")
def decide(public_id: str, verdict: str) -> ResponseReturnValue:
    return _decide(find(Certificate, public_id), CertificateVerdict(verdict))


@bp.route("/<public_id>/<any(suspended, lifted, cancelled):verdict>", methods=["GET", "POST"])
@allow("audit")
@fresh
def turn(public_id: str, verdict: str) -> ResponseReturnValue:
    return _decide(find(Certificate, public_id), CertificateVerdict(verdict))


def _decide(certificate: Certificate, verdict: CertificateVerdict) -> ResponseReturnValue:
    form = _form(certificate, verdict)
    if form.sent():
        with form.refusals():
            refuse_unseen(db.session, certificate, form.seen_decisions, certificate.number)
            _refuse_unshown(certificate, verdict, form)
            if verdict is CertificateVerdict.LIFTED:
                return _propose(certificate, form)
            decide_certificate(
                db.session,
                certificate,
                verdict,
                reaches_from=form.reaches_from.data if "reaches_from" in form else None,
                reason=form.reason.data if "reason" in form else None,
                by=visitor().actor,
                now=now(),
            )
            page = url_for(".show", public_id=certificate.public_id)
            return finish(form, page, str(SAID[verdict]) % {"number": certificate.number})
    return _page(certificate, verdict, form)


def _propose(certificate: Certificate, form: VerdictForm) -> ResponseReturnValue:
    """A lifting is put before a second person; done once they agree."""
    day = form.reaches_from.data
    assert day is not None
    asked = propose_reinstating(db.session, certificate, day, form.reason.data, by=visitor().actor, now=now())
    return finish(form, address(asked), gettext("Proposed: it is lifted once a second person agrees."))


def _form(certificate: Certificate, verdict: CertificateVerdict) -> VerdictForm:
    data: dict[str, Any] = {"seen": str(len(certificate.decisions))}
    data["reaches_from"] = min(max(today(), certificate.issued_on), certificate.expires_on)
    if request.method == "GET" and verdict not in next_verdicts(certificate):
        abort(404)
    return FORMS[verdict](data=data)


def _refuse_unshown(certificate: Certificate, verdict: CertificateVerdict, form: VerdictForm) -> None:
    """What turns stamps is decided by somebody who has seen which ones."""
    if verdict not in TURNING:
        return
    day = form.reaches_from.data
    reached = reached_by(db.session, certificate, day)
    if form.shown.data != _digest(day, reached):
        raise Refused("From this day it reaches other batches than you were shown: read the list, then press again.")


def _digest(day: date | None, reached: Sequence[Reached]) -> str:
    return f"{day}/{len(reached)}/{sum(each.active_stamps for each in reached)}"


def _page(certificate: Certificate, verdict: CertificateVerdict, form: VerdictForm) -> ResponseReturnValue:
    reached: list[Reached] = []
    if verdict in TURNING and (day := form.reaches_from.data) is not None:
        reached = reached_by(db.session, certificate, day)
        form.shown.data = _digest(day, reached)
    return show_form(
        "staff/certificate_verdict.html",
        form,
        certificate=certificate,
        cooperative=owner(db.session, certificate),
        verdict=verdict.value,
        reached=reached,
        active=sum(each.active_stamps for each in reached),
        document=db.session.get(Upload, certificate.document_id) if certificate.document_id else None,
        turning=verdict in TURNING,
        title=gettext("Certificate %(number)s", number=certificate.number),
    )
