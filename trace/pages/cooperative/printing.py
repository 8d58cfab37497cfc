"""Printing stamps: paper, face and serials chosen, the order kept, and its file drawn as often as asked."""

import json
from contextlib import suppress

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from labels import STOCKS

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import PartSheet, Printing, Run
from ...service import keyring, settings
from ...work.formats import FORMATS
from ...work.part_sheets import discard, free_in, offered
from ...work.printing import Looked, Order, look, preview, print_stamps
from ...work.refused import Refused, RefusedAll
from ...work.sheets import alive_spans, has_pins, sheets
from ...work.spans import count_in, spans_of, without
from ..acting import acting, acting_today
from ..forms import Form, finish, show_form
from ..words import today
from .face_names import FACES
from .print_form import FORMAT_WORDS, PrintForm, as_last_time, asked_part, in_words, paper_name, sheet_picture
from .print_jobs import FetchForm, asked_to_wait, job_shown, wait_a_moment

bp = Blueprint("printing", __name__, url_prefix="/my/stamps")


@bp.route("/<public_id>/print", methods=["GET", "POST"])
@allow("stamps")
def order(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    form = PrintForm(data=as_last_time(run) | {"part": request.args.get("part", "")[:12]})
    form.offer()
    part = asked_part(form)
    if part and request.method == "GET":
        form.stock.data = part.stock
    if form.sent() and request.form.get("do") == "print":
        with form.refusals():
            return _print(form, run, part)
    return _show_order(form, run, part)


def _print(form: PrintForm, run: Run, part: PartSheet | None) -> ResponseReturnValue:
    told = {"keyring": keyring(), "public_url": settings().public_url}
    printing = print_stamps(db.session, run, form.order(run, part), **told, **acting_today())  # type: ignore[arg-type]
    return finish(form, url_for(".show", public_id=printing.public_id, wait=1))


def _show_order(form: PrintForm, run: Run, part: PartSheet | None) -> ResponseReturnValue:
    """The form with the picture of the first sheet and whether it will scan. On a fresh form nobody has asked yet, so
    nothing is complained of."""
    asked = request.method == "POST"
    seen: tuple[Order, Looked] | None = None
    if form.complained:
        with suppress(Refused, RefusedAll):
            seen = _look(form, run, part)
    else:
        with form.refusals():
            seen = _look(form, run, part)
    if not asked:
        form.form_errors = []
        for field in form:
            field.errors = []
    if part is None:
        form.part.data = ""
    stock = STOCKS.get(form.stock.data or "")
    used: frozenset[int] = frozenset()
    with suppress(Refused):
        used = form.used(part)
        form.used_typed.data = None  # from now on they stand in the picture
    return show_form(
        "cooperative/run_print.html",
        form,
        run=run,
        seen=_picture_address(run, seen[0]) if seen and FORMATS[seen[0].format].drawn else None,
        verdicts=[in_words(one) for one in seen[1].verdicts] if seen else [],
        total=_total(seen),
        picture=sheet_picture(stock, used) if stock else None,
        begun=[(sheet, free_in(sheet)) for sheet in offered(db.session, own_cooperative().id)],
        part=part,
        address=settings().public_url.upper(),
    )


def _look(form: PrintForm, run: Run, part: PartSheet | None) -> tuple[Order, Looked]:
    order = form.order(run, part)
    told = {"keyring": keyring(), "public_url": settings().public_url, "today": today()}
    return order, look(db.session, run, order, **told)  # type: ignore[arg-type]


def _total(seen: tuple[Order, Looked] | None) -> dict[str, int] | None:
    if seen is None:
        return None
    order, looked = seen
    stand_in = Printing(stock=order.stock, copies=order.copies, words=json.dumps({"sheet": {"used": order.used}}))
    return {"stamps": looked.stamps, "sheets": sheets(stand_in, looked.stamps)}


def _picture_address(run: Run, order: Order) -> str:
    return url_for(
        ".picture",
        public_id=run.public_id,
        first=order.first,
        last=order.last,
        stock=order.stock,
        face=order.face,
        used=".".join(map(str, order.used)),
        format=order.format,
        dpi=order.dpi,
    )


@bp.get("/<public_id>/preview.png")
@allow("stamps")
def picture(public_id: str) -> ResponseReturnValue:
    run, asked = find(Run, public_id), request.args
    used = tuple(int(cell) for cell in asked.get("used", "").split(".") if cell.isascii() and cell.isdigit())
    order = Order(
        asked.get("first", 0, type=int),
        asked.get("last", 0, type=int),
        asked.get("stock", ""),
        asked.get("face", ""),
        used=used,
        format=asked.get("format", "pdf"),
        dpi=asked.get("dpi", 0, type=int),
    )
    try:
        drawn = preview(db.session, run, order, keyring=keyring(), public_url=settings().public_url, today=today())
    except (Refused, RefusedAll):
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
    return show_form(
        "cooperative/printing.html",
        form,
        printing=printing,
        run=printing.run,
        count=count,
        void=count_in(without(spans_of(printing), spans)),
        sheets=sheets(printing, count),
        paper=paper_name(STOCKS[printing.stock]),
        stock=STOCKS[printing.stock],
        face=FACES[printing.face],
        kind=FORMATS[printing.format],
        format_words=FORMAT_WORDS[printing.format],
        words=json.loads(printing.words)["words"],
        pins=has_pins(printing) and not printing.sample,
        shown=job_shown(printing),
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
