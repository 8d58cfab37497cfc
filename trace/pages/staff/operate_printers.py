"""Printers that the service may dial: the operator allows an address for a cooperative, and nothing else is dialled."""

import socket

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import NumberRange

from ...access import allow, find, fresh
from ...db import db
from ...records import Cooperative, WirePrinter
from ...service import settings
from ...work.recall_search import approved
from ...work.wire import allow_printer, forbid_printer, wire_printers
from ..acting import acting
from ..choices import ChoiceField, RecordField
from ..fields import CountField, WordsField, needed
from ..forms import Form, finish, show_form

bp = Blueprint("operate_printers", __name__, url_prefix="/operate/printers")
USUAL_PORT = 9100
PORT = NumberRange(1, 65_535, message=lazy_gettext("A port from 1 to 65535."))


class WireForm(Form):
    cooperative = RecordField(lazy_gettext("Cooperative"), validators=[needed()])
    name = WordsField(lazy_gettext("Printer"), validators=[needed()], longest=60)
    host = WordsField(lazy_gettext("Address"), validators=[needed()], longest=120)
    port = CountField(lazy_gettext("Port"), validators=[needed(), PORT])
    language = ChoiceField(lazy_gettext("Language"), validators=[needed()])

    def offer(self) -> None:
        self.cooperative.offer(approved(db.session), lambda row: row.name, blank=gettext("Choose …"))
        self.language.choices = [("zpl", "ZPL (Zebra)"), ("tspl", "TSPL (TSC, Xprinter, Godex)")]


@bp.route("", methods=["GET", "POST"])
@allow("operate")
@fresh
def index() -> ResponseReturnValue:
    form = WireForm(data={"port": USUAL_PORT})
    form.offer()
    if form.sent():
        with form.refusals():
            cooperative: Cooperative = form.cooperative.record
            where = (form.host.data or "", form.port.data or USUAL_PORT)
            name, speaks = form.name.data or "", form.language.data or "zpl"
            told = {**acting(), "resolve": _resolve, "nearby": settings().demo}
            allow_printer(db.session, cooperative, name, where, speaks, **told)  # type: ignore[arg-type]
            return finish(form, url_for(".index"), gettext("Allowed: this cooperative may send to it."))
    return show_form("staff/operate_printers.html", form, rows=_rows(), on=settings().raw_printing)


def _rows() -> list[tuple[WirePrinter, str]]:
    printers = wire_printers(db.session)
    return [(one, db.session.get_one(Cooperative, one.cooperative_id).name) for one in printers]


def _resolve(host: str, port: int) -> list[str]:
    """Once, now; afterwards only the address is dialled, whatever the name comes to mean."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [str(where[4][0]) for where in found]


@bp.route("/<public_id>/end", methods=["GET", "POST"])
@allow("operate")
def end(public_id: str) -> ResponseReturnValue:
    printer, form = find(WirePrinter, public_id), Form()
    if form.sent():
        with form.refusals():
            forbid_printer(db.session, printer, **acting())
            return finish(form, url_for(".index"))
    return show_form("staff/operate_printer_end.html", form, printer=printer)
