"""One enrolment as the office sees it, for each of its three pages: overview, work, money."""

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_babel import gettext

from ...access import find
from ...accounts.offices import names_by_key, names_of
from ...db import db
from ...records import Enrolment, EnrolmentState, Proposal
from ...work.enrolments import NEXT
from ...work.proposals import about
from ...work.reach import history_of
from ..accounts.proposals import told
from ..forms import Form
from ..programme_words import PATH, STATES
from ..words import now
from .entries_told import Event, entry_event, pseudonyms

S = EnrolmentState


def found_enrolment(public_id: str) -> Enrolment:
    """By its opaque id, or 404; one that was taken back with its import is no more."""
    enrolment = find(Enrolment, public_id)
    if enrolment.taken_back_at is not None:
        abort(404)
    return enrolment


@dataclass(frozen=True, slots=True)
class Stage:
    """Where an enrolment stands on its way, and who put it there."""

    labels: list[str]
    current: int
    by: str
    reason: str | None


def stage_of(enrolment: Enrolment) -> Stage:
    last = enrolment.moves[-1]
    reached = [move.state for move in enrolment.moves if move.state in PATH]
    names = names_by_key(db.session, [last.by_person_id])
    place = PATH.index(reached[-1]) + 1 + (enrolment.state is S.CLOSED)
    return Stage([str(STATES[key][0]) for key in PATH], place, names.get(last.by_person_id or 0, ""), last.reason)


def waiting(enrolment: Enrolment) -> list[tuple[Proposal, str]]:
    """What has been proposed and waits for a second officer."""
    return [(one, told(one)) for one in about(db.session, enrolment.public_id) if one.waits(now())]


def may_end(enrolment: Enrolment) -> list[EnrolmentState]:
    """The ways in which it may end early from where it stands."""
    return [state for state in (S.REFUSED, S.WITHDRAWN) if state in NEXT[enrolment.state]]


def events(enrolment: Enrolment) -> list[Event]:
    subjects = [enrolment.public_id, *(step.public_id for step in enrolment.steps)]
    entries = history_of(db.session, subjects, most=60)
    names = names_of(db.session, pseudonyms(entries))
    return [entry_event(entry, names) for entry in entries]


def apart(prefix: str, form: Form) -> Form:
    """Several forms stand on one page, so each one's fields get ids of their own."""
    for field in form:
        field.id = field.label.field_id = f"{prefix}-{field.short_name}"
    return form


def frame(enrolment: Enrolment, tab: str) -> dict[str, Any]:
    """What each of the three pages shows on top."""
    tabs = [
        ("enrolments.show", gettext("Overview")),
        ("enrolments.work", gettext("Steps and papers")),
        ("enrolments.money", gettext("Money")),
    ]
    return {
        "enrolment": enrolment,
        "stage": stage_of(enrolment),
        "waiting": waiting(enrolment),
        "tab": tab,
        "tabs": tabs,
    }
