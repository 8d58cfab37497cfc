"""Who signs in: people, their places in cooperatives and offices, and their open sessions.

Outside `records`, because Flask-Security's mixins come with it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..records.base import OPAQUE_LENGTH, Base, Named, one_of, opaque_id
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

    totp_secret: Mapped[str | None] = mapped_column(String(255))
    """Encrypted with the key file `factors.key`; None until an authenticator app has been confirmed."""
    totp_counter: Mapped[int | None]
    """The time step of the last code taken: no code is taken twice (RFC 6238 §5.2)."""
    recovery_hashes: Mapped[str | None] = mapped_column(Text)
    """SHA-256 of each recovery code not yet used, one a line."""

    passkeys: Mapped[list["Passkey"]] = relationship(
        back_populates="person", cascade="all, delete-orphan", order_by="Passkey.id"
    )
    memberships: Mapped[list["Membership"]] = relationship(back_populates="person", order_by="Membership.id")
    accesses: Mapped[list["CertifierAccess"]] = relationship(
        foreign_keys="CertifierAccess.person_id", back_populates="person", order_by="CertifierAccess.id"
    )

    @property
    def works_as(self) -> str:
        """The office, else the place in a cooperative, else `certifier`; "" for a newcomer."""
        places = [place.place for place in self.memberships if place.ended_at is None]
        return self.office or next(iter(places), "certifier" if self.accesses else "")

    if not TYPE_CHECKING:

        @property
        def roles(self) -> list[RoleMixin]:
            """None of Flask-Security's: who may do what stands in `trace.access`."""
            return []


class Passkey(Named, Base):
    """A key of W3C WebAuthn: only its public half is here."""

    __tablename__ = "passkey"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="passkeys")


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


class CertifierAccess(Named, Base):
    """Somebody of a certification body from outside may read one cooperative's records until a day, and change none."""

    __tablename__ = "certifier_access"
    __table_args__ = (CheckConstraint("length(body) > 0", name="has_body"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    cooperative_id: Mapped[int] = mapped_column(ForeignKey("cooperative.id"), index=True)
    body: Mapped[str]
    """The certification body the person works for."""
    to_on: Mapped[date]
    ended_at: Mapped[datetime | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id], back_populates="accesses")
    cooperative: Mapped[Cooperative] = relationship()

    def holds_on(self, day: date) -> bool:
        return self.ended_at is None and day <= self.to_on


class SignIn(Base):
    """A server-side session. The cookie holds 256 random bits; here stands only their hash."""

    __tablename__ = "sign_in"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    """None while only the first factor has been given."""
    content: Mapped[str]
    device: Mapped[str | None] = mapped_column(String(80))
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class LinkPurpose(StrEnum):
    INVITE = "invite"
    RESET = "reset"


class OneTimeLink(Base):
    """A link that opens one thing once: a place in a cooperative, or a new password. Only its hash is kept."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint(one_of("purpose", LinkPurpose), name="purpose_known"),
        CheckConstraint(
            "(purpose = 'reset') = (person_id IS NOT NULL) AND (purpose = 'invite') = (cooperative_id IS NOT NULL)",
            name="opens_one_thing",
        ),
        CheckConstraint("(cooperative_id IS NULL) = (place IS NULL)", name="place_whole"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(OPAQUE_LENGTH), unique=True, default=opaque_id)
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """Whose password is set anew."""
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    place: Mapped[str | None] = mapped_column(String(10))
    name: Mapped[str | None]
    """For whom it was made; forgotten when used."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    cooperative: Mapped[Cooperative | None] = relationship()
