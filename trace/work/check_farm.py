"""What the farm's own records say of a batch: sprays, the diary, tests of samples."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, DiaryEntry, DiaryEntryPlot, IntakeLine, Plot, SampleTest
from .check import Check, Outcome, check
from .days import day_of
from .deployments import setting
from .diary_book import LATE_KEY
from .gate_rules import asked_for
from .intervals import A_YEAR, intervals, plots_of, standing
from .samples import samples_for


def sprays_kept(session: Session, line: IntakeLine) -> Iterator[Check]:
    """h. Last spray and its pre-harvest interval against the harvest day, for each plot the line may come from."""
    plots = plots_of(line)
    sprayed = intervals(session, plots, line.harvested_on)
    for plot in plots:
        found = sprayed.get(plot.id)
        figures = {"source": plot.name, "plot_id": plot.public_id, "day": line.harvested_on.isoformat()}
        if found is None:
            yield Check("spray_kept", Outcome.PASS, figures | {"spray": None})
            continue
        figures |= {
            "spray": str(found.spray.material),
            "sprayed_on": found.spray.on_day.isoformat(),
            "earliest_on": found.earliest_on.isoformat(),
        }
        outcome = Outcome.PASS if line.harvested_on >= found.earliest_on else Outcome.FAIL
        yield Check("spray_kept", outcome, figures | {"phi_days": found.spray.phi_days})


def diary_kept(session: Session, line: IntakeLine) -> Iterator[Check]:
    """i. The plots have lines in the year before the harvest, and they were told in time (the province's days)."""
    most = int(setting(session, LATE_KEY, line.harvested_on))
    for plot in plots_of(line):
        entries = _entries(session, plot, line.harvested_on)
        days = [(day_of(entry.told_at) - entry.on_day).days for entry in entries]
        late = [count for count in days if count > most]
        figures = {"source": plot.name, "plot_id": plot.public_id, "entries": len(entries), "late": len(late)}
        figures |= {"latest_days": max(days, default=0), "allowed_days": most}
        kept = bool(entries) or not asked_for(session, "i", line.harvested_on)
        yield check("diary_kept", kept, warn=not entries or bool(late), **figures)


def _entries(session: Session, plot: Plot, day: date) -> list[DiaryEntry]:
    on_plot = select(DiaryEntryPlot.entry_id).where(DiaryEntryPlot.plot_id == plot.id)
    query = select(DiaryEntry).where(
        DiaryEntry.id.in_(on_plot),
        DiaryEntry.on_day.between(day - A_YEAR, day),
        *standing(),  # type: ignore[arg-type]
    )
    return list(session.scalars(query.options(selectinload(DiaryEntry.page))))


def test_passed(session: Session, batch: Batch, day: date) -> Check:
    """j. The newest report that speaks for the batch and is in date found nothing above its limit."""
    found = next((test for test in samples_for(session, batch) if _counts(test, batch, day)), None)
    if found is None:
        return check("test_passed", not asked_for(session, "j", day), warn=True, report=None, day=day.isoformat())
    return check(
        "test_passed",
        found.passed,
        report=found.report_number,
        laboratory=found.laboratory,
        valid_until=found.valid_until.isoformat(),
        results=len(found.results),
        above=", ".join(result.analyte for result in found.results if not result.passed),
        day=day.isoformat(),
    )


def _counts(test: SampleTest, batch: Batch, day: date) -> bool:
    """In date on the day; a sample of the very batch may have been taken after it was packed."""
    return test.in_date_on(day) or (test.batch_id == batch.id and day <= test.valid_until)
