"""Prints of stamps: what is asked for is kept, words and all, so that the same file can be drawn again."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from labels import Note, Verdict

from ..records import (
    MOST_STAMPS_IN_A_RUN,
    Batch,
    Cooperative,
    Printing,
    RangeState,
    Run,
    Scheme,
    StampRange,
)
from .actor import Actor
from .face_words import face_words
from .formats import FORMATS
from .gate_rules import Gate
from .gates import pass_gate
from .history import record
from .keyring import Keyring
from .part_sheets import part_sheet, remember, take
from .pins import issue_pins
from .print_choices import find_face, find_stock, kept_choices, says_vietgap
from .print_jobs import queue
from .print_spans import refuse_taken
from .printers import PAGES, printers_of
from .ranges import Span, locked, spans_in, within
from .refused import Refused
from .run_numbers import next_label
from .sheets import PRINTABLE, draw_preview, freeze_face, has_pins, refuse_undrawable, refuse_unfit, verdicts_on
from .spans import count_in, joined, shared, spans_of, to_text, without


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for: stamps of a run, on a stock, with a face, as a kind of file.

    `spans`: where they do not follow one another; first and last are then the ends.
    `used` cells of the first sheet are gone already (from 0, row by row), those of a `part` sheet if one is named.
    """

    first: int
    last: int
    stock: str
    face: str
    used: tuple[int, ...] = ()
    part: str = ""
    format: str = "pdf"
    dpi: int = 0
    copies: int = 1
    divider_every: int = 0
    printer: str = ""
    """The public id of a printer whose correction is put into the file."""
    spans: tuple[Span, ...] = ()
    destroyed: bool = False
    """Whoever asks says that every earlier print of these stamps has been destroyed."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An order looked at before it is given: what the workshop says of it."""

    verdicts: list[Verdict]
    stamps: int
    """Without void ones."""
    void: list[Span]
    """Those left out, because they are void."""


