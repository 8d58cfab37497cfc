"""Does a batch fit its certificate? Each check gives its figures, so that a person can follow it."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, BatchVerdict, IntakeLine, ScopeLine
from .deployments import setting


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """`key` names the rule; `figures` are whole numbers, ISO days and names for the sentence pages make of it."""

    key: str
    outcome: Outcome
    figures: dict[str, Any]

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASS


def _check(key: str, passed: bool, **figures: Any) -> Check:
    return Check(key, Outcome.PASS if passed else Outcome.FAIL, figures)


def checks_of(session: Session, batch: Batch) -> list[Check]:
    """Every check of a batch: lines named, certificate confirmed and covering, weights within, packs within."""
    found = [_check("has_intake", bool(batch.intake), lines=len(batch.intake))]
    found += [_on_certificate(batch, line) for line in batch.intake]
    found += [check for line in batch.intake if line.scope_line for check in _days_covered(batch, line)]
    for scope_line in {line.scope_line for line in batch.intake if line.scope_line}:
        found.append(_within_output(session, batch, scope_line))
    found.append(_packed_within_received(batch))
    return [check for place, check in enumerate(found) if check not in found[:place]]  # said once, however many lines


def _source(line: IntakeLine) -> str:
    return line.plot.name if line.plot else line.grower.name if line.grower else ""


def _on_certificate(batch: Batch, line: IntakeLine) -> Check:
    scope = line.scope_line
    fits = scope is not None and scope.fits(batch.product_id, line.grower_id, line.plot_id)
    confirmed = scope is not None and scope.certificate.confirmed
    number = scope.certificate.number if scope else None
    return _check("on_certificate", fits and confirmed, source=_source(line), certificate=number, confirmed=confirmed)


def _days_covered(batch: Batch, line: IntakeLine) -> list[Check]:
    assert line.scope_line is not None
    certificate = line.scope_line.certificate
    days = [line.harvested_on] + ([batch.packed_on] if batch.packed_on else [])
    return [
        _check(
            "day_covered",
            certificate.covers(day),
            certificate=certificate.number,
            day=day.isoformat(),
            state=certificate.state_on(day).value,
            issued_on=certificate.issued_on.isoformat(),
            expires_on=certificate.expires_on.isoformat(),
        )
        for day in days
    ]


def certificate_year(scope_line: ScopeLine, day: date) -> tuple[date, date]:
    """The certificate year around a day: from one anniversary of issue to the eve of the next."""
    issued = scope_line.certificate.issued_on
    year = day.year if (day.month, day.day) >= (issued.month, issued.day) else day.year - 1
    return _anniversary(issued, year), _anniversary(issued, year + 1)


def _anniversary(issued: date, year: int) -> date:
    return date(year, issued.month, min(issued.day, 28) if issued.month == 2 else issued.day)


def drawn_g(session: Session, scope_line: ScopeLine, day: date, *, without: Batch | None = None) -> int:
    """Grams that submitted, not refused batches have drawn on a scope line in the certificate year of `day`."""
    start, end = certificate_year(scope_line, day)
    query = (
        select(Batch, func.sum(IntakeLine.weight_g))
        .join(IntakeLine, IntakeLine.batch_id == Batch.id)
        .where(
            IntakeLine.scope_line_id == scope_line.id,
            IntakeLine.harvested_on >= start,
            IntakeLine.harvested_on < end,
            Batch.submitted_at.is_not(None),
        )
        .group_by(Batch.id)
    )
    rows = session.execute(query).all()
    return sum(
        int(weight)
        for batch, weight in rows
        if batch.verdict is not BatchVerdict.REFUSED and (without is None or batch.id != without.id)
    )


def allowed_g(session: Session, scope_line: ScopeLine, day: date) -> int:
    """Expected output × (1 + the province's tolerance on that day)."""
    percent = int(setting(session, "output_tolerance_percent", day))
    return scope_line.expected_g_a_year * (100 + percent) // 100


def _within_output(session: Session, batch: Batch, scope_line: ScopeLine) -> Check:
    lines = [line for line in batch.intake if line.scope_line_id == scope_line.id]
    day = max(line.harvested_on for line in lines)
    here = sum(line.weight_g for line in lines)
    before = drawn_g(session, scope_line, day, without=batch)
    allowed = allowed_g(session, scope_line, day)
    return _check(
        "within_output",
        before + here <= allowed,
        certificate=scope_line.certificate.number,
        before_g=before,
        here_g=here,
        allowed_g=allowed,
    )


def _packed_within_received(batch: Batch) -> Check:
    available = batch.received_g - batch.loss_g
    return _check("packed_within_received", batch.packed_g <= available, packed_g=batch.packed_g, available_g=available)


def as_json(checks: list[Check]) -> list[dict[str, Any]]:
    """The summary that a decision carries."""
    return [asdict(check) | {"outcome": check.outcome.value} for check in checks]
