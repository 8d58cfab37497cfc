"""What now holds for a batch and for a stamp, derived at the moment of asking from decisions, certificates and days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ..records import Batch, BatchVerdict, CertificateState, RangeState, ScopeLine, StampRange

STOPPED = frozenset({CertificateState.SUSPENDED, CertificateState.CANCELLED, CertificateState.REFUSED})


class StampVerdict(StrEnum):
    """In order of precedence: the first that holds is told."""

    UNKNOWN = "unknown"
    VOID = "void"
    RECALLED = "recalled"
    SUSPENDED = "suspended"
    LOST = "lost"
    """Reported lost by the cooperative. Told after a recall, which may be about the very goods it sits on, and with no
    origin: nobody vouches for what a stray stamp was put on. A lost roll is the one that forgers would use."""
    NOT_ACTIVE = "not_active"
    LAPSED = "lapsed"
    PAST_SHELF_LIFE = "past_shelf_life"
    VALID = "valid"
    RESTORING = "restoring"
    """The code is ours, but its run is in no row: a restored database. Never called false."""
    UNVERIFIABLE = "unverifiable"
    """Its key has leaked: nobody can tell it from a forgery any more."""


class BatchStanding(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    CLEARED = "cleared"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    RECALLED = "recalled"


_AFTER = {
    None: BatchStanding.WAITING,
    BatchVerdict.CERTIFIED: BatchStanding.CLEARED,
    BatchVerdict.REFUSED: BatchStanding.REFUSED,
    BatchVerdict.SUSPENDED: BatchStanding.SUSPENDED,
    BatchVerdict.RECALLED: BatchStanding.RECALLED,
}


def batch_standing(batch: Batch) -> BatchStanding:
    if batch.submitted_at is None:
        return BatchStanding.DRAFT
    return _AFTER[batch.verdict]


def is_cleared(batch: Batch) -> bool:
    return batch_standing(batch) is BatchStanding.CLEARED


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A day of the batch on which a certificate did not hold."""

    line: ScopeLine
    day: date
    state: CertificateState


def uncovered(batch: Batch) -> Iterable[Uncovered]:
    """Where a certificate did not hold on a harvest or packing day. Expiry afterwards never shows here."""
    for intake in batch.intake:
        if intake.scope_line is None:
            continue
        certificate = intake.scope_line.certificate
        days = [intake.harvested_on] + ([batch.packed_on] if batch.packed_on else [])
        for day in days:
            if not certificate.covers(day):
                yield Uncovered(intake.scope_line, day, certificate.state_on(day))


def shelf_life_ends_on(batch: Batch) -> date | None:
    """The last good day: counted from packing, or from the first harvest where nothing was packed."""
    start = batch.packed_on or batch.harvested_from
    if start is None or batch.product.shelf_life_days is None:
        return None
    return start + timedelta(days=batch.product.shelf_life_days)


def stamp_verdict(stamps: StampRange, today: date) -> StampVerdict:
    """What a consumer is told about a stamp of this range today."""
    if stamps.state == RangeState.VOID:
        return StampVerdict.VOID
    if stamps.state == RangeState.RECALLED:
        return StampVerdict.RECALLED
    verdict = batch_verdict(stamps.batch, today) if stamps.batch else StampVerdict.NOT_ACTIVE
    if verdict in {StampVerdict.RECALLED, StampVerdict.SUSPENDED}:
        return verdict
    if stamps.state == RangeState.LOST:
        return StampVerdict.LOST
    return verdict if stamps.state == RangeState.ACTIVE else StampVerdict.NOT_ACTIVE


def batch_verdict(batch: Batch, today: date) -> StampVerdict:
    """What holds for the goods of a batch today, whatever stamps are on them."""
    gaps = list(uncovered(batch))
    if batch.verdict is BatchVerdict.RECALLED:
        return StampVerdict.RECALLED
    if batch.verdict is BatchVerdict.SUSPENDED or any(gap.state in STOPPED for gap in gaps):
        return StampVerdict.SUSPENDED
    if gaps:
        return StampVerdict.LAPSED
    ends = shelf_life_ends_on(batch)
    return StampVerdict.PAST_SHELF_LIFE if ends is not None and today > ends else StampVerdict.VALID
