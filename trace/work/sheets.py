"""Files of stamps drawn from what was kept of an order, through the label workshop."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from labels import (
    Calibration,
    LabelError,
    Note,
    Picture,
    Sheet,
    Stamp,
    Verdict,
    Words,
    captions,
    fitness,
    fits,
    label_png,
    page_png,
    pages,
    read_picture,
    ready,
)

from ..records import SERIAL_DIGITS, WAITING, Printing, RangeState, Run, Upload
from ..standards.codes import CodeBook
from ..standards.pins import STAND_IN
from .formats import FORMATS, complaints_about, options_of
from .keyring import Keyring
from .label_refusals import as_refusal, refuse_needed
from .pins import pins_of
from .print_choices import find_face, has_field, printed_face, printed_stock, shows
from .ranges import Span, spans_in, within
from .refused import Refused, refuse_all
from .spans import count_in, shared, spans_of
from .stamps import stamp_link

PRINTABLE = WAITING | {RangeState.ACTIVE}
CODES_AT_ONCE = 10_000
PREVIEW_DPI, LABEL_DPI = 110, 203
Pins = Callable[[int, int], list[str | None]]


def refuse_undrawable(session: Session, printing: Printing, keyring: Keyring) -> None:
    """Find out now, not at the printer, whether words and symbol fit the label."""
    try:
        stock = printed_stock(printing)
    except LabelError:
        raise Refused("Choose a paper from the list.", field="stock") from None
    sheet = _kept(printing)["sheet"]
    complaints = complaints_about(printing.format, stock, printing.dpi, printing.copies, sheet["divider_every"])
    if "face" not in _kept(printing) and find_face(session, printing.cooperative_id, printing.face) is None:
        complaints.append(Refused("Choose a face from the list.", field="face"))
    if any(not 0 <= cell < stock.cells for cell in sheet["used"]) or (sheet["used"] and stock.roll):
        most = 0 if stock.roll else stock.cells
        complaints.append(Refused("This sheet has the places 1 to %(most)s.", field="used_typed", most=most))
    elif len(set(sheet["used"])) == stock.cells:
        complaints.append(Refused("Every place of this sheet is used: leave it out.", field="used_typed"))
    refuse_all(complaints)
    if FORMATS[printing.format].drawn:
        _planned(session, printing, keyring)


def _planned(session: Session, printing: Printing, keyring: Keyring) -> tuple[Any, str]:
    """The workshop's plan of a printing and the link of its first stamp. Raises `Refused`."""
    first = list(_stamps(session, printing, keyring, [(printing.first, printing.first)])())
    face, kept = printed_face(printing), _kept(printing)
    for name, picture in (("trademark", kept["picture"]), ("logo", kept.get("logo"))):
        if shows(face, name) and picture is None:
            refuse_needed(name)
    try:
        plan, _ = ready(first, **_layout(session, printing), dpi=printing.dpi)
    except LabelError as error:
        raise as_refusal(error, "face") from error
    return plan, first[0].link


def verdicts_on(session: Session, printing: Printing, keyring: Keyring) -> list[Verdict]:
    """Whether what is printed will scan, the worst first; nothing about a list, which a print house draws itself."""
    if not FORMATS[printing.format].drawn:
        return []
    plan, link = _planned(session, printing, keyring)
    return fitness(plan, link, dpi=printing.dpi)


def refuse_unfit(session: Session, printing: Printing, keyring: Keyring) -> None:
    """No stamp leaves the house that a phone would not read."""
    if not fits(verdicts_on(session, printing, keyring)):
        raise Refused("Stamps like these would not scan: beside the picture stands why, and what helps.", field="stock")


def freeze_face(session: Session, printing: Printing, keyring: Keyring) -> None:
    """Keep the face as it stands now, each element in its place, for every later print."""
    if FORMATS[printing.format].drawn:
        plan, _link = _planned(session, printing, keyring)
        kept = _kept(printing) | {"face": plan.face.to_json()}
        printing.words = json.dumps(kept, ensure_ascii=False, sort_keys=True)


def _kept(printing: Printing) -> dict[str, Any]:
    """What was kept, with what printings of the first days did not keep yet."""
    kept: dict[str, Any] = json.loads(printing.words)
    return kept | {"sheet": {"used": [], "divider_every": 0, "leader": False} | kept.get("sheet", {})}


def drawing(
    session: Session, printing: Printing, keyring: Keyring, spans: list[Span], *, in_earnest: bool = False
) -> tuple[Callable[[], Iterator[Stamp]], dict[str, Any]]:
    """The stamps of a printing, as often as asked for, and its writer's further arguments; the same words and places
    every time. What is returned asks the database nothing more, unless it is `in_earnest`: with true PINs. Raises
    `Refused` when no stamp is left."""
    if not spans:
        raise Refused("Every one of these stamps is void.", conflict=True)
    run, form = _run(session, printing), FORMATS[printing.format]
    title = f"{run.serial(printing.first)} – {printing.last:07d}"
    layout = _layout(session, printing) if form.drawn else {}
    options = options_of(form, dpi=printing.dpi, title=title, layout=layout)
    if form.drawn:
        options["count"] = count_in(spans)
    elif has_pins(printing):
        options["pins"] = True
    return _stamps(session, printing, keyring, spans, in_earnest=in_earnest), options


