"""What is written while an enrolment is under way: its contract, its consultant, its steps, its closing paper."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from ..records import Enrolment, EnrolmentState, EnrolmentStep
from .actor import Actor
from .enrolments import held
from .history import record
from .refused import Refused, refuse_all

HAS_CONTRACT = frozenset({EnrolmentState.UNDER_WAY, EnrolmentState.ACCEPTED, EnrolmentState.PAID})
"""While its contract may be put right; what stood before stays in the history."""


def set_contract(
    session: Session,
    enrolment: Enrolment,
    contract_number: str,
    contract_on: date,
    consultant: str | None,
    *,
    again: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """The contract of an approved enrolment, whose moving on (`enrolments.move`) is an act of its own.

    `again`: another number, day or consultant, as after an addendum or a slip.
    """
    enrolment = held(session, enrolment)
    if again and enrolment.state not in HAS_CONTRACT:
        raise Refused("A contract is put right while the enrolment is under way, until it is closed.", conflict=True)
    if not again and enrolment.state is not EnrolmentState.APPROVED:
        raise Refused("Only an approved enrolment gets a contract.", conflict=True)
    if not contract_number.strip():
        raise Refused("Write the number of the contract.", field="contract_number")
    enrolment.contract_number, enrolment.contract_on = contract_number.strip(), contract_on
    enrolment.consultant = (consultant or "").strip() or None
    record(session, "enrolment.contract", enrolment, actor=actor, now=now)


def plan_step(
    session: Session, enrolment: Enrolment, step: EnrolmentStep, due_on: date | None, *, actor: Actor, now: datetime
) -> None:
    """By which day a step is to be done."""
    if held(session, enrolment).state not in {EnrolmentState.APPROVED, EnrolmentState.UNDER_WAY}:
        raise Refused("The days of the steps are set until the work is accepted.", conflict=True)
    step.due_on = due_on
    record(session, "enrolment.step_planned", step, actor=actor, now=now)


def finish_step(
    session: Session,
    enrolment: Enrolment,
    step: EnrolmentStep,
    done_on: date,
    note: str | None = None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    if held(session, enrolment).state is not EnrolmentState.UNDER_WAY:
        raise Refused("Steps are done while the enrolment is under way.", conflict=True)
    if done_on > today:
        raise Refused("This day lies in the future.", field="done_on")
    step.done_on, step.note = done_on, (note or "").strip() or None
    record(session, "enrolment.step_done", step, actor=actor, now=now)


def close_contract(
    session: Session, enrolment: Enrolment, number: str, on_day: date, *, actor: Actor, now: datetime
) -> None:
    """The paper of thanh lý, after which the enrolment may be closed."""
    enrolment = held(session, enrolment)
    found = []
    if enrolment.contract_on is None:
        found.append(Refused("There is no contract to close."))
    elif on_day < enrolment.contract_on:
        found.append(Refused("This day lies before the contract.", field="closing_on"))
    if not number.strip():
        found.append(Refused("Write the number of the closing paper.", field="closing_number"))
    refuse_all(found)
    enrolment.closing_number, enrolment.closing_on = number.strip(), on_day
    record(session, "enrolment.contract_closed", enrolment, actor=actor, now=now)
