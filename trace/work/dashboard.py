"""How the province stands: certified land and tonnes against stamps, findings by clause, what expires, how fast things
are put right. Each figure leads to its list."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, Certificate, Finding, Product, RangeState, ScopeLine, StampRange, Visit
from .balance import certificate_year, drawn_g
from .findings import SPANS, clause_of, days_to_close, span_of

AHEAD_DAYS = (30, 90, 180)


@dataclass(frozen=True, slots=True)
class Crop:
    """A product's name over all cooperatives: certified land, expected and drawn weight, active stamps and the weight
    that they stand for."""

    name: str
    area_m2: int
    expected_g: int
    drawn_g: int
    stamps: int
    stamped_g: int


@dataclass(frozen=True, slots=True)
class Overview:
    crops: list[Crop]
    clauses: list[tuple[str, int]]
    expiries: list[tuple[int, int]]
    """Within so many days, so many certificates."""
    closed_days: list[int]
    """Days from finding to closing, in order."""
    open_findings: int
    overdue: int

    @property
    def closed_within(self) -> list[tuple[tuple[int, int | None], int]]:
        """How many findings took so many days."""
        counted = Counter(span_of(days) for days in self.closed_days)
        return [(span, counted[span]) for span in SPANS]

    @property
    def median_days(self) -> int | None:
        return self.closed_days[len(self.closed_days) // 2] if self.closed_days else None


def overview(session: Session, today: date) -> Overview:
    findings = list(session.scalars(select(Finding)))
    waiting = [one for one in findings if not one.closed]
    return Overview(
        crops=_crops(session, today),
        clauses=_clauses(session, findings),
        expiries=_expiries(session, today),
        closed_days=sorted(days for one in findings if (days := days_to_close(one)) is not None),
        open_findings=len(waiting),
        overdue=sum(one.due_on is not None and one.due_on < today for one in waiting),
    )


def _crops(session: Session, today: date) -> list[Crop]:
    lines: dict[str, list[ScopeLine]] = {}
    for line in session.scalars(select(ScopeLine).join(Certificate)):
        if line.certificate.covers(today):
            lines.setdefault(line.product.name_vi, []).append(line)
    years = [certificate_year(line, today)[0] for each in lines.values() for line in each]
    stamps = _stamps(session, min(years, default=today))
    found = [
        Crop(
            name,
            sum(line.area_m2 for line in each),
            sum(line.expected_g_a_year for line in each),
            sum(drawn_g(session, line, today) for line in each),
            *stamps.get(name, (0, 0)),
        )
        for name, each in lines.items()
    ]
    return sorted(found, key=lambda crop: -crop.expected_g)


def _stamps(session: Session, since: date) -> dict[str, tuple[int, int]]:
    """Active stamps by product name, and the weight they stand for, of batches packed since a day."""
    count = StampRange.last - StampRange.first + 1
    query = (
        select(Product.name_vi, func.sum(count), func.sum(count * Product.net_weight_g))
        .join(Batch, Batch.id == StampRange.batch_id)
        .join(Product, Product.id == Batch.product_id)
        .where(StampRange.state == RangeState.ACTIVE, Batch.packed_on >= since)
        .group_by(Product.name_vi)
    )
    return {name: (int(stamps), int(grams)) for name, stamps, grams in session.execute(query)}


def _clauses(session: Session, findings: list[Finding]) -> list[tuple[str, int]]:
    counted = Counter(clause_of(one, session.get_one(Visit, one.visit_id)) for one in findings)
    return counted.most_common(12)


def _expiries(session: Session, today: date) -> list[tuple[int, int]]:
    last = today + timedelta(days=max(AHEAD_DAYS))
    query = select(Certificate).where(Certificate.expires_on >= today, Certificate.expires_on <= last)
    days = [(paper.expires_on - today).days for paper in session.scalars(query) if paper.confirmed]
    return [(limit, sum(each <= limit for each in days)) for limit in AHEAD_DAYS]
