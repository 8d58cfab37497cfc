"""Paying support: proposed by one officer, done when a second agrees, and never above cap or budget.

Unit and year are held while a payment is made, always in this order: of two payments at once the later one sees the
earlier, and is refused if nothing is left.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import (
    Campaign,
    Enrolment,
    EnrolmentState,
    PaymentKind,
    ProgrammeUnit,
    Proposal,
    SupportKind,
    SupportPayment,
)
from .actor import Actor
from .days import day_of
from .enrolments import held, move_as_agreed
from .history import record
from .programme_rules import terms_on
from .proposals import ACTS, Act, facts_of, propose
from .refused import Refused
from .support import Working, working

STAGES = {
    PaymentKind.ADVANCE: frozenset({EnrolmentState.APPROVED, EnrolmentState.UNDER_WAY}),
    PaymentKind.PAYMENT: frozenset({EnrolmentState.ACCEPTED}),
}


def propose_payment(
    session: Session,
    enrolment: Enrolment,
    kind: SupportKind,
    what: PaymentKind,
    amount_vnd: int,
    *,
    actor: Actor,
    now: datetime,
) -> Proposal:
    _check(session, enrolment, kind, what, amount_vnd, now=now)
    facts = {"unit": enrolment.unit.name, "kind": kind.key, "what": what.value, "amount_vnd": amount_vnd}
    return propose(session, PAY.kind, enrolment, facts, actor=actor, now=now)


def most_payable(enrolment: Enrolment, kind: SupportKind, what: PaymentKind, shown: Working) -> int:
    """What may be paid now. An advance comes before the costs: it is measured on the cost expected."""
    if what is PaymentKind.PAYMENT:
        return shown.payable_vnd
    expected = sum(asked.expected_vnd for asked in enrolment.asked if asked.kind_id == kind.id)
    return shown.payable(expected * shown.terms.rate_percent // 100)


def _check(
    session: Session, enrolment: Enrolment, kind: SupportKind, what: PaymentKind, amount_vnd: int, *, now: datetime
) -> None:
    if what not in STAGES:
        raise Refused("Money that comes back is entered, not paid.")
    if enrolment.state not in STAGES[what]:
        raise Refused("The enrolment is not at the stage where this is paid.", conflict=True)
    if amount_vnd <= 0:
        raise Refused("Write a whole amount above nothing.", field="amount")
    most = most_payable(enrolment, kind, what, working(session, enrolment, kind, day_of(now)))
    if amount_vnd > most:
        raise Refused("At most %(most)s đồng can be paid now.", field="amount", most=most)


def _pay(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    facts = facts_of(proposal)
    enrolment = session.scalars(select(Enrolment).where(Enrolment.public_id == proposal.subject)).one()
    kind = session.scalars(select(SupportKind).where(SupportKind.key == facts["kind"])).one()
    hold_money(session, enrolment)
    what = PaymentKind(facts["what"])
    _check(session, held(session, enrolment), kind, what, facts["amount_vnd"], now=now)
    _keep(session, enrolment, kind, what, facts["amount_vnd"], actor=actor, now=now)


def hold_money(session: Session, enrolment: Enrolment) -> None:
    """Nobody else pays to this unit or out of this year until the transaction ends."""
    for table, key in ((ProgrammeUnit, enrolment.unit_id), (Campaign, enrolment.campaign_id)):
        query = select(table).where(table.id == key).with_for_update(key_share=True)
        session.scalars(query.execution_options(populate_existing=True)).one()


def _keep(
    session: Session,
    enrolment: Enrolment,
    kind: SupportKind,
    what: PaymentKind,
    amount_vnd: int,
    *,
    actor: Actor,
    now: datetime,
) -> SupportPayment:
    terms = terms_on(session, day_of(now))
    payment = SupportPayment(
        enrolment=enrolment,
        kind=kind,
        what=what,
        amount_vnd=amount_vnd,
        on_day=day_of(now),
        cap_vnd=terms.cap_vnd,
        cap_per=terms.cap_per.value,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(payment)
    record(session, "support.paid", payment, actor=actor, now=now)
    return payment


def give_back(
    session: Session, enrolment: Enrolment, kind: SupportKind, amount_vnd: int, *, actor: Actor, now: datetime
) -> SupportPayment:
    """Money that came back, as an advance after a withdrawal: cap and budget have it again."""
    hold_money(session, enrolment)
    paid = working(session, enrolment, kind, day_of(now)).paid_vnd
    if not 0 < amount_vnd <= paid:
        raise Refused("Between 1 and %(most)s đồng can come back.", field="amount", most=paid)
    return _keep(session, enrolment, kind, PaymentKind.RETURNED, amount_vnd, actor=actor, now=now)


def settle_payments(session: Session, enrolment: Enrolment, *, actor: Actor, now: datetime) -> Proposal:
    """Say that everything due has been paid: the enrolment is paid once a second officer agrees."""
    if enrolment.state is not EnrolmentState.ACCEPTED:
        raise Refused("The enrolment is not at the stage where this is paid.", conflict=True)
    _refuse_unpaid(session, enrolment, now)
    return propose(session, PAID.kind, enrolment, {"unit": enrolment.unit.name}, actor=actor, now=now)


def _all_paid(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    enrolment = session.scalars(select(Enrolment).where(Enrolment.public_id == proposal.subject)).one()
    hold_money(session, enrolment)
    _refuse_unpaid(session, enrolment, now)
    move_as_agreed(session, enrolment, EnrolmentState.PAID, None, actor=actor, now=now)


def _refuse_unpaid(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Nothing may be left that cap and budget still allow to be paid."""
    due = sum(working(session, enrolment, asked.kind, day_of(now)).payable_vnd for asked in enrolment.asked)
    if due:
        raise Refused(
            "%(due)s đồng can still be paid: pay them first, or accept less of the cost with a reason.", due=due
        )


PAY = ACTS.add(Act("support.pay", frozenset({"officer"}), _pay, "Pay %(amount_vnd)s đồng of support to %(unit)s"))
PAID = ACTS.add(Act("enrolment.paid", frozenset({"officer"}), _all_paid, "Record that %(unit)s has been paid in full"))
