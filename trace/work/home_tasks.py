"""What waits for a cooperative: kept as keys and figures, put into words by the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    ON_PAPER,
    Batch,
    BatchVerdict,
    Certificate,
    CertificateState,
    Cooperative,
    Grower,
    Plot,
    Product,
    Run,
    StampRange,
)
from .checks import checks_of
from .expiries import endings
from .range_recalls import recalled_ranges
from .standing import BatchStanding, batch_standing

EXPIRES_SOON_DAYS = 60
ENDS_SOON_DAYS = 30
MOST_WAITING = 12


@dataclass(frozen=True, slots=True)
class Waiting:
    """`kind` names the sentence; `subject` is the record it leads to; `figures` fill the sentence."""

    kind: str
    subject: Any
    figures: dict[str, Any]


def waiting(session: Session, cooperative: Cooperative, today: date) -> list[Waiting]:
    """Tasks, the most pressing first."""
    return [
        *_stopped(session, cooperative),
        *_failed_checks(session, cooperative),
        *_drafts(session, cooperative),
        *_certificates(session, cooperative, today),
        *_endings(session, cooperative, today),
        *_printed(session, cooperative),
    ]


def _recent(session: Session, cooperative: Cooperative) -> list[Batch]:
    query = (
        select(Batch)
        .where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
        .options(selectinload(Batch.decisions), selectinload(Batch.intake), selectinload(Batch.product))
        .order_by(Batch.id.desc())
        .limit(40)
    )
    return list(session.scalars(query))


def _stopped(session: Session, cooperative: Cooperative) -> Iterator[Waiting]:
    for batch in _recent(session, cooperative):
        if batch.verdict in {BatchVerdict.RECALLED, BatchVerdict.SUSPENDED} and batch.verdict is not None:
            yield Waiting(batch.verdict.value, batch, {"batch": batch.code})
    for line in recalled_ranges(session, cooperative):
        yield Waiting("stamps_recalled", line.run, {"stamps": line.serials})


def _failed_checks(session: Session, cooperative: Cooperative) -> Iterator[Waiting]:
    looked_at = [row for row in _recent(session, cooperative) if batch_standing(row) is BatchStanding.WAITING]
    for batch in looked_at[:MOST_WAITING]:
        failed = [check for check in checks_of(session, batch) if not check.passed]
        if failed:
            yield Waiting("failed_checks", batch, {"batch": batch.code, "check": failed[0]})


def _drafts(session: Session, cooperative: Cooperative) -> Iterator[Waiting]:
    query = select(Batch).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_(None))
    for batch in session.scalars(query.order_by(Batch.id.desc()).limit(5)):
        yield Waiting("draft", batch, {"batch": batch.code})


def _certificates(session: Session, cooperative: Cooperative, today: date) -> Iterator[Waiting]:
    query = select(Certificate).where(Certificate.cooperative_id == cooperative.id)
    for certificate in session.scalars(query.options(selectinload(Certificate.decisions)).order_by(Certificate.id)):
        state = certificate.state_on(today)
        days = (certificate.expires_on - today).days
        figures = {"number": certificate.number, "days": days}
        if state in {CertificateState.DECLARED, CertificateState.SUSPENDED, CertificateState.WARNED}:
            yield Waiting(f"certificate_{state.value}", certificate, figures)
        elif state is CertificateState.IN_FORCE and days <= EXPIRES_SOON_DAYS:
            yield Waiting("certificate_expires", certificate, figures)


def _endings(session: Session, cooperative: Cooperative, today: date) -> Iterator[Waiting]:
    """Other papers than certificates, which have lines of their own above."""
    near = [each for each in endings(session, cooperative, today) if each.what != "certificate"]
    soon = [each for each in near if each.days(today) <= ENDS_SOON_DAYS]
    for each in soon[:5]:
        yield Waiting("ends", each, {"days": each.days(today)})


def _printed(session: Session, cooperative: Cooperative) -> Iterator[Waiting]:
    """Runs with stamps that are printed but not active, on paper somewhere."""
    query = (
        select(Run, func.sum(StampRange.last - StampRange.first + 1))
        .join(StampRange, StampRange.run_id == Run.id)
        .where(Run.cooperative_id == cooperative.id, StampRange.state.in_(ON_PAPER))
        .where(Run.released_at.is_not(None))
        .group_by(Run.id)
        .order_by(Run.id.desc())
        .limit(5)
    )
    for run, count in session.execute(query):
        yield Waiting("printed", run, {"run": run.label, "count": int(count)})


@dataclass(frozen=True, slots=True)
class Steps:
    """What a new cooperative has already: each ticks on a real record."""

    grower: bool
    plot: bool
    product: bool
    certificate: bool
    batch: bool
    stamps: bool

    @property
    def done(self) -> bool:
        return all(getattr(self, name) for name in self.__dataclass_fields__)


def steps(session: Session, cooperative: Cooperative) -> Steps:
    def any_of(kind: Any) -> bool:
        return session.scalar(select(kind.id).where(kind.cooperative_id == cooperative.id).limit(1)) is not None

    submitted = select(Batch.id).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
    return Steps(
        grower=any_of(Grower),
        plot=any_of(Plot),
        product=any_of(Product),
        certificate=any_of(Certificate),
        batch=session.scalar(submitted.limit(1)) is not None,
        stamps=any_of(Run),
    )
