"""The diary read back: by plot, kind and month, with what was written too late."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from ..records import Cooperative, DiaryEntry, DiaryEntryPlot, DiaryKind, Grower, Plot
from .days import day_of
from .deployments import setting
from .intervals import standing
from .lists import Listing, page_of

LATE_KEY = "diary_late_days"
"""The province's setting: a line written more days after its deed than this counts as late."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines to read. Withdrawn and corrected ones only where `all_versions`."""

    plot: Plot | None = None
    grower: Grower | None = None
    kind: DiaryKind | None = None
    start: date | None = None
    end: date | None = None
    all_versions: bool = False


def lines(session: Session, cooperative: Cooperative, wanted: Wanted, page: int = 1) -> Listing[DiaryEntry]:
    """A page of the diary, the latest deed first."""
    query = _query(cooperative, wanted).order_by(DiaryEntry.on_day.desc(), DiaryEntry.id.desc())
    return page_of(session, query, page)


def all_lines(session: Session, cooperative: Cooperative, wanted: Wanted) -> list[DiaryEntry]:
    """The diary as a book is read, the earliest deed first."""
    query = _query(cooperative, wanted).order_by(DiaryEntry.on_day, DiaryEntry.id)
    return list(session.scalars(query))


def _query(cooperative: Cooperative, wanted: Wanted) -> Select[DiaryEntry]:
    query = select(DiaryEntry).where(DiaryEntry.cooperative_id == cooperative.id)
    if not wanted.all_versions:
        query = query.where(*standing())  # type: ignore[arg-type]
    if wanted.kind is not None:
        query = query.where(DiaryEntry.kind == wanted.kind)
    if wanted.start is not None:
        query = query.where(DiaryEntry.on_day >= wanted.start)
    if wanted.end is not None:
        query = query.where(DiaryEntry.on_day <= wanted.end)
    for plots in _places(wanted):
        query = query.where(DiaryEntry.id.in_(plots))
    return query.options(
        selectinload(DiaryEntry.plots).selectinload(Plot.grower),
        selectinload(DiaryEntry.page),
        selectinload(DiaryEntry.batch),
        selectinload(DiaryEntry.photos),
        selectinload(DiaryEntry.corrected_by),
    )


def _places(wanted: Wanted) -> list[Select[int]]:
    found = []
    if wanted.plot is not None:
        found.append(select(DiaryEntryPlot.entry_id).where(DiaryEntryPlot.plot_id == wanted.plot.id))
    if wanted.grower is not None:
        theirs = select(Plot.id).where(Plot.grower_id == wanted.grower.id)
        found.append(select(DiaryEntryPlot.entry_id).where(DiaryEntryPlot.plot_id.in_(theirs)))
    return found


def late_by(session: Session, entry: DiaryEntry) -> int:
    """How many days after its deed a line was told, if that is more than the province allows; else 0."""
    took = (day_of(entry.told_at) - entry.on_day).days
    return took if took > int(setting(session, LATE_KEY, entry.on_day)) else 0


def lateness(session: Session, entries: list[DiaryEntry]) -> dict[int, int]:
    """By id, the days of every line that was told late."""
    found = {entry.id: late_by(session, entry) for entry in entries}
    return {key: days for key, days in found.items() if days}


def last_like(session: Session, cooperative: Cooperative, kind: DiaryKind) -> DiaryEntry | None:
    """The line of a kind that was entered last: its values are offered for the next one."""
    query = select(DiaryEntry).where(
        DiaryEntry.cooperative_id == cooperative.id, DiaryEntry.kind == kind, DiaryEntry.withdraws.is_(False)
    )
    return session.scalars(query.order_by(DiaryEntry.id.desc()).limit(1)).first()


def used_before(session: Session, cooperative: Cooperative, kinds: list[DiaryKind], most: int = 30) -> list[DiaryEntry]:
    """What was used lately, each name once with its newest line: for a list to choose from."""
    newest = (
        select(func.max(DiaryEntry.id))
        .where(
            DiaryEntry.cooperative_id == cooperative.id,
            DiaryEntry.kind.in_(kinds),
            DiaryEntry.material.is_not(None),
            DiaryEntry.withdraws.is_(False),
        )
        .group_by(DiaryEntry.material)
    )
    query = select(DiaryEntry).where(DiaryEntry.id.in_(newest)).order_by(DiaryEntry.id.desc()).limit(most)
    return list(session.scalars(query))


def plots_without(session: Session, cooperative: Cooperative, today: date, days: int) -> list[Plot]:
    """Plots in use of which nothing has been written for so many days."""
    told = select(DiaryEntryPlot.plot_id).join(DiaryEntry, DiaryEntry.id == DiaryEntryPlot.entry_id)
    lately = told.where(DiaryEntry.on_day > today - timedelta(days=days), *standing())  # type: ignore[arg-type]
    query = select(Plot).where(
        Plot.cooperative_id == cooperative.id,
        or_(Plot.closed_on.is_(None), Plot.closed_on > today),
        Plot.id.not_in(lately),
    )
    return list(session.scalars(query.order_by(Plot.folded, Plot.id)))
