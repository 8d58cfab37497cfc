"""Did all of it come out well? Good stamps go on to be active, doubtful ones are void, new ones are offered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ..records import WAITING, Printing, RangeState, Run
from .activating import activate
from .actor import Actor
from .history import record
from .print_jobs import free_spans
from .ranges import Span, locked, spans_in, within
from .refused import Refused
from .serials import read_serial
from .spans import shared
from .stamps import void
from .standing import is_cleared

ALIVE = WAITING | {RangeState.ACTIVE}


@dataclass(frozen=True, slots=True)
class Answered:
    active: int
    void: int


def answer(
    session: Session,
    printing: Printing,
    *,
    good: bool,
    last_good: str,
    next_good: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Answered:
    """Take the answer, once. Spoiled: the stamps between the last good serial and the first good one after it are void;
    an empty serial means that none before, or none after, is good. What is left is activated if its batch is cleared.
    """
    run = locked(session, session.get_one(Run, printing.run_id))
    session.refresh(printing)
    if printing.answered_at is not None:
        raise Refused("This print has been answered for already.", conflict=True)
    if printing.sample:
        raise Refused("These are samples: the operator has not confirmed the public address yet.")
    voided = 0
    if not good:
        first, last = doubtful(printing, run, last_good, next_good)
        voided = sum(b - a + 1 for a, b in spans_in(within(session, run, first, last), first, last, ALIVE))
        if voided:
            void(session, run, first, last, reason, actor=actor, now=now)
    printing.answered_at, printing.came_out_well = now, good
    facts = {"came_out_well": good, "void": voided}
    record(session, "printing.answered", printing, actor=actor, now=now, facts=facts)
    return Answered(_activate(session, printing, run, actor, now), voided)


def doubtful(printing: Printing, run: Run, last_good: str, next_good: str) -> Span:
    """First and last of the stamps in doubt. Raises `Refused`."""
    first, last = printing.first, printing.last
    if last_good.strip():
        first = _inside(printing, run, last_good, "last_good") + 1
    if next_good.strip():
        last = _inside(printing, run, next_good, "next_good") - 1
    if first > last:
        raise Refused("Between these two serials no stamp is spoiled.", field="next_good")
    return first, last


def _inside(printing: Printing, run: Run, text: str, field: str) -> int:
    number = read_serial(run, text, field)
    if not printing.first <= number <= printing.last:
        raise Refused(
            "This print has the stamps %(first)s to %(last)s.",
            field=field,
            first=run.serial(printing.first),
            last=run.serial(printing.last),
        )
    return number


def _activate(session: Session, printing: Printing, run: Run, actor: Actor, now: datetime) -> int:
    """At once, if it was printed for a batch that is cleared; else people do it once it is."""
    if printing.batch is None or not is_cleared(printing.batch):
        return 0
    rows = within(session, run, printing.first, printing.last)
    spans = list(spans_in(rows, printing.first, printing.last, WAITING))
    for first, last in spans:
        activate(session, run, first, last, printing.batch, actor=actor, now=now)
    return sum(last - first + 1 for first, last in spans)


def replacements(session: Session, printing: Printing, count: int) -> Span | None:
    """As many stamps of the same run as are lacking, never printed yet, for the same batch; None if it has too few."""
    run = session.get_one(Run, printing.run_id)
    free = free_spans(session, run)
    for row in within(session, run, 1, run.count):
        for first, last in shared(free, [(row.first, row.last)]) if row.batch_id == printing.batch_id else ():
            if last - first + 1 >= count > 0:
                return first, first + count - 1
    return None
