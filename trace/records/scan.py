"""Looks and scans: how often pages were served, and which stamps a person's phone confirmed.

No address is ever stored. A visitor is an HMAC under a salt that is destroyed when its day is over, so two days of one
phone cannot be told to be one phone's. Rows of single scans are folded into counts a day within a month.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Owned

NOWHERE = ""
"""Stands for a place that the consumer did not say, where a key must not be NULL."""


class Scan(Owned, Base):
    """One visitor's confirmation of one stamp on one day: serial number, hour, and the province where one was told."""

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("run_id", "number", "visitor"),
        UniqueConstraint("nonce"),
        Index("ix_scan_cooperative_id_day_on", "cooperative_id", "day_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))  # indexed together with the day
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    number: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    visitor: Mapped[bytes] = mapped_column(LargeBinary)
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the page's token: spent by this scan, for the database lets no second one in."""
    hour_at: Mapped[datetime]
    """The full hour; the minute is nobody's business."""
    day_on: Mapped[date] = mapped_column(index=True)
    province: Mapped[str | None] = mapped_column(String(2))
    """Code of the province: as the consumer said it (`pressed`), or from the operator's database of places, if any."""
    pressed: Mapped[bool] = mapped_column(default=False)
    """By the button "I bought this"; else by the page's script."""
    early: Mapped[bool] = mapped_column(default=False)
    """Before the stamp was activated."""
    late: Mapped[bool] = mapped_column(default=False)
    """After the shelf life of its batch."""
    after_pin: Mapped[bool] = mapped_column(default=False)
    """After the PIN under the scratch layer had been used."""


class ScanDay(Owned, Base):
    """Scans of a stamp on a day from a province, folded: what stays when the single rows are deleted."""

    __tablename__ = "scan_day"
    __table_args__ = (
        CheckConstraint("scans > 0 AND early >= 0 AND late >= 0 AND after_pin >= 0", name="counts_plausible"),
        Index("ix_scan_day_cooperative_id_day_on", "cooperative_id", "day_on"),
    )

    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))  # indexed together with the day
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day_on: Mapped[date] = mapped_column(primary_key=True)
    province: Mapped[str] = mapped_column(String(2), primary_key=True, default=NOWHERE)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    scans: Mapped[int]
    early: Mapped[int] = mapped_column(default=0)
    late: Mapped[int] = mapped_column(default=0)
    after_pin: Mapped[int] = mapped_column(default=0)


class ScanSalt(Base):
    """Half of the key under which a day's visitors are hashed; overwritten and deleted when the day is over."""

    __tablename__ = "scan_salt"
    day_on: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class ScanNorm(Base):
    """What is usual for a product: how many of its scanned stamps had exactly one and exactly two visitor-days."""

    __tablename__ = "scan_norm"
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True, autoincrement=False)
    once: Mapped[int]
    twice: Mapped[int]
    active: Mapped[int]
    """Stamps of the product that are active: what the scanned ones are a share of."""
    scanned: Mapped[int]
    counted_at: Mapped[datetime]


class LookDay(Owned, Base):
    """Pages served of a run's stamps on a day: raw, with those served to link previews and crawlers apart."""

    __tablename__ = "look_day"
    __table_args__ = (
        CheckConstraint("looks >= 0 AND robots >= 0", name="counts_plausible"),
        Index("ix_look_day_cooperative_id_day_on", "cooperative_id", "day_on"),
    )

    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"))  # indexed together with the day
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, autoincrement=False)
    batch_key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The batch's key; 0 where none was bound."""
    day_on: Mapped[date] = mapped_column(primary_key=True)
    looks: Mapped[int]
    robots: Mapped[int]
