"""How a batch's plots were cared for, as a consumer is told: the diary in short, sprays with their intervals, tests."""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, DiaryEntry, DiaryEntryPlot, DiaryKind
from .intervals import A_YEAR, plots_of, sprays_of, standing
from .samples import samples_for
from .seen import CareSeen, SpraySeen, TestSeen

MOST_SPRAYS = 12
MOST_TESTS = 4
TOLD = (DiaryKind.SEED, DiaryKind.FERTILISER, DiaryKind.PESTICIDE, DiaryKind.IRRIGATION)
"""Kinds that are care of a plot: what was bought, and from whom, is the cooperative's own matter."""


def care_seen(session: Session, batch: Batch) -> CareSeen:
    """Nobody is named: a line's grower, worker and note are no consumer's business."""
    plots = {plot.id: plot for line in batch.intake for plot in plots_of(line)}
    if not plots:
        return CareSeen()
    last = max(line.harvested_on for line in batch.intake)
    on_plots = select(DiaryEntryPlot.entry_id).where(DiaryEntryPlot.plot_id.in_(plots))
    days = select(DiaryEntry.kind, DiaryEntry.on_day).where(
        DiaryEntry.id.in_(on_plots),
        DiaryEntry.on_day.between(last - A_YEAR, last),
        *standing(),  # type: ignore[arg-type]
    )
    counted = Counter(kind for kind, _ in session.execute(days.distinct()))
    sprays = (_spray_seen(batch, spray) for spray in sprays_of(session, plots.values(), last - A_YEAR, last))
    return CareSeen(
        counts=tuple((kind.value, counted[kind.value]) for kind in TOLD if counted[kind.value]),
        sprays=tuple(dict.fromkeys(spray for spray in sprays if spray))[:MOST_SPRAYS],
    )


def _spray_seen(batch: Batch, spray: DiaryEntry) -> SpraySeen | None:
    """None for one after which nothing of the batch was cut from its plots."""
    waited = min(_waited_days(batch, spray), default=None)
    if waited is None:
        return None
    return SpraySeen(spray.on_day, spray.material or "", spray.active or "", spray.phi_days or 0, waited)


def _waited_days(batch: Batch, spray: DiaryEntry) -> Iterator[int]:
    sprayed = {plot.id for plot in spray.plots}
    for line in batch.intake:
        if line.harvested_on >= spray.on_day and not sprayed.isdisjoint(plot.id for plot in plots_of(line)):
            yield (line.harvested_on - spray.on_day).days


def tests_seen(session: Session, batch: Batch) -> tuple[TestSeen, ...]:
    return tuple(
        TestSeen(
            sampled_on=test.sampled_on,
            laboratory=test.laboratory,
            report=test.report_number,
            valid_until_on=test.valid_until,
            results=len(test.results),
            above=tuple(result.analyte for result in test.results if not result.passed),
        )
        for test in samples_for(session, batch)[:MOST_TESTS]
    )
