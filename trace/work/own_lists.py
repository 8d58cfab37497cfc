"""A cooperative's own runs, dispatches, products and more, as its pages list them and offer them for choice."""

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    OUT_OF_USE,
    Batch,
    Buyer,
    Cooperative,
    Dispatch,
    DispatchLine,
    Entry,
    Grower,
    Plot,
    Printing,
    Product,
    Run,
    ScopeLine,
    StampRange,
    Trademark,
    Upload,
)
from ..standards.words import fold, sort_key
from .lists import Listing, page_of
from .products import standing_of


def listed_runs(session: Session, cooperative: Cooperative, page: int, *, size: int) -> Listing[Run]:
    """A page of the runs, newest first, with their ranges and those ranges' batches loaded."""
    batches = selectinload(Run.ranges).selectinload(StampRange.batch).selectinload(Batch.decisions)
    query = select(Run).where(Run.cooperative_id == cooperative.id).options(batches).order_by(Run.id.desc())
    return page_of(session, query, page, size=size)


def printings_of(session: Session, run: Run) -> list[Printing]:
    return list(session.scalars(select(Printing).where(Printing.run_id == run.id).order_by(Printing.id.desc())))


def stamps_made_for(session: Session, batch: Batch) -> int:
    """Stamps already made for a batch and not void."""
    count = func.sum(StampRange.last - StampRange.first + 1)
    query = select(count).where(StampRange.batch_id == batch.id, StampRange.state.not_in(OUT_OF_USE))
    return int(session.scalar(query) or 0)


def listed_dispatches(session: Session, cooperative: Cooperative, words: str, page: int) -> Listing[Dispatch]:
    """A page of the slips, newest day first; `words` are looked for in numbers and buyers, without tone marks."""
    query = select(Dispatch).where(Dispatch.cooperative_id == cooperative.id)
    if words:
        buyers = select(Buyer.id).where(Buyer.folded.contains(fold(words), autoescape=True))
        query = query.where(or_(Dispatch.number.icontains(words, autoescape=True), Dispatch.buyer_id.in_(buyers)))
    loaded = query.options(selectinload(Dispatch.buyer), selectinload(Dispatch.lines).selectinload(DispatchLine.batch))
    return page_of(session, loaded.order_by(Dispatch.on_day.desc(), Dispatch.id.desc()), page)


def recent_buyers(session: Session, cooperative: Cooperative, most: int) -> list[Buyer]:
    known = (Buyer.cooperative_id == cooperative.id, Buyer.taken_back_at.is_(None))
    query = select(Buyer).where(*known).order_by(Buyer.id.desc())
    return list(session.scalars(query.limit(most)))


def own_products(session: Session, cooperative: Cooperative) -> list[Product]:
    """In the order of a Vietnamese dictionary."""
    rows = session.scalars(select(Product).where(standing_of(cooperative)))
    return sorted(rows, key=lambda row: sort_key(row.name_vi))


def marks_shown(session: Session, cooperative: Cooperative, day: date) -> list[Trademark]:
    """Marks that may stand on a stamp or page of this day."""
    query = select(Trademark).where(Trademark.cooperative_id == cooperative.id).options(selectinload(Trademark.states))
    return [mark for mark in session.scalars(query) if mark.shown_on(day)]


def open_sources(session: Session, cooperative: Cooperative) -> tuple[list[Plot], list[Grower]]:
    """Plots in use and growers who have not left."""
    plots = select(Plot).where(Plot.cooperative_id == cooperative.id, Plot.closed_on.is_(None))
    growers = select(Grower).where(Grower.cooperative_id == cooperative.id, Grower.left_on.is_(None))
    return list(session.scalars(plots.options(selectinload(Plot.grower)))), list(session.scalars(growers))


def has_scope_line(session: Session, cooperative: Cooperative, key: int) -> bool:
    query = select(ScopeLine.id).where(ScopeLine.cooperative_id == cooperative.id, ScopeLine.id == key)
    return session.scalar(query) is not None


def uploads_total(session: Session, cooperative: Cooperative) -> tuple[int, int]:
    """How many files there are, and their bytes."""
    query = select(func.count(Upload.id), func.coalesce(func.sum(Upload.size_bytes), 0))
    files, size = session.execute(query.where(Upload.cooperative_id == cooperative.id)).one()
    return int(files), int(size)


def entries_about(session: Session, cooperative: Cooperative, subjects: list[str], most: int) -> list[Entry]:
    """The newest entries about records by public id, the oldest of them first."""
    query = select(Entry).where(Entry.subject.in_(subjects), Entry.cooperative_id == cooperative.id)
    return list(reversed(session.scalars(query.order_by(Entry.index.desc()).limit(most)).all()))
