"""Printers of a cooperative: a test page, two readings, a second page that proves the correction."""

from io import BytesIO

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Printer
from ...standards.figures import NotAQuantity
from ...work.printers import PAGES, add_printer, marks_of, measure, printers_of, retire, write_test_page
from ..acting import acting
from ..choices import ChoiceField
from ..fields import QuantityField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import language

bp = Blueprint("printers", __name__, url_prefix="/my/printers")


class MillimetresField(QuantityField):
    """A reading on a ruler: 25,4 or 25.4."""

    def read(self, text: str) -> float:
        number = text.replace(",", ".").removesuffix("mm").strip()
        if not number.replace(".", "", 1).isdecimal() or len(number) > 7:
            raise NotAQuantity("shape")
        return float(number)


class PrinterForm(Form):
    name = WordsField(lazy_gettext("Printer"), validators=[needed()], longest=60)
    tray = WordsField(lazy_gettext("Tray"), longest=40)
    page = ChoiceField(lazy_gettext("Paper"))


class ReadingForm(Form):
    a_left = MillimetresField(lazy_gettext("A from the left edge"), validators=[needed()])
    a_top = MillimetresField(lazy_gettext("A from the top edge"), validators=[needed()])
    b_left = MillimetresField(lazy_gettext("B from the left edge"), validators=[needed()])
    b_top = MillimetresField(lazy_gettext("B from the top edge"), validators=[needed()])


@bp.route("", methods=["GET", "POST"])
@allow("stamps")
def index() -> ResponseReturnValue:
    form = PrinterForm()
    form.page.choices = [(name, name) for name in PAGES]
    if form.sent():
        with form.refusals():
            words = (form.name.data or "", form.tray.data or "", form.page.data or "A4")
            printer = add_printer(db.session, own_cooperative(), *words, **acting())
            db.session.flush()
            return finish(form, url_for(".show", public_id=printer.public_id))
    return show_form("cooperative/printers.html", form, printers=printers_of(db.session, own_cooperative().id))


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("stamps")
def show(public_id: str) -> ResponseReturnValue:
    printer, form = find(Printer, public_id), ReadingForm()
    if form.sent():
        with form.refusals():
            fields = (form.a_left, form.a_top, form.b_left, form.b_top)
            left, top, right, bottom = (float(field.data or 0) for field in fields)
            proved = measure(db.session, printer, (left, top), (right, bottom), **acting())
            message = gettext("Proved: the marks lie in their places.") if proved else None
            return finish(form, url_for(".show", public_id=public_id), message)
    return show_form("cooperative/printer.html", form, printer=printer, marks=marks_of(printer))


@bp.get("/<public_id>/test-page.pdf")
@allow("stamps")
def test_page(public_id: str) -> ResponseReturnValue:
    paper = BytesIO()
    write_test_page(find(Printer, public_id), paper, language())
    return Response(paper.getvalue(), content_type="application/pdf")


@bp.route("/<public_id>/end", methods=["GET", "POST"])
@allow("stamps")
def end(public_id: str) -> ResponseReturnValue:
    printer, form = find(Printer, public_id), Form()
    if form.validate_on_submit():
        retire(db.session, printer, **acting())
        return finish(form, url_for(".index"))
    return render_template("cooperative/printer_end.html", form=form, printer=printer)
