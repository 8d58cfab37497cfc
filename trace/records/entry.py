"""The history: one line for every change of business data, gapless from 0, never updated, never deleted.

The bytes are canonical JSON (RFC 8785). Personal data stands in them only as salted commitments; the salt and the words
themselves are an `EntrySecret`, which may be erased without a trace in the bytes. A later log publishes these lines.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Entry(Base):
    __tablename__ = "entry"
    __table_args__ = (CheckConstraint("length(body) <= 65535", name="body_fits"),)

    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(40))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(24), index=True)
    """The public id of what it is about."""
    cooperative_id: Mapped[int | None] = mapped_column(ForeignKey("cooperative.id"), index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256(0x00 ‖ body), the leaf of RFC 6962."""
    chain_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256(chain hash before ‖ leaf hash), from 32 zero bytes: a restore is proved by recomputing it."""


class EntrySecret(Base):
    __tablename__ = "entry_secret"
    entry_index: Mapped[int] = mapped_column(ForeignKey("entry.index"), primary_key=True, autoincrement=False)
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    words: Mapped[str]
    """The committed personal data as JSON text; the row is deleted when the person asks to be forgotten."""
