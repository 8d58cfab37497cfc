"""A year of the programme in numbers: letters, advice, units, what was asked for, what was paid and what it bought.

A unit is counted once in each figure, however often it enrolled or was advised; withdrawn and refused enrolments count
for nothing. Sums are made of the rows that are told beside them, so that a report cannot contradict its annex.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ..records import (
    Advice,
    Campaign,
    CampaignLetter,
    CertificateState,
    CooperativeKind,
    Enrolment,
    EnrolmentKind,
    EnrolmentResult,
    LetterKind,
    RangeState,
    Scan,
    ScanDay,
    StampRange,
    SupportCost,
    SupportKind,
    SupportPayment,
)
from ..standards.words import sort_key

NOT_STANDING = frozenset({"refused", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Bought:
    """What came of the support of one kind, as it stands today."""

    in_force: int = 0
    lapsed: int = 0
    trademarks: int = 0
    stamps_active: int = 0
    scans: int = 0


@dataclass(frozen=True, slots=True)
class KindRow:
    kind: SupportKind
    units: int
    expected_vnd: int
    cost_vnd: int
    accepted_vnd: int
    paid_vnd: int
    bought: Bought


@dataclass(frozen=True, slots=True)
class Together:
    """Units that asked for the same kinds: 5 for ISO 9001 with conformity certification."""

    kinds: tuple[SupportKind, ...]
    units: int
    cooperatives: int
    """How many of them are cooperatives."""


@dataclass(frozen=True, slots=True)
class YearNumbers:
    campaign: Campaign
    up_to: date
    letters: int
    reminders: int
    answers: int
    authorities: tuple[str, ...]
    advised: int
    enrolments: list[Enrolment]
    kinds: list[KindRow]
    together: list[Together]

    @property
    def enrolled(self) -> int:
        return len({one.unit_id for one in self.enrolments})

    @property
    def paid_vnd(self) -> int:
        return sum(row.paid_vnd for row in self.kinds)

    @property
    def accepted_vnd(self) -> int:
        return sum(row.accepted_vnd for row in self.kinds)


def numbers_of(session: Session, campaign: Campaign, up_to: date, today: date) -> YearNumbers:
    """Whatever was written, given, received or paid by `up_to`; what it bought as of `today`."""
    enrolments = _standing(session, campaign, up_to)
    letters = [letter for letter in campaign.letters if letter.on_day <= up_to]
    first = [letter for letter in letters if letter.kind == LetterKind.LETTER]
    given = and_(
        Advice.taken_back_at.is_(None),
        Advice.on_day.between(date(campaign.year, 1, 1), min(up_to, date(campaign.year, 12, 31))),
    )
    return YearNumbers(
        campaign=campaign,
        up_to=up_to,
        letters=len(first),
        reminders=_count(letters, LetterKind.REMINDER),
        answers=_count(letters, LetterKind.ANSWER),
        authorities=tuple(sorted({letter.authority for letter in first}, key=sort_key)),
        advised=session.scalar(select(func.count(Advice.unit_id.distinct())).where(given)) or 0,
        enrolments=enrolments,
        kinds=_kinds(session, enrolments, up_to, today),
        together=_together(enrolments),
    )


def _count(letters: Iterable[CampaignLetter], kind: LetterKind) -> int:
    return sum(letter.kind == kind for letter in letters)


def _standing(session: Session, campaign: Campaign, up_to: date) -> list[Enrolment]:
    query = select(Enrolment).where(Enrolment.campaign_id == campaign.id, Enrolment.received_on <= up_to)
    query = query.where(Enrolment.taken_back_at.is_(None))
    found = session.scalars(query.order_by(Enrolment.received_on, Enrolment.id))
    return [one for one in found if one.state not in NOT_STANDING]


def _asked(enrolment: Enrolment) -> list[EnrolmentKind]:
    return [asked for asked in enrolment.asked if asked.dropped_at is None]


def _kinds(session: Session, enrolments: Sequence[Enrolment], up_to: date, today: date) -> list[KindRow]:
    kinds = {asked.kind_id: asked.kind for one in enrolments for asked in _asked(one)}
    keys = [one.id for one in enrolments]
    costs = session.scalars(
        select(SupportCost).where(SupportCost.enrolment_id.in_(keys), SupportCost.invoice_on <= up_to)
    ).all()
    payments = session.scalars(
        select(SupportPayment).where(SupportPayment.enrolment_id.in_(keys), SupportPayment.on_day <= up_to)
    ).all()
    results = session.scalars(select(EnrolmentResult).where(EnrolmentResult.enrolment_id.in_(keys))).all()
    return [
        KindRow(
            kind=kind,
            units=len({one.unit_id for one in enrolments if any(asked.kind_id == key for asked in _asked(one))}),
            expected_vnd=sum(asked.expected_vnd for one in enrolments for asked in _asked(one) if asked.kind_id == key),
            cost_vnd=sum(cost.amount_vnd for cost in costs if cost.kind_id == key),
            accepted_vnd=sum(cost.accepted_vnd or 0 for cost in costs if cost.kind_id == key),
            paid_vnd=sum(payment.counted_vnd for payment in payments if payment.kind_id == key),
            bought=_bought(session, [one for one in results if one.kind_id == key], today),
        )
        for key, kind in sorted(kinds.items())
    ]


def _bought(session: Session, results: Sequence[EnrolmentResult], today: date) -> Bought:
    papers = [one.certificate for one in results if one.certificate is not None]
    good = (CertificateState.IN_FORCE, CertificateState.WARNED)
    held = sum(paper.confirmed and paper.covers(today) and paper.state_on(today) in good for paper in papers)
    runs = [one.run_id for one in results if one.run_id is not None]
    stamps = select(func.sum(StampRange.last - StampRange.first + 1))
    active = stamps.where(StampRange.run_id.in_(runs), StampRange.state == RangeState.ACTIVE)
    single = select(func.count(Scan.id)).where(Scan.run_id.in_(runs))
    folded = select(func.sum(ScanDay.scans)).where(ScanDay.run_id.in_(runs))
    return Bought(
        in_force=held,
        lapsed=len(papers) - held,
        trademarks=sum(one.trademark is not None and one.trademark.in_force_on(today) for one in results),
        stamps_active=int(session.scalar(active) or 0) if runs else 0,
        scans=int(session.scalar(single) or 0) + int(session.scalar(folded) or 0) if runs else 0,
    )


def _together(enrolments: Sequence[Enrolment]) -> list[Together]:
    """Each unit by all that it asked for, the commonest first."""
    asked: dict[int, dict[int, SupportKind]] = {}
    units = {one.unit_id: one.unit for one in enrolments}
    for one in enrolments:
        asked.setdefault(one.unit_id, {}).update({each.kind_id: each.kind for each in _asked(one)})
    same: dict[tuple[int, ...], list[int]] = {}
    for unit, kinds in asked.items():
        same.setdefault(tuple(sorted(kinds)), []).append(unit)
    found = [
        Together(
            tuple(asked[members[0]][key] for key in keys),
            len(members),
            sum(units[unit].kind == CooperativeKind.COOPERATIVE for unit in members),
        )
        for keys, members in same.items()
    ]
    return sorted(found, key=lambda row: (-row.units, [kind.id for kind in row.kinds]))
