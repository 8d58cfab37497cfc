"""Growers and their plots."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..standards.places import Point
from .base import Base, Named, Owned
from .cooperative import Consent


class Grower(Named, Owned, Base):
    """A member household: it needs no sign-in."""

    __tablename__ = "grower"
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_name"),)

    name: Mapped[str]
    folded: Mapped[str]
    phone: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None]
    left_on: Mapped[date | None]
    taken_back_at: Mapped[datetime | None]
    """Set when the import that brought it was taken back before anything used it."""

    plots: Mapped[list["Plot"]] = relationship(back_populates="grower", order_by="Plot.name")
    consents: Mapped[list[Consent]] = relationship(order_by="Consent.id")

    def consents_to(self, what: str) -> bool:
        return any(c.what == what and c.withdrawn_on is None for c in self.consents)

    @property
    def consented_on(self) -> date | None:
        """The day this grower last agreed that the name may be shown; None if never or withdrawn."""
        days = [c.given_on for c in self.consents if c.what == "name" and c.withdrawn_on is None]
        return max(days, default=None)

    @property
    def open_plots(self) -> list["Plot"]:
        return [plot for plot in self.plots if plot.closed_on is None]

    @property
    def area_m2(self) -> int:
        """Of the plots in use."""
        return sum(plot.area_m2 for plot in self.open_plots)


class Plot(Named, Owned, Base):
    __tablename__ = "plot"
    __table_args__ = (
        CheckConstraint("area_m2 > 0 AND area_m2 <= 100000000", name="area_plausible"),
        CheckConstraint("(latitude_e6 IS NULL) = (longitude_e6 IS NULL)", name="point_whole"),
    )

    name: Mapped[str]
    folded: Mapped[str]
    grower_id: Mapped[int | None] = mapped_column(ForeignKey("grower.id"), index=True)
    area_code: Mapped[str | None]
    """The planting-area code as issued (mã số vùng trồng); formats vary, so it is only hinted at."""
    area_m2: Mapped[int]
    commune_code: Mapped[str] = mapped_column(String(5))
    latitude_e6: Mapped[int | None]
    """Millionths of a degree: whole numbers everywhere, and 0.1 m is finer than any phone knows."""
    longitude_e6: Mapped[int | None]
    outline: Mapped[str | None]
    """A GeoJSON Polygon (RFC 7946) as compact text."""
    closed_on: Mapped[date | None]
    taken_back_at: Mapped[datetime | None]

    grower: Mapped[Grower | None] = relationship(back_populates="plots")

    @property
    def called(self) -> str:
        """Its name, with the household's, for lists of many plots."""
        return f"{self.name} · {self.grower.name}" if self.grower else self.name

    @property
    def point(self) -> Point | None:
        if self.latitude_e6 is None or self.longitude_e6 is None:
            return None
        return Point(self.latitude_e6, self.longitude_e6)
