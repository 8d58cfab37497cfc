"""Sending a finished file to a printer in the network, where the operator has allowed one."""

from dataclasses import dataclass

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Printing, PrintJob, PrintSend, SendState, WirePrinter
from ...service import settings
from ...work.print_spans import newest_job
from ...work.refused import Refused
from ...work.wire import send, sends_of, wire_printers
from ..acting import acting
from ..forms import finish
from .print_jobs import FetchForm, show_page

bp = Blueprint("print_sends", __name__, url_prefix="/my/stamps/printings")
PROBLEMS = {
    "unreachable": lazy_gettext("The printer does not answer: is it on, and in the network?"),
    "lost": lazy_gettext("The line to the printer broke."),
    "hangs": lazy_gettext("The printer takes nothing more: look what its display says."),
    "paper": lazy_gettext("The printer is out of paper."),
    "ribbon": lazy_gettext("The printer is out of ribbon."),
    "open": lazy_gettext("The printer's head is open."),
    "paused": lazy_gettext("The printer is paused."),
    "unreadable": lazy_gettext("What answers there is no label printer of this language."),
    "press": lazy_gettext("The service was stopped in the middle."),
}


@dataclass(frozen=True, slots=True)
class SendShown:
    send: PrintSend
    problem: str
    sure: str
    """The last serial that surely came to a printer that was well; empty for none."""
    sent: str


def sends_shown(job: PrintJob | None) -> list[SendShown]:
    if job is None or job.printing.format not in {"zpl", "tspl"}:
        return []
    return [
        SendShown(one, str(PROBLEMS.get(one.problem or "", "")), _serial(job, one.sure), _serial(job, one.sent))
        for one in sends_of(db.session, job)
    ]


def _serial(job: PrintJob, labels: int) -> str:
    """The stamp on so many-th label of a file."""
    left = -(-labels // job.printing.copies)
    for first, last in job.kept_spans:
        if 0 < left <= last - first + 1:
            return job.printing.run.serial(first + left - 1)
        left -= last - first + 1
    return ""


def printers_for(printing: Printing) -> list[WirePrinter]:
    """Those that this file can be sent to."""
    if not settings().raw_printing:
        return []
    return [one for one in wire_printers(db.session, own_cooperative().id) if one.language == printing.format]


@bp.post("/<public_id>/send")
@allow("stamps")
def send_file(public_id: str) -> ResponseReturnValue:
    printing, form = find(Printing, public_id), FetchForm()
    if not settings().raw_printing:
        abort(409)
    if form.sent():
        with form.refusals():
            chosen = request.form.get("wire", "")
            printer = next((one for one in printers_for(printing) if one.public_id == chosen), None)
            job = newest_job(db.session, printing)
            if job is None or printer is None:
                raise Refused("Choose a printer from the list.", field="wire")
            send(db.session, job, printer, form.reason.data or "", **acting())
            message = gettext("On its way to %(printer)s.", printer=printer.name)
            return finish(form, url_for("printing.show", public_id=public_id), message)
    return show_page(printing, form)


def under_way(sends: list[SendShown]) -> bool:
    return any(one.send.state in {SendState.WAITING, SendState.SENDING} for one in sends)
