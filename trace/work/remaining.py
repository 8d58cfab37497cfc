"""What a cooperative still has: weight under each line of its certificates, and stamps in each state."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    SEEN_AS,
    Batch,
    BatchDecision,
    BatchVerdict,
    Certificate,
    CertificateState,
    Cooperative,
    IntakeLine,
    ScopeLine,
    StampRange,
)
from .checks import allowed_g, certificate_year


@dataclass(frozen=True, slots=True)
class Left:
    """What remains on one scope line in the certificate year of a day."""

    line: ScopeLine
    used_g: int
    allowed_g: int
    state: CertificateState
    days_left: int
    """Until the certificate expires; negative afterwards."""

    @property
    def left_g(self) -> int:
        return max(self.allowed_g - self.used_g, 0)

    @property
    def packs_left(self) -> int:
        """Stamps that the remaining weight is good for, at one a pack."""
        return self.left_g // self.line.product.net_weight_g

    @property
    def tight(self) -> bool:
        return 10 * self.left_g <= self.allowed_g


def left_on_certificates(session: Session, cooperative: Cooperative, today: date) -> list[Left]:
    """Each scope line of certificates that are confirmed and have not long expired, the tightest first."""
    query = (
        select(ScopeLine)
        .join(Certificate, Certificate.id == ScopeLine.certificate_id)
        .where(Certificate.cooperative_id == cooperative.id)
        .options(selectinload(ScopeLine.certificate).selectinload(Certificate.decisions))
        .order_by(ScopeLine.id)
    )
    lines = [line for line in session.scalars(query) if line.certificate.confirmed]
    drawn = _drawn(session, lines)
    rows = [_left(session, line, drawn.get(line.id, []), today) for line in lines]
    kept = [row for row in rows if row.days_left >= -30 and row.state is not CertificateState.CANCELLED]
    return sorted(kept, key=lambda row: row.left_g * 1000 // max(row.allowed_g, 1))


def _left(session: Session, line: ScopeLine, drawn: list[tuple[date, int]], today: date) -> Left:
    start, end = certificate_year(line, today)
    used = sum(weight for day, weight in drawn if start <= day < end)
    certificate = line.certificate
    return Left(
        line=line,
        used_g=used,
        allowed_g=allowed_g(session, line, today),
        state=certificate.state_on(today),
        days_left=(certificate.expires_on - today).days,
    )


def _drawn(session: Session, lines: Iterable[ScopeLine]) -> dict[int, list[tuple[date, int]]]:
    """Grams by harvest day that batches handed in, and not refused, have drawn on each line; one query for all."""
    refused = exists().where(BatchDecision.batch_id == Batch.id, BatchDecision.verdict == BatchVerdict.REFUSED)
    query = (
        select(IntakeLine.scope_line_id, IntakeLine.harvested_on, func.sum(IntakeLine.weight_g))
        .join(Batch, Batch.id == IntakeLine.batch_id)
        .where(
            IntakeLine.scope_line_id.in_([line.id for line in lines]),
            Batch.submitted_at.is_not(None),
            ~refused,
        )
        .group_by(IntakeLine.scope_line_id, IntakeLine.harvested_on)
    )
    found: dict[int, list[tuple[date, int]]] = {}
    for line_id, day, weight in session.execute(query):
        found.setdefault(int(line_id or 0), []).append((day, int(weight)))
    return found


def stamps_by_state(session: Session, cooperative: Cooperative) -> dict[str, int]:
    """How many stamps of the cooperative go by each of the five words."""
    query = (
        select(StampRange.state, func.sum(StampRange.last - StampRange.first + 1))
        .where(StampRange.cooperative_id == cooperative.id)
        .group_by(StampRange.state)
    )
    found = dict.fromkeys(SEEN_AS.values(), 0)
    for state, count in session.execute(query):
        found[SEEN_AS[state]] += int(count)
    return found
