"""Facts of this installation: its name in the codes, its confirmed address, and settings with from-days."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Deployment(Base):
    """One row, made at first start. The name goes into every code's tweak, so it never changes."""

    __tablename__ = "deployment"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    confirmed_url: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    moved_to: Mapped[str | None]
    """Set once everything has been copied to another database: from then on nothing may be served from here."""
    moved_at: Mapped[datetime | None]


class Setting(Base):
    """A figure or name that the province sets, from a day on. The newest row whose day has come holds."""

    __tablename__ = "setting"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), index=True)
    from_on: Mapped[date]
    value: Mapped[str]
    set_at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class SpentForm(Base):
    """A form already taken, by its one-time mark: a second press of the button leads where the first one led."""

    __tablename__ = "spent_form"
    mark: Mapped[str] = mapped_column(String(32), primary_key=True)
    location: Mapped[str]
    at: Mapped[datetime]


class Bucket(Base):
    """Tokens left for one guarded act and one hashed key (an account or a network); held in the database so that
    limits hold across processes and restarts."""

    __tablename__ = "bucket"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    tokens_milli: Mapped[int]
    at: Mapped[datetime]
