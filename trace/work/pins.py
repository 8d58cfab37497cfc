"""Giving PINs to stamps that are printed with a scratch layer. No PIN is ever stored: it is worked out when printed,
and again when somebody types it.

A run has none until a face with a PIN field is printed. Printing such stamps anew gives them new PINs, and the earlier
ones are dead: whoever kept a sheet that was said to be destroyed holds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ..records import Deployment, JobState, PinIssue, PinKey, Printing, PrintJob, Run
from ..standards.pins import PinBook, derive_pin_key
from .actor import SERVICE, Actor
from .history import record
from .keyring import Keyring
from .keys import rotate_key
from .refused import Refused
from .spans import shared, spans_of


@dataclass(frozen=True, slots=True)
class Pinned:
    """Consecutive stamps whose PINs come from one key with one reissue number."""

    first: int
    last: int
    reissue: int
    key_version: int
    leaked: bool = False


def issues_of(session: Session, run_id: int, *, drawn_for: int = 0) -> tuple[Pinned, ...]:
    """In the order they were made: of those that hold a stamp the last one counts. What was never printed (its print
    waits, failed or was cancelled) counts for nothing, for the PINs before it are still on the stamps; but the print
    that is just being `drawn_for` (its key) counts."""
    query = (
        select(PinIssue.first, PinIssue.last, PinIssue.reissue, PinIssue.key_version, PinKey.leaked_at)
        .join(PinKey, PinKey.version == PinIssue.key_version)
        .where(PinIssue.run_id == run_id, or_(_printed(), PinIssue.printing_id == drawn_for))
        .order_by(PinIssue.id)
    )
    return tuple(Pinned(*row[:4], leaked=row[4] is not None) for row in session.execute(query))


def _printed() -> ColumnElement[bool]:
    """A condition: the file is made; a print without any job is older than jobs are."""
    jobs = select(PrintJob.id).where(PrintJob.printing_id == PinIssue.printing_id)
    return or_(jobs.where(PrintJob.state == JobState.DONE).exists(), ~jobs.exists())


def pinned(issues: Sequence[Pinned], number: int) -> Pinned | None:
    """How the PIN of a stamp is made; None where it carries none, or none that proves anything."""
    for issue in reversed(issues):
        if issue.first <= number <= issue.last:
            return None if issue.leaked else issue
    return None


def book_of(session: Session, keyring: Keyring, version: int) -> PinBook:
    """Put together at use, for a key may have been made while this process ran."""
    key = session.get_one(PinKey, version)
    return PinBook(derive_pin_key(keyring.pin_files.read(version), key.salt, version))


def pins_of(
    session: Session, keyring: Keyring, run: Run, first: int, last: int, *, drawn_for: int = 0
) -> list[str | None]:
    """The PINs of stamps first–last as they now hold: for a print's file, and for nothing else."""
    issues = issues_of(session, run.id, drawn_for=drawn_for)
    found: list[str | None] = [None] * (last - first + 1)
    books = {version: book_of(session, keyring, version) for version in {each.key_version for each in issues}}
    for each in issues:
        low, high = max(first, each.first), min(last, each.last)
        if low <= high:
            made = books[each.key_version].pins(run.number, low - 1, high - low + 1, each.reissue)
            found[low - first : high - first + 1] = list(made)
    return found


def issue_pins(session: Session, keyring: Keyring, run: Run, printing: Printing, *, actor: Actor, now: datetime) -> int:
    """Give the stamps of a print their PINs; returns the reissue number. The caller holds the run's lock."""
    spans = spans_of(printing)
    made = session.scalars(select(PinIssue).where(PinIssue.run_id == run.id))
    before = [each.reissue for each in made if shared([(each.first, each.last)], spans)]
    reissue, version = max(before, default=-1) + 1, _minting(session, keyring, now).version
    for first, last in spans:
        issue = PinIssue(
            cooperative_id=run.cooperative_id,
            run_id=run.id,
            first=first,
            last=last,
            reissue=reissue,
            key_version=version,
            printing_id=printing.id,
            by_person_id=actor.person_id,
            created_at=now,
        )
        session.add(issue)
    session.flush()
    for first, last in spans:
        facts = {"first": first, "last": last, "reissue": reissue, "key": version}
        record(session, "pins.issued", run, actor=actor, now=now, facts=facts)
    return reissue


def _minting(session: Session, keyring: Keyring, now: datetime) -> PinKey:
    """The key for new PINs; the very first is made by whoever first prints some."""
    session.get_one(Deployment, 1, with_for_update=True)  # one such key at a time
    newest = session.scalars(select(PinKey).order_by(PinKey.version.desc()).limit(1)).first()
    if newest is None:
        return rotate_key(session, PinKey, make_key=keyring.pin_files.make, actor=SERVICE, now=now)
    if newest.retired_at is not None:
        raise Refused("Every PIN key is retired: the operator makes a new one before PINs can be printed.")
    return newest
