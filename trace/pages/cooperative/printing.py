"""Printing stamps: paper, face and serials chosen, the sheet kept, and its PDF drawn as often as asked."""

import json
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Blueprint, Response, abort, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from labels import STOCKS, Stock

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Printing, RangeState, Run
from ...service import keyring, settings
from ...work.printing import Order, check_order, last_printing, preview, print_stamps
from ...work.refused import Refused, RefusedAll
from ...work.serials import read_span
from ...work.sheets import FACES_OFFERED, alive_spans, draw, sheets
from ..acting import acting_today
from ..choices import ChoiceField
from ..fields import CountField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import today

bp = Blueprint("printing", __name__, url_prefix="/my/stamps")
IN_MEMORY = 4 * 1024 * 1024
USUAL_STOCK, USUAL_FACE = "a4-24", "origin"
FACES = {
    "origin": lazy_gettext("Product, cooperative, certificate, harvest day"),
    "code": lazy_gettext("Symbol, code and serial"),
    "vietgap": lazy_gettext("With the VietGAP words"),
    "trademark": lazy_gettext("With the trademark's picture"),
    "bilingual": lazy_gettext("In Vietnamese and English"),
    "symbol": lazy_gettext("The symbol alone"),
}


class PrintForm(Form):
    first = WordsField(lazy_gettext("First serial"), validators=[needed()], longest=40)
    last = WordsField(lazy_gettext("Last serial"), longest=40)
    stock = ChoiceField(lazy_gettext("Paper"), validators=[needed()])
    face = ChoiceField(lazy_gettext("What stands on a stamp"), validators=[needed()])
    skipped = CountField(lazy_gettext("Places of the first sheet that are used already"))

    def offer(self) -> None:
        self.stock.choices = _papers()
        self.face.choices = [(name, str(FACES[name])) for name in FACES_OFFERED]

    def order(self, run: Run) -> Order:
        typed = read_span(run, self.first.data, self.last.data)
        stock, face = self.stock.data or "", self.face.data or ""
        return Order(typed.first, typed.last, stock, face, self.skipped.data or 0)


def _papers() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {"A4": [], "A5": [], str(gettext("Rolls for label printers")): []}
    places = list(groups.values())
    for stock in STOCKS.values():
        place = places[2] if stock.roll else places[1] if stock.name.startswith("a5") else places[0]
        place.append((stock.name, paper_name(stock)))
    return groups


def paper_name(stock: Stock) -> str:
    """38,1 × 21,2 mm · 65 a sheet (Avery L7651)."""
    size = f"{stock.width_mm:g} × {stock.height_mm:g} mm".replace(".", ",")
    shape = f"Ø {size.split(' ')[0]} mm" if stock.round else size
    if stock.roll:
        return str(gettext("roll %(size)s, %(count)s across", size=shape, count=stock.columns))
    maker = f" ({stock.maker})" if stock.maker else ""
    page = stock.name[:2].upper()
    return str(gettext("%(page)s, %(count)s stamps of %(size)s", page=page, count=stock.cells, size=shape)) + maker


@bp.route("/<public_id>/print", methods=["GET", "POST"])
@allow("stamps")
def order(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    form = PrintForm(data=_as_last_time(run))
    form.offer()
    seen = None
    if form.validate_on_submit():
        with form.refusals():
            if request.form.get("do") != "preview":
                return _print(form, run)
            seen = _preview_address(form, run)
    elif request.method == "GET":
        with form.refusals():
            seen = _preview_address(form, run)
        form.face.errors, form.first.errors, form.form_errors = [], [], []  # nobody has asked for anything yet
    return show_form("cooperative/run_print.html", form, run=run, seen=seen, address=settings().public_url.upper())


def _print(form: PrintForm, run: Run) -> ResponseReturnValue:
    printing = print_stamps(
        db.session, run, form.order(run), keyring=keyring(), public_url=settings().public_url, **acting_today()
    )
    return finish(form, url_for(".show", public_id=printing.public_id))


def _as_last_time(run: Run) -> dict[str, object]:
    """The first stamps that wait for print, on the paper and with the face of the last time."""
    waiting = next((row for row in run.ranges if row.state == RangeState.MADE), None)
    row = waiting or next((row for row in run.ranges if row.state != RangeState.VOID), None)
    before = last_printing(db.session, own_cooperative().id)
    serials = {"first": run.serial(row.first), "last": run.serial(row.last)} if row else {}
    usual = USUAL_FACE if row and row.batch else "code"
    return {
        **serials,
        "stock": before.stock if before else USUAL_STOCK,
        "face": before.face if before and (row and row.batch) else usual,
    }


def _preview_address(form: PrintForm, run: Run) -> str:
    """Where the picture of the first sheet is; raises `Refused` where there can be none."""
    order = form.order(run)
    check_order(db.session, run, order, keyring=keyring(), public_url=settings().public_url, today=today())
    return url_for(
        ".picture",
        public_id=run.public_id,
        first=order.first,
        last=order.last,
        stock=order.stock,
        face=order.face,
        skipped=order.skipped,
    )


@bp.get("/<public_id>/preview.png")
@allow("stamps")
def picture(public_id: str) -> ResponseReturnValue:
    run, asked = find(Run, public_id), request.args
    numbers = [asked.get(name, 0, type=int) for name in ("first", "last", "skipped")]
    order = Order(numbers[0], numbers[1], asked.get("stock", ""), asked.get("face", ""), numbers[2])
    try:
        drawn = preview(db.session, run, order, keyring=keyring(), public_url=settings().public_url, today=today())
    except (Refused, RefusedAll):
        abort(404)
    return Response(drawn, content_type="image/png")


@bp.get("/printings/<public_id>")
@allow("stamps")
def show(public_id: str) -> ResponseReturnValue:
    printing = find(Printing, public_id)
    count = sum(last - first + 1 for first, last in alive_spans(db.session, printing))
    return render_template(
        "cooperative/printing.html",
        printing=printing,
        run=printing.run,
        count=count,
        sheets=sheets(printing, count),
        paper=paper_name(STOCKS[printing.stock]),
        roll=STOCKS[printing.stock].roll,
        face=FACES[printing.face],
        words=json.loads(printing.words)["words"],
    )


@bp.get("/printings/<public_id>.pdf")
@allow("stamps")
def pdf(public_id: str) -> ResponseReturnValue:
    """Drawn again each time from what was kept; spooled to disk, so that memory does not grow with the run."""
    printing = find(Printing, public_id)
    spool = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the answer
    try:
        draw(db.session, printing, keyring(), cast(IO[bytes], spool))  # type: ignore[arg-type]  # a binary file in all but name
    except Refused:
        spool.close()
        abort(404)
    spool.seek(0)
    name = f"{printing.run.serial(printing.first)}_{printing.last:07d}.pdf"
    answer = send_file(spool, mimetype="application/pdf", as_attachment=True, download_name=name)
    answer.call_on_close(spool.close)
    return answer
