"""An auditor's word on a certificate: confirmed against the original, warned, suspended, lifted, cancelled."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Certificate, CertificateDecision, CertificateVerdict, Scheme
from .actor import Actor
from .deployments import setting
from .history import record
from .refused import Refused, refuse_all

SITE_SCHEMES = frozenset({Scheme.VIETGAP, Scheme.GLOBALGAP, Scheme.ORGANIC})
"""They certify sites or members: without scope lines they cover nothing."""
HOLDS = frozenset({CertificateVerdict.CONFIRMED, CertificateVerdict.LIFTED})
ALLOWED: dict[CertificateVerdict, frozenset[CertificateVerdict | None]] = {
    CertificateVerdict.CONFIRMED: frozenset({None}),
    CertificateVerdict.REFUSED: frozenset({None}),
    CertificateVerdict.WARNED: HOLDS,
    CertificateVerdict.SUSPENDED: HOLDS | {CertificateVerdict.WARNED},
    CertificateVerdict.LIFTED: frozenset({CertificateVerdict.WARNED, CertificateVerdict.SUSPENDED}),
    CertificateVerdict.CANCELLED: HOLDS | {CertificateVerdict.WARNED, CertificateVerdict.SUSPENDED},
}
"""After which last verdict (None: still declared) a verdict may be given."""


def last_verdict(certificate: Certificate) -> CertificateVerdict | None:
    return CertificateVerdict(certificate.decisions[-1].verdict) if certificate.decisions else None


def next_verdicts(certificate: Certificate) -> list[CertificateVerdict]:
    """What may be decided now, for the buttons."""
    last = last_verdict(certificate)
    return [verdict for verdict in CertificateVerdict if last in ALLOWED[verdict]]


def decide_certificate(
    session: Session,
    certificate: Certificate,
    verdict: CertificateVerdict,
    *,
    by: Actor,
    now: datetime,
    reaches_from: date | None = None,
    reason: str | None = None,
) -> CertificateDecision:
    """Write down a decision, whole and once. `reaches_from` is the harvest day from which it reaches; a confirmation
    or a refusal reaches from the day of issue. Raises `Refused`, as a conflict where somebody decided meanwhile."""
    lock(session, certificate)
    if verdict in {CertificateVerdict.CONFIRMED, CertificateVerdict.REFUSED}:
        reaches_from = certificate.issued_on
    reason = (reason or "").strip() or None
    refuse_all(_objections(certificate, verdict, by, reaches_from, reason))
    assert reaches_from is not None
    decision = CertificateDecision(
        cooperative_id=certificate.cooperative_id,
        verdict=verdict,
        reaches_from=reaches_from,
        reason=reason,
        at=now,
        by_person_id=by.person_id,
    )
    certificate.decisions.append(decision)
    session.flush()
    facts = {
        "verdict": verdict.value,
        "reaches_from": reaches_from.isoformat(),
        "reason": reason,
        "office": setting(session, "office.vi", now.date()),
        "number": certificate.number,
    }
    record(session, f"certificate.{verdict.value}", certificate, actor=by, now=now, facts=facts)
    return decision


def _objections(
    certificate: Certificate, verdict: CertificateVerdict, by: Actor, reaches_from: date | None, reason: str | None
) -> list[Refused]:
    found = []
    if certificate.cooperative_id in by.belongs_to:
        found.append(Refused("You belong to this cooperative: another auditor decides on its certificates."))
    if last_verdict(certificate) not in ALLOWED[verdict]:
        message = "Certificate %(number)s has been decided otherwise meanwhile: look again."
        found.append(Refused(message, conflict=True, number=certificate.number))
    if verdict is not CertificateVerdict.CONFIRMED and reason is None:
        found.append(Refused("Give the reason: the cooperative will read it.", field="reason"))
    if verdict is CertificateVerdict.CONFIRMED and _covers_nothing(certificate):
        message = "This certificate has no scope line yet, so it would cover nothing. The cooperative enters them."
        found.append(Refused(message))
    if reaches_from is None:
        found.append(Refused("Give the harvest day from which this reaches.", field="reaches_from"))
    elif not certificate.issued_on <= reaches_from <= certificate.expires_on:
        message = "Choose a day between %(first)s and %(last)s, while the certificate runs."
        first, last = certificate.issued_on, certificate.expires_on
        found.append(Refused(message, field="reaches_from", first=first, last=last))
    return found


def _covers_nothing(certificate: Certificate) -> bool:
    return Scheme(certificate.scheme) in SITE_SCHEMES and not certificate.scope


def lock(session: Session, certificate: Certificate) -> None:
    """Hold the certificate until the transaction ends, and see its decisions as they now are."""
    session.flush()
    session.execute(select(Certificate.id).where(Certificate.id == certificate.id).with_for_update()).one()
    session.refresh(certificate, ["decisions"])


def check_open(certificate: Certificate) -> None:
    if certificate.decisions:
        raise Refused(
            "An auditor has decided on certificate %(number)s: it is frozen. Enter a change as a new certificate.",
            conflict=True,
            number=certificate.number,
        )
