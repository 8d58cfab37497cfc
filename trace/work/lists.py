"""A page of a long list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

T = TypeVar("T")
ROWS_ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    rows: list[T]
    total: int
    """All rows that fit, on every page."""
    page: int
    pages: int


def page_of(session: Session, query: Select[T], page: int, *, size: int = ROWS_ON_A_PAGE) -> Listing[T]:
    """The rows of page `page` (from 1; past either end, the nearest one) of a query with an order of its own."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = list(session.scalars(query.limit(size).offset((page - 1) * size)))
    return Listing(rows, total, page, pages)
