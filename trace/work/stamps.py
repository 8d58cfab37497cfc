"""Issuing stamps, and what becomes of them on paper: printed, delivered, lost, found, void."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from ..records import (
    MOST_STAMPS_IN_A_RUN,
    Batch,
    Cooperative,
    Printing,
    Product,
    RangeState,
    Run,
    StampRange,
)
from .actor import Actor
from .days import day_of
from .deployments import setting
from .gate_rules import Gate
from .gates import pass_gate
from .history import record
from .keyring import Keyring
from .ranges import MOVES, Bound, Span, locked, move, spans_in, within
from .refused import Refused
from .run_numbers import Numbering, next_label, next_run_number


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
    state: RangeState = RangeState.MADE,
) -> Run:
    """Make a run of `count` stamps: one row for the run and one for its range, whatever the count.

    With a batch the stamps are meant for it (not yet bound: activation does that); a product with a GTIN gives its
    links the GS1 form. `released` is false while no operator has confirmed the address that stamps carry. `state` is
    ordered for a run that an officer has to approve first (`work.stamp_orders`).
    """
    refuse_unissuable(session, cooperative, count, batch, now=now, state=state)
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
            state=state,
            batch_id=batch.id if batch else None,
            since_at=now,
            by_person_id=actor.person_id,
        )
    )
    session.flush()
    record(session, "run.issued", run, actor=actor, now=now)
    return run


def refuse_unissuable(
    session: Session,
    cooperative: Cooperative,
    count: int,
    batch: Batch | None,
    *,
    now: datetime,
    state: RangeState = RangeState.MADE,
) -> None:
    """Whether these stamps may be made at all: the one place for such a gate."""
    if not cooperative.approved:
        raise Refused("Stamps can be issued once an officer has approved the cooperative's registration.")
    if not 1 <= count <= MOST_STAMPS_IN_A_RUN:
        raise Refused("A run has 1 to %(most)s stamps.", field="count", most=MOST_STAMPS_IN_A_RUN)
    if state is RangeState.MADE and orders_on(session, day_of(now)):
        raise Refused("The province approves stamps before they are made: order them.")
    if batch is not None:
        pass_gate(session, Gate.ISSUE, batch, now=now, stamps=count)


def orders_on(session: Session, day: date) -> bool:
    """Whether the province approves stamps before they are made: off until it says so, from a day on."""
    return bool(setting(session, "stamp_orders", day))


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
        facts: dict[str, object] = {"spans": [list(part) for part in spans]}
        if to is RangeState.LOST:  # how stamps were lost may name somebody, and entries are for all to read
            record(session, "stamps.lost", run, actor=actor, now=now, facts=facts, private={"reason": reason})
        else:
            record(session, "stamps.voided", run, actor=actor, now=now, facts=facts | {"reason": reason})
    return spans


def stamp_link(public_url: str, run: Run, code: str) -> str:
    """The address in a stamp, in capitals so that a QR code stays small; GS1 Digital Link where the run has a GTIN."""
    path = f"/01/{run.gtin}/21/{code}" if run.gtin else f"/T/{code}"
    return public_url.upper() + path
