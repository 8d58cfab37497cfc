"""Which auditor looks after which cooperative, for the programme officer; and who stands in during leave."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import SelectChoice, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from ...access import allow, visitor
from ...accounts import Office
from ...accounts.offices import people_in_offices
from ...db import db
from ...work.assignments import assign, hand_over, looked_after
from ..fields import DayField, needed
from ..forms import Form, finish, show_form
from ..words import now, today

bp = Blueprint("assignments", __name__, url_prefix="/office/assignments")


def auditors() -> dict[str, tuple[int, str]]:
    """Public id → key and name."""
    people = [person for person in people_in_offices(db.session) if person.office == Office.AUDITOR]
    return {person.public_id: (person.id, person.name) for person in people}


def _choices() -> list[SelectChoice]:
    return [SelectChoice("", "–"), *(SelectChoice(key, name) for key, (_, name) in auditors().items())]


class AssignForm(Form):
    cooperatives = SelectMultipleField(
        lazy_gettext("Cooperatives"), [needed()], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    auditor = SelectField(lazy_gettext("Auditor"), [needed()])
    from_on = DayField(lazy_gettext("From"), [needed()])

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.auditor.choices = _choices()
        self.cooperatives.choices = [
            SelectChoice(one.public_id, one.name) for one, _ in looked_after(db.session, today())
        ]


class LeaveForm(Form):
    from_auditor = SelectField(lazy_gettext("Who is away"), [needed()])
    to_auditor = SelectField(lazy_gettext("Who stands in"), [needed()])
    from_on = DayField(lazy_gettext("First day of leave"), [needed()])
    to_on = DayField(lazy_gettext("Last day of leave"), [needed()])

    def __init__(self, **more: Any) -> None:
        super().__init__(prefix="leave-", **more)
        self.from_auditor.choices = self.to_auditor.choices = _choices()


@bp.get("")
@allow("office")
def show() -> ResponseReturnValue:
    return _page(AssignForm(formdata=None, data={"from_on": today()}), LeaveForm(formdata=None))


def _page(form: AssignForm | LeaveForm, other: AssignForm | LeaveForm) -> ResponseReturnValue:
    names = dict(auditors().values())
    rows = [
        (one, names.get(line.auditor_id) if line else None, line) for one, line in looked_after(db.session, today())
    ]
    both = (form, other) if isinstance(form, AssignForm) else (other, form)
    return show_form("accounts/assignments.html", form, assigning=both[0], leave=both[1], rows=rows, names=names)


@bp.post("/assign")
@allow("office")
def assign_several() -> ResponseReturnValue:
    form = AssignForm()
    if form.sent():
        with form.refusals():
            given: dict[str, Any] = form.data
            auditor_id, _ = auditors()[given["auditor"]]
            for one, _ in looked_after(db.session, today()):
                if one.public_id in given["cooperatives"]:
                    assign(db.session, one, auditor_id, from_on=given["from_on"], actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Assigned."))
    return _page(form, LeaveForm(formdata=None))


@bp.post("/leave")
@allow("office")
def leave() -> ResponseReturnValue:
    form = LeaveForm()
    if form.sent():
        with form.refusals():
            given: dict[str, Any] = form.data
            known = auditors()
            away, standing_in = known[given["from_auditor"]][0], known[given["to_auditor"]][0]
            days = {"from_on": given["from_on"], "to_on": given["to_on"]}
            hand_over(db.session, away, standing_in, **days, actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Handed over. Afterwards everything is as before."))
    return _page(form, AssignForm(formdata=None, data={"from_on": today()}))
