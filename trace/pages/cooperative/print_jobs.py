"""A print under way: how far it is, cancelled, made again, and its file fetched from disk."""

import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, abort, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from ...access import allow, find, fresh
from ...accounts import freshness
from ...accounts.offices import names_by_key
from ...db import db
from ...records import JobState, PrintExport, Printing, PrintJob, Proposal
from ...service import keyring, settings
from ...standards.quantities import show_count
from ...work.formats import FORMATS
from ...work.print_exports import (
    OnceOnly,
    agreed_since,
    exports_of,
    fetch,
    is_open,
    once_only,
    propose_export,
    waiting_proposal,
)
from ...work.print_jobs import SMALL, again, before, cancel, is_stale, newest_job, why_failed
from ...work.proposals import address
from ...work.refused import Refused
from ...work.sheets import draw_now, has_pins
from ...work.spans import from_text
from ..acting import acting
from ..fields import WordsField
from ..forms import Form, finish
from ..words import language, now, sentence

bp = Blueprint("print_jobs", __name__, url_prefix="/my/stamps/printings")
IN_MEMORY = 4 * 1024 * 1024
WAITS_S, LOOKS_EVERY_S = 2.5, 0.05
"""A small print is usually ready before the page is shown."""


class FetchForm(Form):
    reason = WordsField(lazy_gettext("Why once more"), longest=200)


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
        said = "%(checked)s of %(labels)s checked symbol by symbol, %(read)s of them read back from their pictures."
        return str(gettext(said, checked=checked, labels=labels, read=read))
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


@bp.get("/<public_id>/progress")
@allow("stamps")
def progress(public_id: str) -> ResponseReturnValue:
    job = newest_job(db.session, find(Printing, public_id))
    if job is None:
        abort(404)
    return jsonify(open=job.open, words=told(job), percent=percent(job))


@bp.post("/<public_id>/cancel")
@allow("stamps")
def stop(public_id: str) -> ResponseReturnValue:
    printing, form = find(Printing, public_id), FetchForm()
    return _done(printing, form, gettext("Cancelled. Its stamps are free again."), _cancel)


def _cancel(job: PrintJob | None) -> None:
    if job is None:
        raise Refused("This print is finished already.", conflict=True)
    cancel(db.session, job, **acting())


@bp.post("/<public_id>/again")
@allow("stamps")
def remake(public_id: str) -> ResponseReturnValue:
    printing, form = find(Printing, public_id), FetchForm()
    return _done(printing, form, None, lambda job: _again(printing, job))


def _again(printing: Printing, job: PrintJob | None) -> None:
    gone = job is not None and job.fetchable and not file_of(job).is_file()
    again(db.session, printing, gone=gone, **acting())


def _done(printing: Printing, form: Form, message: str | None, act: Any) -> ResponseReturnValue:
    if form.sent():
        with form.refusals():
            act(newest_job(db.session, printing))
            return finish(form, url_for("printing.show", public_id=printing.public_id, wait=1), message)
    return show_page(printing, form)


@bp.post("/<public_id>/propose")
@allow("stamps")
@fresh
def ask_second(public_id: str) -> ResponseReturnValue:
    """Ask a second person to agree that a large list leaves the house."""
    printing, form = find(Printing, public_id), FetchForm()
    if form.sent():
        with form.refusals():
            job = newest_job(db.session, printing)
            if job is None:
                raise Refused("This print is not finished.", conflict=True)
            proposal = propose_export(db.session, job, form.reason.data or "", **acting())
            return finish(form, address(proposal), gettext("A second person of the cooperative is asked."))
    return show_page(printing, form)


@bp.post("/<public_id>/file")
@allow("stamps")
def fetch_file(public_id: str) -> ResponseReturnValue:
    """The first time with one press, later with a reason; each time it is counted."""
    printing, form = find(Printing, public_id), FetchForm()
    if (secret(printing) or _once(printing)) and (question := freshness.ask()) is not None:
        return question
    if form.sent():
        with form.refusals():
            return _fetch(printing, form)
    return show_page(printing, form)


def _once(printing: Printing) -> bool:
    job = newest_job(db.session, printing)
    return job is not None and once_only(db.session, job, now())


def show_page(printing: Printing, form: Form) -> ResponseReturnValue:
    from .printing import show_printing

    return show_printing(printing, form)


def _fetch(printing: Printing, form: FetchForm) -> ResponseReturnValue:
    job = newest_job(db.session, printing)
    if job is None or (job.fetchable and not file_of(job).is_file()):
        raise Refused("The file is kept no longer: have it made again.", conflict=True)
    try:
        export = fetch(db.session, job, form.reason.data or "", **acting())
    except OnceOnly:
        db.session.rollback()
        abort(410)
    if once_only(db.session, job, now()):
        form.end_rehearsal()
        db.session.commit()
        return _sent(job)
    return finish(form, url_for(".file", public_id=export.public_id))


@bp.get("/files/<public_id>")
@allow("stamps")
def file(public_id: str) -> ResponseReturnValue:
    """What a fetch opened, for half an hour, so that a broken download goes on where it stopped."""
    export = find(PrintExport, public_id)
    if not is_open(export, now()) or once_only(db.session, export.job, now()) or not file_of(export.job).is_file():
        abort(410)
    if secret(export.job.printing) and (question := freshness.ask()) is not None:
        return question
    return _sent(export.job)


def _sent(job: PrintJob) -> Response:
    printing = job.printing
    form = FORMATS[printing.format]
    name = f"{printing.run.serial(printing.first)}_{printing.last:07d}.{form.extension}"
    how: dict[str, Any] = {"mimetype": form.media_type, "as_attachment": True, "download_name": name}
    if secret(printing):
        return _drawn_now(job, how)
    answer = send_file(file_of(job), etag=job.sha256 or False, **how)
    answer.headers["X-Content-SHA256"] = job.sha256 or ""
    return answer


def _drawn_now(job: PrintJob, how: dict[str, Any]) -> Response:
    """With the PINs, which stand in no file that is kept: spooled, so that memory does not grow with the run."""
    spool = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    draw_now(db.session, job.printing, keyring(), from_text(job.spans or "[]"), cast(BinaryIO, spool))
    spool.seek(0)
    answer = send_file(cast(BinaryIO, spool), **how)
    answer.call_on_close(spool.close)
    return answer


def asked_to_wait() -> bool:
    return request.args.get("wait") == "1"
