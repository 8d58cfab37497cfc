"""What a cooperative adds for GS1 links to lead to: its own pages about a product, and the GLNs of its places."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from ..records import Cooperative, PlaceKind, PlaceNumber, Plot, Product, ProductLink
from .actor import Actor
from .constraints import breaks
from .history import record
from .links import OPEN_TYPES
from .refused import Refused, refuse_all

MOST_LINKS: Final = 40
LONGEST_ADDRESS: Final = 500
LANGUAGE: Final = re.compile("[a-z]{2}(?:-[A-Z]{2})?")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_ADDRESS: Final = re.compile(r"[!-~]+")
"""An address as it goes over the wire: ASCII without blanks."""


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """`language` is xx or xx-YY. Raises `RefusedAll`."""

    link_type: str
    href: str
    title: str
    language: str | None = None

    def __post_init__(self) -> None:
        found = []
        if self.link_type not in OPEN_TYPES:
            found.append(Refused("Links of this kind are given by the service itself.", field="link_type"))
        if not _is_address(self.href):
            found.append(
                Refused("Copy the address from the browser: it begins with https:// and has no blanks.", field="href")
            )
        if self.language is not None and not LANGUAGE.fullmatch(self.language):
            found.append(Refused("Write the language as vi, en or zh-CN.", field="language"))
        refuse_all(found)


def _is_address(href: str) -> bool:
    if len(href) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(href):
        return False
    try:
        parts = urlsplit(href)
        host, whole = parts.hostname or "", parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme == "https" and whole and "@" not in parts.netloc and _HOST.fullmatch(host) is not None


def add_link(session: Session, product: Product, facts: LinkFacts, *, actor: Actor, now: datetime) -> ProductLink:
    standing = select(func.count()).where(ProductLink.product_id == product.id, ProductLink.ended_at.is_(None))
    if (session.scalar(standing) or 0) >= MOST_LINKS:
        raise Refused("A product has at most %(most)s links. Take one away first.", most=MOST_LINKS)
    link = ProductLink(
        cooperative_id=product.cooperative_id,
        product_id=product.id,
        link_type=facts.link_type,
        href=facts.href,
        title=facts.title,
        language=facts.language,
        created_at=now,
    )
    session.add(link)
    session.flush()
    record(session, "link.added", link, actor=actor, now=now)
    return link


def end_link(session: Session, link: ProductLink, *, actor: Actor, now: datetime) -> None:
    """Nothing is asked of one that has ended already."""
    if link.ended_at is None:
        link.ended_at = now
        record(session, "link.ended", link, actor=actor, now=now)


def own_links(session: Session, cooperative: Cooperative) -> list[ProductLink]:
    """The links that stand, by product."""
    query = select(ProductLink).where(ProductLink.cooperative_id == cooperative.id, ProductLink.ended_at.is_(None))
    by_product = query.join(ProductLink.product).options(joinedload(ProductLink.product))
    return list(session.scalars(by_product.order_by(Product.folded, ProductLink.id)))


def add_place(
    session: Session, cooperative: Cooperative, gln: str, kind: str, plot: Plot | None, *, actor: Actor, now: datetime
) -> PlaceNumber:
    """`gln` is thirteen digits, checked. Raises `Refused` where it is taken: a GLN means one place in the world."""
    if (kind == PlaceKind.PLOT) != (plot is not None):
        raise Refused("Choose the plot that has this number.", field="plot")
    place = PlaceNumber(
        cooperative_id=cooperative.id, gln=gln, kind=kind, plot_id=plot.id if plot else None, created_at=now
    )
    session.add(place)
    try:
        session.flush()
    except IntegrityError as error:
        if not breaks(error, "uq_place_number_gln", "place_number.gln"):
            raise
        raise Refused("This GLN is registered already.", field="gln", conflict=True) from error
    record(session, "place.added", place, actor=actor, now=now)
    return place


def end_place(session: Session, place: PlaceNumber, *, actor: Actor, now: datetime) -> None:
    if place.ended_at is None:
        place.ended_at = now
        record(session, "place.ended", place, actor=actor, now=now)


def own_places(session: Session, cooperative: Cooperative) -> list[PlaceNumber]:
    query = select(PlaceNumber).where(PlaceNumber.cooperative_id == cooperative.id, PlaceNumber.ended_at.is_(None))
    return list(session.scalars(query.options(joinedload(PlaceNumber.plot)).order_by(PlaceNumber.gln)))