def draw_now(session: Session, printing: Printing, keyring: Keyring, spans: list[Span], out: BinaryIO) -> None:
    """Draw a file with PINs for whoever prints it; no such file is kept."""
    stamps, options = drawing(session, printing, keyring, spans, in_earnest=True)
    FORMATS[printing.format].write(out, stamps(), copies=printing.copies, **options)


def draw_preview(session: Session, printing: Printing, keyring: Keyring) -> bytes:
    """The first sheet as a PNG, overprinted."""
    stock, layout = printed_stock(printing), _layout(session, printing)
    spans, room = [], stock.cells - len(_kept(printing)["sheet"]["used"])
    alive = alive_spans(session, printing)
    for first, last in alive:
        spans.append((first, min(last, first + room - 1)))
        room -= spans[-1][1] - first + 1
        if room <= 0:
            break
    over = {"overprint": captions("vi")["sample"], "overprint_symbol_only": not printing.sample}
    layout["sheet"] = replace(layout["sheet"], **over)
    stamps = list(_stamps(session, printing, keyring, spans)())
    if printing.format == "labels":
        return label_png(stamps[0], **layout, dpi=LABEL_DPI)
    labels = count_in(alive) * printing.copies
    return page_png(stamps, **layout, copies=printing.copies, labels=labels, dpi=PREVIEW_DPI, printer_dpi=printing.dpi)


def alive_spans(session: Session, printing: Printing) -> list[Span]:
    """The stamps of a printing that are not void."""
    run = _run(session, printing)
    if inspect(run).transient:  # not issued yet: looked at beforehand
        return spans_of(printing)
    rows = within(session, run, printing.first, printing.last)
    return shared(spans_in(rows, printing.first, printing.last, PRINTABLE), spans_of(printing))


def _run(session: Session, printing: Printing) -> Run:
    return session.get_one(Run, printing.run_id) if printing.run_id else printing.run


def has_pins(printing: Printing) -> bool:
    """Whether its face has a field for a PIN."""
    try:
        return has_field(printed_face(printing), "pin")
    except LabelError:  # no face at all: that is said elsewhere
        return False


def _stamps(
    session: Session, printing: Printing, keyring: Keyring, spans: list[Span], *, in_earnest: bool = False
) -> Callable[[], Iterator[Stamp]]:
    """True PINs stand in what is sent to whoever prints, and in no picture, no sample and no file that is kept."""
    run = _run(session, printing)
    start, label = stamp_link(printing.public_url, run, ""), run.serial(0)[:-SERIAL_DIGITS]
    if in_earnest and has_pins(printing) and not printing.sample:
        pins: Pins = partial(pins_of, session, keyring, run, drawn_for=printing.id)
    else:
        pins = partial(_stand_ins, STAND_IN if has_pins(printing) else None)
    return partial(_each, keyring.book(run.key_version), run.number, start, label, pins, spans)


def _stand_ins(what: str | None, first: int, last: int) -> list[str | None]:
    return [what] * (last - first + 1)


def _each(  # noqa: PLR0917 - bound once, above
    book: CodeBook, run_number: int, start: str, label: str, pins: Pins, spans: list[Span]
) -> Iterator[Stamp]:
    for first, last in spans:
        for here in range(first, last + 1, CODES_AT_ONCE):
            codes = book.codes(run_number, here - 1, min(CODES_AT_ONCE, last - here + 1))
            own = pins(here, here + len(codes) - 1)
            for number, (code, pin) in enumerate(zip(codes.tolist(), own, strict=True), here):
                text = code.decode()
                yield Stamp(link=start + text, code=text, serial=f"{label}{number:0{SERIAL_DIGITS}d}", pin=pin)


def _layout(session: Session, printing: Printing) -> dict[str, Any]:
    kept, stock, face = _kept(printing), printed_stock(printing), printed_face(printing)
    trademark = _picture(session, kept["picture"] if shows(face, "trademark") else None)
    logo = _picture(session, kept.get("logo") if shows(face, "logo") else None)
    words = Words(**kept["words"], trademark=trademark, logo=logo)
    used, roll = kept["sheet"]["used"], stock.roll
    sheet = Sheet(
        used=(frozenset(used),) if used else (),
        note=Note(**kept["note"]),
        overprint=captions("vi")["sample"] if printing.sample else "",
        calibration=_calibration(*kept["correction"]) if "correction" in kept else Calibration(),
        leader=bool(roll and kept["sheet"]["leader"] and printing.format != "labels"),
        divider_every=kept["sheet"]["divider_every"] if roll and printing.format != "labels" else 0,
    )
    return {"stock": stock, "face": face, "words": words, "sheet": sheet}


def _calibration(dx_um: int, dy_um: int, scale_x_ppm: int, scale_y_ppm: int) -> Calibration:
    return Calibration(dx_um / 1000, dy_um / 1000, scale_x_ppm / 1_000_000, scale_y_ppm / 1_000_000)


def _picture(session: Session, public_id: str | None) -> Picture | None:
    content = session.scalar(select(Upload.content).where(Upload.public_id == public_id)) if public_id else None
    return read_picture(content) if content else None


def sheets(printing: Printing, count: int) -> int:
    """How many sheets of paper, or rows of a roll, so many stamps take."""
    used = _kept(printing)["sheet"]["used"]
    return pages(printed_stock(printing), Sheet(used=(frozenset(used),) if used else ()), count * printing.copies)
