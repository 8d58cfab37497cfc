"""Sheets of stamps drawn from what was kept of an order, through the label workshop."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
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
    page_png,
    read_picture,
    ready,
    stock_named,
    write_pdf,
)

from ..records import Printing, RangeState, Run, Upload
from .keyring import Keyring
from .ranges import Span, spans_in, within
from .refused import Refused, refuse_all
from .stamps import stamp_link

FACES_OFFERED = ("origin", "code", "vietgap", "trademark", "bilingual", "symbol")
"""Faces whose words the records know; the one with a scratch layer needs PINs, which runs do not carry yet."""
PRINTABLE = frozenset({RangeState.MADE, RangeState.PRINTED, RangeState.ACTIVE})
NEEDS = {
    "product": "This face names the product, and these stamps have none yet.",
    "product_2": "This face is in two languages: give the product an English name first.",
    "certificate": "This face names a certificate that covers the batch, and there is none.",
    "trademark": "This face shows a mark's picture, and the batch has no mark that may be shown.",
}
"""What a face lacks, by the fact that the workshop misses."""
CODES_AT_ONCE = 10_000
PREVIEW_DPI = 110


def refuse_undrawable(session: Session, printing: Printing, keyring: Keyring) -> None:
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
    try:
        ready(
            list(_stamps(session, printing, keyring, [(printing.first, printing.first)])), **_layout(session, printing)
        )
    except LabelError as error:
        raise as_refusal(error, "face") from error


def as_refusal(error: LabelError, field: str) -> Refused:
    """The workshop's "no" in our shape: its figures already written, so that any language can place them."""
    if error.code == "face-needs":
        return Refused(NEEDS[str(error.figures["fact"])], field=field)
    if error.code == "words-do-not-fit":
        message = "“%(words)s” does not fit on a stamp of this size: choose larger paper or a simpler face."
        return Refused(message, field=field, words=str(error.figures["words"]))
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
    stamps = _stamps(session, printing, keyring, spans)
    count = sum(last - first + 1 for first, last in spans)
    run = session.get_one(Run, printing.run_id)
    title = f"{run.serial(printing.first)} – {printing.last:07d}"
    return write_pdf(out, stamps, **_layout(session, printing), count=count, title=title)


def draw_preview(session: Session, printing: Printing, keyring: Keyring) -> bytes:
    """The first sheet as a PNG, overprinted."""
    stock = stock_named(printing.stock)
    spans, room = [], stock.cells - printing.skipped_cells
    for first, last in alive_spans(session, printing):
        spans.append((first, min(last, first + room - 1)))
        room -= spans[-1][1] - first + 1
        if room <= 0:
            break
    layout = _layout(session, printing)
    layout["sheet"] = replace(layout["sheet"], overprint=captions("vi")["sample"])
    return page_png(list(_stamps(session, printing, keyring, spans)), **layout, dpi=PREVIEW_DPI)


def alive_spans(session: Session, printing: Printing) -> list[Span]:
    """The stamps of a printing that are not void."""
    rows = within(session, session.get_one(Run, printing.run_id), printing.first, printing.last)
    return list(spans_in(rows, printing.first, printing.last, PRINTABLE))


def _stamps(session: Session, printing: Printing, keyring: Keyring, spans: list[Span]) -> Iterator[Stamp]:
    run = session.get_one(Run, printing.run_id)
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
