"""What a decision reaches: the batches that draw on a certificate, and a batch's stamps and the goods that left."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ..records import (
    SEEN_AS,
    Batch,
    Certificate,
    CertificateState,
    Cooperative,
    Dispatch,
    DispatchLine,
    Entry,
    IntakeLine,
    Owned,
    RangeState,
    Run,
    ScopeLine,
    StampRange,
)
from .checks import allowed_g, drawn_g

STAMPS = func.coalesce(func.sum(StampRange.last - StampRange.first + 1), 0)


@dataclass(frozen=True, slots=True)
class Reached:
    batch: Batch
    active_stamps: int


@dataclass(frozen=True, slots=True)
class Forward:
    """Where a batch went: its stamps, and the goods that left. Stamp counts go by the five words."""

    ranges: list[StampRange]
    stamps: dict[str, int]
    dispatches: list[tuple[Dispatch, DispatchLine]]

    @property
    def dispatched_g(self) -> int:
        return sum(line.weight_g for dispatch, line in self.dispatches if dispatch.voided_reason is None)

    @property
    def runs(self) -> list[Run]:
        return list({each.run_id: each.run for each in self.ranges}.values())


@dataclass(frozen=True, slots=True)
class ScopeUse:
    """How far a batch draws a certificate's scope line down, in the certificate year of its last harvest."""

    line: ScopeLine
    here_g: int
    before_g: int
    allowed_g: int
    state: CertificateState


def scope_uses(session: Session, batch: Batch) -> list[ScopeUse]:
    uses = []
    for scope_line in {line.scope_line_id: line.scope_line for line in batch.intake}.values():
        if scope_line is None:
            continue
        lines = [line for line in batch.intake if line.scope_line_id == scope_line.id]
        day = max(line.harvested_on for line in lines)
        uses.append(
            ScopeUse(
                scope_line,
                here_g=sum(line.weight_g for line in lines),
                before_g=drawn_g(session, scope_line, day, without=batch),
                allowed_g=allowed_g(session, scope_line, day),
                state=scope_line.certificate.state_on(day),
            )
        )
    return uses


def reached_by(session: Session, certificate: Certificate, from_on: date) -> list[Reached]:
    """Batches handed in that draw on a certificate with a harvest or packing day from `from_on` on, and the stamps
    active on each: what a suspension from that day turns."""
    drawing = (
        select(IntakeLine.batch_id)
        .join(ScopeLine, ScopeLine.id == IntakeLine.scope_line_id)
        .join(Batch, Batch.id == IntakeLine.batch_id)
        .where(
            ScopeLine.certificate_id == certificate.id,
            or_(IntakeLine.harvested_on >= from_on, Batch.packed_on >= from_on),
        )
    )
    query = select(Batch).where(Batch.submitted_at.is_not(None), Batch.id.in_(drawing))
    batches = session.scalars(query.order_by(Batch.packed_on.desc(), Batch.id.desc())).all()
    active = active_stamps(session, batches)
    return [Reached(batch, active.get(batch.id, 0)) for batch in batches]


def active_stamps(session: Session, batches: Iterable[Batch]) -> dict[int, int]:
    """How many stamps are active on each of these batches, by the batch's key; batches without any are left out."""
    keys = [batch.id for batch in batches]
    query = select(StampRange.batch_id, STAMPS).where(
        StampRange.batch_id.in_(keys), StampRange.state == RangeState.ACTIVE
    )
    rows = session.execute(query.group_by(StampRange.batch_id)).all()
    return {key: int(count) for key, count in rows if key is not None}


def forward(session: Session, batch: Batch) -> Forward:
    ranges = session.scalars(
        select(StampRange).where(StampRange.batch_id == batch.id).order_by(StampRange.run_id, StampRange.first)
    ).all()
    stamps: dict[str, int] = {}
    for each in ranges:
        word = SEEN_AS[each.state]
        stamps[word] = stamps.get(word, 0) + each.count
    lines = session.execute(
        select(Dispatch, DispatchLine)
        .join(DispatchLine, DispatchLine.dispatch_id == Dispatch.id)
        .where(DispatchLine.batch_id == batch.id)
        .order_by(Dispatch.on_day, Dispatch.id)
    ).all()
    return Forward(list(ranges), stamps, [(dispatch, line) for dispatch, line in lines])


def history_of(session: Session, subjects: Iterable[str], *, most: int = 200) -> list[Entry]:
    """The entries about these records (public ids), oldest first; the newest `most` of them."""
    query = select(Entry).where(Entry.subject.in_(list(subjects))).order_by(Entry.index.desc()).limit(most)
    return list(reversed(session.scalars(query).all()))


def owner(session: Session, record: Owned) -> Cooperative:
    return session.get_one(Cooperative, record.cooperative_id)
