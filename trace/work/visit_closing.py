"""How an audit on site ends: with a result that is also decided, and a record for both signatures."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..records import Batch, BatchVerdict, Certificate, CertificateVerdict, Upload, Visit, VisitResult
from .actor import Actor
from .batches import ALLOWED
from .certifying import decide_certificate, next_verdicts
from .desk import decide_as_seen, refuse_unseen
from .history import record
from .lifting import propose_lift, propose_reinstating
from .notices import notify
from .refused import Refused
from .standing import BatchStanding, batch_standing
from .visits import hold_open

OF_BATCH = {
    VisitResult.CERTIFIED: BatchVerdict.CERTIFIED,
    VisitResult.REFUSED: BatchVerdict.REFUSED,
    VisitResult.SUSPENDED: BatchVerdict.SUSPENDED,
    VisitResult.RECALLED: BatchVerdict.RECALLED,
}
OF_CERTIFICATE = {VisitResult.WARNED: CertificateVerdict.WARNED, VisitResult.SUSPENDED: CertificateVerdict.SUSPENDED}
"""Decided as the visit ends. A lifting is only proposed; a warning about a batch is told, and turns no stamp."""
WARNS_OF_BATCH = frozenset({BatchStanding.WAITING, BatchStanding.CLEARED})


def possible_results(visit: Visit) -> list[VisitResult]:
    """How a visit may end now, by what it is about."""
    found = [VisitResult.NOTHING]
    if visit.batch is not None:
        standing = batch_standing(visit.batch)
        found += [VisitResult.WARNED] if standing in WARNS_OF_BATCH else []
        found += [result for result, verdict in OF_BATCH.items() if standing in ALLOWED[verdict]]
        found += [VisitResult.LIFTED] if standing in ALLOWED[BatchVerdict.LIFTED] else []
    elif visit.certificate is not None:
        possible = next_verdicts(visit.certificate)
        found += [result for result, verdict in OF_CERTIFICATE.items() if verdict in possible]
        found += [VisitResult.LIFTED] if CertificateVerdict.LIFTED in possible else []
    return found


@dataclass(frozen=True, slots=True)
class Closing:
    result: VisitResult
    note: str | None
    advice: str | None = None
    seen: int = 0
    """How many decisions the batch or certificate had when the page was drawn."""


def close_visit(session: Session, visit: Visit, closing: Closing, *, by: Actor, now: datetime, today: date) -> None:
    """End a visit: the result is written down, and decided on the batch or certificate in the same transaction."""
    hold_open(session, visit, by)
    if closing.result not in possible_results(visit):
        raise Refused("This cannot be decided here: choose another result.", field="result")
    if closing.result is not VisitResult.NOTHING:
        _decide(session, visit, closing, by=by, now=now, today=today)
    visit.closed_at, visit.result = now, closing.result
    visit.result_note = (closing.note or "").strip() or None
    session.flush()
    facts = {"result": closing.result.value, "findings": len(visit.findings)}
    private = {"note": visit.result_note} if visit.result_note else {}
    record(session, "visit.closed", visit, actor=by, now=now, facts=facts, private=private)
    if visit.findings:
        notify(
            session,
            "Audit %(number)s ended with %(count)s findings: answer each by its day.",
            cooperative_id=visit.cooperative_id,
            now=now,
            url="/my/findings",
            number=visit.number,
            count=len(visit.findings),
        )


def _decide(session: Session, visit: Visit, closing: Closing, *, by: Actor, now: datetime, today: date) -> None:
    if visit.batch is not None:
        _decide_batch(session, visit.batch, closing, by=by, now=now)
    elif visit.certificate is not None:
        _decide_certificate(session, visit.certificate, closing, by=by, now=now, today=today)


def _decide_batch(session: Session, batch: Batch, closing: Closing, *, by: Actor, now: datetime) -> None:
    seen, note = closing.seen, closing.note
    if closing.result is VisitResult.WARNED:
        _warn(session, batch, closing, by=by, now=now)
    elif closing.result is VisitResult.LIFTED:
        propose_lift(session, batch, note, seen=seen, by=by, now=now)
    else:
        verdict = OF_BATCH[closing.result]
        decide_as_seen(session, batch, verdict, seen=seen, by=by, now=now, reason=note, advice=closing.advice)


def _decide_certificate(
    session: Session, certificate: Certificate, closing: Closing, *, by: Actor, now: datetime, today: date
) -> None:
    refuse_unseen(session, certificate, closing.seen, certificate.number)
    reaches = min(max(today, certificate.issued_on), certificate.expires_on)
    if closing.result is VisitResult.LIFTED:
        propose_reinstating(session, certificate, reaches, closing.note, by=by, now=now)
    else:
        verdict = OF_CERTIFICATE[closing.result]
        decide_certificate(session, certificate, verdict, reaches_from=reaches, by=by, now=now, reason=closing.note)


def _warn(session: Session, batch: Batch, closing: Closing, *, by: Actor, now: datetime) -> None:
    """The cooperative is told in writing; the batch stands as it stood."""
    refuse_unseen(session, batch, closing.seen, batch.code)
    note = (closing.note or "").strip()
    if not note:
        raise Refused("Write what the cooperative is warned about.", field="note")
    record(session, "batch.warned", batch, actor=by, now=now, facts={"batch": batch.code}, private={"note": note})
    page = f"/my/batches/{batch.public_id}"
    notify(session, "A warning about batch %(batch)s: %(words)s", cooperative_id=batch.cooperative_id, now=now,
           url=page, batch=batch.code, words=note)  # fmt: skip


def attach_record(session: Session, visit: Visit, scan: Upload, *, by: Actor, now: datetime) -> None:
    """The visit record with both signatures, scanned afterwards."""
    if visit.closed_at is None:
        raise Refused("The record is signed at the end: close the visit first.")
    visit.record_id = scan.id
    session.flush()
    record(session, "visit.signed", visit, actor=by, now=now, facts={"scan": scan.public_id, "sha256": scan.sha256})
