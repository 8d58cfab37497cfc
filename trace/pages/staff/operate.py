"""The operator: the address that stamps carry, the province's settings, and the machine in words."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField
from wtforms.validators import NumberRange

from ...access import allow, fresh, visitor
from ...accounts.offices import names_by_key
from ...db import db, newest_schema, schema_of
from ...records import Deployment
from ...service import keyring, released, settings
from ...standards.identifiers import show_phone
from ...work.deployments import DEFAULTS, change_setting, confirm_address, setting
from ...work.example import example_link, symbol_path
from ...work.refused import Refused
from ...work.stafflists import machine, setting_history
from ..fields import CountField, DayField, PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now, today
from .operate_backups import state_now

bp = Blueprint("operate", __name__, url_prefix="/operate")

NAMES: dict[str, Any] = {
    "office.vi": lazy_gettext("Name of the office, in Vietnamese"),
    "office.en": lazy_gettext("Name of the office, in English"),
    "office.zh": lazy_gettext("Name of the office, in Chinese"),
    "office.phone": lazy_gettext("Phone of the office"),
    "spoil_percent": lazy_gettext("Stamps allowed for spoilage, percent"),
    "output_tolerance_percent": lazy_gettext("Tolerance above the certified output, percent"),
    "complaint_answer_days": lazy_gettext("Days within which a complaint is answered"),
    "paper_decisions": lazy_gettext("A signed paper decision may stand in for a second person"),
    "once_only_above": lazy_gettext("Lists for print houses with more stamps can be fetched once only"),
    "stamp_orders": lazy_gettext("Stamps are ordered, and approved by an officer, before they are made"),
    "public_url": lazy_gettext("Address that stamps carry"),
}
DAYS = NumberRange(1, 60, message=lazy_gettext("From 1 to 60 days."))
PERCENT = NumberRange(0, 50, message=lazy_gettext("A percentage from 0 to 50."))


class AddressForm(Form):
    seen = BooleanField(
        lazy_gettext("I have opened the example on a phone outside this network, and it answered."),
        validators=[needed()],
    )


class SettingsForm(Form):
    office_vi = WordsField(NAMES["office.vi"], validators=[needed()])
    office_en = WordsField(NAMES["office.en"], validators=[needed()])
    office_zh = WordsField(NAMES["office.zh"], validators=[needed()])
    office_phone = PhoneField(NAMES["office.phone"], validators=[needed()])
    spoil_percent = CountField(NAMES["spoil_percent"], validators=[needed(), PERCENT])
    output_tolerance_percent = CountField(NAMES["output_tolerance_percent"], validators=[needed(), PERCENT])
    complaint_answer_days = CountField(NAMES["complaint_answer_days"], validators=[needed(), DAYS])
    paper_decisions = BooleanField(
        NAMES["paper_decisions"],
        description=lazy_gettext("For an office with one person only. The history and the page show which it was."),
    )
    once_only_above = CountField(NAMES["once_only_above"], validators=[needed()])
    stamp_orders = BooleanField(NAMES["stamp_orders"])
    from_on = DayField(
        lazy_gettext("From this day on"),
        validators=[needed()],
        description=lazy_gettext("Today or later: what has been judged stays judged by what held then."),
    )


@bp.get("/")
@allow("operate")
def home() -> ResponseReturnValue:
    connection = db.session.connection()
    version = connection.dialect.server_version_info or ()
    return render_template(
        "staff/operate.html",
        machine=machine(db.session),
        engine=f"{connection.dialect.name} {'.'.join(map(str, version[:3]))}",
        schema=schema_of(connection),
        newest=newest_schema(),
        settings=settings(),
        released=released(db.session),
        deployment=db.session.get_one(Deployment, 1),
        minting=keyring().minting,
        state=state_now(),
    )


@bp.route("/address", methods=["GET", "POST"])
@allow("operate")
@fresh
def address() -> ResponseReturnValue:
    form = AddressForm()
    url = settings().public_url
    if form.sent():
        with form.refusals():
            confirm_address(db.session, url, actor=visitor().actor, now=now())
            return finish(form, url_for(".address"), gettext("The address is confirmed: stamps may leave the house."))
    deployment = db.session.get_one(Deployment, 1)
    link = example_link(keyring(), url)
    path, side = symbol_path(link)
    return show_form(
        "staff/operate_address.html",
        form,
        url=url,
        link=link,
        path=path,
        side=side,
        deployment=deployment,
        by=names_by_key(db.session, [deployment.confirmed_by_id]).get(deployment.confirmed_by_id or 0, ""),
        secure=settings().https,
    )


@bp.route("/settings", methods=["GET", "POST"])
@allow("operate")
def province() -> ResponseReturnValue:
    form = SettingsForm(data=_values_on(today()) | {"from_on": today()})
    if form.sent():
        with form.refusals():
            _store(form)
            return finish(form, url_for(".province"), gettext("Stored."))
    history = setting_history(db.session)
    names = names_by_key(db.session, [row.by_person_id for row in history])
    rows = [(row, str(NAMES.get(row.key, row.key)), _said(row.key, row.value), names) for row in history]
    return show_form("staff/operate_settings.html", form, rows=rows)


def _values_on(day: date) -> dict[str, Any]:
    return {key.replace(".", "_"): setting(db.session, key, day) for key in DEFAULTS}


def _store(form: SettingsForm) -> None:
    """Each value that differs from what would hold on that day becomes a line of its own."""
    day = form.from_on.data
    if day is None or day < today():
        raise Refused("Choose today or a later day.", field="from_on")
    held = _values_on(day)
    fields = {key: key.replace(".", "_") for key in DEFAULTS}
    changed = [key for key, name in fields.items() if name in form and form[name].data != held[name]]
    if not changed:
        raise Refused("Nothing differs from what holds on that day.")
    for key in changed:
        value = form[fields[key]].data
        change_setting(db.session, key, value, from_on=day, actor=visitor().actor, now=now())


def _said(key: str, value: str) -> str:
    import json

    shown = json.loads(value)
    if isinstance(shown, bool):
        return str(gettext("yes") if shown else gettext("no"))
    return show_phone(shown) if key == "office.phone" else str(shown)
