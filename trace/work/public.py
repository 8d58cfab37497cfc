"""What anybody may see: cooperatives that were let in, their products, and batches that an office has looked at."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, BatchVerdict, Cooperative, PlaceKind, PlaceNumber, Product, ProductLink

STOPPED = frozenset({BatchVerdict.SUSPENDED, BatchVerdict.RECALLED})
TOLD = STOPPED | {BatchVerdict.CERTIFIED}
"""Verdicts under which a batch has a page; one that waits or was refused is the cooperative's own matter."""


def is_known(cooperative: Cooperative) -> bool:
    """Was let into the programme, and may have left it since: what it declared does not disappear."""
    return cooperative.approved or cooperative.has_left


def is_told(batch: Batch) -> bool:
    return batch.submitted_at is not None and batch.verdict in TOLD


def is_stopped(batch: Batch) -> bool:
    return batch.verdict in STOPPED


def product_of_gtin(session: Session, gtin14: str) -> Product | None:
    product = session.scalar(select(Product).where(Product.gtin == gtin14))
    return product if product and is_known(session.get_one(Cooperative, product.cooperative_id)) else None


def batch_of_lot(session: Session, product_id: int, lot: str) -> Batch | None:
    """A lot is looked up exactly as it was scanned."""
    own = select(Batch).where(Batch.product_id == product_id, Batch.code == lot)
    batch = session.scalar(own)
    return batch if batch and is_told(batch) else None


def place_of_gln(session: Session, gln: str) -> PlaceNumber | None:
    place = session.scalar(select(PlaceNumber).where(PlaceNumber.gln == gln, PlaceNumber.ended_at.is_(None)))
    return place if place and is_known(session.get_one(Cooperative, place.cooperative_id)) else None


def gln_of(session: Session, cooperative: Cooperative) -> str:
    """The number GS1 gave the cooperative as a party; "" where it has none."""
    own = (PlaceNumber.cooperative_id == cooperative.id, PlaceNumber.kind == PlaceKind.PARTY)
    return session.scalar(select(PlaceNumber.gln).where(*own, PlaceNumber.ended_at.is_(None))) or ""


def links_of(session: Session, product: Product) -> list[ProductLink]:
    """The cooperative's own links of a product that stand today, the oldest first."""
    standing = select(ProductLink).where(ProductLink.product_id == product.id, ProductLink.ended_at.is_(None))
    return list(session.scalars(standing.order_by(ProductLink.id)))
