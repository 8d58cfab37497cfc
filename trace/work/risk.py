"""Where an auditor's time goes first: a score of a waiting batch that explains itself, reason by reason."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import (
    CaseState,
    Complaint,
    Cooperative,
    CooperativeVerdict,
    CopyCase,
    Visit,
)
from .check import Check
from .days import day_of

LATELY = timedelta(days=90)
SELDOM = timedelta(days=365)
POINTS = {"failed": 30, "warned": 8, "near_quota": 10, "late_diary": 6, "copies": 15, "complaints": 5, "new": 10,
          "not_visited": 10}  # fmt: skip
"""What each reason adds; copies and complaints once for each, at most three times."""
MOST_OF_A_KIND = 3
NEAR_PERCENT = 90


@dataclass(frozen=True, slots=True)
class Reason:
    """`key` names the sentence; `figures` fill it."""

    key: str
    points: int
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a cooperative, asked once for all its batches."""

    approved_on: date | None
    copies: int
    complaints: int
    visited_on: date | None


def reasons_of(checks: list[Check], about: About, today: date) -> list[Reason]:
    """Why a batch is looked at, the weightiest first; nothing adds nothing."""
    found = [*_of_checks(checks), *_of_cooperative(about, today)]
    return sorted(found, key=lambda reason: -reason.points)


def _of_checks(checks: list[Check]) -> list[Reason]:
    failed = sorted({one.letter for one in checks if one.failed})
    warned = sorted({one.letter for one in checks if not one.passed and one.key != "diary_kept"} - set(failed))
    found = [Reason("failed", POINTS["failed"], {"rule": letter}) for letter in failed]
    found += [Reason("warned", POINTS["warned"], {"rule": letter}) for letter in warned]
    if any(one.key == "diary_kept" and not one.passed and one.letter not in failed for one in checks):
        found.append(Reason("late_diary", POINTS["late_diary"], {}))
    if "c" not in failed and any(_near(one) for one in checks):
        found.append(Reason("near_quota", POINTS["near_quota"], {"percent": NEAR_PERCENT}))
    return found


def _near(one: Check) -> bool:
    figures = one.figures
    if one.key != "within_output":
        return False
    return bool(100 * (figures["before_g"] + figures["here_g"]) >= NEAR_PERCENT * figures["allowed_g"])


def _of_cooperative(about: About, today: date) -> list[Reason]:
    found = []
    if about.copies:
        points = POINTS["copies"] * min(about.copies, MOST_OF_A_KIND)
        found.append(Reason("copies", points, {"count": about.copies}))
    if about.complaints:
        points = POINTS["complaints"] * min(about.complaints, MOST_OF_A_KIND)
        found.append(Reason("complaints", points, {"count": about.complaints}))
    if about.approved_on is not None and today - about.approved_on < LATELY:
        found.append(Reason("new", POINTS["new"], {"day": about.approved_on}))
    if about.visited_on is None or today - about.visited_on > SELDOM:
        found.append(Reason("not_visited", POINTS["not_visited"], {"day": about.visited_on}))
    return found


def about_cooperative(session: Session, cooperative: Cooperative, *, now: datetime) -> About:
    since = now - LATELY
    cases = session.scalars(
        select(CopyCase).where(CopyCase.cooperative_id == cooperative.id, CopyCase.created_at >= since)
    )
    complaints = select(func.count(Complaint.id)).where(
        Complaint.cooperative_id == cooperative.id, Complaint.created_at >= since
    )
    approved = [one for one in cooperative.decisions if one.verdict == CooperativeVerdict.APPROVED]
    return About(
        approved_on=day_of(approved[0].at) if approved else None,
        copies=sum(case.state is not CaseState.CLEARED for case in cases),
        complaints=int(session.scalar(complaints) or 0),
        visited_on=last_visit_on(session, cooperative),
    )


def last_visit_on(session: Session, cooperative: Cooperative) -> date | None:
    """The day of the last audit that was closed."""
    query = select(func.max(Visit.on_day)).where(Visit.cooperative_id == cooperative.id, Visit.closed_at.is_not(None))
    return session.scalar(query)
