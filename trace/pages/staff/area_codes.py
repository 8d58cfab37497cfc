"""The register of planting-area codes: listed, entered from the authority's paper, revoked."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import AreaCode, Market
from ...work.area_codes import AreaCodeFacts, area_codes, register_code, revoke_code
from ...work.assignments import looked_after
from ..acting import acting
from ..checks_told import MARKETS
from ..choices import ChoiceField, RecordField
from ..fields import DayField, NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import today

bp = Blueprint("area_codes", __name__, url_prefix="/audit/area-codes")


class AreaCodeForm(Form):
    code = WordsField(
        lazy_gettext("Code"), validators=[needed()], longest=40, description=lazy_gettext("As printed: VN-LSOR-0037.")
    )
    holder = RecordField(lazy_gettext("Holder"), validators=[needed()])
    crop = WordsField(lazy_gettext("Crop"), validators=[needed()], longest=60)
    market = ChoiceField(lazy_gettext("Market"), validators=[needed()])
    from_on = DayField(lazy_gettext("Given on"), validators=[needed()])
    to_on = DayField(lazy_gettext("Good until, if the paper says so"))

    def offer(self) -> None:
        approved = [one for one, _line in looked_after(db.session, today()) if one.approved]
        self.holder.offer(approved, lambda one: one.name, blank=gettext("Choose …"))
        self.market.choices = [(market.value, MARKETS[market.value]) for market in Market]


class RevokeForm(Form):
    on_day = DayField(lazy_gettext("From this harvest day"), validators=[needed()])
    reason = NoteField(
        lazy_gettext("Reason"), validators=[needed()], description=lazy_gettext("The cooperative will read it.")
    )


@bp.get("/")
@allow("staff.act")
def index() -> ResponseReturnValue:
    return render_template("staff/area_codes.html", rows=area_codes(db.session), markets=MARKETS)


@bp.route("/new", methods=["GET", "POST"])
@allow("staff.act")
def new() -> ResponseReturnValue:
    form = AreaCodeForm()
    form.offer()
    if form.sent():
        with form.refusals():
            facts = AreaCodeFacts(
                form.code.data or "", form.holder.record, form.crop.data or "", Market(form.market.data or ""),
                form.from_on.data or today(), form.to_on.data,
            )  # fmt: skip
            register_code(db.session, facts, **acting())
            return finish(form, url_for(".index"), gettext("The code stands in the register."))
    return show_form("staff/area_code_form.html", form)


@bp.route("/<public_id>/revoke", methods=["GET", "POST"])
@allow("staff.act")
def revoke(public_id: str) -> ResponseReturnValue:
    row = find(AreaCode, public_id)
    form = RevokeForm(data={"on_day": today()})
    if form.sent():
        with form.refusals():
            revoke_code(db.session, row, form.on_day.data or today(), form.reason.data or "", **acting())
            return finish(form, url_for(".index"), gettext("The code is revoked."))
    words: dict[str, Any] = MARKETS
    return show_form("staff/area_code_revoke.html", form, row=row, markets=words)
