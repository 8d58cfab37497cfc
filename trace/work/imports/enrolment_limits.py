"""What an enrolment of an earlier year is held against: rows above it, what is known, rate, cap and budget of then."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from ...records import EnrolmentKind, EnrolmentState, SupportCost
from ..earlier_years import PastEnrolment
from ..programme_rules import CapPer, terms_on
from ..programme_units import UnitFacts
from ..refused import Refused
from ..support import cap_used, paid_in
from .kind import Context
from .unit_cells import unit_key, unit_of_row


@dataclass(frozen=True, slots=True)
class EnrolmentFacts:
    unit: UnitFacts
    past: PastEnrolment

    @property
    def of(self) -> tuple[int, str]:
        """The enrolment that the row is part of."""
        return self.past.campaign.year, unit_key(self.unit)


def known_invoices(session: Session) -> set[tuple[str, str]]:
    rows = session.execute(select(SupportCost.invoice_folded, SupportCost.seller_folded))
    return {(number, seller) for number, seller in rows}


def clashes(context: Context, facts: EnrolmentFacts) -> list[Refused]:
    """With what is known, and with earlier rows of the same enrolment."""
    states: dict[tuple[int, str], EnrolmentState] = context.once("states", dict)
    if states.setdefault(facts.of, facts.past.state) is not facts.past.state:
        return [Refused("An earlier row says another state of this unit and year.", field="state")]
    asked: set[tuple[int, str, int]] = context.once("asked", set)
    mine = {(*facts.of, kind.id) for kind in facts.past.kinds}
    twice = [kind.name for kind in facts.past.kinds if (*facts.of, kind.id) in asked]
    asked |= mine
    unit = unit_of_row(context.session, facts.unit)
    if unit is not None:
        query = select(EnrolmentKind.kind_id).where(
            EnrolmentKind.campaign_id == facts.past.campaign.id,
            EnrolmentKind.unit_id == unit.id,
            EnrolmentKind.dropped_at.is_(None),
        )
        known = set(context.session.scalars(query))
        twice += [kind.name for kind in facts.past.kinds if kind.id in known]
    if not twice:
        return []
    return [Refused("This unit has enrolled in this year already for: %(kinds)s.", field="kinds",
                    kinds=", ".join(dict.fromkeys(twice)))]  # fmt: skip


def beyond(context: Context, facts: EnrolmentFacts) -> list[Refused]:
    """What was paid above rate, cap or budget. Rows above count, too."""
    past = facts.past
    if not past.paid_vnd:
        return []
    year_end = date(past.campaign.year, 12, 31)
    terms = terms_on(context.session, past.paid_on or year_end)
    measured = (past.cost.accepted_vnd, past.cost.invoice.on_day) if past.cost else (past.expected_vnd, year_end)
    earned = measured[0] * terms_on(context.session, measured[1]).rate_percent // 100
    unit = unit_of_row(context.session, facts.unit)
    used = cap_used(context.session, terms, unit.id, past.campaign.id, past.kinds[0].id) if unit else 0
    covered: tuple[object, ...] = (unit_key(facts.unit),)
    covered += () if terms.cap_per is CapPer.UNIT else (past.campaign.year,)
    covered += (past.kinds[0].id,) if terms.cap_per is CapPer.KIND else ()
    above: dict[object, int] = context.once("paid above", dict)
    left = past.campaign.budget_vnd - paid_in(context.session, past.campaign) - above.get(past.campaign.year, 0)
    most = max(min(earned, terms.cap_vnd - used - above.get(covered, 0), left), 0)
    for key in (covered, past.campaign.year):
        above[key] = above.get(key, 0) + past.paid_vnd
    if past.paid_vnd <= most:
        return []
    return [Refused("By rate, cap and budget of then at most %(most)s đồng: look at the terms of that year.",
                    field="paid", most=most)]  # fmt: skip
