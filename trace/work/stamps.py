"""Issuing stamps, and what becomes of them on paper: printed, delivered, lost, found, void."""

import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import (
    MOST_STAMPS_IN_A_RUN,
    RUN_NUMBERS,
    Batch,
    Cooperative,
    Deployment,
    Printing,
    Product,
    RangeState,
    Run,
    StampRange,
)
from .actor import Actor
from .gate_rules import Gate
from .gates import pass_gate
from .history import record
from .keyring import Keyring
from .ranges import MOVES, Bound, Span, locked, move, spans_in, within
from .refused import Refused

AFTER_A_LOST_FILE = 1 << 16
"""How far above the database's highest run numbering goes on when the file beside the keys is lost too."""
MACHINES = 8
"""How many machines may give run numbers side by side."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The highest run number as remembered outside the database (see `trace.keyfiles`)."""

    highest: Callable[[], int | None]
    remember: Callable[[int], None]
    machine: int | None = None
    """Which of several machines this is, from 1 on; each gives the numbers that leave its own remainder, so that what
    one gave and a restored database forgot is known to that one's file, and to no other need it be."""


def issue_stamps(
    session: Session,
    keyring: Keyring,
    numbering: Numbering,
    cooperative: Cooperative,
    count: int,
    *,
    actor: Actor,
    now: datetime,
    batch: Batch | None = None,
    product: Product | None = None,
    released: bool = True,
) -> Run:
    """Make a run of `count` stamps: one row for the run and one for its range, whatever the count.

    With a batch the stamps are meant for it (not yet bound: activation does that); a product with a GTIN gives its
    links the GS1 form. `released` is false while no operator has confirmed the address that stamps carry.
    """
    if not cooperative.approved:
        raise Refused("Stamps can be issued once an officer has approved the cooperative's registration.")
    if not 1 <= count <= MOST_STAMPS_IN_A_RUN:
        raise Refused("A run has 1 to %(most)s stamps.", field="count", most=MOST_STAMPS_IN_A_RUN)
    if batch is not None:
        pass_gate(session, Gate.ISSUE, batch, now=now, stamps=count)
    product = batch.product if batch is not None else product
    run = Run(
        number=next_run_number(session, numbering),
        label=next_label(session, cooperative, now.year),
        count=count,
        key_version=keyring.minting_book().version,
        cooperative_id=cooperative.id,
        product_id=product.id if product else None,
        gtin=product.gtin if product else None,
        by_person_id=actor.person_id,
        created_at=now,
        released_at=now if released else None,
    )
    session.add(run)
    session.flush()
    session.add(
        StampRange(
            run_id=run.id,
            cooperative_id=cooperative.id,
            first=1,
            last=count,
            state=RangeState.MADE,
            batch_id=batch.id if batch else None,
            since_at=now,
            by_person_id=actor.person_id,
        )
    )
    session.flush()
    record(session, "run.issued", run, actor=actor, now=now)
    return run


def next_run_number(session: Session, numbering: Numbering) -> int:
    """A number never given before, not even after a restore: above both the database's and the file's highest.

    It is remembered beside the keys before this transaction can commit; a number lost to a crash is simply skipped.
    """
    session.get_one(Deployment, 1, with_for_update=True)  # one numbering at a time
    in_database = session.scalar(select(func.max(Run.number)))
    in_file = numbering.highest()
    if in_database is None and in_file is None:
        number = 1
    elif in_file is None:
        number = (in_database or 0) + AFTER_A_LOST_FILE
    else:
        number = max(in_database or 0, in_file) + 1
    if numbering.machine is not None:
        number += (numbering.machine - 1 - number) % MACHINES
    if number >= RUN_NUMBERS:
        raise Refused("Every run number of this deployment has been given.")
    numbering.remember(number)
    return number


def next_label(session: Session, cooperative: Cooperative, year: int) -> str:
    """Cooperative, year, letters: HCL-26A … HCL-26Z, HCL-26AA …"""
    start = f"{cooperative.label}-{year % 100:02d}"
    given = session.scalar(select(func.count(Run.id)).where(Run.label.startswith(start, autoescape=True))) or 0
    return start + _letters(given)


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters


