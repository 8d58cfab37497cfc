"""The life of a batch: submitted, cleared by rule or by an auditor, suspended, recalled, lifted, corrected."""

import json
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchCorrection, BatchDecision, BatchVerdict, IntakeLine, Season
from .actor import SERVICE, Actor
from .checks import as_json, checks_of
from .days import day_of
from .deployments import setting
from .draft_rules import complaints
from .drafts import batch_facts, copy_batch, next_batch_code
from .gate_rules import Gate, needed_at
from .history import record
from .intervals import too_early
from .refused import Refused, refuse_all
from .standing import BatchStanding, batch_standing

__all__ = [
    "ALLOWED",
    "clear_by_rule",
    "cleared_g",
    "copy_batch",
    "correct",
    "decide",
    "hold",
    "next_batch_code",
    "submit",
]

ALLOWED: dict[BatchVerdict, frozenset[BatchStanding]] = {
    BatchVerdict.CERTIFIED: frozenset({BatchStanding.WAITING}),
    BatchVerdict.REFUSED: frozenset({BatchStanding.WAITING}),
    BatchVerdict.SUSPENDED: frozenset({BatchStanding.WAITING, BatchStanding.CLEARED}),
    BatchVerdict.RECALLED: frozenset({BatchStanding.WAITING, BatchStanding.CLEARED, BatchStanding.SUSPENDED}),
    BatchVerdict.LIFTED: frozenset({BatchStanding.SUSPENDED, BatchStanding.RECALLED}),
}
"""From which standing a verdict may be given."""


def submit(session: Session, batch: Batch, *, actor: Actor, now: datetime, today: date) -> BatchDecision | None:
    """Freeze a draft and hand it in. Returns the decision when a season's clearance clears it by rule."""
    hold(session, batch)
    refuse_all([*complaints(batch, today), *too_early(session, batch)])
    session.flush()
    facts = batch_facts(batch)
    batch.submitted_at = now
    session.flush()
    record(session, "batch.submitted", batch, actor=actor, now=now, facts=facts)
    return clear_by_rule(session, batch, now=now)


def clear_by_rule(session: Session, batch: Batch, *, now: datetime) -> BatchDecision | None:
    """Clear a waiting batch under a season an auditor has cleared, if the season has room, no check fails, and those
    that the province names pass without a warning."""
    season = _season_for(session, batch)
    if season is None:
        return None
    checks = checks_of(session, batch)
    asked = needed_at(session, Gate.CLEAR, day_of(now))
    if any(check.failed or (not check.passed and check.letter in asked) for check in checks):
        return None
    decision = BatchDecision(verdict=BatchVerdict.CERTIFIED, office=season.office, season_id=season.id)
    _take_down(session, batch, decision, as_json(checks), by=SERVICE, now=now)
    record(
        session,
        "batch.cleared_by_rule",
        batch,
        actor=SERVICE,
        now=now,
        facts={"season": season.public_id, "checks": as_json(checks)},
    )
    return decision


def _season_for(session: Session, batch: Batch) -> Season | None:
    query = select(Season).where(
        Season.cooperative_id == batch.cooperative_id, Season.product_id == batch.product_id, Season.ended_at.is_(None)
    )
    for season in session.scalars(query.order_by(Season.id).with_for_update()):
        plots = {plot.id for plot in season.plots}
        inside = all(
            line.plot_id in plots and season.from_on <= line.harvested_on <= season.to_on for line in batch.intake
        )
        if inside and cleared_g(session, season) + batch.received_g <= season.limit_g:
            return season
    return None


def cleared_g(session: Session, season: Season) -> int:
    """Grams already cleared by rule under a season."""
    query = (
        select(func.coalesce(func.sum(IntakeLine.weight_g), 0))
        .join(BatchDecision, BatchDecision.batch_id == IntakeLine.batch_id)
        .where(BatchDecision.season_id == season.id)
    )
    return int(session.scalar(query) or 0)


def decide(
    session: Session,
    batch: Batch,
    verdict: BatchVerdict,
    *,
    by: Actor,
    now: datetime,
    reason: str | None = None,
    advice: str | None = None,
    seconded: bool = False,
) -> BatchDecision:
    """An auditor's word on a batch. Adverse ones need a reason; two auditors at once: the second is refused.
    `seconded`: two people have agreed to it already (see `lifting`)."""
    hold(session, batch)
    refuse_all(_objections(batch, verdict, by, reason, seconded))
    checks = as_json(checks_of(session, batch))
    office = setting(session, "office.vi", now.date())
    decision = BatchDecision(verdict=verdict, office=office, reason=_or_none(reason), advice=_or_none(advice))
    _take_down(session, batch, decision, checks, by=by, now=now)
    facts = {"verdict": verdict.value, "reason": reason, "advice": advice, "office": office, "checks": checks}
    record(session, f"batch.{verdict.value}", batch, actor=by, now=now, facts=facts)
    return decision


def _objections(batch: Batch, verdict: BatchVerdict, by: Actor, reason: str | None, seconded: bool) -> list[Refused]:
    found = []
    if batch.cooperative_id in by.belongs_to:
        found.append(Refused("You belong to this cooperative: another auditor decides on its batches."))
    if verdict not in {BatchVerdict.CERTIFIED, BatchVerdict.LIFTED} and not (reason or "").strip():
        found.append(Refused("Give the reason: the cooperative and consumers will read it.", field="reason"))
    if verdict is BatchVerdict.LIFTED and not seconded and _recalled_by(batch, by):
        found.append(Refused("Whoever recalled a batch does not lift the recall: a second person decides."))
    if batch_standing(batch) not in ALLOWED[verdict]:
        found.append(
            Refused(
                "Batch %(batch)s has been decided otherwise meanwhile: look again.", conflict=True, batch=batch.code
            )
        )
    return found


def _recalled_by(batch: Batch, by: Actor) -> bool:
    recalled = batch.last(BatchVerdict.RECALLED) if batch.verdict is BatchVerdict.RECALLED else None
    return recalled is not None and recalled.by_person_id is not None and recalled.by_person_id == by.person_id


def _or_none(words: str | None) -> str | None:
    return (words or "").strip() or None


def _take_down(
    session: Session,
    batch: Batch,
    decision: BatchDecision,
    checks: list[dict[str, object]],
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write a decision, whole and once: the database lets nobody touch it afterwards."""
    decision.cooperative_id = batch.cooperative_id
    decision.at, decision.by_person_id = now, by.person_id
    decision.checks = json.dumps(checks, ensure_ascii=False)
    batch.decisions.append(decision)
    session.flush()


def correct(session: Session, batch: Batch, text: str, *, actor: Actor, now: datetime) -> BatchCorrection:
    """Stand a correction beside a submitted batch."""
    if not text.strip():
        raise Refused("Write what is to be corrected.", field="text")
    if batch.submitted_at is None:
        raise Refused("This batch is still a draft: change it directly.")
    correction = BatchCorrection(
        cooperative_id=batch.cooperative_id, text=text.strip(), at=now, by_person_id=actor.person_id
    )
    batch.corrections.append(correction)
    session.flush()
    record(session, "batch.corrected", batch, actor=actor, now=now, facts={"text": correction.text})
    return correction


def hold(session: Session, batch: Batch) -> None:
    """Hold the batch until the transaction ends, and see it as it now is."""
    session.execute(
        select(Batch).where(Batch.id == batch.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    session.refresh(batch, ["decisions"])
