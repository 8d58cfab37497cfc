"""Costs of an enrolment and the support that follows: rate × accepted cost, within cap and budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import case, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import (
    Campaign,
    Enrolment,
    EnrolmentState,
    PaymentKind,
    SupportCost,
    SupportKind,
    SupportPayment,
    Upload,
)
from ..standards.words import fold
from .actor import Actor
from .constraints import breaks
from .enrolments import held
from .history import record
from .programme_rules import CapPer, Terms, terms_on
from .refused import Refused, refuse_all

COSTS_IN = frozenset({EnrolmentState.APPROVED, EnrolmentState.UNDER_WAY, EnrolmentState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str
    on_day: date
    seller: str
    amount_vnd: int
    file: Upload | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """How the support of one kind of an enrolment is computed; every figure is shown. Amounts in đồng."""

    terms: Terms
    accepted_vnd: int
    earned_vnd: int
    """Each accepted cost times the rate on its invoice's day, rounded down."""
    paid_vnd: int
    """Of this enrolment and kind, so far."""
    cap_used_vnd: int
    """Paid so far of what this cap covers."""
    budget_left_vnd: int

    @property
    def cap_left_vnd(self) -> int:
        return max(self.terms.cap_vnd - self.cap_used_vnd, 0)

    def payable(self, earned_vnd: int) -> int:
        return max(min(earned_vnd - self.paid_vnd, self.cap_left_vnd, self.budget_left_vnd), 0)

    @property
    def payable_vnd(self) -> int:
        """What may be paid now."""
        return self.payable(self.earned_vnd)


def add_cost(
    session: Session,
    enrolment: Enrolment,
    kind: SupportKind,
    invoice: Invoice,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> SupportCost:
    enrolment = held(session, enrolment)
    refuse_all(_cost_objections(session, enrolment, kind, invoice, today))
    cost = SupportCost(
        enrolment=enrolment,
        kind=kind,
        invoice_number=invoice.number.strip(),
        invoice_folded=fold(invoice.number),
        invoice_on=invoice.on_day,
        seller=invoice.seller.strip(),
        seller_folded=fold(invoice.seller),
        amount_vnd=invoice.amount_vnd,
        file=invoice.file,
        created_at=now,
    )
    session.add(cost)
    try:
        session.flush()
    except IntegrityError as error:
        if breaks(error, "uq_support_cost_invoice_folded_seller_folded", "support_cost.invoice_folded"):
            raise _used(conflict=True) from error
        raise
    record(session, "support.cost_entered", cost, actor=actor, now=now)
    return cost


def _cost_objections(
    session: Session, enrolment: Enrolment, kind: SupportKind, invoice: Invoice, today: date
) -> list[Refused]:
    found = []
    if enrolment.state not in COSTS_IN:
        found.append(Refused("Costs are entered once the enrolment is approved, and until it is paid."))
    if kind.id not in {asked.kind_id for asked in enrolment.asked}:
        found.append(Refused("The enrolment did not ask for this kind.", field="kind"))
    if not fold(invoice.number):
        found.append(Refused("Write the number of the invoice.", field="number"))
    if not fold(invoice.seller):
        found.append(Refused("Write who sold it.", field="seller"))
    if invoice.on_day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    if invoice.amount_vnd <= 0:
        found.append(Refused("Write a whole amount above nothing.", field="amount"))
    same = select(SupportCost.id).where(
        SupportCost.invoice_folded == fold(invoice.number), SupportCost.seller_folded == fold(invoice.seller)
    )
    if session.scalar(same) is not None:
        found.append(_used())
    return found


def _used(*, conflict: bool = False) -> Refused:
    return Refused("This invoice of this seller has been entered already.", field="number", conflict=conflict)


def accept_cost(
    session: Session, cost: SupportCost, accepted_vnd: int, reason: str | None = None, *, actor: Actor, now: datetime
) -> None:
    """How much of an invoice counts; a reason wherever that is less than all of it."""
    enrolment = held(session, cost.enrolment)
    why = (reason or "").strip() or None
    found = []
    if enrolment.state not in COSTS_IN:
        found.append(Refused("Costs are accepted until the enrolment is paid.", conflict=True))
    if not 0 <= accepted_vnd <= cost.amount_vnd:
        found.append(Refused("Accept between nothing and the amount of the invoice.", field="accepted"))
    elif accepted_vnd < cost.amount_vnd and why is None:
        found.append(Refused("Say why less than the invoice is accepted.", field="reason"))
    refuse_all(found)
    cost.accepted_vnd, cost.reason = accepted_vnd, why
    record(session, "support.cost_accepted", cost, actor=actor, now=now)


def costs_of(session: Session, enrolment: Enrolment) -> Sequence[SupportCost]:
    query = select(SupportCost).where(SupportCost.enrolment_id == enrolment.id)
    return session.scalars(query.order_by(SupportCost.invoice_on, SupportCost.id)).all()


def payments_of(session: Session, enrolment: Enrolment) -> Sequence[SupportPayment]:
    query = select(SupportPayment).where(SupportPayment.enrolment_id == enrolment.id)
    return session.scalars(query.order_by(SupportPayment.on_day, SupportPayment.id)).all()


def working(session: Session, enrolment: Enrolment, kind: SupportKind, day: date) -> Working:
    """What may be paid on a day for one kind, with every figure that leads there."""
    terms = terms_on(session, day)
    query = select(SupportCost.accepted_vnd, SupportCost.invoice_on).where(
        SupportCost.enrolment_id == enrolment.id,
        SupportCost.kind_id == kind.id,
        SupportCost.accepted_vnd.is_not(None),
    )
    costs = [(accepted or 0, terms_on(session, on).rate_percent) for accepted, on in session.execute(query)]
    return Working(
        terms=terms,
        accepted_vnd=sum(accepted for accepted, _ in costs),
        earned_vnd=sum(accepted * rate // 100 for accepted, rate in costs),
        paid_vnd=_paid(session, Enrolment.id == enrolment.id, SupportPayment.kind_id == kind.id),
        cap_used_vnd=cap_used(session, terms, enrolment.unit_id, enrolment.campaign_id, kind.id),
        budget_left_vnd=enrolment.campaign.budget_vnd - paid_in(session, enrolment.campaign),
    )


def cap_used(session: Session, terms: Terms, unit_id: int, campaign_id: int, kind_id: int) -> int:
    """Paid so far, in đồng, of what the cap of these terms covers."""
    covered: list[object] = [Enrolment.unit_id == unit_id]
    if terms.cap_per is not CapPer.UNIT:
        covered.append(Enrolment.campaign_id == campaign_id)
    if terms.cap_per is CapPer.KIND:
        covered.append(SupportPayment.kind_id == kind_id)
    return _paid(session, *covered)


def paid_in(session: Session, campaign: Campaign) -> int:
    """Paid out of a year's budget so far, in đồng."""
    return _paid(session, Enrolment.campaign_id == campaign.id)


def _paid(session: Session, *where: object) -> int:
    signed = case(
        (SupportPayment.what == PaymentKind.RETURNED, -SupportPayment.amount_vnd), else_=SupportPayment.amount_vnd
    )
    query = select(func.coalesce(func.sum(signed), 0)).select_from(SupportPayment)
    query = query.join(Enrolment, Enrolment.id == SupportPayment.enrolment_id)
    return int(session.scalar(query.where(*where)) or 0)  # type: ignore[arg-type]
