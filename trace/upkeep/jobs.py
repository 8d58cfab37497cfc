"""What is done again and again, by one worker at a time: whoever holds a job's lease in the database.

A worker that dies leaves a lease that runs out; a worker on another machine sees it and waits.
"""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import Job

Act = Callable[[Session, datetime], None]
"""Does the job's work in the session it is given; the worker commits."""


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    every: timedelta
    lease: timedelta
    """Longer than the work ever takes: afterwards another worker may begin it anew."""
    act: Act
    after_failure: timedelta = timedelta(minutes=10)
    needed: Callable[[Session], bool] = lambda _: True
    """Asked first, for what comes round often: nothing is written where there is nothing to do."""


def worker_name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def claim(session: Session, plan: Plan, worker: str, *, now: datetime) -> bool:
    """Take the lease if the job is due and nobody holds it; of several at once exactly one gets it. Commits."""
    if not plan.needed(session):
        return False
    if session.get(Job, plan.name) is None:
        _introduce(session, plan.name)
    due = or_(Job.last_done_at.is_(None), Job.last_done_at <= now - plan.every)
    free = or_(Job.leased_until.is_(None), Job.leased_until <= now)
    taken = session.execute(
        update(Job)
        .where(Job.name == plan.name, due, free)
        .values(leased_by=worker, leased_until=now + plan.lease)
        .returning(Job.name)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.commit()
    return taken is not None


def _introduce(session: Session, name: str) -> None:
    try:
        session.execute(insert(Job).values(name=name))
        session.commit()
    except IntegrityError:  # another worker was faster
        session.rollback()


def finish(session: Session, plan: Plan, worker: str, *, now: datetime, problem: str | None) -> None:
    """Give the lease back. After a failure the job is due again soon, not at once. Commits."""
    job = session.scalars(select(Job).where(Job.name == plan.name, Job.leased_by == worker)).first()
    if job is not None:
        job.leased_by, job.last_problem = None, problem
        job.leased_until = now + plan.after_failure if problem else None
        if problem is None:
            job.last_done_at = now
    session.commit()
