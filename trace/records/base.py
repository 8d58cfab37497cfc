"""What every record shares: keys, opaque names, owners and moments."""

import secrets
import unicodedata
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

OPAQUE_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
OPAQUE_LENGTH = 12


def opaque_id() -> str:
    """60 random bits as 12 lower-case symbols: an address that tells nothing and cannot be counted through."""
    return "".join(secrets.choice(OPAQUE_ALPHABET) for _ in range(OPAQUE_LENGTH))


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored as UTC on both engines (SQLite keeps no zone of its own)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text in one Unicode form (NFC), so that a search finds what another keyboard typed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unicodedata.normalize("NFC", value)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Words(),
        datetime: Moment(),
        int: BigInteger().with_variant(Integer(), "sqlite"),  # grams and đồng outgrow 32 bits; SQLite's INTEGER has 64
    }


class Named:
    """A record with an address of its own."""

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(OPAQUE_LENGTH), unique=True, default=opaque_id)
    created_at: Mapped[datetime]


class Owned:
    """A record of one cooperative; `trace.access` shows it to no other."""

    @declared_attr
    def cooperative_id(cls) -> Mapped[int]:  # noqa: N805 - SQLAlchemy calls it with the class
        return mapped_column(ForeignKey("cooperative.id"), index=True)


class Decided:
    """A line of a decision log: who said what, when and why. Standing is derived from such lines, never stored."""

    id: Mapped[int] = mapped_column(primary_key=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None]
    at: Mapped[datetime]

    @declared_attr
    def by_person_id(cls) -> Mapped[int | None]:  # noqa: N805 - SQLAlchemy calls it with the class
        return mapped_column(ForeignKey("person.id"))


def one_of(column: str, values: type) -> str:
    """The text of a CHECK that a column holds one of an enumeration's values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"  # type: ignore[attr-defined]
