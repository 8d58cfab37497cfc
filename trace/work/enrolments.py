"""Enrolling in a year of the programme, and every move after it. Approval takes two officers (`proposals`)."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import (
    Campaign,
    Enrolment,
    EnrolmentKind,
    EnrolmentMove,
    EnrolmentState,
    EnrolmentStep,
    ProgrammeUnit,
    Proposal,
    SupportKind,
)
from .actor import Actor
from .constraints import breaks
from .enrolment_told import tell_office, tell_unit
from .history import record
from .proposals import ACTS, Act, propose
from .refused import Refused, refuse_all
from .support_kinds import steps_of

S = EnrolmentState
NEXT: Mapping[EnrolmentState, frozenset[EnrolmentState]] = {
    S.RECEIVED: frozenset({S.CHECKED, S.REFUSED, S.WITHDRAWN}),
    S.CHECKED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.APPROVED: frozenset({S.UNDER_WAY, S.WITHDRAWN}),
    S.UNDER_WAY: frozenset({S.ACCEPTED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.PAID, S.WITHDRAWN}),
    S.PAID: frozenset({S.CLOSED}),
    S.REFUSED: frozenset(),
    S.CLOSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
ENDED_EARLY = frozenset({S.REFUSED, S.WITHDRAWN})


def enrol(
    session: Session,
    campaign: Campaign,
    unit: ProgrammeUnit,
    asked: Mapping[SupportKind, int],
    plan: str,
    *,
    late_reason: str | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> Enrolment:
    """`asked` gives each kind's expected cost in đồng. After the closing day only an officer, who says why."""
    late = (late_reason or "").strip() or None
    refuse_all(
        _objections(
            session,
            campaign=campaign,
            unit=unit,
            asked=asked,
            late_reason=late,
            actor=actor,
            today=today,
        )
    )
    enrolment = Enrolment(
        campaign=campaign,
        unit=unit,
        plan=plan.strip(),
        received_on=today,
        late_reason=late,
        created_at=now,
        asked=[
            EnrolmentKind(campaign_id=campaign.id, unit_id=unit.id, kind_id=kind.id, expected_vnd=cost)
            for kind, cost in asked.items()
        ],
        moves=[EnrolmentMove(state=S.RECEIVED, at=now, by_person_id=actor.person_id)],
    )
    session.add(enrolment)
    try:
        session.flush()
    except IntegrityError as error:
        columns = "enrolment_kind.campaign_id, enrolment_kind.unit_id"
        if breaks(error, "uq_enrolment_kind_once_a_year", columns):
            raise Refused(
                "This unit has enrolled for this kind in this year already.", field="kinds", conflict=True
            ) from error
        raise
    record(session, "enrolment.received", enrolment, actor=actor, now=now)
    if actor.role != "officer":
        tell_office(session, enrolment, [kind.name for kind in asked], now=now)
    return enrolment


def _objections(
    session: Session,
    *,
    campaign: Campaign,
    unit: ProgrammeUnit,
    asked: Mapping[SupportKind, int],
    late_reason: str | None,
    actor: Actor,
    today: date,
) -> list[Refused]:
    found = []
    if today < campaign.opens_on:
        found.append(Refused("Enrolment has not opened yet."))
    if today > campaign.closes_on and actor.role != "officer":
        found.append(Refused("Enrolment for this year has closed: ask the office."))
    elif today > campaign.closes_on and late_reason is None:
        found.append(Refused("Say why this is taken in after the closing day.", field="late_reason"))
    if not asked:
        found.append(Refused("Choose at least one kind of support.", field="kinds"))
    if any(cost < 0 for cost in asked.values()):
        found.append(Refused("Write a whole amount, not below nothing.", field="expected"))
    query = select(EnrolmentKind.kind_id).where(
        EnrolmentKind.campaign_id == campaign.id,
        EnrolmentKind.unit_id == unit.id,
        EnrolmentKind.dropped_at.is_(None),
    )
    known = set(session.scalars(query))
    if twice := [kind.name for kind in asked if kind.id in known]:
        names = ", ".join(twice)
        found.append(Refused("This unit has enrolled in this year already for: %(kinds)s.", field="kinds", kinds=names))
    return found


def held(session: Session, enrolment: Enrolment) -> Enrolment:
    """The enrolment as it now is, held until the transaction ends."""
    session.flush()
    query = select(Enrolment).where(Enrolment.id == enrolment.id).with_for_update(key_share=True)
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    session.expire(found, ["moves", "steps", "asked"])
    return found


def move(
    session: Session,
    enrolment: Enrolment,
    to: EnrolmentState,
    *,
    reason: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """To the next state. Approval goes through `propose_approval`, payment through `paying`."""
    if to in {S.APPROVED, S.PAID}:
        raise Refused("Two officers do this together.")
    move_as_agreed(session, enrolment, to, reason, actor=actor, now=now)


def move_as_agreed(
    session: Session, enrolment: Enrolment, to: EnrolmentState, reason: str | None, *, actor: Actor, now: datetime
) -> None:
    """The move itself; approval and payment come here only by a second officer's yes."""
    enrolment = held(session, enrolment)
    why = (reason or "").strip() or None
    if to not in NEXT[enrolment.state]:
        raise Refused("The enrolment has moved on meanwhile: look again.", conflict=True)
    found = []
    if to in ENDED_EARLY and why is None:
        found.append(Refused("Say why, so that the unit can act on it.", field="reason"))
    if to in {S.ACCEPTED, S.CLOSED} and enrolment.open_steps:
        found.append(Refused("Steps are still open: %(steps)s.", steps=", ".join(s.name for s in enrolment.open_steps)))
    if to is S.CLOSED and enrolment.closing_on is None:
        found.append(Refused("Enter the paper that closes the contract first.", field="closing_number"))
    refuse_all(found)
    enrolment.moves.append(EnrolmentMove(state=to, reason=why, at=now, by_person_id=actor.person_id))
    if to in ENDED_EARLY:
        for kind in enrolment.asked:
            kind.dropped_at = now
    session.flush()
    record(session, f"enrolment.{to.value}", enrolment, actor=actor, now=now, facts={"reason": why})
    tell_unit(session, enrolment, to, why, now=now)


def propose_approval(session: Session, enrolment: Enrolment, *, actor: Actor, now: datetime) -> Proposal:
    if enrolment.state is not S.CHECKED:
        raise Refused("Only an enrolment that has been checked can be approved.", conflict=True)
    facts = {"unit": enrolment.unit.name, "year": enrolment.campaign.year}
    return propose(session, APPROVE.kind, enrolment, facts, actor=actor, now=now)


def _approve(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    """The steps come from the newest template of each kind, as it stands on this day."""
    enrolment = session.scalars(select(Enrolment).where(Enrolment.public_id == proposal.subject)).one()
    move_as_agreed(session, enrolment, S.APPROVED, None, actor=actor, now=now)
    for asked in enrolment.asked:
        for name in steps_of(asked.kind):
            enrolment.steps.append(EnrolmentStep(kind_id=asked.kind_id, name=name, created_at=now))
    session.flush()


APPROVE = ACTS.add(Act("enrolment.approve", frozenset({"officer"}), _approve, "Approve the enrolment of %(unit)s"))
