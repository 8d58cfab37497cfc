"""Audits on site: planned, gone through point by point, closed with a result that is also decided."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import (
    Batch,
    BatchVerdict,
    Certificate,
    CertificateVerdict,
    Cooperative,
    PointAnswer,
    Upload,
    Visit,
    VisitAnswer,
    VisitResult,
)
from .actor import Actor
from .batches import ALLOWED
from .certifying import decide_certificate, next_verdicts
from .checklists import current_checklist
from .desk import decide_as_seen, refuse_unseen
from .history import record
from .notices import notify
from .refused import Refused, refuse_all
from .standing import batch_standing

OF_BATCH = {
    VisitResult.CERTIFIED: BatchVerdict.CERTIFIED,
    VisitResult.REFUSED: BatchVerdict.REFUSED,
    VisitResult.SUSPENDED: BatchVerdict.SUSPENDED,
    VisitResult.RECALLED: BatchVerdict.RECALLED,
}
OF_CERTIFICATE = {VisitResult.WARNED: CertificateVerdict.WARNED, VisitResult.SUSPENDED: CertificateVerdict.SUSPENDED}
"""What a visit may end with; a lifting is decided with a second person, on the page of what was stopped."""


@dataclass(frozen=True, slots=True)
class Plan:
    cooperative: Cooperative
    on_day: date
    purpose: str
    sample_size: int
    batch: Batch | None = None
    certificate: Certificate | None = None


def plan_visit(session: Session, plan: Plan, *, by: Actor, now: datetime, today: date) -> Visit:
    found = []
    if plan.cooperative.id in by.belongs_to:
        found.append(Refused("You belong to this cooperative: another auditor visits it."))
    if plan.on_day < today:
        found.append(Refused("Choose today or a later day.", field="on_day"))
    if not plan.purpose.strip():
        found.append(Refused("Say what the visit is for.", field="purpose"))
    if not 0 <= plan.sample_size <= 10_000:
        found.append(Refused("A sample has at most %(most)s stamps.", field="sample_size", most=10_000))
    subjects = [one for one in (plan.batch, plan.certificate) if one is not None]
    if any(one.cooperative_id != plan.cooperative.id for one in subjects):
        found.append(Refused("This belongs to another cooperative.", field="about"))
    refuse_all(found)
    visit = Visit(
        cooperative_id=plan.cooperative.id,
        number=_next_number(session, plan.on_day),
        on_day=plan.on_day,
        purpose=plan.purpose.strip(),
        batch_id=plan.batch.id if plan.batch else None,
        certificate_id=plan.certificate.id if plan.certificate else None,
        checklist=current_checklist(session, now=now),
        sample_size=plan.sample_size,
        by_person_id=by.person_id,
        created_at=now,
    )
    session.add(visit)
    session.flush()
    record(session, "visit.planned", visit, actor=by, now=now)
    notify(
        session,
        "An auditor visits you on %(day)s: %(purpose)s.",
        cooperative_id=plan.cooperative.id,
        now=now,
        url="/my/findings",
        day=plan.on_day,
        purpose=visit.purpose,
    )
    return visit


def _next_number(session: Session, day: date) -> str:
    start = f"KT-{day.year}-"
    given = session.scalar(select(func.count(Visit.id)).where(Visit.number.startswith(start, autoescape=True))) or 0
    return f"{start}{given + 1:04d}"


def answer_point(
    session: Session, visit: Visit, item: str, answer: PointAnswer, note: str | None, *, by: Actor, now: datetime
) -> bool:
    """Answer a point, or answer it anew. Whether anything changed."""
    hold_open(session, visit, by)
    if item not in {point.key for point in visit.checklist.points}:
        raise Refused("This point is not on the checklist.")
    before = visit.answered.get(item)
    note = (note or "").strip() or None
    if before is not None and (before.answer, before.note) == (answer, note):
        return False
    row = VisitAnswer(
        cooperative_id=visit.cooperative_id, item=item, answer=answer, note=note, at=now, by_person_id=by.person_id
    )
    visit.answers.append(row)
    session.flush()
    facts = {"item": item, "answer": answer.value}
    private = {"note": note} if note else {}
    record(session, "visit.answered", visit, actor=by, now=now, facts=facts, private=private)
    return True


def possible_results(visit: Visit) -> list[VisitResult]:
    """How a visit may end now, by what it is about."""
    found = [VisitResult.NOTHING]
    if visit.batch is not None:
        standing = batch_standing(visit.batch)
        found += [result for result, verdict in OF_BATCH.items() if standing in ALLOWED[verdict]]
    elif visit.certificate is not None:
        possible = next_verdicts(visit.certificate)
        found += [result for result, verdict in OF_CERTIFICATE.items() if verdict in possible]
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
    said = {"by": by, "now": now, "reason": closing.note}
    if visit.batch is not None:
        verdict = OF_BATCH[closing.result]
        decide_as_seen(session, visit.batch, verdict, seen=closing.seen, advice=closing.advice, **said)  # type: ignore[arg-type]
        return
    assert visit.certificate is not None
    certificate = visit.certificate
    refuse_unseen(session, certificate, closing.seen, certificate.number)
    reaches = min(max(today, certificate.issued_on), certificate.expires_on)
    decide_certificate(session, certificate, OF_CERTIFICATE[closing.result], reaches_from=reaches, **said)  # type: ignore[arg-type]


def attach_record(session: Session, visit: Visit, scan: Upload, *, by: Actor, now: datetime) -> None:
    """The visit record with both signatures, scanned afterwards."""
    if visit.closed_at is None:
        raise Refused("The record is signed at the end: close the visit first.")
    visit.record_id = scan.id
    session.flush()
    record(session, "visit.signed", visit, actor=by, now=now, facts={"scan": scan.public_id, "sha256": scan.sha256})


def hold_open(session: Session, visit: Visit, by: Actor) -> None:
    """Hold a visit until the transaction ends; refused once it is closed, and for the cooperative's own people."""
    session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update()).one()
    session.refresh(visit, ["closed_at", "answers", "findings"])
    if visit.cooperative_id in by.belongs_to:
        raise Refused("You belong to this cooperative: another auditor visits it.")
    if visit.closed_at is not None:
        raise Refused("Audit %(number)s has been closed.", conflict=True, number=visit.number)


def visits(session: Session, *, cooperative: Cooperative | None = None, most: int = 200) -> list[Visit]:
    """Open ones first, the next to come on top; then those closed lately."""
    query = select(Visit)
    if cooperative is not None:
        query = query.where(Visit.cooperative_id == cooperative.id)
    rows = session.scalars(query.order_by(Visit.on_day.desc(), Visit.id.desc()).limit(most)).all()
    return [*sorted((row for row in rows if row.closed_at is None), key=lambda row: row.on_day),
            *(row for row in rows if row.closed_at is not None)]  # fmt: skip
