"""What a cooperative lets GS1 links lead to: pages of its own about a product, and the numbers of its places."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .farm import Plot
from .product import Product


class ProductLink(Named, Owned, Base):
    """A page elsewhere about a product. Never for a lot or a stamp: a recalled one leads nowhere but to us."""

    __tablename__ = "product_link"
    __table_args__ = (
        CheckConstraint("href LIKE 'https://%'", name="goes_by_https"),
        CheckConstraint("length(title) > 0", name="has_title"),
    )

    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    link_type: Mapped[str] = mapped_column(String(40))
    """The name of a GS1 link type, such as recipeInfo."""
    href: Mapped[str]
    title: Mapped[str]
    language: Mapped[str | None] = mapped_column(String(5))
    """xx or xx-YY; None where the page speaks none or all."""
    ended_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship()


class PlaceKind(StrEnum):
    PARTY = "party"
    PACKHOUSE = "packhouse"
    PLOT = "plot"


class PlaceNumber(Named, Owned, Base):
    """A GLN that GS1 gave the cooperative: for itself (417), or for a packhouse or plot (414)."""

    __tablename__ = "place_number"
    __table_args__ = (
        CheckConstraint(one_of("kind", PlaceKind), name="kind_known"),
        CheckConstraint("length(gln) = 13", name="gln_whole"),
        CheckConstraint("(kind = 'plot') = (plot_id IS NOT NULL)", name="plot_named"),
        Index(
            "uq_place_number_gln",
            "gln",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    gln: Mapped[str] = mapped_column(String(13))
    kind: Mapped[str] = mapped_column(String(10))
    plot_id: Mapped[int | None] = mapped_column(ForeignKey("plot.id"))
    ended_at: Mapped[datetime | None]

    plot: Mapped[Plot | None] = relationship()
