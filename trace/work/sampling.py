"""A random sample of what was cleared by rule, drawn by the day: anybody can draw it again and prove it.

Drawn from the batches cleared by rule in the fourteen days before: each gets the SHA-256 of "day/its public id", and
those with the smallest numbers are looked at. Nobody can choose what comes out, and the same day gives the same sample.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, Cooperative
from .days import VIETNAM
from .deployments import setting

REACHES_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Drawn:
    batch: Batch
    cooperative: Cooperative
    ticket: str
    """The number by which it was drawn, as hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Sample:
    day: date
    population: int
    percent: int
    drawn: list[Drawn]


def ticket(day: date, public_id: str) -> str:
    return hashlib.sha256(f"{day.isoformat()}/{public_id}".encode()).hexdigest()


def draw(session: Session, day: date) -> Sample:
    """The sample of a day, from what had been cleared by rule when the day began."""
    began = datetime.combine(day, time(), VIETNAM)
    query = (
        select(Batch, Cooperative)
        .join(BatchDecision, BatchDecision.batch_id == Batch.id)
        .join(Cooperative, Cooperative.id == Batch.cooperative_id)
        .where(
            BatchDecision.season_id.is_not(None),
            BatchDecision.at >= began - REACHES_BACK,
            BatchDecision.at < began,
        )
    )
    percent = int(setting(session, "sample_percent", day))
    rows = [Drawn(batch, owner, ticket(day, batch.public_id)) for batch, owner in session.execute(query).all()]
    size = -(-len(rows) * percent // 100)
    return Sample(day, len(rows), percent, sorted(rows, key=lambda one: one.ticket)[:size])
