"""Lifting what was stopped needs a second pair of eyes: one proposes with the reason, another auditor or an officer,
or a signed paper, agrees (`proposals`); only then is it decided, in the agreeing person's name."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, BatchVerdict, Certificate, CertificateVerdict, Proposal
from .actor import Actor
from .batches import ALLOWED, decide
from .certifying import decide_certificate, next_verdicts
from .desk import TOLD, refuse_unseen
from .notices import notify
from .proposals import ACTS, Act, facts_of, propose
from .refused import Refused, refuse_all
from .standing import batch_standing

SECONDS = frozenset({"auditor", "officer"})
OWN = "You belong to this cooperative: another auditor decides on it."


def propose_lift(
    session: Session, batch: Batch, reason: str | None, *, seen: int, by: Actor, now: datetime
) -> Proposal:
    refuse_unseen(session, batch, seen, batch.code)
    found = _objections(batch.cooperative_id, reason, by)
    if batch_standing(batch) not in ALLOWED[BatchVerdict.LIFTED]:
        message = "Batch %(batch)s has been decided otherwise meanwhile: look again."
        found.append(Refused(message, conflict=True, batch=batch.code))
    refuse_all(found)
    return propose(session, "batch.lift", batch, {"batch": batch.code}, actor=by, now=now, reason=reason)


def propose_reinstating(
    session: Session, certificate: Certificate, reaches_from: date, reason: str | None, *, by: Actor, now: datetime
) -> Proposal:
    found = _objections(certificate.cooperative_id, reason, by)
    if CertificateVerdict.LIFTED not in next_verdicts(certificate):
        message = "Certificate %(number)s has been decided otherwise meanwhile: look again."
        found.append(Refused(message, conflict=True, number=certificate.number))
    if not certificate.issued_on <= reaches_from <= certificate.expires_on:
        message = "Choose a day between %(first)s and %(last)s, while the certificate runs."
        first, last = certificate.issued_on, certificate.expires_on
        found.append(Refused(message, field="reaches_from", first=first, last=last))
    refuse_all(found)
    facts = {"number": certificate.number, "reaches_from": reaches_from.isoformat()}
    return propose(session, "certificate.lift", certificate, facts, actor=by, now=now, reason=reason)


def _objections(cooperative_id: int, reason: str | None, by: Actor) -> list[Refused]:
    found = []
    if cooperative_id in by.belongs_to:
        found.append(Refused(OWN))
    if not (reason or "").strip():
        found.append(Refused("Give the reason: the cooperative and consumers will read it.", field="reason"))
    return found


def _lift_batch(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    batch = session.scalars(select(Batch).where(Batch.public_id == proposal.subject)).one()
    decide(session, batch, BatchVerdict.LIFTED, by=actor, now=now, reason=proposal.reason, seconded=True)
    page = f"/my/batches/{batch.public_id}"
    words = TOLD[BatchVerdict.LIFTED]
    notify(session, words, cooperative_id=batch.cooperative_id, now=now, url=page, batch=batch.code)


def _lift_certificate(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    certificate = session.scalars(select(Certificate).where(Certificate.public_id == proposal.subject)).one()
    reaches = date.fromisoformat(facts_of(proposal)["reaches_from"])
    lifted = CertificateVerdict.LIFTED
    decide_certificate(session, certificate, lifted, by=actor, now=now, reaches_from=reaches, reason=proposal.reason)


ACTS.add(Act("batch.lift", SECONDS, _lift_batch, "Lift the stop of batch %(batch)s"))
ACTS.add(Act("certificate.lift", SECONDS, _lift_certificate, "Put certificate %(number)s back in force"))
