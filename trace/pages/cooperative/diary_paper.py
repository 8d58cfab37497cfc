"""Growers write on paper: blank forms to print, photographs of filled pages, and a grid to type them from."""

from datetime import date, datetime
from typing import Any

import wtforms
from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FieldList, FormField, SelectField
from wtforms.fields.choices import SelectChoice

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import DiaryKind, DiaryPage, DiaryUnit, Grower, Plot
from ...service import settings
from ...work.diary import DiaryFacts
from ...work.diary_pages import attach_page, month_of, pages_of, pages_waiting, type_page
from ...work.farm import present_growers
from ...work.uploads import PICTURES
from ..acting import acting_today
from ..choices import RecordField
from ..fields import CountField, DayField, NoteField, UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..papers import in_vietnamese, pdf_answer
from ..words import now, today
from .diary_form import AmountField
from .diary_sheets import blank_forms, month_words
from .diary_words import KINDS
from .lines import LinesForm
from .parts import kept

bp = Blueprint("diary_paper", __name__, url_prefix="/my/diary/paper")
LINES_TO_START = 8
MONTHS_BACK = 12


class PhotoForm(Form):
    photo = UploadField(
        lazy_gettext("Photo of the filled-in page"), [needed()], description=lazy_gettext("The whole page, from above.")
    )


class TypedForm(wtforms.Form):
    """One line as it stands on the page."""

    on_day = DayField(lazy_gettext("Day"))
    kind = SelectField(lazy_gettext("Work"), validate_choice=False)
    plot = RecordField(lazy_gettext("Plot"))
    material = WordsField(lazy_gettext("Name on the pack"))
    active = WordsField(lazy_gettext("Active ingredient"))
    dose = WordsField(lazy_gettext("Dose"))
    quantity = AmountField(lazy_gettext("How much"))
    phi_days = CountField(lazy_gettext("Interval (days)"))
    done_by = WordsField(lazy_gettext("Who did it"))
    note = NoteField(lazy_gettext("Note"))

    @property
    def blank(self) -> bool:
        typed = (self.on_day.typed, self.material.data, self.quantity.typed, self.phi_days.typed, self.note.data)
        return not any(typed) and not self.dose.data

    def facts(self, every: tuple[Plot, ...]) -> DiaryFacts:
        milli, unit = self.quantity.data or (None, None)
        chosen = (self.plot.record,) if self.plot.record else every
        words = {name: self[name].data for name in ("material", "active", "dose", "phi_days", "done_by", "note")}
        unit = DiaryUnit(unit) if unit else None
        on_day = self.on_day.data or date.max
        return DiaryFacts(DiaryKind(self.kind.data), on_day, chosen, quantity_milli=milli, unit=unit, **words)


class GridForm(LinesForm):
    lines_name = "lines"

    lines = FieldList(FormField(TypedForm), lazy_gettext("Lines"), min_entries=LINES_TO_START)
    finished = BooleanField(lazy_gettext("Everything on this page has been typed"))

    def offer(self, grower: Grower) -> "GridForm":
        self.every = tuple(grower.open_plots)
        for entry in self.lines:
            entry.form.kind.choices = [
                SelectChoice(str(key), f"{n} {word}") for n, (key, word) in enumerate(KINDS.items(), 1)
            ]
            entry.form.plot.offer(self.every, lambda plot: str(plot.name), blank=gettext("all of them"))
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for line in self.filled:
            if line.on_day.data is None and not line.on_day.errors:
                line.on_day.errors = [gettext("Please fill this in.")]
            if line.kind.data not in set(DiaryKind):
                line.kind.errors = [gettext("Please choose from the list.")]
        wrong = any(entry.errors for entry in self.lines)
        self.lines.errors = [entry.errors for entry in self.lines] if wrong else []
        return not self.complained


@bp.get("")
@allow("cooperative.read")
def choose() -> ResponseReturnValue:
    months = [_back(today(), count) for count in range(-1, MONTHS_BACK)]
    growers = present_growers(db.session, own_cooperative())
    waiting = pages_waiting(db.session, own_cooperative())
    month = month_of(today())
    shown = {"months": months, "growers": growers, "waiting": waiting, "month": month}
    return render_template("cooperative/diary_paper.html", month_words=month_words, **shown)


def _back(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


@bp.get("/forms.pdf")
@allow("cooperative.read")
def forms() -> ResponseReturnValue:
    """Blank forms of a month: of one household, or of all."""
    month, asked = _month(request.args.get("month") or f"{today():%Y-%m}"), request.args.get("grower", "")
    growers = [find(Grower, asked)] if asked else present_growers(db.session, own_cooperative())
    if not growers:
        abort(404)
    with in_vietnamese():
        made = blank_forms(own_cooperative(), growers, month, settings().public_url, now=now())
    return pdf_answer(made, f"nhat-ky-{own_cooperative().label}-{month:%Y-%m}.pdf")


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        abort(404)


@bp.route("/<public_id>/<month>", methods=["GET", "POST"])
@allow("cooperative.write")
def month(public_id: str, month: str) -> ResponseReturnValue:
    """Where the code on a blank form leads: photograph the page that was filled in."""
    grower, day, form = find(Grower, public_id), _month(month), PhotoForm()
    if form.sent():
        with form.refusals():
            photo = kept(form.photo, PICTURES)
            if photo is not None:
                page = attach_page(db.session, grower, day, photo, **acting_today())
                said = gettext("The page is kept. Its lines count from now on; type them when there is time.")
                return finish(form, url_for(".type_in", public_id=page.public_id), said)
    pages = pages_of(db.session, grower, day)
    return show_form(
        "cooperative/diary_month.html", form, grower=grower, month=day, pages=pages, month_words=month_words
    )


@bp.route("/type/<public_id>", methods=["GET", "POST"])
@allow("cooperative.write")
def type_in(public_id: str) -> ResponseReturnValue:
    """The photograph on one side, the lines on the other."""
    page = find(DiaryPage, public_id)
    form = GridForm().offer(page.grower)
    if form.asks_for_a_line:
        form.add_line()
        form.offer(page.grower)
    elif form.sent():
        with form.refusals():
            lines = [line.facts(form.every) for line in form.filled]
            done = bool(form.finished.data)
            made = type_page(db.session, own_cooperative(), page, lines, finished=done, **acting_today())
            address = url_for("diary.index") if done else url_for(".type_in", public_id=public_id)
            return finish(form, address, gettext("%(count)s lines written.", count=len(made)))
    return show_form("cooperative/diary_type.html", form, page=page, month_words=month_words)
