"""Runs and ranges of stamps. A run of a million stamps is one row; a range is a row only because its state differs."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .batch import Batch
from .product import Product

if TYPE_CHECKING:
    from .hand_over import HandOver

MOST_STAMPS_IN_A_RUN = 1 << 20
RUN_NUMBERS = 1 << 25
SERIAL_DIGITS = 7


class RangeState(StrEnum):
    """What is stored of a range. Used up, suspended, expired and a batch's recall are derived, so that they write no
    row here."""

    ORDERED = "ordered"
    """Asked for, while the province approves orders first: printed by nobody yet."""
    MADE = "made"
    PRINTED = "printed"
    DELIVERED = "delivered"
    """Arrived from the print house, counted."""
    HANDED_OVER = "handed_over"
    """With a grower (see `HandOver`)."""
    ACTIVE = "active"
    RETURNED = "returned"
    """Came back from a grower unused."""
    LOST = "lost"
    VOID = "void"
    RECALLED = "recalled"
    """A recall of these very stamps; that of their batch is the batch's."""


WAITING = frozenset(
    {RangeState.MADE, RangeState.PRINTED, RangeState.DELIVERED, RangeState.HANDED_OVER, RangeState.RETURNED}
)
"""Made and not yet active: they may become so."""
ON_PAPER = WAITING - {RangeState.MADE}
"""Somebody holds them in the hand, and they wait for activation."""
OUT_OF_USE = frozenset({RangeState.LOST, RangeState.VOID})
"""They should be on no package, and others are needed in their place."""

SEEN_AS: dict[str, str] = {
    RangeState.ORDERED: "made",
    RangeState.MADE: "made",
    RangeState.PRINTED: "printed",
    RangeState.DELIVERED: "printed",
    RangeState.HANDED_OVER: "printed",
    RangeState.RETURNED: "printed",
    RangeState.ACTIVE: "active",
    RangeState.LOST: "void",
    RangeState.VOID: "void",
    RangeState.RECALLED: "recalled",
}
"""The five words that people see: not printed, printed, activated, void, recalled. What lies behind stands beside."""


class StampKey(Base):
    """The database's half of a key version; the other half is a file that never enters the database's folder."""

    __tablename__ = "stamp_key"
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Mints nothing more; reads for ever."""
    leaked_at: Mapped[datetime | None]


class Run(Named, Owned, Base):
    """Stamps made together. The batch belongs to the range, never to the run or the code."""

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("number >= 0 AND number < 33554432", name="number_fits"),
        CheckConstraint("count BETWEEN 1 AND 1048576", name="count_fits"),
        UniqueConstraint("number"),
        UniqueConstraint("label"),
    )

    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    """Begins every serial in type, such as HCL-26A in HCL-26A-0000123."""
    count: Mapped[int]
    key_version: Mapped[int] = mapped_column(SmallInteger, ForeignKey("stamp_key.version"))
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    gtin: Mapped[str | None] = mapped_column(String(14))
    """Set where its links are printed as /01/<gtin>/21/<code>: fixed when made."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    """Since when its codes may be printed as true stamps; None for samples made before the address was confirmed."""

    product: Mapped[Product | None] = relationship()
    ranges: Mapped[list["StampRange"]] = relationship(back_populates="run", order_by="StampRange.first")

    def serial(self, number: int) -> str:
        return f"{self.label}-{number:0{SERIAL_DIGITS}d}"


class StampRange(Owned, Base):
    """Consecutive stamps of a run that share a state. The ranges of a run never overlap and leave no gap."""

    __tablename__ = "stamp_range"
    __table_args__ = (
        CheckConstraint(one_of("state", RangeState), name="state_known"),
        CheckConstraint("first >= 1 AND last >= first", name="in_order"),
        CheckConstraint("state != 'active' OR batch_id IS NOT NULL", name="active_has_batch"),
        CheckConstraint("state NOT IN ('void', 'lost', 'recalled') OR length(reason) > 0", name="end_has_reason"),
        CheckConstraint("(state = 'recalled') = (was IS NOT NULL)", name="recall_knows_before"),
        CheckConstraint("state != 'active' OR active_at IS NOT NULL", name="active_has_moment"),
        CheckConstraint("state != 'handed_over' OR hand_over_id IS NOT NULL", name="handed_over_to_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    first: Mapped[int]
    """Serial numbers, counted from 1; both ends belong to the range."""
    last: Mapped[int]
    state: Mapped[str] = mapped_column(String(12))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"), index=True)
    reason: Mapped[str | None]
    since_at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    printing_id: Mapped[int | None] = mapped_column(ForeignKey("printing.id"))
    """The job that put them on paper last."""
    hand_over_id: Mapped[int | None] = mapped_column(ForeignKey("hand_over.id"), index=True)
    """The grower who holds or last held them: kept when they become active, are returned, lost or doubted."""
    active_at: Mapped[datetime | None]
    """When they became active, while and after they are."""
    was: Mapped[str | None] = mapped_column(String(12))
    """The state before a recall of the range, to which a lifted recall leads back."""

    run: Mapped[Run] = relationship(back_populates="ranges")
    batch: Mapped[Batch | None] = relationship()
    printing: Mapped["Printing | None"] = relationship()
    hand_over: Mapped["HandOver | None"] = relationship()

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class Printing(Named, Owned, Base):
    """A file of stamps that was asked for: the same facts draw the same file again."""

    __tablename__ = "printing"
    __table_args__ = (CheckConstraint("first >= 1 AND last >= first", name="in_order"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    spans: Mapped[str | None]
    """The stamps asked for where they do not follow one another (JSON pairs of first and last); None: first to last."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    stock: Mapped[str] = mapped_column(String(40))
    face: Mapped[str] = mapped_column(String(40))
    format: Mapped[str] = mapped_column(String(10), default="pdf")
    """A name in `work.formats`."""
    dpi: Mapped[int] = mapped_column(default=0)
    """The printer's dots an inch, for modules of whole dots; 0 where nobody said."""
    copies: Mapped[int] = mapped_column(default=1)
    words: Mapped[str]
    """Words, face and places as they stood when first printed (JSON text), so that a reprint looks the same."""
    public_url: Mapped[str]
    answered_at: Mapped[datetime | None]
    came_out_well: Mapped[bool | None]
    """What people said of it: all good, or some spoiled."""
    sample: Mapped[bool]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    run: Mapped[Run] = relationship()
    batch: Mapped[Batch | None] = relationship()
