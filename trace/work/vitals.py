"""Figures about the service's health, for whoever watches it from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import Backup, Batch, Cooperative, CooperativeDecision, Entry, Job, LogCheckpoint, Run


@dataclass(frozen=True, slots=True)
class Vital:
    """One figure: a name with its unit at the end, what it is, and what tells it from its like (job="backup")."""

    name: str
    told: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def vitals(session: Session) -> Iterator[Vital]:
    newest = session.scalar(select(func.max(Entry.index)))
    yield Vital("temgoc_entries", "Entries of the history", 0 if newest is None else newest + 1)
    signed = session.scalar(select(func.max(LogCheckpoint.size)))
    yield Vital("temgoc_log_signed_entries", "Entries under the newest signed checkpoint", signed or 0)
    proved = session.scalar(select(func.max(Backup.made_at)).where(Backup.proved_at.is_not(None)))
    yield Vital("temgoc_last_proved_backup_timestamp_seconds", "When the newest proved backup was made", _at(proved))
    yield Vital("temgoc_runs", "Runs of stamps", _count(session, Run))
    yield Vital("temgoc_batches", "Batches", _count(session, Batch))
    decided = select(CooperativeDecision.cooperative_id)
    waiting = select(func.count(Cooperative.id)).where(Cooperative.id.not_in(decided))
    yield Vital("temgoc_cooperatives_waiting", "Registrations that wait for an officer", session.scalar(waiting) or 0)
    for job in session.scalars(select(Job).order_by(Job.name)):
        label = (("job", job.name),)
        done, failed = _at(job.last_done_at), float(job.last_problem is not None)
        yield Vital("temgoc_job_last_done_timestamp_seconds", "When a recurring job was last done", done, label)
        yield Vital("temgoc_job_failing", "1 where a recurring job failed when last tried", failed, label)


def _count(session: Session, kind: type[Run] | type[Batch]) -> int:
    return session.scalar(select(func.count(kind.id))) or 0


def _at(moment: datetime | None) -> float:
    """Seconds since 1970; 0 for never, which any alarm about age notices."""
    return moment.timestamp() if moment else 0.0
