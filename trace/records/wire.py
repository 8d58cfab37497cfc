"""Label printers that the service itself sends to, and what was sent to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, Named, Owned, one_of
from .print_job import PrintJob


class SendState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    STOPPED = "stopped"
    """Somewhere in the middle: nothing is ever sent on by itself."""


_OPEN = text("state IN ('waiting', 'sending')")


class WirePrinter(Named, Owned, Base):
    """An address that the operator has allowed for one cooperative. Its name was resolved then, once."""

    __tablename__ = "wire_printer"
    __table_args__ = (
        CheckConstraint("port BETWEEN 1 AND 65535", name="port_exists"),
        CheckConstraint("language IN ('zpl', 'tspl')", name="language_known"),
    )

    name: Mapped[str] = mapped_column(String(60))
    host: Mapped[str] = mapped_column(String(120))
    """As the operator typed it."""
    ip: Mapped[str] = mapped_column(String(45))
    """What it was then: dialled, and nothing else."""
    port: Mapped[int]
    language: Mapped[str] = mapped_column(String(4))
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]


class PrintSend(Named, Owned, Base):
    """One way of a finished file to a printer. `sent` counts labels that left us, `sure` those whose printer was well
    afterwards: what lies between is in doubt, and a person looks at the roll."""

    __tablename__ = "print_send"
    __table_args__ = (
        CheckConstraint(one_of("state", SendState), name="state_known"),
        CheckConstraint("sure <= sent", name="sure_was_sent"),
        CheckConstraint("state != 'stopped' OR length(problem) > 0", name="stopped_says_why"),
        Index("uq_print_send_open", "job_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"), index=True)
    printer_id: Mapped[int] = mapped_column(ForeignKey("wire_printer.id"))
    state: Mapped[str] = mapped_column(String(10))
    sent: Mapped[int] = mapped_column(default=0)
    sure: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[datetime | None]
    problem: Mapped[str | None] = mapped_column(String(20))
    """A word of `trace.upkeep.wire`."""
    ended_at: Mapped[datetime | None]
    by_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    job: Mapped[PrintJob] = relationship()
    printer: Mapped[WirePrinter] = relationship()
