"""What the pages of a cooperative and of a product show anybody: plain values, consent weighed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    Batch,
    Certificate,
    Cooperative,
    PlaceNumber,
    Product,
    ScopeLine,
    Trademark,
)
from ..standards.gs1 import LINK_TYPES
from .origin import office
from .origin_parts import Shown, certificate_seen, cooperative_seen, product_seen, trademark_seen
from .products import standing_of
from .public import is_known, is_told, links_of
from .seen import CertificateSeen, CooperativeSeen, OfficeSeen, ProductSeen, TrademarkSeen
from .standing import StampVerdict, batch_verdict

MOST_BATCHES = 40


@dataclass(frozen=True, slots=True)
class BatchRow:
    public_id: str
    lot: str
    harvested_on: date | None
    verdict: StampVerdict


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """A page of the cooperative's own, elsewhere."""

    kind: str
    href: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class ProductRow:
    public_id: str
    product: ProductSeen


@dataclass(frozen=True, slots=True)
class ProductPage:
    product: ProductSeen
    cooperative: CooperativeSeen
    cooperative_id: str
    certificates: tuple[CertificateSeen, ...]
    trademarks: tuple[TrademarkSeen, ...]
    batches: tuple[BatchRow, ...]
    links: tuple[LinkSeen, ...]
    office: OfficeSeen


@dataclass(frozen=True, slots=True)
class CooperativePage:
    cooperative: CooperativeSeen
    products: tuple[ProductRow, ...]
    certificates: tuple[CertificateSeen, ...]
    trademarks: tuple[TrademarkSeen, ...]
    glns: tuple[str, ...]
    office: OfficeSeen


def product_page(session: Session, product: Product, shown: Shown) -> ProductPage:
    cooperative = session.get_one(Cooperative, product.cooperative_id)
    lines = select(ScopeLine.certificate_id).where(ScopeLine.product_id == product.id)
    certificates = session.scalars(select(Certificate).where(Certificate.id.in_(lines)).order_by(Certificate.id))
    marks = select(Trademark).where(exists().where(Batch.product_id == product.id, Batch.trademark_id == Trademark.id))
    return ProductPage(
        product=product_seen(product, None, shown),
        cooperative=cooperative_seen(cooperative, shown),
        cooperative_id=cooperative.public_id,
        certificates=_shown_certificates(certificates, shown),
        trademarks=tuple(trademark_seen(mark, shown) for mark in session.scalars(marks) if mark.shown_on(shown.today)),
        batches=tuple(_batches(session, product, shown.today)),
        links=tuple(
            LinkSeen(LINK_TYPES[link.link_type], link.href, link.title, link.language or "")
            for link in links_of(session, product)
        ),
        office=office(session, shown),
    )


def _batches(session: Session, product: Product, today: date) -> list[BatchRow]:
    """The newest first; those that were told of."""
    newest = select(Batch).where(Batch.product_id == product.id, Batch.submitted_at.is_not(None))
    loaded = newest.order_by(Batch.id.desc()).limit(MOST_BATCHES).options(selectinload(Batch.decisions))
    told = [batch for batch in session.scalars(loaded) if is_told(batch)]
    return [BatchRow(batch.public_id, batch.code, batch.harvested_from, batch_verdict(batch, today)) for batch in told]


def cooperative_page(session: Session, cooperative: Cooperative, shown: Shown) -> CooperativePage:
    products = session.scalars(select(Product).where(standing_of(cooperative)).order_by(Product.folded))
    certificates = session.scalars(select(Certificate).where(Certificate.cooperative_id == cooperative.id))
    marks = session.scalars(select(Trademark).where(Trademark.cooperative_id == cooperative.id))
    glns = select(PlaceNumber.gln).where(
        PlaceNumber.cooperative_id == cooperative.id, PlaceNumber.ended_at.is_(None), PlaceNumber.kind != "plot"
    )
    return CooperativePage(
        cooperative=cooperative_seen(cooperative, shown),
        products=tuple(ProductRow(product.public_id, product_seen(product, None, shown)) for product in products),
        certificates=_shown_certificates(certificates, shown),
        trademarks=tuple(trademark_seen(mark, shown) for mark in marks if mark.shown_on(shown.today)),
        glns=tuple(session.scalars(glns.order_by(PlaceNumber.gln))),
        office=office(session, shown),
    )


def _shown_certificates(certificates: Iterable[Certificate], shown: Shown) -> tuple[CertificateSeen, ...]:
    """Those that an office has compared with the original: a declaration alone proves nothing to a reader."""
    confirmed = [certificate for certificate in certificates if certificate.confirmed]
    return tuple(certificate_seen(certificate, {shown.today}, shown) for certificate in confirmed)


def every_cooperative(session: Session) -> list[str]:
    """Public ids of all that have a page, the oldest first."""
    return [cooperative.public_id for cooperative in _known(session)]


def every_product(session: Session) -> list[str]:
    known = {cooperative.id for cooperative in _known(session)}
    rows = session.execute(select(Product.public_id, Product.cooperative_id).order_by(Product.id))
    return [public_id for public_id, cooperative_id in rows if cooperative_id in known]


def _known(session: Session) -> list[Cooperative]:
    query = select(Cooperative).order_by(Cooperative.id).options(selectinload(Cooperative.decisions))
    return [cooperative for cooperative in session.scalars(query) if is_known(cooperative)]
