"""Printing stamps: paper, face and serials chosen, the order kept, and its file drawn as often as asked."""

import json

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Batch, PartSheet, Printing, Run
from ...service import keyring, numbering, released, settings
from ...work.formats import FORMATS
from ...work.part_sheets import discard
from ...work.print_choices import printed_stock
from ...work.printers import printer_of
from ...work.printing import Order, not_yet_issued, preview, print_stamps
from ...work.refused import Refused, RefusedAll
from ...work.sheets import alive_spans, has_pins, sheets
from ...work.spans import count_in, spans_of, without
from ...work.stamps import issue_stamps, refuse_unissuable
from ..acting import acting, acting_today
from ..forms import Form, finish, show_form
from ..words import now, today
from .face_names import printed_face_words
from .print_form import (
    FORMAT_WORDS,
    BatchPrintForm,
    PrintForm,
    RunPrintForm,
    as_last_time,
    asked_part,
    choices_for,
    paper_name,
    printer_name,
)
from .print_jobs import FetchForm, asked_to_wait
from .print_screen import Told, Wanted, screen
from .print_sends import printers_for, sends_shown, under_way
from .print_shown import job_shown, wait_a_moment
from .wanted import wanted_for

bp = Blueprint("printing", __name__, url_prefix="/my/stamps")


@bp.route("/<public_id>/print", methods=["GET", "POST"])
@allow("stamps")
def order(public_id: str) -> ResponseReturnValue:
    """Stamps of a run that is there."""
    run = find(Run, public_id)
    form = RunPrintForm(data=as_last_time(run) | {"part": request.args.get("part", "")[:12]})
    return screen(form, Wanted(run, _told()), lambda ordered: _print(run, ordered))


def _told() -> Told:
    return {"keyring": keyring(), "public_url": settings().public_url, "today": today()}


def _print(run: Run, ordered: Order) -> Printing:
    told = {"keyring": keyring(), "public_url": settings().public_url}
    return print_stamps(db.session, run, ordered, **told, **acting_today())  # type: ignore[arg-type]


@bp.route("/for/<public_id>", methods=["GET", "POST"])
@allow("stamps")
def order_for(public_id: str) -> ResponseReturnValue:
    """New stamps for a batch: issued and printed by one press."""
    batch = find(Batch, public_id)
    form = BatchPrintForm(data=_for_batch(batch))

    def check() -> None:
        refuse_unissuable(db.session, own_cooperative(), form.count.data or 0, batch, now=now())

    try:
        wanted = Wanted(_stand_in(batch, form), _told(), batch, check=check)
    except Refused as refusal:
        wanted = Wanted(None, _told(), batch, refusal)
    return screen(form, wanted, lambda ordered: _issue_and_print(batch, ordered))


def _for_batch(batch: Batch) -> dict[str, object]:
    asked = request.args.get("count", 0, type=int) or wanted_for(batch)
    return {"count": asked or None, **choices_for("origin", keep_face=True)}


def _stand_in(batch: Batch, form: BatchPrintForm) -> Run:
    told = {"keyring": keyring(), "released": released(db.session), "year": now().year}
    return not_yet_issued(db.session, own_cooperative(), batch, form.count.data or 0, **told)  # type: ignore[arg-type]


def _issue_and_print(batch: Batch, ordered: Order) -> Printing:
    run = issue_stamps(
        db.session,
        keyring(),
        numbering(),
        own_cooperative(),
        ordered.last,
        batch=batch,
        released=released(db.session),
        **acting(),
    )
    return _print(run, ordered)


@bp.get("/<public_id>/preview.png")
@allow("stamps")
def picture(public_id: str) -> ResponseReturnValue:
    return _drawn(RunPrintForm(formdata=request.args, meta={"csrf": False}), find(Run, public_id))


@bp.get("/for/<public_id>/preview.png")
@allow("stamps")
def picture_for(public_id: str) -> ResponseReturnValue:
    form, batch = BatchPrintForm(formdata=request.args, meta={"csrf": False}), find(Batch, public_id)
    try:
        return _drawn(form, _stand_in(batch, form))
    except Refused:
        abort(404)


def _drawn(form: PrintForm, run: Run) -> Response:
    """The first sheet of what an address asks for, as the engine draws it."""
    form.offer()
    try:
        drawn = preview(db.session, run, form.order(run, asked_part(form)), **_told())
    except (Refused, RefusedAll, ValueError):
        abort(404)
    return Response(drawn, content_type="image/png")


@bp.get("/printings/<public_id>")
@allow("stamps")
def show(public_id: str) -> ResponseReturnValue:
    printing = find(Printing, public_id)
    if asked_to_wait():
        wait_a_moment(printing)
    return show_printing(printing, FetchForm())


def show_printing(printing: Printing, form: Form) -> ResponseReturnValue:
    """A print's page, also with what its buttons refused."""
    spans = alive_spans(db.session, printing)
    count = count_in(spans)
    shown, printer = job_shown(printing), printer_of(db.session, printing)
    sends = sends_shown(shown.job if shown else None)
    return show_form(
        "cooperative/printing.html",
        form,
        printing=printing,
        run=printing.run,
        count=count,
        void=count_in(without(spans_of(printing), spans)),
        sheets=sheets(printing, count),
        paper=paper_name(printed_stock(printing)),
        stock=printed_stock(printing),
        face=printed_face_words(printing),
        printer=printer_name(printer) if printer else "",
        kind=FORMATS[printing.format],
        format_words=FORMAT_WORDS[printing.format],
        words=json.loads(printing.words)["words"],
        pins=has_pins(printing) and not printing.sample,
        shown=shown,
        sends=sends,
        sending=under_way(sends),
        wires=printers_for(printing),
    )


@bp.post("/part-sheets/<public_id>")
@allow("stamps")
def throw_away(public_id: str) -> ResponseReturnValue:
    """A part-used sheet is gone: it is offered no more."""
    sheet, form = find(PartSheet, public_id), Form()
    back = url_for(".order", public_id=sheet.printing.run.public_id)
    if not form.validate_on_submit():
        abort(400)
    with form.refusals():  # somebody else has thrown it away or printed on it: the same end
        discard(db.session, sheet, **acting())
    return finish(form, back, gettext("This sheet is offered no more."))
