"""Visits of the certification body while a certificate runs: planned when it is declared, kept, and done."""

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..records import Certificate, Scheme, Surveillance
from .actor import Actor
from .days import day_of
from .deployments import setting
from .history import record
from .refused import Refused

VISITED = frozenset({Scheme.VIETGAP, Scheme.GLOBALGAP, Scheme.ORGANIC, Scheme.ISO_9001, Scheme.ISO_22000})
MONTHS_KEY = "surveillance_months"
"""The province's setting: at most so many months between two visits."""


def plan(session: Session, certificate: Certificate, *, actor: Actor, now: datetime) -> list[Surveillance]:
    """The days by which the body is due, up to the last day; those before the declaration are nobody's task now."""
    if certificate.scheme not in VISITED:
        return []
    months = int(setting(session, MONTHS_KEY, certificate.issued_on))
    return [
        add_visit(session, certificate, day, actor=actor, now=now)
        for day in _days(certificate.issued_on, certificate.expires_on, months)
        if day > day_of(now)
    ]


def _days(start: date, end: date, months: int) -> Iterator[date]:
    count = 1
    while (day := after_months(start, months * count)) < end:
        yield day
        count += 1


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the 28th where a month has no such day."""
    count = day.year * 12 + day.month - 1 + months
    try:
        return date(count // 12, count % 12 + 1, day.day)
    except ValueError:
        return date(count // 12, count % 12 + 1, 28)


def add_visit(session: Session, certificate: Certificate, due_on: date, *, actor: Actor, now: datetime) -> Surveillance:
    if not certificate.issued_on <= due_on <= certificate.expires_on:
        raise Refused("This day lies outside the certificate's days.", field="due_on")
    if any(visit.due_on == due_on for visit in certificate.surveillances):
        raise Refused("This day is kept already.", field="due_on")
    visit = Surveillance(cooperative_id=certificate.cooperative_id, due_on=due_on, created_at=now)
    certificate.surveillances.append(visit)
    session.flush()
    record(session, "surveillance.planned", visit, actor=actor, now=now)
    return visit


def finish_visit(
    session: Session,
    visit: Surveillance,
    done_on: date,
    note: str | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    if visit.done_on is not None:
        raise Refused("This visit is recorded already.", conflict=True)
    if done_on > today:
        raise Refused("This day lies in the future.", field="done_on")
    visit.done_on, visit.note = done_on, (note or "").strip() or None
    session.flush()
    record(session, "surveillance.done", visit, actor=actor, now=now)


def next_visit(certificate: Certificate) -> Surveillance | None:
    return next((visit for visit in certificate.surveillances if visit.done_on is None), None)
