"""The public list of recalls, of batches by their own decisions and of stamps by their serials; lifted ones told so."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, BatchVerdict, Cooperative, Product, Recall, RecallRange
from .days import day_of
from .deployments import setting


@dataclass(frozen=True, slots=True)
class PublicRecall:
    """One line of the public list: a batch, or stamps by their serials, and whether that has been lifted since."""

    public_id: str
    cooperative: Cooperative
    product: Product | None
    batch: Batch | None
    serials: str
    """Of a recall by serials; else empty."""
    recalled_at: datetime
    office: str
    reason: str
    advice: str
    lifted_at: datetime | None

    @property
    def changed_at(self) -> datetime:
        return self.lifted_at or self.recalled_at

    @property
    def what(self) -> str:
        """The batch's code, or the serials."""
        return self.batch.code if self.batch else self.serials


def public_recalls(session: Session, *, most: int = 200) -> list[PublicRecall]:
    """Every batch that was ever recalled, by its last recall, and every range of stamps; the newest first."""
    both = _of_batches(session, most) + _of_stamps(session, most)
    return sorted(both, key=lambda row: row.recalled_at, reverse=True)[:most]


def _of_batches(session: Session, most: int) -> list[PublicRecall]:
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
    return [_batch_told(batch, owner, made) for made, batch, owner in session.execute(query)]


def _batch_told(batch: Batch, owner: Cooperative, made: BatchDecision) -> PublicRecall:
    after = (each for each in batch.decisions if each.id > made.id)
    lifted = next((each for each in after if each.verdict == BatchVerdict.LIFTED), None)
    return PublicRecall(
        batch.public_id, owner, batch.product, batch, "", made.at, made.office or "", made.reason or "",
        made.advice or "", lifted.at if lifted else None,
    )  # fmt: skip


def _of_stamps(session: Session, most: int) -> list[PublicRecall]:
    query = select(RecallRange).join(Recall, Recall.id == RecallRange.recall_id).where(Recall.drill.is_(False))
    rows = session.scalars(query.order_by(RecallRange.id.desc()).limit(most))
    return [_stamps_told(session, row) for row in rows]


def _stamps_told(session: Session, row: RecallRange) -> PublicRecall:
    recall = row.recall
    office = str(setting(session, "office.vi", day_of(recall.done_at)) or "")
    advice = "\n".join(words.strip() for words in (recall.advice, recall.contact) if words and words.strip())
    return PublicRecall(
        row.public_id, session.get_one(Cooperative, row.cooperative_id), row.run.product, None, row.serials,
        recall.done_at, office, recall.reason, advice, row.lifted_at,
    )  # fmt: skip


def public_recall(session: Session, public_id: str) -> PublicRecall | None:
    """By the public id of the batch, or of the recalled range."""
    batch = session.scalars(select(Batch).where(Batch.public_id == public_id)).first()
    decision = batch.last(BatchVerdict.RECALLED) if batch is not None else None
    if batch is not None and decision is not None:
        return _batch_told(batch, session.get_one(Cooperative, batch.cooperative_id), decision)
    row = session.scalars(select(RecallRange).where(RecallRange.public_id == public_id)).first()
    return None if row is None or row.recall.drill else _stamps_told(session, row)
