"""Who signs in: people, their places in cooperatives and offices, and their open sessions.

Outside `records`, because Flask-Security's mixins come with it.
"""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..records.base import Base, Named, one_of
from ..records.cooperative import Cooperative


class Office(StrEnum):
    """A person holds at most one: the column has room for no more."""

    AUDITOR = "auditor"
    OFFICER = "officer"
    OPERATOR = "operator"


class Place(StrEnum):
    MEMBER = "member"
    MANAGER = "manager"


class Person(Named, Base, UserMixin):
    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint(f"office IS NULL OR {one_of('office', Office)}", name="office_known"),
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL OR erased_at IS NOT NULL", name="can_be_reached"),
    )

    name: Mapped[str]
    email: Mapped[str | None] = mapped_column(String(255), unique=True)  # type: ignore[assignment]
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    """In the form +84…"""
    password: Mapped[str | None] = mapped_column(String(255))
    password_changed_at: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    office: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(5))
    theme: Mapped[str | None] = mapped_column(String(5))
    demo: Mapped[bool] = mapped_column(default=False)
    """Made by the demonstration; production refuses to start while one exists."""
    erased_at: Mapped[datetime | None]

    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    us_totp_secrets: Mapped[str | None] = mapped_column(Text)
    us_phone_number: Mapped[str | None] = mapped_column(String(128))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))

    webauthn: Mapped[list["Passkey"]] = relationship(  # type: ignore[assignment] # ours is a subclass
        back_populates="user", cascade="all, delete"
    )
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", order_by="Membership.id")

    if not TYPE_CHECKING:

        @property
        def roles(self) -> list[RoleMixin]:
            """None of Flask-Security's: who may do what stands in `trace.access`."""
            return []


class Passkey(Base, WebAuthnMixin):
    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None] = mapped_column(default=0)  # type: ignore[assignment] # some keys never count
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))
    create_datetime: Mapped[datetime]
    lastuse_datetime: Mapped[datetime]

    user: Mapped[Person] = relationship(back_populates="webauthn")


class Membership(Base):
    """A person's place in a cooperative. It ends, it is never removed: who did what stays readable."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "cooperative_id", "since_at"),
        CheckConstraint(one_of("place", Place), name="place_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), index=True)
    place: Mapped[str] = mapped_column(String(10))
    since_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="memberships")
    cooperative: Mapped[Cooperative] = relationship()


class SignIn(Base):
    """A server-side session. The cookie holds 256 random bits; here stands only their hash."""

    __tablename__ = "sign_in"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    content: Mapped[str]
    device: Mapped[str | None] = mapped_column(String(80))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
