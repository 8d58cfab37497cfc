"""Whose stamps are whose: a stamp belongs to one print at most, and those of none are free for the next."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..records import BEING_MADE, JobState, Printing, PrintJob, RangeState, Run
from .ranges import Span, within
from .refused import Refused
from .sheets import alive_spans
from .spans import count_in, joined, shared, spans_of, without


def newest_job(session: Session, printing: Printing) -> PrintJob | None:
    query = select(PrintJob).where(PrintJob.printing_id == printing.id).order_by(PrintJob.id.desc()).limit(1)
    return session.scalars(query).first()


def refuse_taken(
    session: Session, run: Run, spans: list[Span], *, besides: Printing | None = None, since: int = 0
) -> None:
    """A number stands on one stamp: refuse those that belong to another print of theirs (made after one, if named)."""
    first, last = spans[0][0], spans[-1][1]
    query = select(Printing).where(
        Printing.run_id == run.id,
        Printing.sample.is_(False),
        Printing.id > since,
        Printing.first <= last,
        Printing.last >= first,
    )
    for other in session.scalars(query.order_by(Printing.id)):
        if other is besides or not _owns(session, other):
            continue
        for low, high in shared(spans, alive_spans(session, other)):
            raise Refused(
                "Stamps %(first)s to %(last)s have been printed already: a number stands on one stamp only.",
                field="destroyed",
                conflict=True,
                first=run.serial(low),
                last=run.serial(high),
            )


def free_spans(session: Session, run: Run) -> list[Span]:
    """Stamps of a run that were never printed and belong to no print that is being made."""
    made = [(row.first, row.last) for row in within(session, run, 1, run.count) if row.state == RangeState.MADE]
    open_jobs = select(PrintJob).join(Printing).where(Printing.run_id == run.id, PrintJob.state.in_(BEING_MADE))
    taken = [span for job in session.scalars(open_jobs) for span in spans_of(job.printing)]
    return without(made, taken)


def with_spoil(session: Session, run: Run, spans: list[Span], percent: int) -> list[Span]:
    """A span more, of stamps that were never printed and are for the same batch, for those that will be spoiled."""
    wanted = -(-count_in(spans) * percent // 100)
    rows = within(session, run, 1, run.count)
    batches = {row.batch_id for row in rows if shared([(row.first, row.last)], spans)}
    same = [(row.first, row.last) for row in rows if {row.batch_id} == batches]
    free = shared(without(free_spans(session, run), spans), same)
    ahead = [span for span in free if span[0] > spans[-1][1]]
    more: list[Span] = []
    for first, last in ahead + [span for span in free if span not in ahead]:
        left = wanted - count_in(more)
        if left > 0:
            more.append((first, min(last, first + left - 1)))
    if count_in(more) < wanted:
        raise Refused("Only %(count)s stamps of this run are left for spoiling.", field="spoil", count=count_in(more))
    return joined([*spans, *more])


def _owns(session: Session, printing: Printing) -> bool:
    """A print that failed or was cancelled owns its stamps no more; one without a job is older than jobs are."""
    job = newest_job(session, printing)
    if job is None or job.state not in {JobState.FAILED, JobState.CANCELLED}:
        return True
    done = select(exists().where(PrintJob.printing_id == printing.id, PrintJob.state == JobState.DONE))
    return bool(session.scalar(done))