def mark_printed(
    session: Session, run: Run, spans: list[Span], *, actor: Actor, now: datetime, printing: Printing | None = None
) -> None:
    """A file with these stamps has been released; active ones keep their state, void ones are left out."""
    run = locked(session, run)
    bound, made = Bound(printing=printing), frozenset({RangeState.MADE})
    for first, last in spans:
        for span in list(spans_in(within(session, run, first, last), first, last, made)):
            move(session, run, *span, RangeState.PRINTED, actor=actor, now=now, bound=bound)
    facts = {"first": spans[0][0], "last": spans[-1][1], "spans": [list(span) for span in spans]}
    record(session, "run.printed", run, actor=actor, now=now, facts=facts)


def mark_delivered(session: Session, run: Run, first: int, last: int, *, actor: Actor, now: datetime) -> int:
    """Rolls or sheets have come from the print house and were counted. Returns how many stamps that were."""
    run = locked(session, run)
    printed = frozenset({RangeState.MADE, RangeState.PRINTED})
    spans = list(spans_in(within(session, run, first, last), first, last, printed))
    if not spans:
        raise Refused("None of these stamps is on its way.", field="first", conflict=True)
    for span in spans:
        move(session, run, *span, RangeState.DELIVERED, actor=actor, now=now)
    record(session, "stamps.delivered", run, actor=actor, now=now, facts={"spans": [list(span) for span in spans]})
    return sum(b - a + 1 for a, b in spans)


def void(session: Session, run: Run, first: int, last: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take stamps out of use for good. Ones that are void already stay as they were."""
    if not reason.strip():
        raise Refused("Say why these stamps are void.", field="reason")
    spans = _take_out(session, run, (first, last), RangeState.VOID, reason.strip(), actor=actor, now=now)
    if not spans:
        raise Refused("These stamps are void already.", field="first", conflict=True)


def report_lost(session: Session, run: Run, first: int, last: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Stamps that nobody can find: whoever reads one is told not to rely on it. Found again, they are returned."""
    if not reason.strip():
        raise Refused("Say how these stamps were lost.", field="reason")
    spans = _take_out(session, run, (first, last), RangeState.LOST, reason.strip(), actor=actor, now=now)
    if not spans:
        raise Refused("These stamps are void or lost already.", field="first", conflict=True)


def report_found(session: Session, run: Run, first: int, last: int, *, actor: Actor, now: datetime) -> int:
    """Lost stamps that turned up: they wait again, and may be activated. Returns how many."""
    run = locked(session, run)
    spans = list(spans_in(within(session, run, first, last), first, last, frozenset({RangeState.LOST})))
    if not spans:
        raise Refused("None of these stamps is lost.", field="first", conflict=True)
    for span in spans:
        move(session, run, *span, RangeState.RETURNED, actor=actor, now=now)
    record(session, "stamps.found", run, actor=actor, now=now, facts={"spans": [list(span) for span in spans]})
    return sum(b - a + 1 for a, b in spans)


_ENTRY = {RangeState.VOID: "stamps.voided", RangeState.LOST: "stamps.lost"}


def _take_out(
    session: Session, run: Run, span: Span, to: RangeState, reason: str, *, actor: Actor, now: datetime
) -> list[Span]:
    """Move what may go to `to`; returns what went, nothing if none could."""
    run = locked(session, run)
    may = frozenset(state for state, onward in MOVES.items() if to in onward)
    spans = list(spans_in(within(session, run, *span), *span, may))
    for part in spans:
        move(session, run, *part, to, actor=actor, now=now, reason=reason)
    if spans:
        facts = {"spans": [list(part) for part in spans], "reason": reason}
        record(session, _ENTRY[to], run, actor=actor, now=now, facts=facts)
    return spans


def stamp_link(public_url: str, run: Run, code: str) -> str:
    """The address in a stamp, in capitals so that a QR code stays small; GS1 Digital Link where the run has a GTIN."""
    path = f"/01/{run.gtin}/21/{code}" if run.gtin else f"/T/{code}"
    return public_url.upper() + path
