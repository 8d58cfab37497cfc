"""How a job of the press ends: released or failed, and whoever asked for it is told."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from labels import Proof

from ..records import JobState, PrintJob, Run
from .actor import SERVICE, Actor
from .history import record
from .notices import notify
from .part_sheets import give_back
from .print_jobs import SMALL, write
from .refused import Refused
from .spans import from_text
from .stamps import mark_printed


def release(session: Session, job_id: int, lease: str, proof: Proof, *, now: datetime, keep: timedelta) -> None:
    """Every label was read back: the file may be fetched, and its stamps are printed. Whoever waited long is told."""
    figures = {"read": proof.read, "checked": proof.checked}
    done = {"state": JobState.DONE, "lease": None, "leased_until": None, "ended_at": now, "kept_until": now + keep}
    write(session, job_id, lease, done=PrintJob.labels, **figures, **done)
    job = session.get_one(PrintJob, job_id, populate_existing=True)
    facts = {**figures, "labels": job.labels, "sha256": job.sha256, "job": job.public_id}
    record(session, "printing.released", job.printing, actor=SERVICE, now=now, facts=facts)
    if not job.printing.sample:
        run = session.get_one(Run, job.printing.run_id)
        by = Actor(job.by_person_id, SERVICE.pseudonym, SERVICE.role)
        mark_printed(session, run, from_text(job.spans or "[]"), actor=by, now=now, printing=job.printing)
    if job.labels > SMALL and job.by_person_id is not None:
        notify(
            session,
            "The print of run %(run)s is ready: %(count)s stamps.",
            **_whom(job),
            now=now,
            run=job.printing.run.label,
            count=job.labels,
        )


def fail(session: Session, job_id: int, lease: str, refusal: Refused, *, now: datetime) -> None:
    """It cannot be made like this: its stamps are free again."""
    problem = json.dumps({"message": refusal.message, "figures": refusal.figures}, ensure_ascii=False, default=str)
    write(session, job_id, lease, state=JobState.FAILED, lease=None, leased_until=None, ended_at=now, problem=problem)
    job = session.get_one(PrintJob, job_id, populate_existing=True)
    give_back(session, job.printing, now=now)
    facts = {"job": job.public_id, "reason": str(refusal)}
    record(session, "printing.failed", job.printing, actor=SERVICE, now=now, facts=facts)
    if job.by_person_id is not None:
        notify(
            session, "The print of run %(run)s could not be made.", **_whom(job), now=now, run=job.printing.run.label
        )


def _whom(job: PrintJob) -> dict[str, Any]:
    """Whoever asked for it may have closed the page long ago."""
    return {"person_id": job.by_person_id, "url": f"/my/stamps/printings/{job.printing.public_id}"}


def why_failed(job: PrintJob) -> Refused:
    kept = json.loads(job.problem or "{}")
    message, figures = kept.get("message", ""), kept.get("figures", {})
    return Refused(message, **figures)
