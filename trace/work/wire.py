"""Printers that the service itself sends to, and the sending: allowed by the operator, pinned to one address, never
going on by itself after a stop, for nobody knows then which label came out last."""

from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ..records import Cooperative, PrintJob, PrintSend, SendState, WirePrinter
from .actor import SERVICE, Actor
from .history import record
from .print_exports import fetch
from .refused import Refused
from .sheets import has_pins

LOST_AFTER = timedelta(seconds=45)
"""Without a beat for so long whoever was sending is dead."""
Resolve = Callable[[str, int], list[str]]


def allow_printer(
    session: Session,
    cooperative: Cooperative,
    name: str,
    where: tuple[str, int],
    language: str,
    *,
    resolve: Resolve,
    nearby: bool,
    actor: Actor,
    now: datetime,
) -> WirePrinter:
    """Look its name up once, and keep the address. `nearby`: this very machine may be one (a demonstration)."""
    host, port = where
    found = resolve(host, port)
    if not found:
        raise Refused("This name has no address: type it as the printer's own page shows it.", field="host")
    ip = ip_address(found[0])
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local or (ip.is_loopback and not nearby):
        raise Refused("No printer has the address %(ip)s.", field="host", ip=str(ip))
    printer = WirePrinter(
        cooperative_id=cooperative.id,
        name=name,
        host=host,
        ip=str(ip),
        port=port,
        language=language,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(printer)
    record(session, "wire_printer.allowed", printer, actor=actor, now=now)
    return printer


def forbid_printer(session: Session, printer: WirePrinter, *, actor: Actor, now: datetime) -> None:
    if printer.ended_at is not None:
        raise Refused("This printer is not dialled any more.", conflict=True)
    printer.ended_at = now
    record(session, "wire_printer.ended", printer, actor=actor, now=now, facts={})


def wire_printers(session: Session, cooperative_id: int | None = None) -> list[WirePrinter]:
    query = select(WirePrinter).where(WirePrinter.ended_at.is_(None)).order_by(WirePrinter.name)
    if cooperative_id is not None:
        query = query.where(WirePrinter.cooperative_id == cooperative_id)
    return list(session.scalars(query))


def sends_of(session: Session, job: PrintJob) -> list[PrintSend]:
    return list(session.scalars(select(PrintSend).where(PrintSend.job_id == job.id).order_by(PrintSend.id)))


def send(
    session: Session, job: PrintJob, printer: WirePrinter, reason: str, *, actor: Actor, now: datetime
) -> PrintSend:
    """Have the press send a finished file to a printer. It counts as fetched; Raises `Refused`."""
    if printer.ended_at is not None or printer.cooperative_id != job.cooperative_id:
        raise Refused("Choose a printer from the list.", field="wire")
    if printer.language != job.printing.format:
        raise Refused("This printer speaks another language than the file.", field="wire")
    if has_pins(job.printing):
        raise Refused("Stamps with PINs are not sent to a printer by themselves: fetch the file.", field="wire")
    if any(one.state in {SendState.WAITING, SendState.SENDING} for one in sends_of(session, job)):
        raise Refused("This print is on its way to a printer already.", conflict=True)
    fetch(session, job, reason, actor=actor, now=now)
    sending = PrintSend(
        job_id=job.id,
        cooperative_id=job.cooperative_id,
        printer_id=printer.id,
        state=SendState.WAITING,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(sending)
    session.flush()
    record(session, "printing.sent", job.printing, actor=actor, now=now, facts={"printer": printer.public_id})
    return sending


def take_send(session: Session, *, now: datetime) -> PrintSend | None:
    """The next one that waits; of several presses one gets it."""
    first = select(PrintSend.id).where(PrintSend.state == SendState.WAITING).order_by(PrintSend.id).limit(1)
    taken = session.execute(
        update(PrintSend)
        .where(
            PrintSend.id == first.with_for_update(skip_locked=True).scalar_subquery(),
            PrintSend.state == SendState.WAITING,
        )
        .values(state=SendState.SENDING, beat_at=now)
        .returning(PrintSend.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return session.get_one(PrintSend, taken, populate_existing=True) if taken else None


def sending_waits(session: Session, *, now: datetime) -> bool:
    """Whether there is something to send, or a dead press's to stop; only reads."""
    dead = PrintSend.beat_at <= now - LOST_AFTER
    query = select(PrintSend.id).where(
        (PrintSend.state == SendState.WAITING) | ((PrintSend.state == SendState.SENDING) & dead)
    )
    return session.scalar(query.limit(1)) is not None


def went_out(session: Session, send_id: int, sent: int, sure: int, *, now: datetime) -> bool:
    """So many labels may have left us, so many surely came to a printer that was well. False if it was stopped."""
    changed = session.execute(
        update(PrintSend)
        .where(PrintSend.id == send_id, PrintSend.state == SendState.SENDING)
        .values(sent=sent, sure=sure, beat_at=now)
        .returning(PrintSend.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return changed is not None


def end_send(session: Session, send_id: int, problem: str | None, *, now: datetime) -> None:
    sending = session.get_one(PrintSend, send_id, with_for_update=True)
    if sending.state != SendState.SENDING:
        return
    sending.state, sending.problem, sending.ended_at = (SendState.STOPPED if problem else SendState.DONE), problem, now
    facts = {"sent": sending.sent, "sure": sending.sure, "problem": problem}
    record(session, "printing.sending_ended", sending.job.printing, actor=SERVICE, now=now, facts=facts)


def stop_dead(session: Session, *, now: datetime) -> int:
    """What a killed press was sending is stopped, never sent on: a person looks at the roll first."""
    dead = select(PrintSend).where(PrintSend.state == SendState.SENDING, PrintSend.beat_at <= now - LOST_AFTER)
    found = list(session.scalars(dead))
    for one in found:
        end_send(session, one.id, "press", now=now)
    return len(found)
