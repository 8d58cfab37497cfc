"""Tests of samples: entered from a laboratory's report, made void when entered wrongly, asked for a batch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, Cooperative, Plot, Product, SampleResult, SampleTest, Upload
from .actor import Actor
from .history import record, snapshot
from .refused import Refused, refuse_all

LONGEST_VALID_DAYS = 1100
"""Three years: no report is good for longer, so a longer one is a slip in the year."""
MOST_RESULTS = 200


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """Found and limit in millionths of the unit. Found None: not detected; limit None: must not be detected."""

    analyte: str
    unit: str
    found_micro: int | None = None
    limit_micro: int | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True)
class SampleFacts:
    laboratory: str
    report_number: str
    sampled_on: date
    reported_on: date
    valid_until: date
    results: tuple[ResultFacts, ...]
    batch: Batch | None = None
    plot: Plot | None = None
    product: Product | None = None
    sample_code: str | None = None
    note: str | None = None


def enter_test(
    session: Session,
    cooperative: Cooperative,
    facts: SampleFacts,
    document: Upload | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> SampleTest:
    refuse_all(list(_objections(facts, today)))
    said = {name: getattr(facts, name) for name in SampleFacts.__dataclass_fields__ if name != "results"}
    test = SampleTest(
        cooperative_id=cooperative.id, created_at=now, by_person_id=actor.person_id, document=document, **said
    )
    test.results = [
        SampleResult(
            cooperative_id=cooperative.id,
            analyte=each.analyte,
            method=each.method,
            found_micro=each.found_micro,
            limit_micro=each.limit_micro,
            unit=each.unit,
        )
        for each in facts.results
    ]
    session.add(test)
    session.flush()
    known, _ = snapshot(session, test)
    record(session, "test.entered", test, actor=actor, now=now, facts=known | {"results": _told(test)})
    return test


def _told(test: SampleTest) -> list[dict[str, Any]]:
    return [
        {
            "analyte": each.analyte,
            "method": each.method,
            "found_micro": each.found_micro,
            "limit_micro": each.limit_micro,
            "unit": each.unit,
            "passed": each.passed,
        }
        for each in test.results
    ]


def _objections(facts: SampleFacts, today: date) -> Iterable[Refused]:
    if facts.sampled_on > today:
        yield Refused("This day lies in the future.", field="sampled_on")
    if facts.reported_on > today:
        yield Refused("This day lies in the future.", field="reported_on")
    if facts.reported_on < facts.sampled_on:
        yield Refused("The report lies before the sample. Compare both days with the paper.", field="reported_on")
    if facts.valid_until < facts.reported_on:
        yield Refused("It ends before it was reported. Compare both days with the paper.", field="valid_until")
    elif (facts.valid_until - facts.sampled_on).days > LONGEST_VALID_DAYS:
        yield Refused("No report is good for more than three years. Check the year.", field="valid_until")
    if facts.batch is None and facts.plot is None and facts.product is None:
        yield Refused("Say what was sampled: a batch, a plot or a product.", field="batch")
    if not facts.results:
        yield Refused("Enter at least one result.", field="results")
    if len(facts.results) > MOST_RESULTS:
        yield Refused("A report holds at most %(most)s results.", field="results", most=MOST_RESULTS)


def void_test(session: Session, test: SampleTest, reason: str | None, *, actor: Actor, now: datetime) -> None:
    """Entered wrongly: it stays readable and counts no more."""
    session.refresh(test, ["voided_at"], with_for_update=True)
    if not (reason or "").strip():
        raise Refused("Say why it is void.", field="reason")
    if test.voided_at is not None:
        raise Refused("This test is void already.", conflict=True)
    test.voided_at, test.voided_reason = now, (reason or "").strip()
    session.flush()
    record(session, "test.voided", test, actor=actor, now=now, facts={"reason": test.voided_reason})


def samples_of(session: Session, cooperative: Cooperative) -> list[SampleTest]:
    """All of a cooperative, the newest sample first."""
    query = select(SampleTest).where(SampleTest.cooperative_id == cooperative.id)
    return list(session.scalars(query.order_by(SampleTest.sampled_on.desc(), SampleTest.id.desc()).options(*_WHOLE)))


def samples_for(session: Session, batch: Batch) -> list[SampleTest]:
    """What speaks for a batch, not void, the newest sample first: a test of the batch itself, of a plot it came from
    (and of no other product), or of its product without a plot."""
    plots = {line.plot_id for line in batch.intake if line.plot_id is not None}
    same = or_(SampleTest.product_id.is_(None), SampleTest.product_id == batch.product_id)
    of_product = (SampleTest.product_id == batch.product_id) & SampleTest.plot_id.is_(None)
    speaks = or_(
        SampleTest.batch_id == batch.id,
        SampleTest.batch_id.is_(None) & or_(SampleTest.plot_id.in_(plots) & same, of_product),
    )
    query = select(SampleTest).where(
        SampleTest.cooperative_id == batch.cooperative_id, SampleTest.voided_at.is_(None), speaks
    )
    return list(session.scalars(query.order_by(SampleTest.sampled_on.desc(), SampleTest.id.desc()).options(*_WHOLE)))


_WHOLE = (
    selectinload(SampleTest.results),
    selectinload(SampleTest.batch),
    selectinload(SampleTest.plot),
    selectinload(SampleTest.product),
)
