"""What ends soon: certificates, marks, tests, area codes, visits, audits; warned of in steps, one digest a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    COVERING,
    GRANTED_STATES,
    PENDING_STATES,
    AreaCode,
    Certificate,
    CertificateState,
    Cooperative,
    CooperativeVerdict,
    ExpiryWarning,
    SampleTest,
    Trademark,
)
from .days import day_of
from .internal_audits import next_due
from .notices import notify
from .surveillance import next_visit

STEPS = (90, 30, 7, 1)
AFTER = -1
AFTER_DAYS = 30
"""What ended longer ago than this was over before anybody could have been warned."""
MOST_NAMED = 12
SHOWN_DAYS = 90


@dataclass(frozen=True, slots=True)
class Ending:
    """`what`: certificate, visit, term, right, answer, test, area_code or audit; `name` as printed on the paper."""

    what: str
    name: str
    subject: Any
    on_day: date

    def days(self, today: date) -> int:
        return (self.on_day - today).days


def endings(session: Session, cooperative: Cooperative, today: date) -> list[Ending]:
    """Everything that ends within 90 days, or ended within the last 30, the first one first."""
    found = [
        *_certificates(session, cooperative, today),
        *_marks(session, cooperative, today),
        *_tests(session, cooperative, today),
        *_area_codes(session, cooperative, today),
        *_audit(session, cooperative),
    ]
    near = [each for each in found if -AFTER_DAYS <= each.days(today) <= SHOWN_DAYS]
    return sorted(near, key=lambda each: (each.on_day, each.name))


def _certificates(session: Session, cooperative: Cooperative, today: date) -> Iterator[Ending]:
    query = select(Certificate).where(Certificate.cooperative_id == cooperative.id)
    options = selectinload(Certificate.decisions), selectinload(Certificate.surveillances)
    for certificate in session.scalars(query.options(*options, selectinload(Certificate.renewals))):
        renewed = any(each.state_on(today) in COVERING for each in certificate.renewals)
        if renewed or certificate.state_on(today) not in COVERING | {CertificateState.EXPIRED}:
            continue
        yield Ending("certificate", certificate.number, certificate, certificate.expires_on)
        visit = next_visit(certificate)
        if visit is not None and today <= certificate.expires_on:
            yield Ending("visit", certificate.number, certificate, visit.due_on)


def _marks(session: Session, cooperative: Cooperative, today: date) -> Iterator[Ending]:
    query = select(Trademark).where(Trademark.cooperative_id == cooperative.id)
    for mark in session.scalars(query.options(selectinload(Trademark.states))):
        state = mark.state_on(today)
        if state in GRANTED_STATES and mark.term_ends_on is not None:
            yield Ending("term", mark.name, mark, mark.term_ends_on)
        if state in GRANTED_STATES | PENDING_STATES and mark.needs_right and mark.right_to is not None:
            yield Ending("right", mark.name, mark, mark.right_to)
        if state in PENDING_STATES and mark.answer_by is not None:
            yield Ending("answer", mark.name, mark, mark.answer_by)


def _tests(session: Session, cooperative: Cooperative, today: date) -> Iterator[Ending]:
    """The newest of each sampled thing: an older one has been followed by it. One batch is sampled once."""
    query = select(SampleTest).where(
        SampleTest.cooperative_id == cooperative.id, SampleTest.voided_at.is_(None), SampleTest.batch_id.is_(None)
    )
    newest: dict[tuple[int | None, int | None], SampleTest] = {}
    for test in session.scalars(query.order_by(SampleTest.valid_until, SampleTest.id)):
        newest[test.plot_id, test.product_id] = test
    for test in newest.values():
        yield Ending("test", test.report_number, test, test.valid_until)


def _area_codes(session: Session, cooperative: Cooperative, today: date) -> Iterator[Ending]:
    query = select(AreaCode).where(
        AreaCode.holder_id == cooperative.id, AreaCode.to_on.is_not(None), AreaCode.revoked_on.is_(None)
    )
    for code in session.scalars(query):
        assert code.to_on is not None  # asked for
        yield Ending("area_code", code.code, code, code.to_on)


def _audit(session: Session, cooperative: Cooperative) -> Iterator[Ending]:
    due = next_due(session, cooperative)
    if due is not None:
        yield Ending("audit", f"{due:%d/%m/%Y}", cooperative, due)


def warn_all(session: Session, *, now: datetime) -> int:
    """One digest for each cooperative that has something new to be told; how many. Run as often as one likes."""
    cooperatives = session.scalars(select(Cooperative).options(selectinload(Cooperative.decisions)))
    return sum(warn(session, each, now=now) for each in cooperatives if _here(each))


def _here(cooperative: Cooperative) -> bool:
    verdicts = [decision.verdict for decision in cooperative.decisions]
    return bool(verdicts) and verdicts[-1] == CooperativeVerdict.APPROVED


def warn(session: Session, cooperative: Cooperative, *, now: datetime) -> bool:
    """Tell what has come to a step since the last digest, at most one digest a day."""
    today = day_of(now)
    told = _told(session, cooperative)
    if any(day_of(row.told_at) == today for row in told.values()):
        return False
    new = [(ending, step) for ending in endings(session, cooperative, today) if (step := _step(ending, today))]
    new = [(ending, step) for ending, step in new if _key(ending, step) not in told]
    if not new:
        return False
    for ending, step in new:
        session.add(
            ExpiryWarning(
                cooperative_id=cooperative.id,
                subject=ending.subject.public_id,
                what=ending.what,
                ends_on=ending.on_day,
                step=step,
                told_at=now,
            )
        )
    _tell(session, cooperative, [ending for ending, _ in new], today, now)
    return True


def _told(session: Session, cooperative: Cooperative) -> dict[tuple[str, str, date, int], ExpiryWarning]:
    rows = session.scalars(select(ExpiryWarning).where(ExpiryWarning.cooperative_id == cooperative.id))
    return {(row.subject, row.what, row.ends_on, row.step): row for row in rows}


def _key(ending: Ending, step: int) -> tuple[str, str, date, int]:
    return ending.subject.public_id, ending.what, ending.on_day, step


def _step(ending: Ending, today: date) -> int | None:
    """The step that has been reached: a worker that stood still for a week tells the last one, not all."""
    days = ending.days(today)
    if days < 0:
        return AFTER
    return min((step for step in STEPS if days <= step), default=None)


def _tell(session: Session, cooperative: Cooperative, found: list[Ending], today: date, now: datetime) -> None:
    soon = _named([each for each in found if each.days(today) >= 0])
    over = _named([each for each in found if each.days(today) < 0])
    where: dict[str, Any] = {"now": now, "cooperative_id": cooperative.id, "url": "/my/endings"}
    if soon and over:
        message = "Papers end soon: %(soon)s. Ended: %(over)s."
        notify(session, message, soon=soon, over=over, **where)
    elif soon:
        message = "Papers end soon: %(soon)s."
        notify(session, message, soon=soon, **where)
    else:
        message = "Papers have ended: %(over)s."
        notify(session, message, over=over, **where)


def _named(found: list[Ending]) -> str:
    """Numbers and days as printed, in any language the same."""
    named = [f"{each.name} ({each.on_day:%d/%m/%Y})" for each in found[:MOST_NAMED]]
    return "; ".join(named) + (f" +{len(found) - MOST_NAMED}" if len(found) > MOST_NAMED else "")
