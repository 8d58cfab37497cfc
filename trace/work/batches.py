"""The life of a batch: submitted, cleared by rule or by an auditor, suspended, recalled, lifted, corrected."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchCorrection, BatchDecision, BatchVerdict, Cooperative, IntakeLine, Season
from .actor import SERVICE, Actor
from .checks import as_json, checks_of
from .deployments import setting
from .history import record
from .refused import Refused, refuse_all
from .standing import BatchStanding, batch_standing

ALLOWED: dict[BatchVerdict, frozenset[BatchStanding]] = {
    BatchVerdict.CERTIFIED: frozenset({BatchStanding.WAITING}),
    BatchVerdict.REFUSED: frozenset({BatchStanding.WAITING}),
    BatchVerdict.SUSPENDED: frozenset({BatchStanding.WAITING, BatchStanding.CLEARED}),
    BatchVerdict.RECALLED: frozenset({BatchStanding.WAITING, BatchStanding.CLEARED, BatchStanding.SUSPENDED}),
    BatchVerdict.LIFTED: frozenset({BatchStanding.SUSPENDED, BatchStanding.RECALLED}),
}
"""From which standing a verdict may be given."""


def next_batch_code(session: Session, cooperative: Cooperative, day: date) -> str:
    """Cooperative and day, then a number where the day has several: HCL-261122, HCL-261122-2."""
    start = f"{cooperative.label}-{day:%y%m%d}"
    taken = set(
        session.scalars(
            select(Batch.code).where(
                Batch.cooperative_id == cooperative.id, Batch.code.startswith(start, autoescape=True)
            )
        )
    )
    numbered = (start if number == 1 else f"{start}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in numbered if code not in taken)


def copy_batch(session: Session, source: Batch, *, actor: Actor, now: datetime, today: date) -> Batch:
    """Today's batch from an earlier one: the same product, growers and scope lines, with the days moved to today."""
    cooperative = session.get_one(Cooperative, source.cooperative_id)
    moved = today - (source.packed_on or source.harvested_to or today)
    draft = Batch(
        cooperative_id=source.cooperative_id,
        code=next_batch_code(session, cooperative, today),
        product_id=source.product_id,
        trademark_id=source.trademark_id,
        packed_on=today if source.packed_on else None,
        packs=source.packs,
        loss_g=source.loss_g,
        created_at=now,
    )
    draft.intake = [
        IntakeLine(
            cooperative_id=source.cooperative_id,
            grower_id=line.grower_id,
            plot_id=line.plot_id,
            harvested_on=min(line.harvested_on + max(moved, timedelta(0)), today),
            weight_g=line.weight_g,
            scope_line_id=line.scope_line_id,
        )
        for line in source.intake
    ]
    session.add(draft)
    session.flush()
    record(session, "batch.drafted", draft, actor=actor, now=now)
    return draft


def submit(session: Session, batch: Batch, *, actor: Actor, now: datetime, today: date) -> BatchDecision | None:
    """Freeze a draft and hand it in. Returns the decision when a season's clearance clears it by rule."""
    _lock(session, batch)
    refuse_all(complaints(batch, today))
    session.flush()
    facts = batch_facts(batch)
    batch.submitted_at = now
    session.flush()
    record(session, "batch.submitted", batch, actor=actor, now=now, facts=facts)
    return clear_by_rule(session, batch, now=now)


def batch_facts(batch: Batch) -> dict[str, object]:
    """What the history remembers of a batch as handed in: whole numbers, days, public ids."""
    return {
        "code": batch.code,
        "product": batch.product.public_id,
        "packed_on": batch.packed_on.isoformat() if batch.packed_on else None,
        "packs": batch.packs,
        "loss_g": batch.loss_g,
        "trademark": batch.trademark.public_id if batch.trademark else None,
        "note": batch.note,
        "intake": [
            {
                "grower": line.grower.public_id if line.grower else None,
                "plot": line.plot.public_id if line.plot else None,
                "harvested_on": line.harvested_on.isoformat(),
                "weight_g": line.weight_g,
                "certificate": line.scope_line.certificate.public_id if line.scope_line else None,
                "scope_line": line.scope_line_id,
            }
            for line in batch.intake
        ],
    }


def complaints(batch: Batch, today: date) -> list[Refused]:
    """Everything that keeps a draft from being handed in."""
    found = []
    if batch.submitted_at is not None:
        return [Refused("Lot %(batch)s has been handed in already.", conflict=True, batch=batch.code)]
    if not batch.intake:
        found.append(
            Refused("Say what came in: at least one line with grower or plot, day and weight.", field="intake")
        )
    if batch.packed_on is None:
        found.append(Refused("Give the packing day.", field="packed_on"))
    elif batch.packed_on > today:
        found.append(Refused("The packing day lies in the future.", field="packed_on"))
    if batch.packs is None:
        found.append(Refused("Give the number of packs.", field="packs"))
    if any(line.harvested_on > today for line in batch.intake):
        found.append(Refused("A harvest day lies in the future.", field="intake"))
    if batch.packed_on and any(line.harvested_on > batch.packed_on for line in batch.intake):
        found.append(Refused("A harvest day lies after the packing day.", field="intake"))
    if batch.loss_g > batch.received_g:
        found.append(Refused("More was lost in sorting than came in.", field="loss"))
    return found


def clear_by_rule(session: Session, batch: Batch, *, now: datetime) -> BatchDecision | None:
    """Clear a waiting batch under a season an auditor has cleared, if every check passes and the season has room."""
    season = _season_for(session, batch)
    if season is None:
        return None
    checks = checks_of(session, batch)
    if not all(check.passed for check in checks):
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
) -> BatchDecision:
    """An auditor's word on a batch. Adverse ones need a reason; two auditors at once: the second is refused."""
    _lock(session, batch)
    refuse_all(_objections(batch, verdict, by, reason))
    checks = as_json(checks_of(session, batch))
    office = setting(session, "office.vi", now.date())
    decision = BatchDecision(verdict=verdict, office=office, reason=_or_none(reason), advice=_or_none(advice))
    _take_down(session, batch, decision, checks, by=by, now=now)
    facts = {"verdict": verdict.value, "reason": reason, "advice": advice, "office": office, "checks": checks}
    record(session, f"batch.{verdict.value}", batch, actor=by, now=now, facts=facts)
    return decision


def _objections(batch: Batch, verdict: BatchVerdict, by: Actor, reason: str | None) -> list[Refused]:
    found = []
    if batch.cooperative_id in by.belongs_to:
        found.append(Refused("You belong to this cooperative: another auditor decides on its lots."))
    if verdict not in {BatchVerdict.CERTIFIED, BatchVerdict.LIFTED} and not (reason or "").strip():
        found.append(Refused("Give the reason: the cooperative and consumers will read it.", field="reason"))
    if batch_standing(batch) not in ALLOWED[verdict]:
        found.append(
            Refused("Lot %(batch)s has been decided otherwise meanwhile: look again.", conflict=True, batch=batch.code)
        )
    return found


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
        raise Refused("This lot is still a draft: change it directly.")
    correction = BatchCorrection(
        cooperative_id=batch.cooperative_id, text=text.strip(), at=now, by_person_id=actor.person_id
    )
    batch.corrections.append(correction)
    session.flush()
    record(session, "batch.corrected", batch, actor=actor, now=now, facts={"text": correction.text})
    return correction


def _lock(session: Session, batch: Batch) -> None:
    """Hold the batch until the transaction ends, and see it as it now is."""
    session.execute(
        select(Batch).where(Batch.id == batch.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    session.refresh(batch, ["decisions"])
