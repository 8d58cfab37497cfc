"""How far a print is and what may be done with its file, in words."""

import time
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext

from ...accounts.offices import names_by_key
from ...db import db
from ...records import JobState, PrintExport, Printing, PrintJob, Proposal
from ...service import settings
from ...standards.quantities import show_count
from ...work.formats import FORMATS
from ...work.print_ends import why_failed
from ...work.print_exports import agreed_since, exports_of, once_only, waiting_proposal
from ...work.print_jobs import SMALL, before, is_stale
from ...work.print_spans import newest_job
from ...work.sheets import has_pins
from ..words import language, now, sentence

WAITS_S, LOOKS_EVERY_S = 2.5, 0.05
"""A small print is usually ready before the page is shown."""


@dataclass(frozen=True, slots=True)
class JobShown:
    job: PrintJob
    words: str
    percent: int
    stale: bool
    """Some of its stamps are void since."""
    missing: bool
    """The file is kept no longer."""
    once: bool
    """It may be fetched one time, and a second person agrees first."""
    agreed: bool
    waits: Proposal | None
    """What a second person is asked."""
    exports: list[tuple[PrintExport, str]]
    """Who fetched it."""

    @property
    def fetchable(self) -> bool:
        return self.here and (not self.once or self.agreed)

    @property
    def here(self) -> bool:
        return self.job.fetchable and not self.stale and not self.missing

    @property
    def remakeable(self) -> bool:
        return not self.job.open and not self.here


def job_shown(printing: Printing) -> JobShown | None:
    """None for prints that are older than jobs are: their files were drawn when asked for."""
    job = newest_job(db.session, printing)
    if job is None:
        return None
    exports = exports_of(db.session, printing)
    names = names_by_key(db.session, [one.by_person_id for one in exports])
    fetched = [(one, names.get(one.by_person_id or 0, "–")) for one in exports]
    done = job.state == JobState.DONE
    missing = done and (job.removed_at is not None or not file_of(job).is_file())
    stale = done and is_stale(db.session, job)
    once = done and once_only(db.session, job, now())
    agreed = once and agreed_since(db.session, job)
    waits = waiting_proposal(db.session, job, now()) if once else None
    return JobShown(job, told(job), percent(job), stale, missing, once, agreed, waits, fetched)


def file_of(job: PrintJob) -> Path:
    return settings().print_folder / (job.file_name or "-")


def percent(job: PrintJob) -> int:
    """Drawing is the first third, reading back the rest."""
    share = job.done / max(job.labels, 1)
    return 100 if job.state == JobState.DONE else round(33 + 67 * share if job.file_name else 33 * share)


def secret(printing: Printing) -> bool:
    """Whoever holds its file knows what is under every scratch layer."""
    return has_pins(printing) and not printing.sample


def told(job: PrintJob) -> str:
    """How far a job is, in one sentence."""
    done, labels = (show_count(figure, language()) for figure in (job.done, job.labels))
    match job.state:
        case JobState.WAITING:
            ahead = before(db.session, job)
            words = gettext("%(count)s prints go before it.", count=ahead) if ahead else gettext("It begins at once.")
        case JobState.WORKING if job.file_name is None:
            words = gettext("Drawing: %(done)s of %(labels)s.", done=done, labels=labels)
        case JobState.WORKING:
            words = gettext("Reading back what was drawn: %(done)s of %(labels)s.", done=done, labels=labels)
        case JobState.FAILED:
            words = sentence(why_failed(job))
        case JobState.CANCELLED:
            words = gettext("Its stamps are free again.")
        case _:
            words = _proof(job, labels)
    return str(words)


def _proof(job: PrintJob, labels: str) -> str:
    read, checked = (show_count(figure or 0, language()) for figure in (job.read, job.checked))
    if not FORMATS[job.printing.format].drawn:
        return str(gettext("%(read)s of %(labels)s rows read back.", read=read, labels=labels))
    if job.read == job.labels:
        return str(gettext("%(read)s of %(labels)s read back.", read=read, labels=labels))
    if job.checked:
        words = gettext(
            "%(checked)s of %(labels)s checked symbol by symbol, %(read)s of them read back from their pictures.",
            checked=checked,
            labels=labels,
            read=read,
        )
        return str(words)
    return str(gettext("A sample of %(read)s of %(labels)s read back.", read=read, labels=labels))


def wait_a_moment(printing: Printing) -> None:
    """Let a small print finish before its page is shown; nobody waits for a large one."""
    ends = time.monotonic() + WAITS_S
    while time.monotonic() < ends:
        job = newest_job(db.session, printing)
        if job is None or not job.open or job.labels > SMALL:
            return
        db.session.rollback()
        time.sleep(LOOKS_EVERY_S)
        db.session.expire_all()
