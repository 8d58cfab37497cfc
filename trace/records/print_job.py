"""Jobs of the press: a file of a printing being made, read back and kept; and who fetched it."""

import json
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .stamp import Printing


class JobState(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


BEING_MADE = frozenset({JobState.WAITING, JobState.WORKING})
"""Somebody works, or will work, on it: a printing has one such job at most."""
_OPEN = text("state IN ('waiting', 'working')")


class PrintJob(Named, Owned, Base):
    """The making of one file. While it is open or done, its stamps belong to it and to no other print.

    Whoever works on it holds `lease`, a word nobody else knows; every line it writes asks for that word, so that a
    worker that was thought dead can finish nothing.
    """

    __tablename__ = "print_job"
    __table_args__ = (
        CheckConstraint(one_of("state", JobState), name="state_known"),
        CheckConstraint("(state = 'working') = (lease IS NOT NULL)", name="lease_while_working"),
        CheckConstraint("state != 'done' OR sha256 IS NOT NULL", name="done_has_file"),
        CheckConstraint("state != 'failed' OR length(problem) > 0", name="failed_says_why"),
        Index("uq_print_job_open", "printing_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_print_job_state", "state", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    printing_id: Mapped[int] = mapped_column(ForeignKey("printing.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    labels: Mapped[int]
    """How many labels it has, copies counted."""
    done: Mapped[int] = mapped_column(default=0)
    """How many of them are drawn; once the file stands, how many were read back."""
    spans: Mapped[str | None]
    """The stamps that are in the file (JSON pairs of first and last): those that were not void when it was begun."""
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_by: Mapped[str | None] = mapped_column(String(64))
    leased_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    """How often somebody took it up without getting any further."""
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    file_name: Mapped[str | None] = mapped_column(String(80))
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    sheets: Mapped[int | None]
    read: Mapped[int | None]
    """Labels that were read back from their pictures, and …"""
    checked: Mapped[int | None]
    """… from the file itself, symbol by symbol, where there are too many to read all."""
    problem: Mapped[str | None]
    """Why it failed: a refusal and its figures (JSON)."""
    kept_until: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    """Since when the file is gone."""
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    printing: Mapped[Printing] = relationship()
    exports: Mapped[list["PrintExport"]] = relationship(back_populates="job", order_by="PrintExport.id")

    @property
    def kept_spans(self) -> list[tuple[int, int]]:
        """First and last of each row of stamps in the file."""
        return [(first, last) for first, last in json.loads(self.spans or "[]")]

    @property
    def open(self) -> bool:
        return self.state in BEING_MADE

    @property
    def fetchable(self) -> bool:
        return self.state == JobState.DONE and self.removed_at is None


class PrintChunk(Owned, Base):
    """Some sheets of a job's file that were read back: a job that is taken up again goes on after the last one."""

    __tablename__ = "print_chunk"
    __table_args__ = (
        CheckConstraint("first_page >= 1 AND last_page >= first_page", name="in_order"),
        UniqueConstraint("job_id", "first_page"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"), index=True)
    first_page: Mapped[int]
    last_page: Mapped[int]
    labels: Mapped[int]
    read: Mapped[int]
    checked: Mapped[int]
    at: Mapped[datetime]


class PrintExport(Named, Owned, Base):
    """Somebody fetched a finished file; its public id opens the file for a while."""

    __tablename__ = "print_export"

    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"), index=True)
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None]
    """Why once more; the first time needs none."""

    job: Mapped[PrintJob] = relationship(back_populates="exports")
