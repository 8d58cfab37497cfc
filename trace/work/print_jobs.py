"""Jobs of the press: asked for on a page, taken up by one worker at a time, finished, cancelled, asked for anew.

A job's lease is a word that only its present worker knows. Each line that a worker writes asks for it, so that one
that was slow and thought dead writes nothing more: the database answers with no row, and it lets go (`LostLease`).
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from labels import Written

from ..records import BEING_MADE, JobState, PrintChunk, Printing, PrintJob, Run
from .actor import Actor
from .history import record
from .part_sheets import give_back
from .print_spans import newest_job, refuse_taken
from .ranges import locked
from .refused import Refused
from .sheets import alive_spans
from .spans import count_in, from_text, shared, to_text

LEASE = timedelta(seconds=10)
"""A worker that was killed is missed after so long; one that lives says so every two seconds."""
SMALL = 2_000
"""Labels up to which a job goes before larger ones, and is waited for."""
MOST_ATTEMPTS = 12


class LostLease(Exception):  # noqa: N818 - somebody cancelled the job, or another worker has it
    pass


def queue(session: Session, printing: Printing, *, actor: Actor, now: datetime) -> PrintJob:
    """Have a printing's file made; its words and places stand in the printing, so it is the same each time."""
    count = count_in(alive_spans(session, printing)) * printing.copies
    job = PrintJob(
        printing_id=printing.id,
        cooperative_id=printing.cooperative_id,
        state=JobState.WAITING,
        labels=count,
        by_person_id=actor.person_id,
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def before(session: Session, job: PrintJob) -> int:
    """How many jobs are taken up before this one."""
    small = PrintJob.labels <= SMALL
    sooner = and_(small, PrintJob.id < job.id) if job.labels <= SMALL else or_(small, PrintJob.id < job.id)
    query = select(PrintJob.id).where(PrintJob.state.in_(BEING_MADE), PrintJob.id != job.id, sooner)
    return len(session.scalars(query).all())


def _free(now: datetime, most: int | None) -> ColumnElement[bool]:
    left = and_(PrintJob.state == JobState.WORKING, PrintJob.leased_until <= now)
    free = or_(PrintJob.state == JobState.WAITING, left)
    return free if most is None else and_(free, PrintJob.labels <= most)


def waits(session: Session, *, now: datetime, most: int | None = None) -> bool:
    """Whether there is a job to take up; only reads."""
    return bool(session.scalar(select(exists().where(_free(now, most)))))


def take(session: Session, worker: str, *, now: datetime, most: int | None = None) -> PrintJob | None:
    """Take up the next job, small ones first: of several workers exactly one gets it. `most`: labels it may have."""
    free = _free(now, most)
    first = select(PrintJob.id).where(free).order_by(PrintJob.labels > SMALL, PrintJob.id).limit(1)
    taken = session.execute(
        update(PrintJob)
        .where(PrintJob.id == first.with_for_update(skip_locked=True).scalar_subquery(), free)
        .values(
            state=JobState.WORKING,
            lease=secrets.token_hex(16),
            leased_by=worker,
            leased_until=now + LEASE,
            attempts=PrintJob.attempts + 1,
        )
        .returning(PrintJob.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if taken is None:
        return None
    job = session.get_one(PrintJob, taken, populate_existing=True)
    if job.spans is None:
        job.begun_at, job.spans = now, to_text(alive_spans(session, job.printing))
        job.labels = count_in(from_text(job.spans)) * job.printing.copies
        session.flush()
    return job


def _held(job_id: int, held: str) -> tuple[ColumnElement[bool], ...]:
    return PrintJob.id == job_id, PrintJob.state == JobState.WORKING, PrintJob.lease == held


def write(session: Session, job_id: int, held: str, **values: Any) -> None:
    """Change a job that one holds. Raises `LostLease`, and then nothing is changed."""
    changed = session.execute(
        update(PrintJob)
        .where(*_held(job_id, held))
        .values(**values)
        .returning(PrintJob.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if changed is None:
        raise LostLease


def beat(session: Session, job_id: int, lease: str, done: int, *, now: datetime) -> None:
    """Still at it."""
    write(session, job_id, lease, leased_until=now + LEASE, done=done)


def drawn(session: Session, job_id: int, lease: str, name: str, written: Written, *, now: datetime) -> None:
    """The file stands. It is not released yet."""
    facts = {"file_name": name, "size_bytes": written.size, "sha256": written.sha256, "sheets": written.sheets}
    write(session, job_id, lease, leased_until=now + LEASE, done=0, attempts=0, **facts)


def proved(session: Session, job: PrintJob, lease: str, chunk: PrintChunk, *, now: datetime) -> None:
    """Some sheets were read back: whoever takes the job up again goes on after them."""
    done = sum(one.labels for one in chunks_of(session, job.id)) + chunk.labels
    write(session, job.id, lease, leased_until=now + LEASE, done=done, attempts=0)
    session.add(chunk)
    session.flush()


def chunks_of(session: Session, job_id: int) -> list[PrintChunk]:
    query = select(PrintChunk).where(PrintChunk.job_id == job_id).order_by(PrintChunk.first_page)
    return list(session.scalars(query))


def let_go(session: Session, job_id: int, lease: str) -> None:
    """Whoever held it is asked to stop: the next one may take it up at once."""
    write(session, job_id, lease, state=JobState.WAITING, lease=None, leased_until=None, attempts=PrintJob.attempts - 1)


def cancel(session: Session, job: PrintJob, *, actor: Actor, now: datetime) -> None:
    """Stop a job that is not done: its stamps are free again. Its worker notices within seconds and lets go."""
    stopped = session.execute(
        update(PrintJob)
        .where(PrintJob.id == job.id, PrintJob.state.in_(BEING_MADE))
        .values(state=JobState.CANCELLED, lease=None, leased_until=None, ended_at=now)
        .returning(PrintJob.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if stopped is None:
        raise Refused("This print is finished already.", conflict=True)
    session.refresh(job)
    give_back(session, job.printing, now=now)
    record(session, "printing.cancelled", job.printing, actor=actor, now=now, facts={"job": job.public_id})


def again(session: Session, printing: Printing, *, actor: Actor, now: datetime, gone: bool = False) -> PrintJob:
    """Have the file made once more, word for word as it was kept. Raises `Refused` while one is made or kept (and not
    `gone` from the disk), and where some of its stamps went into another print since."""
    run = locked(session, session.get_one(Run, printing.run_id))
    job = newest_job(session, printing)
    if job is not None and job.open:
        raise Refused("This print is being made already.", conflict=True)
    if job is not None and job.fetchable and not gone and not is_stale(session, job):
        raise Refused("The file is still here: fetch it.", conflict=True)
    alive = alive_spans(session, printing)
    if not alive:
        raise Refused("Every one of these stamps is void.", conflict=True)
    owned = job is None or job.state == JobState.DONE
    refuse_taken(session, run, alive, besides=printing, since=printing.id if owned else 0)
    if job is not None and job.fetchable:
        job.removed_at = now  # some of its stamps are void since: nobody prints this file any more
    made = queue(session, printing, actor=actor, now=now)
    record(session, "printing.again", printing, actor=actor, now=now, facts={"job": made.public_id})
    return made


def is_stale(session: Session, job: PrintJob) -> bool:
    """Whether stamps in a finished file are void since."""
    within = from_text(job.spans or "[]")
    return count_in(within) != count_in(shared(within, alive_spans(session, job.printing)))
