"""How the service is kept: backups and their proof, copies of the keys, and the jobs of its workers."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, one_of


class BackupKind(StrEnum):
    SCHEDULED = "scheduled"
    ASKED = "asked"
    UPGRADE = "upgrade"
    """Made before a migration; `flask go-back` returns to it."""


class Backup(Base):
    """One file with everything but the keys. It counts once it has been restored into a scratch database."""

    __tablename__ = "backup"
    __table_args__ = (
        CheckConstraint(one_of("kind", BackupKind), name="kind_known"),
        CheckConstraint("proved_at IS NULL OR problem IS NULL", name="proved_or_problem"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime]
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    entries: Mapped[int]
    proved_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    """Why the trial restore failed, in English: it is for whoever repairs it."""
    removed_at: Mapped[datetime | None]
    """When its file was removed by the rule of days, weeks and months."""


class KeyCopy(Base):
    """Somebody typed the fingerprint that a copy of the key folder shows: proof that the copy exists and is whole."""

    __tablename__ = "key_copy"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    place: Mapped[str]
    at: Mapped[datetime]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Job(Base):
    """A thing to be done again and again by one worker at a time: whoever holds the lease."""

    __tablename__ = "job"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    leased_by: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]
    last_done_at: Mapped[datetime | None]
    last_problem: Mapped[str | None]
