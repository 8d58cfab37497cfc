"""The yearly report: what it says, worked out from the records; the signed paper, its hash kept in the history."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Campaign, ProgrammeReport, Upload
from ..standards.quantities import show_count
from .actor import Actor
from .history import record
from .letters import unanswered
from .programme_lists import advised_units
from .programme_numbers import KindRow, Together, YearNumbers, numbers_of
from .programme_places import PlaceRow, by_place
from .programme_rules import terms_on
from .refused import Refused, refuse_all

DISTRICTS_ENDED_ON = date(2025, 7, 1)
FINISHED = frozenset({"accepted", "paid", "closed"})


def last_day(campaign: Campaign, today: date) -> date:
    """Up to which day a year is told of: its end, or today."""
    return min(date(campaign.year, 12, 31), today)


def told(session: Session, campaign: Campaign, up_to: date, today: date) -> dict[str, Any]:
    """Everything that the report's template names, written as it stands in a Vietnamese paper."""
    numbers = numbers_of(session, campaign, up_to, today)
    return _heading(numbers, today) | _letters(session, campaign, numbers) | _results(session, numbers, today)


def _heading(numbers: YearNumbers, today: date) -> dict[str, Any]:
    campaign = numbers.campaign
    return {
        "year": campaign.year,
        "day": today,
        "today": _day(today),
        "up_to": _day(numbers.up_to),
        "up_to_month": f"{numbers.up_to.month}/{numbers.up_to.year}",
        "target": show_count(campaign.target_units, "vi"),
        "budget": _money(campaign.budget_vnd),
        "opens": _day(campaign.opens_on),
        "closes": _day(campaign.closes_on),
        "number": "",
    }


def _letters(session: Session, campaign: Campaign, numbers: YearNumbers) -> dict[str, Any]:
    following = session.scalar(select(Campaign).where(Campaign.year == campaign.year + 1))
    return {
        "letters": numbers.letters,
        "reminders": numbers.reminders,
        "answers": numbers.answers,
        "authorities": numbers.authorities,
        "unanswered": unanswered(campaign),
        "advised": numbers.advised,
        "advised_ever": advised_units(session, numbers.up_to),
        "next_target": show_count(following.target_units, "vi") if following else None,
        "next_budget": _money(following.budget_vnd) if following else None,
    }


def _results(session: Session, numbers: YearNumbers, today: date) -> dict[str, Any]:
    campaign, kinds = numbers.campaign, numbers.kinds
    terms = terms_on(session, min(today, date(campaign.year, 12, 31)))
    districts = numbers.up_to < DISTRICTS_ENDED_ON
    cost = sum(row.cost_vnd for row in kinds)
    return {
        "enrolled": numbers.enrolled,
        "against_target": _against(numbers.enrolled, campaign.target_units),
        "together": [{"who": _who(row), "what": _what(row)} for row in numbers.together],
        "kinds": [_kind(row) for row in kinds],
        "expected": _plain(sum(row.expected_vnd for row in kinds)),
        "places": [_place(row) for row in by_place(numbers, session, districts=districts)],
        "place_word": "huyện, thành phố" if districts else "xã, phường",
        "rate": terms.rate_percent,
        "cap": _money(terms.cap_vnd),
        "confirmed": terms.confirmed,
        "cost": _money(cost),
        "cost_n": _plain(cost),
        "accepted": _money(numbers.accepted_vnd),
        "accepted_n": _plain(numbers.accepted_vnd),
        "paid": _plain(numbers.paid_vnd),
        "paid_words": _money(numbers.paid_vnd),
        "budget_left": _money(max(campaign.budget_vnd - numbers.paid_vnd, 0)),
        "unfinished": len({one.unit_id for one in numbers.enrolments if one.state not in FINISHED}),
        "in_force": _sum(kinds, "in_force"),
        "lapsed": _sum(kinds, "lapsed"),
        "trademarks": _sum(kinds, "trademarks"),
        "stamps": _sum(kinds, "stamps_active"),
        "scans": _sum(kinds, "scans"),
    }


def _sum(kinds: Sequence[KindRow], name: str) -> str:
    return show_count(sum(getattr(row.bought, name) for row in kinds), "vi")


def _against(enrolled: int, target: int) -> str:
    return "vượt" if enrolled > target else "đạt" if enrolled == target else "chưa đạt"


def _who(row: Together) -> str:
    word = "hợp tác xã" if row.cooperatives == row.units else "đơn vị"
    return f"{show_count(row.units, 'vi')} {word}"


def _what(row: Together) -> str:
    return ", ".join(kind.name for kind in row.kinds)


def _kind(row: KindRow) -> dict[str, Any]:
    return {
        "name": row.kind.name,
        "units": show_count(row.units, "vi"),
        "expected": _plain(row.expected_vnd),
        "cost": _plain(row.cost_vnd),
        "accepted": _plain(row.accepted_vnd),
        "paid": _plain(row.paid_vnd),
    }


def _place(row: PlaceRow) -> dict[str, Any]:
    return {"name": row.name, "units": show_count(row.units, "vi"), "paid": _plain(row.paid_vnd)}


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _money(amount_vnd: int) -> str:
    return f"{_plain(amount_vnd)} đồng"


def _plain(amount_vnd: int) -> str:
    return show_count(amount_vnd, "vi")


def keep_signed(
    session: Session, campaign: Campaign, number: str, on_day: date, upload: Upload | None, *, actor: Actor,
    now: datetime, today: date,
) -> ProgrammeReport:  # fmt: skip
    """The report as it was signed. Another one of the same year stands beside it: nothing is taken away."""
    found = []
    if not number.strip():
        found.append(Refused("Write the number of the report.", field="number"))
    if not date(campaign.year, 1, 1) <= on_day <= today:
        found.append(Refused("A report is signed within or after its year, and not later than today.", field="on_day"))
    if upload is None:
        found.append(Refused("Choose the signed report as a PDF.", field="file"))
    refuse_all(found)
    assert upload is not None
    report = ProgrammeReport(
        campaign_id=campaign.id, number=number.strip(), on_day=on_day, upload=upload, created_at=now
    )
    session.add(report)
    session.flush()
    facts = {"number": report.number, "on_day": on_day.isoformat(), "sha256": upload.sha256}
    record(session, "campaign.report_signed", campaign, actor=actor, now=now, facts=facts)
    return report


def signed_reports(session: Session, campaign: Campaign) -> Sequence[ProgrammeReport]:
    query = select(ProgrammeReport).where(ProgrammeReport.campaign_id == campaign.id)
    return session.scalars(query.order_by(ProgrammeReport.id.desc())).all()