def print_stamps(
    session: Session,
    run: Run,
    order: Order,
    *,
    keyring: Keyring,
    public_url: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Printing:
    """Keep an order for a file, and have the press make it: its stamps belong to it from now on, and are marked as
    printed once the file is released. Raises `Refused` for what cannot be drawn or scanned.

    Stamps of a run made before the public address was confirmed are samples: overprinted, and never marked.
    """
    run = locked(session, run)
    printing, spans = _ordered(session, run, order, public_url, today)
    printing.by_person_id, printing.created_at = actor.person_id, now
    if printing.batch_id is not None and not printing.sample:
        pass_gate(session, Gate.PRINT, session.get_one(Batch, printing.batch_id), now=now)
    refuse_undrawable(session, printing, keyring)
    refuse_unfit(session, printing, keyring)
    if not order.destroyed and not printing.sample:
        refuse_taken(session, run, spans)
    freeze_face(session, printing, keyring)
    session.add(printing)
    session.flush()
    facts = {**asdict(order), "used": list(order.used), "run": run.public_id, "sample": printing.sample}
    facts["spans"] = [list(span) for span in order.spans]
    record(session, "printing.made", printing, actor=actor, now=now, facts=facts)
    _keep_sheets(session, printing, order, count_in(spans), now)
    if has_pins(printing) and not printing.sample:
        issue_pins(session, keyring, run, printing, actor=actor, now=now)
    queue(session, printing, actor=actor, now=now)
    return printing


def look(session: Session, run: Run, order: Order, *, keyring: Keyring, public_url: str, today: date) -> Looked:
    """Whether an order could be drawn, and how well it would scan; raises `Refused` where it could not be drawn."""
    printing, spans = _ordered(session, run, order, public_url, today)
    refuse_undrawable(session, printing, keyring)
    return Looked(verdicts_on(session, printing, keyring), count_in(spans), without(spans_of(printing), spans))


def preview(session: Session, run: Run, order: Order, *, keyring: Keyring, public_url: str, today: date) -> bytes:
    """The first sheet of an order as a PNG, overprinted as a sample; nothing is kept. Raises `Refused`."""
    printing, _spans = _ordered(session, run, order, public_url, today)
    refuse_undrawable(session, printing, keyring)
    return draw_preview(session, printing, keyring)


def _ordered(session: Session, run: Run, order: Order, public_url: str, today: date) -> tuple[Printing, list[Span]]:
    rows = run.ranges if inspect(run).transient else within(session, run, order.first, order.last)
    asked = joined(order.spans or [(order.first, order.last)])
    spans = shared(spans_in(rows, order.first, order.last, PRINTABLE), asked)
    if not spans:
        raise Refused("Every one of these stamps is void.", field="serials", conflict=True)
    rows = [row for row in rows if shared([(row.first, row.last)], asked)]
    batch = _batch_of(rows)
    printing = Printing(
        run=run,
        batch_id=batch.id if batch else None,
        cooperative_id=run.cooperative_id,
        words=json.dumps(_frozen(session, run, batch, order, today), ensure_ascii=False, sort_keys=True),
        public_url=public_url,
        sample=run.released_at is None,
        first=asked[0][0],
        last=asked[-1][1],
        spans=to_text(asked) if len(asked) > 1 else None,
        stock=order.stock,
        face=order.face,
        format=order.format,
        dpi=order.dpi,
        copies=order.copies,
    )
    return printing, spans


def _batch_of(rows: list[StampRange]) -> Batch | None:
    """The one batch that all of these stamps are for, if there is one."""
    batches = {row.batch for row in rows}
    return batches.pop() if len(batches) == 1 else None


def _frozen(session: Session, run: Run, batch: Batch | None, order: Order, today: date) -> dict[str, Any]:
    words, picture, scheme = face_words(session, run, batch, today)
    face = find_face(session, run.cooperative_id, order.face)
    if face and says_vietgap(face) and scheme != Scheme.VIETGAP:
        raise Refused(
            "This face says VietGAP: it needs a batch under a VietGAP certificate that an auditor has confirmed.",
            field="face",
        )
    note = Note(job=run.label, batch=batch.code if batch else "", day=f"{today:%d/%m/%Y}")
    sheet = {"used": sorted(order.used), "divider_every": order.divider_every, "leader": True}
    kept = {"words": words, "picture": picture, "note": asdict(note), "sheet": sheet, "part": order.part}
    logo = session.get_one(Cooperative, run.cooperative_id).logo
    kept |= {"logo": logo.public_id if logo else None}
    kept |= kept_choices(session, run.cooperative_id, order.stock, order.face)
    return kept | _correction(session, run.cooperative_id, order)


def _correction(session: Session, cooperative_id: int, order: Order) -> dict[str, Any]:
    """The chosen printer, and how its tray errs today: kept, so that a later measure changes no earlier file."""
    if not order.printer:
        return {}
    printer = next((one for one in printers_of(session, cooperative_id) if one.public_id == order.printer), None)
    if printer is None:
        raise Refused("Choose a printer from the list.", field="printer")
    stock = find_stock(session, cooperative_id, order.stock)
    page = (stock.page_width_mm, stock.page_height_mm) if stock and not stock.roll else None
    if not FORMATS[order.format].paged or page != PAGES[printer.page]:
        raise Refused("This printer was measured for sheets of %(page)s.", field="printer", page=printer.page)
    figures = (printer.dx_um, printer.dy_um, printer.scale_x_ppm, printer.scale_y_ppm)
    return {"printer": printer.public_id, "correction": figures}


def _keep_sheets(session: Session, printing: Printing, order: Order, count: int, now: datetime) -> None:
    """The part-used sheet that this print takes, and the one that it leaves."""
    if order.part:
        sheet = part_sheet(session, printing.cooperative_id, order.part)
        if sheet is None or sheet.stock != order.stock:
            raise Refused("Somebody else has just printed on this sheet.", field="part", conflict=True)
        take(session, sheet, now=now)
    if FORMATS[printing.format].paged and not printing.sample:
        remember(session, printing, order.used, count * order.copies, now=now)


def not_yet_issued(
    session: Session, cooperative: Cooperative, batch: Batch, count: int, *, keyring: Keyring, released: bool, year: int
) -> Run:
    """A run as it would be issued, to look at and in no database. Its number, 0, is never given to one."""
    if not 1 <= count <= MOST_STAMPS_IN_A_RUN:
        raise Refused("A run has 1 to %(most)s stamps.", field="count", most=MOST_STAMPS_IN_A_RUN)
    run = Run(
        number=0,
        label=next_label(session, cooperative, year),
        count=count,
        key_version=keyring.minting_book().version,
        cooperative_id=cooperative.id,
        gtin=batch.product.gtin,
        released_at=batch.created_at if released else None,
    )
    run.ranges = [StampRange(first=1, last=count, state=RangeState.MADE, batch_id=batch.id, batch=batch)]
    return run


def last_printing(session: Session, cooperative_id: int, person_id: int | None, face: str = "") -> Printing | None:
    """What "as last time" means: this person's last print, with a face if one is named; else anybody's here."""
    query = select(Printing).where(Printing.cooperative_id == cooperative_id)
    if face:
        query = query.where(Printing.face == face)
    query = query.order_by(Printing.id.desc()).limit(1)
    own = session.scalars(query.where(Printing.by_person_id == person_id)).first() if person_id else None
    return own or session.scalars(query).first()
