"""The rules that checks go by: tolerances, what each gate asks for, yardsticks of yield; each holds from a day on."""

from datetime import date
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SelectMultipleField
from wtforms.validators import NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from ...access import allow
from ...db import db
from ...work.check import RULES
from ...work.deployments import change_setting, setting
from ...work.gate_rules import Gate, needed_at, set_gate
from ...work.refused import Refused
from ...work.yardsticks import Yardstick, set_yardstick, yardsticks
from ..acting import acting, acting_today
from ..checks_told import RULE_NAMES, SOURCES
from ..fields import CountField, DayField, WeightField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import today

bp = Blueprint("rules", __name__, url_prefix="/audit/rules")

PERCENT = NumberRange(0, 100, message=lazy_gettext("A percentage from 0 to 100."))
DAYS = NumberRange(0, 60, message=lazy_gettext("From 0 to 60 days."))
MONTHS = NumberRange(1, 36, message=lazy_gettext("From 1 to 36 months."))
LIMITS = (
    "output_tolerance_percent",
    "yield_tolerance_percent",
    "spoil_percent",
    "diary_late_days",
    "sample_percent",
    "surveillance_months",
)
GATES: dict[Gate, Any] = {
    Gate.ISSUE: lazy_gettext("Issue stamps"),
    Gate.PRINT: lazy_gettext("Print"),
    Gate.ACTIVATE: lazy_gettext("Activate"),
    Gate.CLEAR: lazy_gettext("Clear by rule"),
}


def _from_on() -> DayField:
    return DayField(
        lazy_gettext("From this day on"),
        validators=[needed()],
        description=lazy_gettext("Today or later: what has been judged stays judged by what held then."),
    )


class _Dated(Form):
    from_on = _from_on()

    def apart(self, prefix: str) -> "_Dated":
        """Several stand on one page, so each one's fields get ids of their own."""
        for field in self:
            field.id = field.label.field_id = f"{prefix}-{field.short_name}"
        return self


class LimitsForm(_Dated):
    output_tolerance_percent = CountField(
        lazy_gettext("c: above the certified output, percent"), validators=[needed(), PERCENT]
    )
    yield_tolerance_percent = CountField(
        lazy_gettext("d: above the high end of a yardstick, percent"), validators=[needed(), PERCENT]
    )
    spoil_percent = CountField(
        lazy_gettext("f: stamps spoiled in sticking them on, percent"), validators=[needed(), PERCENT]
    )
    diary_late_days = CountField(lazy_gettext("i: days until a diary line is late"), validators=[needed(), DAYS])
    sample_percent = CountField(
        lazy_gettext("Share of cleared batches drawn for a look, percent"), validators=[needed(), PERCENT]
    )
    surveillance_months = CountField(
        lazy_gettext("Months between visits of the certifying body"), validators=[needed(), MONTHS]
    )


class RuleBoxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GatesForm(_Dated):
    issue = RuleBoxes(GATES[Gate.ISSUE], choices=[*RULES])
    print = RuleBoxes(GATES[Gate.PRINT], choices=[*RULES])
    activate = RuleBoxes(GATES[Gate.ACTIVATE], choices=[*RULES])
    clear = RuleBoxes(GATES[Gate.CLEAR], choices=[*RULES])


class YardstickForm(_Dated):
    crop = WordsField(
        lazy_gettext("Crop"),
        validators=[needed()],
        longest=40,
        description=lazy_gettext("As it stands in the product's name: Na, Hồng vành khuyên."),
    )
    low = WeightField(lazy_gettext("A hectare bears at least"), unit="t", validators=[needed()])
    high = WeightField(lazy_gettext("A hectare bears at most"), unit="t", validators=[needed()])
    source = WordsField(lazy_gettext("Source"), validators=[needed()])
    year = CountField(lazy_gettext("Measured in the year"), validators=[needed()])


@bp.get("/")
@allow("staff.act")
def show() -> ResponseReturnValue:
    return _page()


@bp.post("/limits")
@allow("staff.act")
def limits() -> ResponseReturnValue:
    form = LimitsForm()
    if form.sent():
        with form.refusals():
            _store_limits(form)
            return finish(form, url_for(".show"), gettext("Stored."))
    return _page(limits=form)


def _store_limits(form: LimitsForm) -> None:
    day = form.from_on.data or today()
    if day < today():
        raise Refused("Choose today or a later day.", field="from_on")
    changed = [key for key in LIMITS if form[key].data != setting(db.session, key, day)]
    if not changed:
        raise Refused("Nothing differs from what holds on that day.")
    for key in changed:
        change_setting(db.session, key, form[key].data, from_on=day, **acting())


@bp.post("/gates")
@allow("staff.act")
def gates() -> ResponseReturnValue:
    form = GatesForm()
    if form.sent():
        with form.refusals():
            day = form.from_on.data or today()
            for gate in Gate:
                set_gate(db.session, gate, "".join(form[gate.value].data or []), from_on=day, **acting_today())
            return finish(form, url_for(".show"), gettext("Stored."))
    return _page(gates=form)


@bp.post("/yardsticks")
@allow("staff.act")
def measure() -> ResponseReturnValue:
    form = YardstickForm()
    if form.sent():
        with form.refusals():
            low, high = (form.low.data or 0) // 1000, (form.high.data or 0) // 1000
            crop, source = form.crop.data or "", form.source.data or ""
            yardstick = Yardstick(crop, low, high, source, form.year.data or 0)
            set_yardstick(db.session, yardstick, from_on=form.from_on.data or today(), **acting_today())
            return finish(form, url_for(".show"), gettext("Stored."))
    return _page(yardstick=form)


def _page(**tried: _Dated) -> ResponseReturnValue:
    forms = {"limits": _limits_form, "gates": _gates_form, "yardstick": _yardstick_form}
    shown = {name: (tried.get(name) or make()).apart(name) for name, make in forms.items()}
    asked = next(iter(tried.values()), shown["limits"])
    rules = [(letter, str(RULE_NAMES[letter]), str(SOURCES[letter])) for letter in RULES]
    held = {gate.value: needed_at(db.session, gate, today()) for gate in Gate}
    return show_form(
        "staff/rules.html", asked, forms=shown, rules=rules, held=held, yardsticks=yardsticks(db.session, today()),
        gates={gate: str(word) for gate, word in GATES.items()},
    )  # fmt: skip


def _limits_form() -> _Dated:
    day: date = today()
    return LimitsForm(formdata=None, data={key: setting(db.session, key, day) for key in LIMITS} | {"from_on": day})


def _gates_form() -> _Dated:
    held = {gate.value: [*needed_at(db.session, gate, today())] for gate in Gate}
    return GatesForm(formdata=None, data=held | {"from_on": today()})


def _yardstick_form() -> _Dated:
    return YardstickForm(formdata=None, data={"from_on": today()})
