"""Printers: named, measured on a test page, proved on a second one. A correction belongs to a tray, never to a face."""

import json
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import Calibration, LabelError, from_readings, marks_on, write_calibration_page

from ..records import Cooperative, Printer, Printing
from .actor import Actor
from .history import record
from .label_refusals import as_refusal
from .refused import Refused

PAGES = {"A4": (210.0, 297.0), "A5": (148.0, 210.0)}
GOOD_MM = 0.5
"""How far from its place a mark may lie on the page that proves a correction."""
MOST_PRINTERS = 40
Reading = tuple[float, float]


def printers_of(session: Session, cooperative_id: int) -> list[Printer]:
    """Those in use, in order of name."""
    query = select(Printer).where(Printer.cooperative_id == cooperative_id, Printer.ended_at.is_(None))
    return list(session.scalars(query.order_by(Printer.name, Printer.tray)))


def add_printer(
    session: Session, cooperative: Cooperative, name: str, tray: str, page: str, *, actor: Actor, now: datetime
) -> Printer:
    known = printers_of(session, cooperative.id)
    if len(known) >= MOST_PRINTERS:
        raise Refused("At most %(most)s printers can be kept.", most=MOST_PRINTERS)
    if page not in PAGES:
        raise Refused("Choose a paper from the list.", field="page")
    if any((one.name, one.tray, one.page) == (name, tray, page) for one in known):
        raise Refused("There is a printer of this name, tray and paper already.", field="name", conflict=True)
    printer = Printer(name=name, tray=tray, page=page, cooperative_id=cooperative.id, created_at=now)
    session.add(printer)
    record(session, "printer.added", printer, actor=actor, now=now)
    return printer


def printer_of(session: Session, printing: Printing) -> Printer | None:
    """Whose correction is in a print's file, in use or not."""
    chosen = json.loads(printing.words).get("printer")
    return session.scalar(select(Printer).where(Printer.public_id == chosen)) if chosen else None


def calibration_of(printer: Printer) -> Calibration:
    return Calibration(
        printer.dx_um / 1000, printer.dy_um / 1000, printer.scale_x_ppm / 1_000_000, printer.scale_y_ppm / 1_000_000
    )


def write_test_page(printer: Printer, out: BinaryIO, language: str) -> None:
    """Rulers, a numbered grid and marks A and B, with the correction that holds now."""
    write_calibration_page(out, PAGES[printer.page], calibration_of(printer), language)


def marks_of(printer: Printer) -> tuple[Reading, Reading]:
    """Where A and B belong, millimetres from the left and from the top edge."""
    return marks_on(PAGES[printer.page])


def measure(
    session: Session, printer: Printer, first: Reading, second: Reading, *, actor: Actor, now: datetime
) -> bool:
    """Take what was read on a test page: millimetres of A and B from the left and from the top edge.

    Where both lie in their places the correction is proved, and stays; else it is worked out anew. True if proved.
    """
    places = marks_of(printer)
    off = max(
        abs(a - b) for read, true in zip((first, second), places, strict=True) for a, b in zip(read, true, strict=True)
    )
    if off <= GOOD_MM:
        printer.proved_at = now
    else:
        _correct(printer, first, second)
        printer.measured_at, printer.proved_at = now, None
    record(session, "printer.measured", printer, actor=actor, now=now)
    return off <= GOOD_MM


def _correct(printer: Printer, first: Reading, second: Reading) -> None:
    try:
        found = from_readings(first, second, PAGES[printer.page], calibration_of(printer))
    except LabelError as error:
        raise as_refusal(error, "a_left") from error
    printer.dx_um, printer.dy_um = round(found.dx_mm * 1000), round(found.dy_mm * 1000)
    printer.scale_x_ppm, printer.scale_y_ppm = round(found.scale_x * 1_000_000), round(found.scale_y * 1_000_000)


def retire(session: Session, printer: Printer, *, actor: Actor, now: datetime) -> None:
    """It prints no more; what it printed stays as it was."""
    printer.ended_at = now
    record(session, "printer.retired", printer, actor=actor, now=now, facts={})
