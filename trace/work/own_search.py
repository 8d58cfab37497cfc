"""A cooperative's search among its own records; words are compared without tone marks."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ..records import Batch, Buyer, Certificate, Cooperative, Dispatch, Grower, Plot, Product, Run, Trademark
from ..standards.words import fold
from .keyring import Keyring

MOST = 20


@dataclass(frozen=True, slots=True)
class Found:
    batches: list[Batch]
    products: list[Product]
    plots: list[Plot]
    growers: list[Grower]
    runs: list[Run]
    certificates: list[Certificate]
    trademarks: list[Trademark]
    dispatches: list[Dispatch]


def search_own(session: Session, cooperative: Cooperative, words: str) -> Found:
    """Up to twenty of each kind, the newest first."""
    folded = fold(words)

    def look(kind: Any, *conditions: Any) -> list[Any]:
        query = select(kind).where(kind.cooperative_id == cooperative.id, or_(*conditions))
        return list(session.scalars(query.order_by(kind.id.desc()).limit(MOST)))

    def has(column: Any) -> Any:
        return column.icontains(words, autoescape=True)

    products = look(Product, Product.folded.contains(folded, autoescape=True), has(Product.gtin))
    buyers = select(Buyer.id).where(Buyer.folded.contains(folded, autoescape=True))
    return Found(
        batches=look(Batch, has(Batch.code), Batch.product_id.in_([row.id for row in products])),
        products=products,
        plots=look(Plot, Plot.folded.contains(folded, autoescape=True), has(Plot.area_code)),
        growers=look(Grower, Grower.folded.contains(folded, autoescape=True)),
        runs=look(Run, has(Run.label)),
        certificates=look(Certificate, has(Certificate.number), has(Certificate.body)),
        trademarks=look(Trademark, Trademark.folded.contains(folded, autoescape=True)),
        dispatches=look(Dispatch, has(Dispatch.number), Dispatch.buyer_id.in_(buyers)),
    )


def run_of_code(session: Session, cooperative: Cooperative, keyring: Keyring, text: str) -> tuple[Run, int] | None:
    """The cooperative's run and the number in it that a stamp's code, or its whole link, names."""
    path = urlsplit(text).path if "://" in text else text
    place = keyring.read(re.sub(r"\s", "", path.rstrip("/").rpartition("/")[2]))
    if place is None:
        return None
    query = select(Run).where(Run.number == place.run, Run.cooperative_id == cooperative.id)
    run = session.scalars(query).first()
    return (run, place.index + 1) if run is not None and place.index < run.count else None
