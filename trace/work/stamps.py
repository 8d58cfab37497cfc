"""Issuing, printing, activating and voiding stamps."""

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
    Product,
    RangeState,
    Run,
    StampRange,
)
from .actor import Actor
from .history import record
from .keyring import Keyring
from .ranges import locked, move, spans_in, within
from .refused import Refused
from .standing import is_cleared

AFTER_A_LOST_FILE = 1 << 16
"""How far above the database's highest run numbering goes on when the file beside the keys is lost too."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The highest run number as remembered outside the database (see `trace.keyfiles`)."""

    highest: Callable[[], int | None]
    remember: Callable[[int], None]


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
    product = batch.product if batch is not None else product
    run = Run(
        number=next_run_number(session, numbering),
        label=_next_label(session, cooperative, now.year),
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
    if number >= RUN_NUMBERS:
        raise Refused("Every run number of this deployment has been given.")
    numbering.remember(number)
    return number


def _next_label(session: Session, cooperative: Cooperative, year: int) -> str:
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


def mark_printed(session: Session, run: Run, first: int, last: int, *, actor: Actor, now: datetime) -> None:
    """A file with these stamps has been made; active ones keep their state, void ones are left out by the caller."""
    run = locked(session, run)
    for span in list(spans_in(within(session, run, first, last), first, last, frozenset({RangeState.MADE}))):
        move(session, run, *span, RangeState.PRINTED, actor=actor, now=now)
    record(session, "run.printed", run, actor=actor, now=now, facts={"first": first, "last": last})


def activate(
    session: Session, run: Run, first: int, last: int, batch: Batch, *, actor: Actor, now: datetime
) -> list[tuple[int, int]]:
    """Bind stamps to a cleared batch: from now on their page tells its origin. Void ones inside are passed over.

    Returns the spans that became active.
    """
    run = locked(session, run)
    if not is_cleared(batch):
        raise Refused(
            "Batch %(batch)s is not cleared yet: stamps are activated once it is.", field="batch", batch=batch.code
        )
    if run.released_at is None:
        raise Refused("These are samples: the operator has not confirmed the public address yet.")
    if run.product_id is not None and run.product_id != batch.product_id:
        raise Refused("These stamps were made for another product: choose one of its batches.", field="batch")
    if run.gtin is not None and run.gtin != batch.product.gtin:
        raise Refused("These stamps carry GTIN %(gtin)s: they can only go on that product.", gtin=run.gtin)
    rows = within(session, run, first, last)
    if any(row.state == RangeState.ACTIVE for row in rows):
        taken = next(row for row in rows if row.state == RangeState.ACTIVE)
        raise Refused(
            "Stamps %(first)s to %(last)s are active already.",
            field="first",
            conflict=True,
            first=run.serial(max(first, taken.first)),
            last=run.serial(min(last, taken.last)),
        )
    spans = list(spans_in(rows, first, last, frozenset({RangeState.MADE, RangeState.PRINTED})))
    if not spans:
        raise Refused("Every one of these stamps is void.", field="first", conflict=True)
    for span in spans:
        move(session, run, *span, RangeState.ACTIVE, actor=actor, now=now, batch=batch)
    facts = {"batch": batch.public_id, "spans": [list(span) for span in spans]}
    record(session, "stamps.activated", run, actor=actor, now=now, facts=facts)
    return spans


def void(session: Session, run: Run, first: int, last: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take stamps out of use for good. Ones that are void already stay as they were."""
    run = locked(session, run)
    if not reason.strip():
        raise Refused("Say why these stamps are void.", field="reason")
    alive = frozenset({RangeState.MADE, RangeState.PRINTED, RangeState.ACTIVE})
    spans = list(spans_in(within(session, run, first, last), first, last, alive))
    if not spans:
        raise Refused("These stamps are void already.", field="first", conflict=True)
    for span in spans:
        move(session, run, *span, RangeState.VOID, actor=actor, now=now, reason=reason.strip())
    facts = {"spans": [list(span) for span in spans], "reason": reason.strip()}
    record(session, "stamps.voided", run, actor=actor, now=now, facts=facts)


def stamp_link(public_url: str, run: Run, code: str) -> str:
    """The address in a stamp, in capitals so that a QR code stays small; GS1 Digital Link where the run has a GTIN."""
    path = f"/01/{run.gtin}/21/{code}" if run.gtin else f"/T/{code}"
    return public_url.upper() + path
