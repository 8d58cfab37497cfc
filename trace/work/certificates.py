"""Certificates as cooperatives declare them: what stands on the paper, and the lines of its scope.

Until an auditor has decided, everything can be put right; afterwards a change is a new certificate.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import Certificate, Cooperative, Scheme, Upload
from ..standards.identifiers import is_placeholder
from ..standards.words import fold
from . import surveillance
from .actor import Actor
from .certifying import check_open, lock
from .changes import apply
from .history import record
from .refused import Refused, refuse_all
from .scope import ScopeFacts, add_line

STARS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    scheme: Scheme
    number: str
    """As printed; `standards.identifiers.certificate_number` refuses placeholders."""
    body: str
    issued_on: date
    expires_on: date
    stars: int | None = None

    def __post_init__(self) -> None:
        found = []
        if is_placeholder(self.body):
            found.append(Refused("This looks like a placeholder. Copy the body's name as printed.", field="body"))
        if self.expires_on < self.issued_on:
            found.append(Refused("It ends before it was issued. Compare both days with the paper.", field="expires_on"))
        if (self.scheme is Scheme.OCOP) != (self.stars is not None):
            message = "How many stars does it give?" if self.stars is None else "Only OCOP certificates have stars."
            found.append(Refused(message, field="stars"))
        refuse_all(found)


def certificates(session: Session, cooperative: Cooperative, wanted: str = "") -> list[Certificate]:
    """Certificates whose number or body holds `wanted`, the one that ends last first. A cooperative has few."""
    query = (
        select(Certificate)
        .where(Certificate.cooperative_id == cooperative.id)
        .order_by(Certificate.expires_on.desc(), Certificate.id.desc())
        .options(selectinload(Certificate.decisions), selectinload(Certificate.scope))
    )
    words = fold(wanted)
    return [found for found in session.scalars(query) if words in fold(f"{found.number} {found.body}")]


def add_certificate(
    session: Session,
    cooperative: Cooperative,
    facts: CertificateFacts,
    document: Upload | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
    like: Certificate | None = None,
) -> Certificate:
    """Declare a certificate. `like` is one before it (a renewal, a correction), whose scope lines are taken over."""
    _check_issued(facts, today)
    certificate = Certificate(cooperative_id=cooperative.id, created_at=now)
    apply(certificate, facts)
    certificate.document_id = document.id if document else None
    certificate.renews = like
    session.add(certificate)
    record(session, "certificate.declared", certificate, actor=actor, now=now)
    for line in like.scope if like else []:
        taken = ScopeFacts(line.product, line.plot, line.grower, line.area_m2, line.expected_g_a_year)
        add_line(session, certificate, taken, actor=actor, now=now)
    surveillance.plan(session, certificate, actor=actor, now=now)
    return certificate


def change_certificate(
    session: Session,
    certificate: Certificate,
    facts: CertificateFacts,
    document: Upload | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """`document` takes the place of the one before; None leaves it."""
    lock(session, certificate)
    check_open(certificate)
    _check_issued(facts, today)
    changed = apply(certificate, facts)
    if document is not None:
        certificate.document_id, changed = document.id, True
    if changed:
        record(session, "certificate.changed", certificate, actor=actor, now=now)


def _check_issued(facts: CertificateFacts, today: date) -> None:
    if facts.issued_on > today:
        raise Refused("This day lies in the future.", field="issued_on")
