"""Gates, and which rules each asks for: the province's setting names them by their letters, from a day on."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from .actor import Actor
from .check import RULES
from .deployments import change_setting, setting
from .refused import Refused


class Gate(StrEnum):
    ISSUE = "issue"
    PRINT = "print"
    ACTIVATE = "activate"
    CLEAR = "clear"
    """By rule, without a person looking."""


BEFORE_STAMPS = (Gate.ISSUE, Gate.PRINT, Gate.ACTIVATE)


def needed_at(session: Session, gate: Gate, day: date) -> str:
    """The letters of the rules a gate asks for on a day."""
    return str(setting(session, f"gate.{gate.value}", day))


def asked_for(session: Session, letter: str, day: date) -> bool:
    """Whether any step of a stamp asks for a rule; what none asks for only warns where it is not kept at all."""
    return any(letter in needed_at(session, gate, day) for gate in BEFORE_STAMPS)


def set_gate(
    session: Session, gate: Gate, letters: str, *, from_on: date, actor: Actor, now: datetime, today: date
) -> None:
    """Which rules a gate asks for, from a day on."""
    wanted = "".join(sorted(set(letters)))
    if not set(wanted) <= set(RULES):
        raise Refused("Choose from the rules that are listed.", field=gate.value)
    if from_on < today:
        raise Refused("Choose today or a later day.", field="from_on")
    if wanted != needed_at(session, gate, from_on):
        change_setting(session, f"gate.{gate.value}", wanted, from_on=from_on, actor=actor, now=now)
