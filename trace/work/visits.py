"""Audits on site: planned, and gone through point by point."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import (
    Batch,
    Certificate,
    Cooperative,
    PointAnswer,
    Visit,
    VisitAnswer,
)
from .actor import Actor
from .checklists import current_checklist
from .history import record
from .notices import notify
from .refused import Refused, refuse_all


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
