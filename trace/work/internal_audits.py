"""The cooperative's own audit: at most twelve months apart, every household, findings with due days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import (
    Cooperative,
    Grower,
    InternalAnswer,
    InternalAudit,
    InternalAuditGrower,
    InternalFinding,
    InternalGrade,
)
from .actor import Actor
from .checklists import current_checklist
from .farm import present_growers
from .history import record
from .refused import Refused, refuse_all
from .surveillance import after_months

MONTHS_APART = 12
"""TCVN 11892-1:2017: an internal audit at least once in twelve months, over all members."""


@dataclass(frozen=True, slots=True)
class FindingFacts:
    grade: InternalGrade
    text: str
    due_on: date
    action: str | None = None
    grower: Grower | None = None
    item: str | None = None


def begin(
    session: Session, cooperative: Cooperative, on_day: date, led_by: str, *, actor: Actor, now: datetime, today: date
) -> InternalAudit:
    found = []
    if on_day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    if not led_by.strip():
        found.append(Refused("Write who looks: somebody trained for it.", field="led_by"))
    if open_audit(session, cooperative) is not None:
        found.append(Refused("An internal audit is under way: close it first.", conflict=True))
    refuse_all(found)
    audit = InternalAudit(
        cooperative_id=cooperative.id,
        on_day=on_day,
        led_by=led_by.strip(),
        checklist_id=current_checklist(session, now=now).id,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(audit)
    session.flush()
    record(session, "internal_audit.begun", audit, actor=actor, now=now)
    return audit


def look_at(
    session: Session,
    audit: InternalAudit,
    grower: Grower,
    answers: Mapping[str, InternalAnswer],
    note: str | None,
    *,
    seen_on: date,
    actor: Actor,
    now: datetime,
    today: date,
) -> InternalAuditGrower:
    """One household, every point of the checklist answered."""
    _open(session, audit)
    found = []
    if not audit.on_day <= seen_on <= today:
        found.append(Refused("This day lies before the audit began, or in the future.", field="seen_on"))
    missing = [point.key for point in audit.checklist.points if point.key not in answers]
    found += [Refused("Please choose from the list.", field=f"point-{key}") for key in missing]
    refuse_all(found)
    seen = InternalAuditGrower(
        cooperative_id=audit.cooperative_id,
        grower_id=grower.id,
        seen_on=seen_on,
        answers=json.dumps({key: answer.value for key, answer in sorted(answers.items())}),
        note=(note or "").strip() or None,
        at=now,
        by_person_id=actor.person_id,
    )
    audit.growers.append(seen)
    session.flush()
    bad = sorted(key for key, answer in answers.items() if answer is InternalAnswer.BAD)
    facts = {"grower": grower.public_id, "seen_on": seen_on.isoformat(), "bad": bad}
    record(session, "internal_audit.looked", audit, actor=actor, now=now, facts=facts)
    return seen


def answers_of(seen: InternalAuditGrower) -> dict[str, InternalAnswer]:
    return {key: InternalAnswer(value) for key, value in json.loads(seen.answers).items()}


def find_fault(
    session: Session, audit: InternalAudit, facts: FindingFacts, *, actor: Actor, now: datetime
) -> InternalFinding:
    """What does not conform, with the day by which it is put right."""
    _open(session, audit)
    found = []
    if not facts.text.strip():
        found.append(Refused("Write what was found.", field="text"))
    if facts.due_on < audit.on_day:
        found.append(Refused("The due day lies before the audit.", field="due_on"))
    refuse_all(found)
    finding = InternalFinding(
        cooperative_id=audit.cooperative_id,
        grower_id=facts.grower.id if facts.grower else None,
        grade=facts.grade,
        item=facts.item,
        text=facts.text.strip(),
        action=(facts.action or "").strip() or None,
        due_on=facts.due_on,
        by_person_id=actor.person_id,
        created_at=now,
    )
    audit.findings.append(finding)
    session.flush()
    record(session, "internal_audit.found", finding, actor=actor, now=now)
    return finding


def put_right(
    session: Session, finding: InternalFinding, done: str, closed_on: date, *, actor: Actor, now: datetime, today: date
) -> None:
    """The corrective action has been taken; also after the audit was closed."""
    session.refresh(finding, ["closed_on"], with_for_update=True)
    found = []
    if finding.closed_on is not None:
        found.append(Refused("This finding is closed already.", conflict=True))
    if not done.strip():
        found.append(Refused("Write what was done.", field="done"))
    if not finding.audit.on_day <= closed_on <= today:
        found.append(Refused("This day lies before the audit began, or in the future.", field="closed_on"))
    refuse_all(found)
    finding.closed_on, finding.done = closed_on, done.strip()
    session.flush()
    record(session, "internal_audit.put_right", finding, actor=actor, now=now)


def close(
    session: Session, audit: InternalAudit, summary: str | None, *, actor: Actor, now: datetime, today: date
) -> None:
    """Only once every household that has not left was looked at."""
    _open(session, audit)
    left = unseen(session, audit)
    if left:
        names = ", ".join(grower.name for grower in left[:5])
        raise Refused("%(count)s households have not been looked at: %(names)s.", count=len(left), names=names)
    audit.closed_on, audit.summary = today, (summary or "").strip() or None
    session.flush()
    record(session, "internal_audit.closed", audit, actor=actor, now=now)


def unseen(session: Session, audit: InternalAudit) -> list[Grower]:
    cooperative = session.get_one(Cooperative, audit.cooperative_id)
    return [grower for grower in present_growers(session, cooperative) if grower.id not in audit.seen]


def open_audit(session: Session, cooperative: Cooperative) -> InternalAudit | None:
    query = select(InternalAudit).where(
        InternalAudit.cooperative_id == cooperative.id, InternalAudit.closed_on.is_(None)
    )
    return session.scalars(query.limit(1)).first()


def audits_of(session: Session, cooperative: Cooperative) -> list[InternalAudit]:
    query = select(InternalAudit).where(InternalAudit.cooperative_id == cooperative.id)
    return list(session.scalars(query.order_by(InternalAudit.on_day.desc(), InternalAudit.id.desc())))


def next_due(session: Session, cooperative: Cooperative) -> date | None:
    """Twelve months after the last closed one began; None before the first."""
    query = select(InternalAudit.on_day).where(
        InternalAudit.cooperative_id == cooperative.id, InternalAudit.closed_on.is_not(None)
    )
    last = session.scalar(query.order_by(InternalAudit.on_day.desc()).limit(1))
    return None if last is None else after_months(last, MONTHS_APART)


def _open(session: Session, audit: InternalAudit) -> None:
    session.refresh(audit, ["closed_on"], with_for_update=True)
    if audit.closed_on is not None:
        raise Refused("This audit is closed.", conflict=True)
