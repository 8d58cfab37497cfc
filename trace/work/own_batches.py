"""A cooperative's own batches, as its pages list them and offer them for choice."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, Cooperative, Dispatch, DispatchLine, Product, Run, StampRange
from ..standards.words import fold
from .lists import Listing, page_of

LOADED = (selectinload(Batch.intake), selectinload(Batch.decisions), selectinload(Batch.product))
MOST_OFFERED = 200


def recent_batches(session: Session, cooperative: Cooperative, most: int) -> list[Batch]:
    query = select(Batch).where(Batch.cooperative_id == cooperative.id).options(*LOADED)
    return list(session.scalars(query.order_by(Batch.id.desc()).limit(most)))


def listed_batches(
    session: Session, cooperative: Cooperative, words: str, page: int, *, drafts_only: bool
) -> Listing[Batch]:
    """A page of the list, newest first; `words` are looked for in codes and products, without tone marks."""
    query = select(Batch).where(Batch.cooperative_id == cooperative.id).options(*LOADED)
    if words:
        products = select(Product.id).where(Product.folded.contains(fold(words), autoescape=True))
        query = query.where(or_(Batch.code.icontains(words, autoescape=True), Batch.product_id.in_(products)))
    if drafts_only:
        query = query.where(Batch.submitted_at.is_(None))
    return page_of(session, query.order_by(Batch.id.desc()), page)


def submitted_batches(
    session: Session, cooperative: Cooperative, *, product_id: int | None = None, most: int = MOST_OFFERED
) -> list[Batch]:
    """Batches that were handed in, newest first; of one product where it is given."""
    query = select(Batch).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
    if product_id is not None:
        query = query.where(Batch.product_id == product_id)
    return list(session.scalars(query.options(*LOADED).order_by(Batch.id.desc()).limit(most)))


def ranges_of(session: Session, batch: Batch) -> list[StampRange]:
    """The stamps that are meant for a batch or bound to it, run by run."""
    query = select(StampRange).where(StampRange.batch_id == batch.id).options(selectinload(StampRange.run))
    return list(session.scalars(query.order_by(StampRange.run_id, StampRange.first)))


def active_runs_of(session: Session, batch: Batch) -> list[Run]:
    """Runs with active stamps of a batch."""
    return list(dict.fromkeys(row.run for row in ranges_of(session, batch) if row.state == "active"))


def dispatches_of(session: Session, batch: Batch) -> list[tuple[Dispatch, DispatchLine]]:
    """Where goods of a batch went, the newest day first, each slip with the batch's own line."""
    query = (
        select(Dispatch, DispatchLine)
        .join(DispatchLine, Dispatch.id == DispatchLine.dispatch_id)
        .where(DispatchLine.batch_id == batch.id)
        .order_by(Dispatch.on_day.desc(), DispatchLine.id.desc())
    )
    return [(slip, line) for slip, line in session.execute(query)]
