"""The press: takes up print jobs, draws their files, reads them back, and releases what is sound.

Drawing and reading hold no transaction open; what is written are single lines, each under the job's lease. Killed at
any moment it leaves a job that the next press goes on with: a file that was finished is not drawn again, and sheets
that were read are not read again.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from labels import LabelError

from .. import logs
from ..records import BEING_MADE, JobState, PrintJob
from ..work.keyring import Keyring
from ..work.label_refusals import as_refusal
from ..work.print_ends import fail
from ..work.print_jobs import (
    MOST_ATTEMPTS,
    LostLease,
    let_go,
    take,
    waits,
)
from ..work.refused import Refused, RefusedAll
from .press_work import Stopped, Work

STRAY_AFTER_S = 600.0
"""A younger file without a line may be one that a press is about to name."""


@dataclass(frozen=True)
class Press:
    """`write` and `read` open sessions on the two engines; `keyring` joins the keys as they are when a job begins."""

    name: str
    folder: Path
    keyring: Callable[[Session], Keyring]
    write: Callable[[], Session]
    read: Callable[[], Session]
    now: Callable[[], datetime]
    keep: timedelta
    stop: threading.Event = field(default_factory=threading.Event)

    def make_waiting(self, most: int | None = None) -> int:
        """Make every job that waits (of at most so many labels); how many were taken up."""
        count = 0
        while not self.stop.is_set():
            with self.read() as session:
                if not waits(session, now=self.now(), most=most):
                    return count
            with self.write() as session:
                job = take(session, self.name, now=self.now(), most=most)
                session.commit()
                facts = job and (job.id, job.lease or "", job.attempts)
            if not facts:
                return count
            self._make(*facts)
            count += 1
        return count

    def _make(self, job_id: int, lease: str, attempts: int) -> None:
        work = Work(self, job_id, lease)
        try:
            if attempts > MOST_ATTEMPTS:
                raise Refused("The press was stopped %(count)s times in the middle of it.", count=MOST_ATTEMPTS)
            work.do()
        except LostLease:
            work.forget_file()
        except Stopped:
            with suppress(LostLease), self.write() as session:
                let_go(session, job_id, lease)
                session.commit()
        except OperationalError as away:  # the lease runs out, and somebody goes on with it
            logs.log.warning("the database went away in the middle of a print", exc_info=away)
        except Exception as error:
            self._fail(work, error)

    def _fail(self, work: Work, error: Exception) -> None:
        refusal = _why(error)
        if not isinstance(error, Refused | RefusedAll | LabelError):
            logs.log.error("a print failed", exc_info=error)
        work.forget_file(whole=True)
        with suppress(LostLease), self.write() as session:
            fail(session, work.job_id, work.lease, refusal, now=self.now())
            session.commit()


def _why(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, RefusedAll):
        return error.refusals[0]
    if isinstance(error, LabelError):
        if error.code == "not-written":
            return Refused("The server's disk is full or cannot be written to: tell the operator.")
        return as_refusal(error, "face")
    return Refused("The press failed (%(kind)s): try again, and tell the operator.", kind=type(error).__name__)


def clear_away(session: Session, folder: Path, *, now: datetime) -> int:
    """Remove files that were kept long enough, and what killed presses left behind; how many went."""
    count = 0
    old = select(PrintJob).where(PrintJob.kept_until <= now, PrintJob.removed_at.is_(None))
    for job in session.scalars(old):
        job.removed_at = now
        count += 1
    session.flush()
    needed = PrintJob.state.in_({*BEING_MADE, JobState.DONE})
    wanted = set(session.scalars(select(PrintJob.file_name).where(needed, PrintJob.removed_at.is_(None))))
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted and time.time() - path.stat().st_mtime > STRAY_AFTER_S:
            path.unlink(missing_ok=True)
    return count
