"""What the page of a batch shows its cooperative: its standing, what is to be done, and everything that hangs on it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext
from sqlalchemy.orm import Session

from ...records import (
    OUT_OF_USE,
    Batch,
    BatchDecision,
    BatchVerdict,
    Dispatch,
    DispatchLine,
    RangeState,
    Run,
    StampRange,
)
from ...service import keyring
from ...work.checks import Check, checks_of
from ...work.goods_left import dispatched, holds_g
from ...work.own_batches import dispatches_of, ranges_of
from ...work.standing import BatchStanding, batch_standing, shelf_life_ends_on
from ..check_ways import Way, way_of
from ..words import show_day
from .events import Event, events_about
from .stamp_map import RangeShown, shown_range

BADGES = {
    BatchStanding.DRAFT: "draft",
    BatchStanding.WAITING: "submitted",
    BatchStanding.CLEARED: "certified",
    BatchStanding.REFUSED: "refused",
    BatchStanding.SUSPENDED: "suspended",
    BatchStanding.RECALLED: "recalled",
}


@dataclass(frozen=True, slots=True)
class DecisionShown:
    key: str
    day: str
    sentence: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class BatchShown:
    badge: str
    standing: str
    tasks: list[Way]
    passed: int
    asked: int
    decisions: list[DecisionShown]
    ranges: list[RangeShown]
    dispatches: list[tuple[Dispatch, DispatchLine]]
    events: list[Event]
    holds_g: int
    left_g: int
    good_until: str
    consumer_url: str


def badge_of(batch: Batch) -> str:
    """The key of `ui.standing_badge`."""
    standing = batch_standing(batch)
    certified = batch.last(BatchVerdict.CERTIFIED)
    if standing is BatchStanding.CLEARED and certified is not None and certified.season_id is not None:
        return "cleared_by_rule"
    return BADGES[standing]


def shown_batch(session: Session, batch: Batch) -> BatchShown:
    checks = checks_of(session, batch)
    ranges = ranges_of(session, batch)
    ends = shelf_life_ends_on(batch)
    return BatchShown(
        badge=badge_of(batch),
        standing=batch_standing(batch).value,
        tasks=_tasks(batch, checks),
        passed=sum(check.passed for check in checks),
        asked=len(checks),
        decisions=[_decision(row) for row in reversed(batch.decisions)],
        ranges=[shown_range(row) for row in ranges],
        dispatches=dispatches_of(session, batch),
        events=events_about(session, [batch.public_id, *{row.run.public_id for row in ranges}]),
        holds_g=holds_g(batch),
        left_g=max(holds_g(batch) - dispatched(session, [batch])[batch.id][0], 0),
        good_until=show_day(ends) if ends else "",
        consumer_url=_consumer_url(ranges),
    )


def _consumer_url(ranges: list[StampRange]) -> str:
    """The page that a phone sees, of the first stamp that is active, else of any that is not void."""
    alive = [row for row in ranges if row.state not in OUT_OF_USE]
    chosen = next((row for row in alive if row.state == RangeState.ACTIVE), alive[0] if alive else None)
    return stamp_url(chosen.run, chosen.first) if chosen else ""


def stamp_url(run: Run, number: int) -> str:
    """Where a consumer's phone is led by a stamp, on this very server."""
    code = keyring().book(run.key_version).code(run.number, number - 1)
    return f"/T/{code}"


def _decision(row: BatchDecision) -> DecisionShown:
    by_rule = row.season_id is not None
    day = show_day(row.at)
    sentences = {
        "certified": gettext("An auditor checked it on %(day)s: fit for stamping.", day=day),
        "refused": gettext("An auditor checked it on %(day)s: not fit for stamping.", day=day),
        "suspended": gettext("Suspended on %(day)s.", day=day),
        "recalled": gettext("Recalled on %(day)s.", day=day),
        "lifted": gettext("The suspension or recall was lifted on %(day)s.", day=day),
    }
    rule = gettext("Matched automatically on %(day)s, under the season's clearance.", day=day)
    key = {"certified": "cleared_by_rule" if by_rule else "certified", "lifted": "approved"}.get(
        row.verdict, row.verdict
    )
    return DecisionShown(key, day, rule if by_rule else sentences[row.verdict], row.reason or "", row.advice or "")


def _tasks(batch: Batch, checks: list[Check]) -> list[Way]:
    """What the cooperative can do about each check that does not pass, failed ones first; once a sentence."""
    if batch_standing(batch) not in {BatchStanding.DRAFT, BatchStanding.WAITING}:
        return []
    draft = url_for(".edit", public_id=batch.public_id) if batch.submitted_at is None else ""
    wanting = sorted((one for one in checks if not one.passed), key=lambda one: not one.failed)
    ways = [way_of(one, batch_url="#correct", draft_url=draft) for one in wanting]
    return list({way.text: way for way in ways}.values())
