"""What an auditor reads behind a batch: sprays on its plots, tests that speak for it, how often it was looked at."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Batch, CopyCase, DiaryEntry, LookDay, SampleTest, Scan, ScanDay
from .intervals import A_YEAR, plots_of, sprays_of
from .samples import samples_for


@dataclass(frozen=True, slots=True)
class Behind:
    sprays: list[DiaryEntry]
    """In the year up to the last harvest day, the newest first."""
    harvested_on: date | None
    """The first harvest day: a spray is kept if its interval was over by then."""
    tests: list[SampleTest]
    looks: int
    scans: int
    cases: list[CopyCase]
    """Suspected copies of its stamps."""


def behind(session: Session, batch: Batch) -> Behind:
    days = sorted(line.harvested_on for line in batch.intake)
    plots = {plot.id: plot for line in batch.intake for plot in plots_of(line)}.values()
    sprays = sprays_of(session, plots, days[-1] - A_YEAR, days[-1]) if days else []
    looks = session.scalar(select(func.sum(LookDay.looks)).where(LookDay.batch_key == batch.id))
    scans = session.scalar(select(func.count(Scan.id)).where(Scan.batch_id == batch.id))
    folded = session.scalar(select(func.sum(ScanDay.scans)).where(ScanDay.batch_id == batch.id))
    cases = session.scalars(select(CopyCase).where(CopyCase.batch_id == batch.id).order_by(CopyCase.id.desc()))
    return Behind(
        sprays=sprays,
        harvested_on=days[0] if days else None,
        tests=samples_for(session, batch),
        looks=int(looks or 0),
        scans=int(scans or 0) + int(folded or 0),
        cases=list(cases),
    )
