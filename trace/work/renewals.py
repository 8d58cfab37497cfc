"""What a certificate's renewal rests on: its lines with what was drawn on them, and all the books of its years."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import (
    Batch,
    BatchVerdict,
    Certificate,
    Complaint,
    Cooperative,
    DiaryEntry,
    IntakeLine,
    InternalAudit,
    SampleTest,
    ScopeLine,
)
from .complaints import complaints
from .diary_book import Wanted, all_lines
from .internal_audits import audits_of
from .samples import samples_of


@dataclass(frozen=True, slots=True)
class Balance:
    """One scope line in one certificate year: what was expected and what batches drew on it."""

    line: ScopeLine
    year: int
    start: date
    end: date
    drawn_g: int
    packed_g: int
    batches: int


@dataclass(frozen=True, slots=True)
class Renewal:
    certificate: Certificate
    start: date
    end: date
    balances: list[Balance]
    diary: list[DiaryEntry]
    audits: list[InternalAudit]
    tests: list[SampleTest]
    complaints: list[Complaint]


def renewal_of(session: Session, cooperative: Cooperative, certificate: Certificate, today: date) -> Renewal:
    """From the day of issue to today, or to the last day if that lies behind."""
    start, end = certificate.issued_on, min(today, certificate.expires_on)
    tests = [test for test in samples_of(session, cooperative) if start <= test.sampled_on <= end]
    audits = [audit for audit in audits_of(session, cooperative) if start <= audit.on_day <= end]
    told = [each for each in complaints(session, cooperative) if start <= each.received_on <= end]
    return Renewal(
        certificate,
        start,
        end,
        balances(session, certificate, end),
        all_lines(session, cooperative, Wanted(start=start, end=end, all_versions=True)),
        audits,
        tests,
        sorted(told, key=lambda each: (each.received_on, each.id)),
    )


def balances(session: Session, certificate: Certificate, end: date) -> list[Balance]:
    """By line and certificate year; batches that were refused drew nothing."""
    lines = {line.id: line for line in certificate.scope}
    query = (
        select(IntakeLine)
        .join(Batch, Batch.id == IntakeLine.batch_id)
        .where(IntakeLine.scope_line_id.in_(list(lines)), Batch.submitted_at.is_not(None))
        .options(selectinload(IntakeLine.batch).selectinload(Batch.decisions))
        .options(selectinload(IntakeLine.batch).selectinload(Batch.intake))
        .options(selectinload(IntakeLine.batch).selectinload(Batch.product))
    )
    drawn = [row for row in session.scalars(query) if row.batch.verdict is not BatchVerdict.REFUSED]
    years = _years(certificate, end)
    return [_balance(line, number, span, drawn) for line in lines.values() for number, span in enumerate(years, 1)]


def _years(certificate: Certificate, end: date) -> list[tuple[date, date]]:
    found, start = [], certificate.issued_on
    while start <= end:
        following = _next_year(start)
        found.append((start, following))
        start = following
    return found


def _next_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # issued on 29 February
        return day.replace(year=day.year + 1, day=28)


def _balance(line: ScopeLine, number: int, span: tuple[date, date], drawn: list[IntakeLine]) -> Balance:
    start, following = span
    own = [row for row in drawn if row.scope_line_id == line.id and start <= row.harvested_on < following]
    batches = {row.batch_id: row.batch for row in own}
    packed = sum(_share(batch, own) for batch in batches.values())
    return Balance(line, number, start, following, sum(row.weight_g for row in own), packed, len(batches))


def _share(batch: Batch, own: list[IntakeLine]) -> int:
    """What of a batch's packs came from these lines, by weight."""
    here = sum(row.weight_g for row in own if row.batch_id == batch.id)
    return batch.packed_g * here // batch.received_g if batch.received_g else 0
