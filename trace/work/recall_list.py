"""The public list of recalls: from the batches' own decisions, lifted ones told as lifted."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, BatchVerdict, Cooperative


@dataclass(frozen=True, slots=True)
class PublicRecall:
    """One line of the public list: a batch that was recalled, and whether that has been lifted since."""

    batch: Batch
    cooperative: Cooperative
    decision: BatchDecision
    lifted: BatchDecision | None

    @property
    def changed_at(self) -> datetime:
        return self.lifted.at if self.lifted else self.decision.at


def public_recalls(session: Session, *, most: int = 200) -> list[PublicRecall]:
    """Every batch that was ever recalled, by its last recall, the newest first."""
    newest = (
        select(func.max(BatchDecision.id))
        .where(BatchDecision.verdict == BatchVerdict.RECALLED)
        .group_by(BatchDecision.batch_id)
    )
    query = (
        select(BatchDecision, Batch, Cooperative)
        .join(Batch, Batch.id == BatchDecision.batch_id)
        .join(Cooperative, Cooperative.id == Batch.cooperative_id)
        .where(BatchDecision.id.in_(newest))
        .order_by(BatchDecision.id.desc())
        .limit(most)
    )
    return [PublicRecall(batch, owner, made, _lifted(batch, made)) for made, batch, owner in session.execute(query)]


def _lifted(batch: Batch, recalled: BatchDecision) -> BatchDecision | None:
    after = (each for each in batch.decisions if each.id > recalled.id)
    return next((each for each in after if each.verdict == BatchVerdict.LIFTED), None)


def public_recall(session: Session, public_id: str) -> PublicRecall | None:
    """By the batch's public id."""
    batch = session.scalars(select(Batch).where(Batch.public_id == public_id)).first()
    decision = batch.last(BatchVerdict.RECALLED) if batch is not None else None
    if batch is None or decision is None:
        return None
    return PublicRecall(batch, session.get_one(Cooperative, batch.cooperative_id), decision, _lifted(batch, decision))
