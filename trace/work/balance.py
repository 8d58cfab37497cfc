"""The weight balance of a certificate: what its lines allow a year, and what batches have drawn on them.

Every batch handed in and not refused counts, whatever its order: one more batch can only make a balance worse.
"""

from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, BatchVerdict, IntakeLine, ScopeLine
from .check import Check, Outcome, check
from .deployments import setting
from .yardsticks import yardstick_for

HECTARE_M2 = 10_000


def certificate_year(scope_line: ScopeLine, day: date) -> tuple[date, date]:
    """The certificate year around a day: from one anniversary of issue to the eve of the next."""
    issued = scope_line.certificate.issued_on
    year = day.year if day >= _anniversary(issued, day.year) else day.year - 1
    return _anniversary(issued, year), _anniversary(issued, year + 1)


def _anniversary(issued: date, year: int) -> date:
    return date(year, issued.month, min(issued.day, 28) if issued.month == 2 else issued.day)


def drawn_g(session: Session, scope_line: ScopeLine, day: date, *, without: Batch | None = None) -> int:
    """Grams that submitted, not refused batches have drawn on a scope line in the certificate year of `day`."""
    start, end = certificate_year(scope_line, day)
    refused = exists().where(BatchDecision.batch_id == Batch.id, BatchDecision.verdict == BatchVerdict.REFUSED)
    query = (
        select(func.coalesce(func.sum(IntakeLine.weight_g), 0))
        .join(Batch, Batch.id == IntakeLine.batch_id)
        .where(
            IntakeLine.scope_line_id == scope_line.id,
            IntakeLine.harvested_on >= start,
            IntakeLine.harvested_on < end,
            Batch.submitted_at.is_not(None),
            ~refused,
        )
    )
    if without is not None and without.id is not None:
        query = query.where(Batch.id != without.id)
    return int(session.scalar(query) or 0)


def allowed_g(session: Session, scope_line: ScopeLine, day: date) -> int:
    """Expected output × (1 + the province's tolerance on that day)."""
    percent = int(setting(session, "output_tolerance_percent", day))
    return scope_line.expected_g_a_year * (100 + percent) // 100


def balances(session: Session, batch: Batch, scope_line: ScopeLine) -> list[Check]:
    """Rules c and d for one line and each certificate year in which this batch draws on it."""
    lines = [line for line in batch.intake if line.scope_line_id == scope_line.id]
    years = {certificate_year(scope_line, line.harvested_on) for line in lines}
    found = []
    for start, end in sorted(years):
        here = sum(line.weight_g for line in lines if start <= line.harvested_on < end)
        before = drawn_g(session, scope_line, start, without=batch)
        last = max(line.harvested_on for line in lines if start <= line.harvested_on < end)
        found.append(within_output(session, scope_line, last, before, here))
        found.append(yield_plausible(session, scope_line, last, before + here))
    return found


def within_output(session: Session, scope_line: ScopeLine, day: date, before: int, here: int) -> Check:
    """c. Kilograms drawn this certificate year against the expected output; what only the tolerance covers warns."""
    allowed = allowed_g(session, scope_line, day)
    return check(
        "within_output",
        before + here <= allowed,
        warn=before + here > scope_line.expected_g_a_year,
        certificate=scope_line.certificate.number,
        certificate_id=scope_line.certificate.public_id,
        place=place_of(scope_line),
        before_g=before,
        here_g=here,
        expected_g=scope_line.expected_g_a_year,
        allowed_g=allowed,
    )


def yield_plausible(session: Session, scope_line: ScopeLine, day: date, drawn: int) -> Check:
    """d. Kilograms a hectare this certificate year against the crop's yardstick: above its high end a warning, above
    that and the tolerance a failure. The smaller of the certified and the entered area counts."""
    area = min(scope_line.area_m2, scope_line.plot.area_m2) if scope_line.plot else scope_line.area_m2
    figures = {"place": place_of(scope_line), "drawn_g": drawn, "area_m2": area}
    yardstick = yardstick_for(session, scope_line.product, day)
    if yardstick is None:
        return Check("yield_plausible", Outcome.PASS, figures | {"crop": None})
    percent = int(setting(session, "yield_tolerance_percent", day))
    grams_m2 = yardstick.high_kg_ha * 1000  # × area in m², over 10,000 m² a hectare
    return check(
        "yield_plausible",
        drawn * HECTARE_M2 * 100 <= grams_m2 * area * (100 + percent),
        warn=drawn * HECTARE_M2 > grams_m2 * area,
        **figures,
        certificate_id=scope_line.certificate.public_id,
        crop=yardstick.crop,
        per_ha_g=drawn * HECTARE_M2 // area,
        low_ha_g=yardstick.low_kg_ha * 1000,
        high_ha_g=yardstick.high_kg_ha * 1000,
        most_ha_g=yardstick.high_kg_ha * 10 * (100 + percent),
        yardstick=f"{yardstick.source} ({yardstick.year})",
    )


def place_of(scope_line: ScopeLine) -> str:
    if scope_line.plot is not None:
        return scope_line.plot.name
    return scope_line.grower.name if scope_line.grower is not None else ""
