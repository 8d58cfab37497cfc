"""The use of a mark: consents of its owner, and the log that proves its use is controlled."""

from datetime import date

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, find
from ...db import db
from ...records import Trademark, TrademarkConsent
from ...work.mark_use import consent, uses, withdraw_consent
from ..acting import acting, acting_today
from ..forms import finish, show_form
from ..words import today
from .diary_book import PeriodForm
from .parts import said
from .trademark_words import ConsentForm, WithdrawForm

bp = Blueprint("mark_use", __name__, url_prefix="/my/mark-use")


@bp.get("/<public_id>")
@allow("cooperative.read")
def log(public_id: str) -> ResponseReturnValue:
    """Batches and stamps that bore the mark in a period, for printing."""
    mark = find(Trademark, public_id)
    asked = bool(request.args.get("start"))
    form = PeriodForm(request.args) if asked else PeriodForm(data={"start": date(today().year, 1, 1), "end": today()})
    rows = []
    if not asked or form.validate():
        rows = uses(db.session, mark, said(form.start), said(form.end))
    stamps = sum(row.active for row in rows)
    return show_form("cooperative/mark_use.html", form, mark=mark, rows=rows, stamps=stamps)


@bp.route("/<public_id>/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new(public_id: str) -> ResponseReturnValue:
    mark, form = find(Trademark, public_id), ConsentForm(data={"from_on": today()})
    if form.sent():
        with form.refusals():
            given = {"document": form.document.data, "from_on": said(form.from_on), "to_on": form.to_on.data}
            consent(db.session, mark, said(form.holder), **given, **acting())
            return finish(form, url_for("trademarks.show", public_id=public_id), gettext("Consent recorded."))
    return show_form("cooperative/mark_consent.html", form, mark=mark, given=None)


@bp.route("/consent/<public_id>", methods=["GET", "POST"])
@allow("cooperative.write")
def withdraw(public_id: str) -> ResponseReturnValue:
    given, form = find(TrademarkConsent, public_id), WithdrawForm(data={"day": today()})
    mark = db.session.get_one(Trademark, given.trademark_id)
    if form.sent():
        with form.refusals():
            withdraw_consent(db.session, given, said(form.day), form.reason.data, **acting_today())
            return finish(form, url_for("trademarks.show", public_id=mark.public_id), gettext("Withdrawn."))
    return show_form("cooperative/mark_consent.html", form, mark=mark, given=given)
