"""Fetching finished files: counted, with a reason after the first time, and large lists for print houses once only."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import JobState, PrintExport, Printing, PrintJob, Proposal
from .actor import Actor
from .deployments import setting
from .history import record
from .print_jobs import is_stale
from .proposals import ACTS, Act, about, agreed_to, propose
from .refused import Refused

FOR_PRINT_HOUSES = frozenset({"csv", "xlsx", "labels"})
OPENS_FOR = timedelta(minutes=30)
"""So long a bad line may take up the same download again."""


class OnceOnly(Refused):
    """It was fetched, and that was the one time."""


def _still_there(session: Session, proposal: Proposal, _actor: Actor, _now: datetime) -> None:
    """To agree changes nothing by itself: whoever proposed it may then fetch the file, once."""
    job = session.scalars(select(PrintJob).where(PrintJob.public_id == proposal.subject)).one()
    if not job.fetchable:
        raise Refused("The file is kept no longer: have it made again.", conflict=True)


EXPORT = ACTS.add(
    Act(
        "print.export",
        frozenset({"member", "manager", "officer"}),
        _still_there,
        "Fetch a list of %(labels)s stamps for a print house: %(first)s to %(last)s",
    )
)


def propose_export(session: Session, job: PrintJob, reason: str, *, actor: Actor, now: datetime) -> Proposal:
    """A large list for a print house: a second person of the cooperative, or an officer, agrees to it first."""
    if not once_only(session, job, now) or not job.fetchable:
        raise Refused("This file needs no second person.", conflict=True)
    run = job.printing.run
    facts = {
        "labels": job.labels,
        "first": run.serial(job.printing.first),
        "last": run.serial(job.printing.last),
        "sha256": job.sha256,
    }
    told = {"actor": actor, "now": now, "reason": reason, "cooperative_id": job.cooperative_id}
    return propose(session, EXPORT.kind, job, facts, **told)  # type: ignore[arg-type]


def waiting_proposal(session: Session, job: PrintJob, now: datetime) -> Proposal | None:
    return next((one for one in about(session, job.public_id) if one.waits(now)), None)


def agreed_since(session: Session, job: PrintJob) -> bool:
    """Whether a second person agreed, after the file was last fetched."""
    proposal = agreed_to(session, EXPORT.kind, job.public_id)
    if proposal is None or proposal.answer is None:
        return False
    last = max((one.created_at for one in job.exports), default=None)
    return last is None or proposal.answer.at > last


def once_only(session: Session, job: PrintJob, now: datetime) -> bool:
    """Whether a file is a large one for a print house: whoever has it can print every stamp in it."""
    above = int(setting(session, "once_only_above", now.date()))
    return job.printing.format in FOR_PRINT_HOUSES and job.labels > above and not job.printing.sample


def exports_of(session: Session, printing: Printing) -> list[PrintExport]:
    """Who fetched a file of a printing, in order."""
    query = select(PrintExport).join(PrintJob).where(PrintJob.printing_id == printing.id)
    return list(session.scalars(query.order_by(PrintExport.id)))


def times_fetched(session: Session, printing: Printing) -> int:
    query = select(func.count(PrintExport.id)).join(PrintJob).where(PrintJob.printing_id == printing.id)
    return int(session.scalar(query) or 0)


def fetch(session: Session, job: PrintJob, reason: str, *, actor: Actor, now: datetime) -> PrintExport:
    """Count it, and open the file for a while. Raises `Refused`."""
    session.refresh(job, with_for_update=True)
    if job.state != JobState.DONE:
        raise Refused("This print is not finished.", conflict=True)
    if job.removed_at is not None:
        raise Refused("The file is kept no longer: have it made again.", conflict=True)
    if is_stale(session, job):
        raise Refused("Some stamps in this file are void since: have it made again without them.", conflict=True)
    times = times_fetched(session, job.printing)
    once = once_only(session, job, now)
    if once and not agreed_since(session, job):
        if times:
            raise OnceOnly("This file could be fetched once, and has been.", conflict=True)
        raise Refused("A second person has to agree first.", conflict=True)
    if times and not once and not reason.strip():
        raise Refused("Say why the file is fetched once more.", field="reason")
    export = PrintExport(
        job_id=job.id,
        cooperative_id=job.cooperative_id,
        by_person_id=actor.person_id,
        reason=reason.strip() or None,
        created_at=now,
    )
    session.add(export)
    session.flush()
    facts = {"job": job.public_id, "sha256": job.sha256, "time": times + 1, "reason": export.reason}
    record(session, "printing.fetched", job.printing, actor=actor, now=now, facts=facts)
    return export


def is_open(export: PrintExport, now: datetime) -> bool:
    """Whether this fetch may still read the file."""
    return export.job.fetchable and export.created_at <= now < export.created_at + OPENS_FOR
