"""Sheets of stamps: what is asked for is kept, words and all, so that the same sheet can be drawn again."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import Note

from ..records import Batch, Printing, Run, Scheme, StampRange
from .actor import Actor
from .face_words import face_words
from .history import record
from .keyring import Keyring
from .ranges import locked, spans_in, within
from .refused import Refused
from .sheets import PRINTABLE, draw_preview, refuse_undrawable
from .stamps import mark_printed


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
    printing = _ordered(session, run, order, public_url, today)
    printing.by_person_id, printing.created_at = actor.person_id, now
    refuse_undrawable(session, printing, keyring)
    session.add(printing)
    session.flush()
    facts = {**asdict(order), "run": run.public_id, "sample": printing.sample}
    record(session, "printing.made", printing, actor=actor, now=now, facts=facts)
    if not printing.sample:
        mark_printed(session, run, order.first, order.last, actor=actor, now=now)
    return printing


def check_order(session: Session, run: Run, order: Order, *, keyring: Keyring, public_url: str, today: date) -> None:
    """Whether an order could be drawn; raises `Refused` where it could not."""
    refuse_undrawable(session, _ordered(session, run, order, public_url, today), keyring)


def preview(session: Session, run: Run, order: Order, *, keyring: Keyring, public_url: str, today: date) -> bytes:
    """The first sheet of an order as a PNG, overprinted as a sample; nothing is kept. Raises `Refused`."""
    printing = _ordered(session, run, order, public_url, today)
    refuse_undrawable(session, printing, keyring)
    return draw_preview(session, printing, keyring)


def _ordered(session: Session, run: Run, order: Order, public_url: str, today: date) -> Printing:
    rows = within(session, run, order.first, order.last)
    if not list(spans_in(rows, order.first, order.last, PRINTABLE)):
        raise Refused("Every one of these stamps is void.", field="first", conflict=True)
    batch = _batch_of(rows)
    return Printing(
        run_id=run.id,
        batch_id=batch.id if batch else None,
        cooperative_id=run.cooperative_id,
        words=json.dumps(_frozen(session, run, batch, order, today), ensure_ascii=False, sort_keys=True),
        public_url=public_url,
        sample=run.released_at is None,
        first=order.first,
        last=order.last,
        stock=order.stock,
        face=order.face,
        skipped_cells=order.skipped,
    )


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
    note = Note(job=run.label, batch=batch.code if batch else "", day=f"{today:%d/%m/%Y}")
    return {"words": words, "picture": picture, "note": asdict(note)}


def last_printing(session: Session, cooperative_id: int) -> Printing | None:
    """What "as last time" means."""
    query = select(Printing).where(Printing.cooperative_id == cooperative_id)
    return session.scalars(query.order_by(Printing.id.desc()).limit(1)).first()
