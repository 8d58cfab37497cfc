"""PINs under a scratch layer. None is stored: only which stamps carry one, the tries at it, and its first use."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Named, Owned


class PinKey(Base):
    """The database's half of a PIN key; the other half is a file of its own beside the stamp keys."""

    __tablename__ = "pin_key"
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Makes no PIN for a new print; judges those it made for ever."""
    leaked_at: Mapped[datetime | None]
    """Its PINs prove nothing any more: their stamps ask for none."""


class PinIssue(Named, Owned, Base):
    """Stamps first–last of a run were printed with PINs. Printed anew with a higher reissue number, the earlier PINs
    are dead: the newest row that holds a stamp counts."""

    __tablename__ = "pin_issue"
    __table_args__ = (
        CheckConstraint("first >= 1 AND last >= first", name="in_order"),
        CheckConstraint("reissue >= 0", name="reissue_counted"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    first: Mapped[int]
    last: Mapped[int]
    reissue: Mapped[int]
    key_version: Mapped[int] = mapped_column(SmallInteger, ForeignKey("pin_key.version"))
    printing_id: Mapped[int] = mapped_column(ForeignKey("printing.id"))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class StampPin(Owned, Base):
    """What became of one stamp's PIN: tries are counted before they are judged; the first right one is kept."""

    __tablename__ = "stamp_pin"
    __table_args__ = (CheckConstraint("tries >= tries_that_day AND tries_that_day >= 0", name="counts_plausible"),)

    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reissue: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tries: Mapped[int]
    """Judged ever, right or wrong."""
    tries_that_day: Mapped[int]
    day_on: Mapped[date]
    """The last day with a try."""
    used_on: Mapped[date | None]
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Of the page whose form brought the first use: sent twice by one press, it is no second use."""
