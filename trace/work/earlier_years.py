"""Enrolments of earlier years, entered as they ended, and taken back with the import that brought them.

What two officers would have agreed to at the time is agreed to here by two officers as well: the import as a whole.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ..records import (
    Campaign,
    Enrolment,
    EnrolmentDocument,
    EnrolmentKind,
    EnrolmentMove,
    EnrolmentResult,
    EnrolmentScore,
    EnrolmentState,
    PaymentKind,
    ProgrammeUnit,
    Proposal,
    SupportCost,
    SupportKind,
    SupportPayment,
)
from ..standards.words import fold
from .actor import Actor
from .enrolments import ENDED_EARLY, held
from .history import record
from .programme_rules import terms_on
from .refused import Refused
from .support import Invoice, costs_of, payments_of


@dataclass(frozen=True, slots=True)
class PastCost:
    invoice: Invoice
    accepted_vnd: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class PastEnrolment:
    """How an enrolment of an earlier year ended. Money belongs to the only kind of `kinds`."""

    campaign: Campaign
    kinds: tuple[SupportKind, ...]
    state: EnrolmentState
    received_on: date
    plan: str
    expected_vnd: int = 0
    consultant: str | None = None
    contract_number: str | None = None
    contract_on: date | None = None
    cost: PastCost | None = None
    paid_vnd: int = 0
    paid_on: date | None = None
    reason: str | None = None


def enter_past(
    session: Session, unit: ProgrammeUnit, facts: PastEnrolment, into: Enrolment | None, *, actor: Actor, now: datetime
) -> Enrolment:
    """A new enrolment, or further kinds of one that the same import has just entered."""
    enrolment = into or _new(session, unit, facts, actor, now)
    for kind in facts.kinds:
        enrolment.asked.append(
            EnrolmentKind(
                campaign_id=facts.campaign.id,
                unit_id=unit.id,
                kind_id=kind.id,
                expected_vnd=facts.expected_vnd if len(facts.kinds) == 1 else 0,
                dropped_at=now if facts.state in ENDED_EARLY else None,
            )
        )
    session.flush()
    if into is None:
        entered, private = {"state": facts.state.value}, {"reason": facts.reason}
        record(session, "enrolment.entered", enrolment, actor=actor, now=now, facts=entered, private=private)
    if facts.cost is not None:
        _keep_cost(session, enrolment, facts.kinds[0], facts.cost, actor=actor, now=now)
    if facts.paid_vnd:
        day = facts.paid_on or date(facts.campaign.year, 12, 31)
        payment = SupportPayment(kind=facts.kinds[0], what=PaymentKind.PAYMENT, amount_vnd=facts.paid_vnd, on_day=day)
        _keep_payment(session, enrolment, payment, actor=actor, now=now)
    return enrolment


def _new(session: Session, unit: ProgrammeUnit, facts: PastEnrolment, actor: Actor, now: datetime) -> Enrolment:
    states = dict.fromkeys((EnrolmentState.RECEIVED, facts.state))
    enrolment = Enrolment(
        campaign=facts.campaign,
        unit=unit,
        plan=facts.plan,
        received_on=facts.received_on,
        consultant=facts.consultant,
        contract_number=facts.contract_number,
        contract_on=facts.contract_on,
        created_at=now,
        moves=[
            EnrolmentMove(state=state, reason=facts.reason if state in ENDED_EARLY else None, at=now,
                          by_person_id=actor.person_id)
            for state in states
        ],
    )  # fmt: skip
    session.add(enrolment)
    return enrolment


def _keep_cost(
    session: Session, enrolment: Enrolment, kind: SupportKind, cost: PastCost, *, actor: Actor, now: datetime
) -> None:
    invoice = cost.invoice
    kept = SupportCost(
        enrolment=enrolment,
        kind=kind,
        invoice_number=invoice.number,
        invoice_folded=fold(invoice.number),
        invoice_on=invoice.on_day,
        seller=invoice.seller,
        seller_folded=fold(invoice.seller),
        amount_vnd=invoice.amount_vnd,
        accepted_vnd=cost.accepted_vnd,
        reason=cost.reason,
        created_at=now,
    )
    session.add(kept)
    record(session, "support.cost_entered", kept, actor=actor, now=now)


def _keep_payment(
    session: Session, enrolment: Enrolment, payment: SupportPayment, *, actor: Actor, now: datetime
) -> None:
    terms = terms_on(session, payment.on_day)
    payment.cap_vnd, payment.cap_per = terms.cap_vnd, terms.cap_per.value
    payment.enrolment, payment.by_person_id, payment.created_at = enrolment, actor.person_id, now
    session.add(payment)
    record(session, "support.paid", payment, actor=actor, now=now)


def take_back_past(session: Session, enrolment: Enrolment, *, actor: Actor, now: datetime) -> None:
    """As if it had never been entered: its money returns to cap and budget, its invoices may be entered anew."""
    enrolment = held(session, enrolment)
    if enrolment.taken_back_at is not None:  # another row of the same import was part of it
        return
    if _used(session, enrolment):
        raise Refused("Something uses this record already.", conflict=True)
    enrolment.taken_back_at = now
    for asked in enrolment.asked:
        asked.dropped_at = asked.dropped_at or now
    for cost in costs_of(session, enrolment):
        cost.invoice_folded = f"{cost.invoice_folded} / {cost.public_id}"
    for paid in payments_of(session, enrolment):
        back = SupportPayment(kind=paid.kind, what=PaymentKind.RETURNED, amount_vnd=paid.amount_vnd, on_day=paid.on_day)
        _keep_payment(session, enrolment, back, actor=actor, now=now)
    session.flush()
    record(session, "enrolment.taken_back", enrolment, actor=actor, now=now)


def _used(session: Session, enrolment: Enrolment) -> bool:
    """Whether anything was done with it since it was entered: everything of the import bears the same moment."""
    if {enrolment.created_at} != {move.at for move in enrolment.moves}:
        return True
    bought = {one.created_at for one in costs_of(session, enrolment)}
    paid = {one.created_at for one in payments_of(session, enrolment)}
    if not bought | paid <= {enrolment.created_at}:
        return True
    tables = (EnrolmentDocument, EnrolmentScore, EnrolmentResult)
    uses = [exists().where(table.enrolment_id == enrolment.id) for table in tables]
    return bool(session.scalar(select(or_(*uses, exists().where(Proposal.subject == enrolment.public_id)))))
