"""Sheets of stamps: what is asked for is kept, words and all, so that the same sheet can be drawn again."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import (
    LabelError,
    Note,
    Sheet,
    Stamp,
    Stock,
    Words,
    Written,
    captions,
    read_picture,
    ready,
    stock_named,
    write_pdf,
)

from ..records import Batch, Printing, RangeState, Run, Scheme, StampRange, Upload
from .actor import Actor
from .face_words import face_words
from .history import record
from .keyring import Keyring
from .ranges import Span, locked, spans_in, within
from .refused import Refused, refuse_all
from .stamps import mark_printed, stamp_link

FACES_OFFERED = ("origin", "code", "vietgap", "trademark", "bilingual", "symbol")
"""Faces whose words the records know; the one with a scratch layer needs PINs, which runs do not carry yet."""
PRINTABLE = frozenset({RangeState.MADE, RangeState.PRINTED, RangeState.ACTIVE})
CODES_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for: stamps first–last of a run, on a stock, with a face; `skipped` cells are gone already."""

    first: int
    last: int
    stock: str
    face: str
    skipped: int = 0


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
    """Keep an order for a sheet and mark its stamps as printed. Raises `Refused` for what cannot be drawn.

    Stamps of a run made before the public address was confirmed are samples: overprinted, and never marked.
    """
    run = locked(session, run)
    rows = within(session, run, order.first, order.last)
    spans = list(spans_in(rows, order.first, order.last, PRINTABLE))
    if not spans:
        raise Refused("Every one of these stamps is void.", field="first", conflict=True)
    batch = _batch_of(rows)
    printing = Printing(
        run=run,
        batch=batch,
        cooperative_id=run.cooperative_id,
        words=json.dumps(_frozen(session, run, batch, order, today), ensure_ascii=False, sort_keys=True),
        public_url=public_url,
        sample=run.released_at is None,
        by_person_id=actor.person_id,
        created_at=now,
        first=order.first,
        last=order.last,
        stock=order.stock,
        face=order.face,
        skipped_cells=order.skipped,
    )
    _refuse_undrawable(session, printing, keyring, spans)
    session.add(printing)
    session.flush()
    facts = {**asdict(order), "run": run.public_id, "sample": printing.sample}
    record(session, "printing.made", printing, actor=actor, now=now, facts=facts)
    if not printing.sample:
        mark_printed(session, run, order.first, order.last, actor=actor, now=now)
    return printing


def _batch_of(rows: list[StampRange]) -> Batch | None:
    """The one batch that all of these stamps are for, if there is one."""
    batches = {row.batch for row in rows}
    return batches.pop() if len(batches) == 1 else None


def _frozen(session: Session, run: Run, batch: Batch | None, order: Order, today: date) -> dict[str, Any]:
    words, picture, scheme = face_words(session, run, batch, today)
    if order.face == "vietgap" and scheme != Scheme.VIETGAP:
        raise Refused(
            "This face says VietGAP: it needs a batch under a VietGAP certificate that an auditor has confirmed.",
            field="face",
        )
    note = Note(
        job=f"{run.serial(order.first)} – {order.last:07d}",
        batch=batch.code if batch else "",
        day=f"{today:%d/%m/%Y}",
    )
    return {"words": words, "picture": picture, "note": asdict(note)}


def _refuse_undrawable(session: Session, printing: Printing, keyring: Keyring, spans: list[Span]) -> None:
    """Find out now, not at the printer, whether words and symbol fit the label."""
    complaints = []
    if printing.face not in FACES_OFFERED:
        complaints.append(Refused("Choose a face from the list.", field="face"))
    try:
        stock = stock_named(printing.stock)
    except LabelError:
        raise Refused("Choose a paper from the list.", field="stock") from None
    if printing.skipped_cells and (stock.roll or not 0 <= printing.skipped_cells < stock.cells):
        most = 0 if stock.roll else stock.cells - 1
        complaints.append(
            Refused("At most %(most)s places of the first sheet can be used already.", field="skipped", most=most)
        )
    refuse_all(complaints)
    ends = (spans[0][0], spans[-1][1])
    try:
        ready(list(_stamps(printing, keyring, [(number, number) for number in ends])), **_layout(session, printing))
    except LabelError as error:
        raise as_refusal(error, "face") from error


def as_refusal(error: LabelError, field: str) -> Refused:
    """The workshop's "no" in our shape: its figures already written, so that any language can place them."""
    message = re.sub(r"%\((\w+)\)(?:\.\d+f|[dsr])", r"%(\1)s", error.message).replace("%(field)s", "%(part)s")
    figures: dict[str, Any] = {name: _written(value) for name, value in error.figures.items() if name != "field"}
    return Refused(message, field=field, part=str(error.figures.get("field", "")), **figures)


def _written(value: object) -> str:
    return f"{value:.1f}".replace(".", ",") if isinstance(value, float) else str(value)


def draw(session: Session, printing: Printing, keyring: Keyring, out: BinaryIO) -> Written:
    """Write a kept order as PDF: the same words and places every time, without stamps that are void by now."""
    spans = alive_spans(session, printing)
    if not spans:
        raise Refused("Every one of these stamps is void.", conflict=True)
    stamps = _stamps(printing, keyring, spans)
    count = sum(last - first + 1 for first, last in spans)
    title = f"{printing.run.serial(printing.first)} – {printing.last:07d}"
    return write_pdf(out, stamps, **_layout(session, printing), count=count, title=title)


def alive_spans(session: Session, printing: Printing) -> list[Span]:
    """The stamps of a printing that are not void."""
    rows = within(session, printing.run, printing.first, printing.last)
    return list(spans_in(rows, printing.first, printing.last, PRINTABLE))


def _stamps(printing: Printing, keyring: Keyring, spans: list[Span]) -> Iterator[Stamp]:
    run = printing.run
    book = keyring.book(run.key_version)
    start = stamp_link(printing.public_url, run, "")
    for first, last in spans:
        for here in range(first, last + 1, CODES_AT_ONCE):
            codes = book.codes(run.number, here - 1, min(CODES_AT_ONCE, last - here + 1))
            for number, code in enumerate(codes.tolist(), here):
                text = code.decode()
                yield Stamp(link=start + text, code=text, serial=run.serial(number))


def _layout(session: Session, printing: Printing) -> dict[str, Any]:
    kept = json.loads(printing.words)
    picture = _picture(session, kept["picture"]) if printing.face == "trademark" else None
    words = Words(**kept["words"], trademark=read_picture(picture) if picture else None)
    sheet = Sheet(
        used=(frozenset(range(printing.skipped_cells)),) if printing.skipped_cells else (),
        note=Note(**kept["note"]),
        overprint=captions("vi")["sample"] if printing.sample else "",
    )
    return {"stock": printing.stock, "face": printing.face, "words": words, "sheet": sheet}


def _picture(session: Session, public_id: str | None) -> bytes | None:
    return session.scalar(select(Upload.content).where(Upload.public_id == public_id)) if public_id else None


def sheets(printing: Printing, count: int) -> int:
    """How many sheets of paper so many stamps take."""
    stock: Stock = stock_named(printing.stock)
    return -(-(count + printing.skipped_cells) // stock.cells)


def last_printing(session: Session, cooperative_id: int) -> Printing | None:
    """What "as last time" means."""
    query = select(Printing).where(Printing.cooperative_id == cooperative_id)
    return session.scalars(query.order_by(Printing.id.desc()).limit(1)).first()
