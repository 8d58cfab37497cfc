"""Which auditor looks after which cooperative on a day; leave is a stand-in with a last day."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..records import Assignment, Cooperative
from .actor import Actor
from .history import record
from .refused import Refused, refuse_all


def assign(session: Session, cooperative: Cooperative, auditor_id: int, *, from_on: date, actor: Actor,
           now: datetime) -> Assignment:  # fmt: skip
    """From a day on, this auditor (a person's id) looks after the cooperative; the one before is relieved."""
    line = Assignment(cooperative_id=cooperative.id, auditor_id=auditor_id, from_on=from_on, at=now,
                      by_person_id=actor.person_id)  # fmt: skip
    session.add(line)
    session.flush()
    facts = {"auditor": _pseudonym(session, auditor_id), "from_on": from_on.isoformat()}
    record(session, "cooperative.assigned", cooperative, actor=actor, now=now, facts=facts)
    return line


def hand_over(session: Session, from_auditor_id: int, to_auditor_id: int, *, from_on: date, to_on: date, actor: Actor,
              now: datetime) -> Sequence[Assignment]:  # fmt: skip
    """During leave, both days included, another auditor looks after all that this one has on the first day."""
    found = []
    if to_on < from_on:
        found.append(Refused("The last day comes after the first one.", field="to_on"))
    if from_auditor_id == to_auditor_id:
        found.append(Refused("Choose somebody else to stand in.", field="to_auditor"))
    refuse_all(found)
    mine = cooperatives_of(session, from_auditor_id, from_on)
    if not mine:
        raise Refused("Nothing is assigned to this auditor on that day.", field="from_auditor")
    return [
        _stand_in(session, cooperative, from_auditor_id, to_auditor_id, days=(from_on, to_on), actor=actor, now=now)
        for cooperative in mine
    ]


def _stand_in(session: Session, cooperative: Cooperative, absent_id: int, auditor_id: int, *, days: tuple[date, date],
              actor: Actor, now: datetime) -> Assignment:  # fmt: skip
    from_on, to_on = days
    line = Assignment(cooperative_id=cooperative.id, auditor_id=auditor_id, stands_in_for_id=absent_id,
                      from_on=from_on, to_on=to_on, at=now, by_person_id=actor.person_id)  # fmt: skip
    session.add(line)
    session.flush()
    facts = {
        "auditor": _pseudonym(session, auditor_id),
        "stands_in_for": _pseudonym(session, absent_id),
        "from_on": from_on.isoformat(),
        "to_on": to_on.isoformat(),
    }
    record(session, "cooperative.assigned", cooperative, actor=actor, now=now, facts=facts)
    return line


def _pseudonym(session: Session, person_id: int) -> str | None:
    table = Assignment.metadata.tables["person"]
    return session.scalar(select(table.c.public_id).where(table.c.id == person_id))


def assignment_on(session: Session, cooperative_id: int, day: date) -> Assignment | None:
    """The line that holds on a day: a stand-in before an ordinary one, the newest of each."""
    query = select(Assignment).where(
        Assignment.cooperative_id == cooperative_id,
        Assignment.from_on <= day,
        or_(Assignment.to_on.is_(None), Assignment.to_on >= day),
    )
    order = (Assignment.stands_in_for_id.is_(None), Assignment.from_on.desc(), Assignment.id.desc())
    return session.scalars(query.order_by(*order).limit(1)).first()


def looked_after(session: Session, day: date) -> list[tuple[Cooperative, Assignment | None]]:
    """Every cooperative that has not left, by name, with the line that holds for it on a day."""
    query = select(Assignment).where(
        Assignment.from_on <= day, or_(Assignment.to_on.is_(None), Assignment.to_on >= day)
    )
    order = (Assignment.stands_in_for_id.is_not(None), Assignment.from_on, Assignment.id)
    holds = {line.cooperative_id: line for line in session.scalars(query.order_by(*order))}  # the strongest comes last
    every = session.scalars(select(Cooperative).order_by(Cooperative.folded, Cooperative.id))
    return [(one, holds.get(one.id)) for one in every if not one.has_left]


def auditor_of(session: Session, cooperative_id: int, day: date) -> int | None:
    """The person who looks after a cooperative on a day."""
    line = assignment_on(session, cooperative_id, day)
    return None if line is None else line.auditor_id


def cooperatives_of(session: Session, auditor_id: int, day: date) -> list[Cooperative]:
    """What an auditor looks after on a day, own and stood in for, by name."""
    ever = select(Assignment.cooperative_id).where(Assignment.auditor_id == auditor_id)
    candidates = session.scalars(select(Cooperative).where(Cooperative.id.in_(ever)).order_by(Cooperative.folded))
    return [one for one in candidates if auditor_of(session, one.id, day) == auditor_id]
