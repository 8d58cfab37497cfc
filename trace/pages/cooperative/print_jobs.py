"""A print under way: cancelled, made again, and its file fetched from disk."""

from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from flask import Blueprint, abort, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from ...access import allow, find, fresh
from ...accounts import freshness
from ...db import db
from ...records import PrintExport, Printing, PrintJob
from ...service import keyring
from ...work.formats import FORMATS
from ...work.print_exports import (
    OnceOnly,
    fetch,
    is_open,
    once_only,
    propose_export,
)
from ...work.print_jobs import again, cancel
from ...work.print_spans import newest_job
from ...work.proposals import address
from ...work.refused import Refused
from ...work.sheets import draw_now
from ...work.spans import from_text
from ..acting import acting
from ..fields import WordsField
from ..forms import Form, finish
from ..words import now
from .print_shown import file_of, percent, secret, told

bp = Blueprint("print_jobs", __name__, url_prefix="/my/stamps/printings")
IN_MEMORY = 4 * 1024 * 1024


class FetchForm(Form):
    reason = WordsField(lazy_gettext("Why once more"), longest=200)


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
