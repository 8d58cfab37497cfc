"""Batches that no rule could clear when they were handed in are looked at again: what was missing may be there."""

from datetime import datetime

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, Season
from .batches import clear_by_rule, hold
from .notices import notify
from .standing import BatchStanding, batch_standing


def _waiting() -> Select[Batch]:
    """Handed in, undecided by anybody, and of a product and cooperative with a season that is cleared."""
    decided = exists().where(BatchDecision.batch_id == Batch.id)
    season = exists().where(
        Season.cooperative_id == Batch.cooperative_id, Season.product_id == Batch.product_id, Season.ended_at.is_(None)
    )
    return select(Batch).where(Batch.submitted_at.is_not(None), ~decided, season)


def may_clear(session: Session) -> bool:
    """Whether any batch waits that a rule could clear."""
    return session.scalars(_waiting().limit(1)).first() is not None


def clear_waiting(session: Session, *, now: datetime) -> list[Batch]:
    """Clear those whose checks all pass by now, and tell their cooperatives."""
    cleared = []
    for batch in session.scalars(_waiting().order_by(Batch.id)).all():
        hold(session, batch)
        if batch_standing(batch) is BatchStanding.WAITING and clear_by_rule(session, batch, now=now):
            cleared.append(batch)
            _tell(session, batch, now)
    return cleared


def _tell(session: Session, batch: Batch, now: datetime) -> None:
    page = f"/my/batches/{batch.public_id}"
    notify(
        session,
        "Batch %(batch)s is cleared by rule: activate its stamps.",
        cooperative_id=batch.cooperative_id,
        now=now,
        url=page,
        batch=batch.code,
    )
