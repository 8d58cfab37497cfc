"""Did all of it come out well? Good stamps go on to be active, doubtful ones are void and new ones printed; or, where
people say that every spoiled one is destroyed, the same numbers are printed once more."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..records import WAITING, Printing, RangeState, Run
from .activating import activate
from .actor import Actor
from .history import record
from .keyring import Keyring
from .print_spans import free_spans, newest_job
from .printers import printers_of
from .printing import Order, print_stamps
from .ranges import Span, locked, spans_in, within
from .refused import Refused, RefusedAll
from .serials import read_serial
from .spans import count_in, shared, spans_of, without
from .stamps import void
from .standing import is_cleared

ALIVE = WAITING | {RangeState.ACTIVE}
LINK = re.compile(r"(?:https?://[^/]+/(?:t|01/[0-9]{14}/21)/)?([0-9a-z]{16})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of a print. Serials as typed, or what a scanner reads from the symbol."""

    good: bool
    last_good: str = ""
    next_good: str = ""
    destroyed: bool = False
    """Every spoiled stamp is destroyed, or was never printed: their numbers may be printed once more."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    active: int
    void: int
    doubtful: list[Span]


def answer(
    session: Session, printing: Printing, said: Said, *, keyring: Keyring, actor: Actor, now: datetime
) -> Answered:
    """Take the answer, once. Spoiled: the stamps between the last good serial and the first good one after it are in
    doubt; an empty serial means that none before, or none after, is good. What is not in doubt is activated if its
    batch is cleared.
    """
    run = locked(session, session.get_one(Run, printing.run_id))
    session.refresh(printing)
    if printing.answered_at is not None:
        raise Refused("This print has been answered for already.", conflict=True)
    if printing.sample:
        raise Refused("These are samples: the operator has not confirmed the public address yet.")
    job = newest_job(session, printing)
    if job is not None and job.open:
        raise Refused("This print is not finished.", conflict=True)
    spans = [] if said.good else doubtful(printing, run, said, keyring)
    voided = 0 if said.destroyed else _void(session, run, spans, said.reason, actor=actor, now=now)
    printing.answered_at, printing.came_out_well = now, said.good
    facts = {"came_out_well": said.good, "void": voided, "doubtful": [list(span) for span in spans]}
    record(session, "printing.answered", printing, actor=actor, now=now, facts=facts)
    return Answered(_activate(session, printing, run, spans, actor=actor, now=now), voided, spans)


def _void(session: Session, run: Run, spans: list[Span], reason: str, *, actor: Actor, now: datetime) -> int:
    count = 0
    for first, last in spans:
        alive = count_in(spans_in(within(session, run, first, last), first, last, ALIVE))
        if alive:
            void(session, run, first, last, reason, actor=actor, now=now)
        count += alive
    return count


def doubtful(printing: Printing, run: Run, said: Said, keyring: Keyring) -> list[Span]:
    """The stamps in doubt. Raises `Refused`."""
    first, last = printing.first, printing.last
    if said.last_good.strip():
        first = _inside(printing, run, said.last_good, "last_good", keyring) + 1
    if said.next_good.strip():
        last = _inside(printing, run, said.next_good, "next_good", keyring) - 1
    spans = shared([(first, last)], spans_of(printing)) if first <= last else []
    if not spans:
        raise Refused("Between these two serials no stamp is spoiled.", field="next_good")
    return spans


def _inside(printing: Printing, run: Run, text: str, field: str, keyring: Keyring) -> int:
    code = LINK.fullmatch(text.strip().replace("-", "") if "/" not in text else text.strip())
    place = keyring.read(code[1]) if code else None
    number = place.index + 1 if place and place.run == run.number else read_serial(run, text, field)
    if not shared([(number, number)], spans_of(printing)):
        raise Refused(
            "This print has the stamps %(first)s to %(last)s.",
            field=field,
            first=run.serial(printing.first),
            last=run.serial(printing.last),
        )
    return number


def _activate(session: Session, printing: Printing, run: Run, doubt: list[Span], *, actor: Actor, now: datetime) -> int:
    """At once, if it was printed for a batch that is cleared; else people do it once it is."""
    if printing.batch is None or not is_cleared(printing.batch):
        return 0
    rows = within(session, run, printing.first, printing.last)
    waiting = spans_in(rows, printing.first, printing.last, WAITING)
    spans = without(shared(waiting, spans_of(printing)), doubt)
    for first, last in spans:
        activate(session, run, first, last, printing.batch, actor=actor, now=now)
    return count_in(spans)


def print_anew(
    session: Session,
    printing: Printing,
    done: Answered,
    *,
    destroyed: bool,
    keyring: Keyring,
    public_url: str,
    actor: Actor,
    now: datetime,
    today: date,
) -> Printing | None:
    """A print, on the same paper with the same face, of what is lacking: the same numbers where every spoiled stamp is
    `destroyed`, else as many new ones of the run; None where it has too few, or where printing them is refused."""
    run = session.get_one(Run, printing.run_id)
    if destroyed:
        spans = done.doubtful
    else:
        spare = replacements(session, printing, done.void)
        spans = [spare] if spare else []
    if not spans:
        return None
    order = order_like(session, printing, spans, destroyed=destroyed)
    told = {"keyring": keyring, "public_url": public_url, "actor": actor, "now": now, "today": today}
    lines = list(session.info.get("lines", []))
    try:
        with session.begin_nested():
            return print_stamps(session, run, order, **told)  # type: ignore[arg-type]
    except (Refused, RefusedAll):
        session.info["lines"] = lines
        return None


def order_like(session: Session, printing: Printing, spans: list[Span], *, destroyed: bool = False) -> Order:
    """Other stamps, as an earlier print was asked for."""
    kept = json.loads(printing.words)
    known = {one.public_id for one in printers_of(session, printing.cooperative_id)}
    return Order(
        spans[0][0],
        spans[-1][1],
        printing.stock,
        printing.face,
        spans=tuple(spans) if len(spans) > 1 else (),
        format=printing.format,
        dpi=printing.dpi,
        copies=printing.copies,
        divider_every=kept.get("sheet", {}).get("divider_every", 0),
        printer=kept["printer"] if kept.get("printer") in known else "",
        destroyed=destroyed,
    )


def replacements(session: Session, printing: Printing, count: int) -> Span | None:
    """As many stamps of the same run as are lacking, never printed yet, for the same batch; None if it has too few."""
    run = session.get_one(Run, printing.run_id)
    free = free_spans(session, run)
    for row in within(session, run, 1, run.count):
        for first, last in shared(free, [(row.first, row.last)]) if row.batch_id == printing.batch_id else ():
            if last - first + 1 >= count > 0:
                return first, first + count - 1
    return None
