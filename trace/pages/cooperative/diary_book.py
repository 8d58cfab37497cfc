"""Sổ nhật ký VietGAP: the diary of a period as one PDF for the certifier."""

from datetime import date
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, own_cooperative
from ...db import db
from ...records import Grower
from ...work.diary_book import Wanted, all_lines, lateness
from ...work.farm import present_growers
from ...work.refused import Refused
from ..choices import RecordField
from ..fields import DayField, needed
from ..forms import Form, show_form
from ..papers import in_vietnamese, pdf_answer
from ..words import now, today
from .diary_sheets import book

bp = Blueprint("diary_book", __name__, url_prefix="/my/diary/book")
LONGEST_DAYS = 1100


class PeriodForm(Form):
    """Asked by GET: a book is only read."""

    class Meta:
        csrf = False

    start = DayField(lazy_gettext("From (day)"), [needed()])
    end = DayField(lazy_gettext("To (day)"), [needed()])
    grower = RecordField(lazy_gettext("Household"))

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.start.data and self.end.data:
            if self.end.data < self.start.data:
                self.complain(Refused("The last day lies before the first.", field="end"))
            elif (self.end.data - self.start.data).days > LONGEST_DAYS:
                self.complain(Refused("A book holds three years at most.", field="end"))
        return not self.complained


@bp.get("")
@allow("cooperative.read")
def choose() -> ResponseReturnValue:
    """The period to print; with both days given, the book itself."""
    asked = bool(request.args.get("start"))
    form = PeriodForm(request.args) if asked else PeriodForm(data={"start": _season_start(today()), "end": today()})
    form.grower.offer(present_growers(db.session, own_cooperative()), lambda row: str(row.name), blank=gettext("All"))
    if asked and form.validate():
        return _book(form)
    return show_form("cooperative/diary_book.html", form)


def _season_start(day: date) -> date:
    return date(day.year, 1, 1)


def _book(form: PeriodForm) -> ResponseReturnValue:
    grower: Grower | None = form.grower.record
    start, end = form.start.data, form.end.data
    assert start is not None and end is not None  # noqa: PT018 - validated
    wanted = Wanted(grower=grower, start=start, end=end, all_versions=True)
    entries = all_lines(db.session, own_cooperative(), wanted)
    late = lateness(db.session, entries)
    with in_vietnamese():
        made = book(own_cooperative(), entries, late, start, end, now=now())
    return pdf_answer(made, f"so-nhat-ky-{own_cooperative().label}-{start:%Y%m%d}-{end:%Y%m%d}.pdf")
