"""Products: what a cooperative sells under its stamps."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from ..records import Cooperative, Product, Upload
from ..standards.words import fold
from .actor import Actor
from .changes import apply
from .constraints import breaks
from .history import record
from .lists import Listing, page_of
from .refused import Refused, refuse_all

MOST_NET_WEIGHT_G = 1_000_000
MOST_SHELF_LIFE_DAYS = 3650


@dataclass(frozen=True, slots=True)
class ProductFacts:
    name_vi: str
    pack: str
    net_weight_g: int
    name_en: str | None = None
    name_zh: str | None = None
    variety: str | None = None
    shelf_life_days: int | None = None
    keeping: str | None = None
    gtin: str | None = None
    """GTIN-14 as `standards.identifiers.gtin14` gives it."""

    def __post_init__(self) -> None:
        found = []
        if not 0 < self.net_weight_g <= MOST_NET_WEIGHT_G:
            found.append(Refused("A pack holds between 1 g and 1.000 kg.", field="net_weight_g"))
        if self.shelf_life_days is not None and not 1 <= self.shelf_life_days <= MOST_SHELF_LIFE_DAYS:
            found.append(Refused("A shelf life lies between 1 day and 3.650 days.", field="shelf_life_days"))
        refuse_all(found)


def standing_of(cooperative: Cooperative) -> ColumnElement[bool]:
    """A condition: the cooperative's products, without those of an import that was taken back."""
    return and_(Product.cooperative_id == cooperative.id, Product.taken_back_at.is_(None))


def products(session: Session, cooperative: Cooperative, wanted: str = "", page: int = 1) -> Listing[Product]:
    """Products whose names, variety or GTIN hold `wanted`, typed with marks or without."""
    query = (
        select(Product)
        .where(standing_of(cooperative), Product.folded.contains(fold(wanted), autoescape=True))
        .order_by(Product.folded, Product.id)
        .options(selectinload(Product.photo))
    )
    return page_of(session, query, page)


def all_products(session: Session, cooperative: Cooperative) -> list[Product]:
    """All that can be chosen."""
    query = select(Product).where(standing_of(cooperative)).order_by(Product.folded, Product.id)
    return list(session.scalars(query))


def add_product(
    session: Session,
    cooperative: Cooperative,
    facts: ProductFacts,
    photo: Upload | None,
    *,
    actor: Actor,
    now: datetime,
) -> Product:
    """Raises `Refused` where the GTIN is taken, here or elsewhere: a GTIN means one product in the world."""
    product = Product(cooperative_id=cooperative.id, created_at=now, photo=photo)
    apply(product, facts)
    product.folded = _folded(facts)
    session.add(product)
    _flush(session)
    record(session, "product.added", product, actor=actor, now=now)
    return product


def change_product(
    session: Session, product: Product, facts: ProductFacts, photo: Upload | None, *, actor: Actor, now: datetime
) -> None:
    """`photo` takes the place of the one before; None leaves it."""
    changed = apply(product, facts)
    if photo is not None:
        product.photo, changed = photo, True
    if changed:
        product.folded = _folded(facts)
        _flush(session)
        record(session, "product.changed", product, actor=actor, now=now)


def drop_photo(session: Session, product: Product, *, actor: Actor, now: datetime) -> None:
    if product.photo is None:
        raise Refused("There is no photo to take away.", conflict=True)
    product.photo = None
    record(session, "product.changed", product, actor=actor, now=now)


def _folded(facts: ProductFacts) -> str:
    words = (facts.name_vi, facts.name_en, facts.name_zh, facts.variety, facts.gtin)
    return fold(" ".join(word for word in words if word))


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        if not breaks(error, "uq_product_gtin", "product.gtin"):
            raise
        raise Refused(
            "This GTIN is registered for another product already. Compare it with the paper, or call us.", field="gtin"
        ) from error
