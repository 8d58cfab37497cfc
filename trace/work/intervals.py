"""Pre-harvest intervals (thời gian cách ly): from which day what a plot bears may be cut."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased, selectinload

from ..records import Batch, DiaryEntry, DiaryEntryPlot, DiaryKind, IntakeLine, Plot
from .refused import Refused

LONGEST_DAYS = 365
A_YEAR = timedelta(days=LONGEST_DAYS)
"""No interval is longer: what lies further back says nothing about a harvest."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A spray on a plot, and the first day on which its fruit may be cut."""

    plot: Plot
    spray: DiaryEntry
    earliest_on: date


@cache
def standing() -> tuple[object, object]:
    """Conditions: a diary line that nothing has taken the place of, and that withdraws nothing.

    Made once: to adapt them to an alias takes longer than to ask the database.
    """
    later = aliased(DiaryEntry)
    return ~exists().where(later.corrects_id == DiaryEntry.id), DiaryEntry.withdraws.is_(False)


def intervals(session: Session, plots: Iterable[Plot], day: date) -> dict[int, Interval]:
    """By plot id, the spray up to `day` whose interval ends last; plots that were never sprayed are left out."""
    by_id = {plot.id: plot for plot in plots}
    query = (
        select(DiaryEntryPlot.plot_id, DiaryEntry)
        .join(DiaryEntry, DiaryEntry.id == DiaryEntryPlot.entry_id)
        .where(
            DiaryEntryPlot.plot_id.in_(list(by_id)),
            DiaryEntry.kind == DiaryKind.PESTICIDE,
            DiaryEntry.on_day <= day,
            *standing(),  # type: ignore[arg-type]
        )
        .order_by(DiaryEntry.on_day, DiaryEntry.id)
    )
    found: dict[int, Interval] = {}
    for plot_id, spray in session.execute(query):
        earliest = spray.earliest_harvest_on
        if earliest is not None and (plot_id not in found or earliest >= found[plot_id].earliest_on):
            found[plot_id] = Interval(by_id[plot_id], spray, earliest)
    return found


def held_back(session: Session, plots: Iterable[Plot], day: date) -> list[Interval]:
    """Plots whose fruit may not be cut yet on `day`."""
    return [found for found in intervals(session, plots, day).values() if day < found.earliest_on]


def plots_of(line: IntakeLine) -> list[Plot]:
    """The plots an intake line may have come from: a line that names only the household means any of its plots."""
    if line.plot is not None:
        return [line.plot]
    return list(line.grower.plots) if line.grower else []


def too_early(session: Session, batch: Batch) -> list[Refused]:
    """For each intake line that was cut before a spray's interval had passed: a refusal with both days."""
    return [
        _refusal(f"intake-{place}-harvested_on", line, held)
        for place, line in enumerate(batch.intake)
        for held in held_back(session, plots_of(line), line.harvested_on)
    ]


def _refusal(field: str, line: IntakeLine, held: Interval) -> Refused:
    return Refused(
        "%(plot)s was sprayed with %(spray)s on %(sprayed_on)s, interval %(days)s days: its harvest of "
        "%(harvested_on)s came before %(earliest_on)s.",
        field=field,
        plot=held.plot.name,
        spray=held.spray.material,
        sprayed_on=held.spray.on_day,
        days=held.spray.phi_days,
        harvested_on=line.harvested_on,
        earliest_on=held.earliest_on,
    )


def sprays_of(session: Session, plots: Iterable[Plot], start: date, end: date) -> list[DiaryEntry]:
    """Sprays on any of the plots between two days, the newest first."""
    on_plots = select(DiaryEntryPlot.entry_id).where(DiaryEntryPlot.plot_id.in_([plot.id for plot in plots]))
    query = select(DiaryEntry).where(
        DiaryEntry.id.in_(on_plots),
        DiaryEntry.kind == DiaryKind.PESTICIDE,
        DiaryEntry.on_day.between(start, end),
        *standing(),  # type: ignore[arg-type]
    )
    return list(session.scalars(query.order_by(DiaryEntry.on_day.desc()).options(selectinload(DiaryEntry.plots))))
