"""How many stamps of a product the certificates allow in a certificate year, counted by plot and household."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ..records import OUT_OF_USE, Certificate, Cooperative, Product, Run, ScopeLine, StampRange
from .checks import allowed_g, certificate_year
from .days import day_of
from .deployments import setting


@dataclass(frozen=True, slots=True)
class LimitLine:
    """What one plot or household may bring in its certificate year, in stamps."""

    line: ScopeLine
    allowed_g: int
    stamps: int


@dataclass(frozen=True, slots=True)
class Limit:
    lines: tuple[LimitLine, ...]
    spoil_percent: int
    made: int
    """Stamps of the product made or ordered in this certificate year, less void and lost ones."""

    @property
    def allowed(self) -> int:
        return sum(line.stamps for line in self.lines)

    @property
    def left(self) -> int:
        return max(self.allowed - self.made, 0)


def limit_of(session: Session, cooperative: Cooperative, product: Product, today: date) -> Limit:
    """How many stamps the certificates in force allow: certified output ÷ net weight, and some for spoiling."""
    spoil = int(setting(session, "spoil_percent", today))
    query = (
        select(ScopeLine)
        .join(Certificate, Certificate.id == ScopeLine.certificate_id)
        .where(Certificate.cooperative_id == cooperative.id, ScopeLine.product_id == product.id)
        .options(selectinload(ScopeLine.certificate).selectinload(Certificate.decisions))
        .order_by(ScopeLine.id)
    )
    lines = [line for line in session.scalars(query) if line.certificate.covers(today)]
    counted = []
    for line in lines:
        grams = allowed_g(session, line, today)
        counted.append(LimitLine(line, grams, grams * (100 + spoil) // (100 * product.net_weight_g)))
    since = min((certificate_year(line, today)[0] for line in lines), default=today)
    return Limit(tuple(counted), spoil, _made(session, product, since))


def _made(session: Session, product: Product, since: date) -> int:
    stamps = func.sum(StampRange.last - StampRange.first + 1)
    query = select(stamps, Run.created_at).join(Run, Run.id == StampRange.run_id).where(Run.product_id == product.id)
    query = query.where(StampRange.state.not_in(OUT_OF_USE)).group_by(Run.id, Run.created_at)
    return sum(int(count) for count, made_at in session.execute(query) if day_of(made_at) >= since)
