"""What an audit found, and what was done about it: by the cooperative, then looked at by an auditor."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Cooperative, Finding, FindingGrade, FindingMove, FindingStep, Upload, Visit
from .actor import Actor
from .days import day_of
from .history import record
from .notices import notify
from .refused import Refused, refuse_all
from .visits import hold_open


@dataclass(frozen=True, slots=True)
class FindingFacts:
    grade: FindingGrade
    text: str
    due_on: date | None
    item: str | None = None


def add_finding(
    session: Session, visit: Visit, facts: FindingFacts, photo: Upload | None, *, by: Actor, now: datetime, today: date
) -> Finding:
    hold_open(session, visit, by)
    found = []
    if not facts.text.strip():
        found.append(Refused("Write what was found.", field="text"))
    if facts.grade is not FindingGrade.OBSERVATION and facts.due_on is None:
        found.append(Refused("Give the day by which it is put right.", field="due_on"))
    if facts.due_on is not None and facts.due_on < today:
        found.append(Refused("Choose today or a later day.", field="due_on"))
    if facts.item is not None and facts.item not in {point.key for point in visit.checklist.points}:
        found.append(Refused("This point is not on the checklist.", field="item"))
    refuse_all(found)
    finding = Finding(
        cooperative_id=visit.cooperative_id,
        grade=facts.grade,
        text=facts.text.strip(),
        due_on=facts.due_on,
        item=facts.item,
        photo_id=photo.id if photo else None,
        created_at=now,
        by_person_id=by.person_id,
    )
    visit.findings.append(finding)
    session.flush()
    record(session, "finding.made", finding, actor=by, now=now)
    return finding


MOVES: dict[str, frozenset[FindingMove]] = {
    "open": frozenset({FindingMove.CORRECTED, FindingMove.ACCEPTED}),
    FindingMove.CORRECTED: frozenset({FindingMove.ACCEPTED, FindingMove.SENT_BACK}),
    FindingMove.SENT_BACK: frozenset({FindingMove.CORRECTED, FindingMove.ACCEPTED}),
    FindingMove.ACCEPTED: frozenset(),
}
"""From which state a step may be taken."""


def step_finding(
    session: Session,
    finding: Finding,
    move: FindingMove,
    note: str | None,
    photo: Upload | None = None,
    *,
    actor: Actor,
    now: datetime,
) -> FindingStep:
    """The cooperative says what it did; an auditor, never one of its own people, accepts it or sends it back."""
    session.execute(select(Finding.id).where(Finding.id == finding.id).with_for_update()).one()
    session.refresh(finding, ["steps"])
    found = []
    if move is not FindingMove.CORRECTED and finding.cooperative_id in actor.belongs_to:
        found.append(Refused("You belong to this cooperative: another auditor looks at it."))
    if move is not FindingMove.ACCEPTED and not (note or "").strip():
        found.append(Refused("Write what was done, or what is still missing.", field="note"))
    if move not in MOVES[finding.state]:
        found.append(Refused("Something else has been done about this finding meanwhile: look again.", conflict=True))
    refuse_all(found)
    step = FindingStep(
        cooperative_id=finding.cooperative_id, step=move, note=(note or "").strip() or None,
        photo_id=photo.id if photo else None, at=now, by_person_id=actor.person_id,
    )  # fmt: skip
    finding.steps.append(step)
    session.flush()
    record(session, f"finding.{move.value}", finding, actor=actor, now=now, facts={},
           private={"note": step.note} if step.note else {})  # fmt: skip
    if move is not FindingMove.CORRECTED:
        notify(
            session,
            "An auditor has looked at what you did about a finding.",
            cooperative_id=finding.cooperative_id,
            now=now,
            url="/my/findings",
        )
    return step


SPANS = ((0, 7), (8, 14), (15, 30), (31, 60), (61, None))
"""Days from a finding to its closing, as the overview counts them."""


def clause_of(finding: Finding, visit: Visit) -> str:
    """The clause of the checklist that a finding goes against; – for one that named none."""
    found = next((point for point in visit.checklist.points if point.key == finding.item), None)
    return f"{found.standard} · {found.clause}" if found else "–"


def days_to_close(finding: Finding) -> int | None:
    """None while it is not closed."""
    return (day_of(finding.steps[-1].at) - day_of(finding.created_at)).days if finding.closed else None


def span_of(days: int | None) -> tuple[int, int | None] | None:
    return next((span for span in SPANS if days is not None and days <= (span[1] or days)), None)


def findings(session: Session, *, cooperative: Cooperative | None = None, most: int = 300) -> list[Finding]:
    """Those not closed first, the next due on top."""
    query = select(Finding).order_by(Finding.due_on, Finding.id)
    if cooperative is not None:
        query = query.where(Finding.cooperative_id == cooperative.id)
    return sorted(session.scalars(query.limit(most)), key=lambda one: one.closed)
