"""The published history: the tiles of the Merkle tree over the entries, and the checkpoints that were signed."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class LogTile(Base):
    """One tile as wide as it is by now; a narrower one that was served earlier is its beginning."""

    __tablename__ = "log_tile"
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """Of the hashes; -1 for a bundle of entries."""
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    width: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class LogCheckpoint(Base):
    """A tree that was signed. The newest is also kept outside the database, so that a restore cannot fork history."""

    __tablename__ = "log_checkpoint"
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    signed_at: Mapped[datetime]


class LogCosignature(Base):
    """A witness's line under a checkpoint: it saw this tree, and that the tree extends the one it saw before."""

    __tablename__ = "log_cosignature"
    __table_args__ = (ForeignKeyConstraint(["shard", "size"], ["log_checkpoint.shard", "log_checkpoint.size"]),)

    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    witness: Mapped[str] = mapped_column(String(200), primary_key=True)
    """The name in its key."""
    line: Mapped[str]
    """As it stands under the note, with its line end."""
    at: Mapped[datetime]
