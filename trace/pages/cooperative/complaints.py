"""Complaints about a cooperative's goods: entered, answered within the set days, and printed as a book."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from ...access import allow, find, own_cooperative
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Complaint, ComplaintAbout, ComplaintSource
from ...work.complaints import (
    ComplaintFacts,
    answer_complaint,
    complaints,
    enter_complaint,
    recent_batches,
    recent_dispatches,
    years_of,
)
from ..acting import acting
from ..fields import DayField, NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..unread import one_of
from ..words import show_day, today

bp = Blueprint("complaints", __name__, url_prefix="/my/complaints")

SOURCES: dict[str, Any] = {
    ComplaintSource.CALL: lazy_gettext("By telephone"),
    ComplaintSource.VISIT: lazy_gettext("In person"),
    ComplaintSource.LETTER: lazy_gettext("In writing"),
    ComplaintSource.PAGE: lazy_gettext("From the stamp's page"),
}
ABOUT: dict[str, Any] = {
    ComplaintAbout.SPOILED: lazy_gettext("Spoiled"),
    ComplaintAbout.WEIGHT: lazy_gettext("Less than it says"),
    ComplaintAbout.TASTE: lazy_gettext("Quality"),
    ComplaintAbout.FOREIGN: lazy_gettext("Foreign matter"),
    ComplaintAbout.OTHER: lazy_gettext("Something else"),
}


class ComplaintForm(Form):
    received_on = DayField(lazy_gettext("Received on"), [needed()])
    source = SelectField(lazy_gettext("How it came"), [needed()])
    about = SelectField(lazy_gettext("What it is about"), [needed()])
    batch = SelectField(lazy_gettext("Batch"), validate_choice=False)
    dispatch = SelectField(lazy_gettext("Delivery slip"), validate_choice=False)
    copies = BooleanField(lazy_gettext("A stamp may have been copied: tell the offices at once"))
    words = NoteField(lazy_gettext("What is complained about"), [needed()])
    complainant = WordsField(
        lazy_gettext("Who complains, and how to reach them"),
        description=lazy_gettext("Only what the person agreed to leave; it is forgotten 90 days after the answer."),
    )

    def offer(self) -> None:
        cooperative = own_cooperative()
        entered = [source for source in SOURCES if source != ComplaintSource.PAGE]
        self.source.choices = [SelectChoice(str(key), str(SOURCES[key])) for key in entered]
        self.about.choices = [SelectChoice(str(key), str(words)) for key, words in ABOUT.items()]
        none = SelectChoice("", gettext("– none –"))
        lots = recent_batches(db.session, cooperative)
        slips = recent_dispatches(db.session, cooperative)
        self.lots = {lot.public_id: lot for lot in lots}
        self.slips = {slip.public_id: slip for slip in slips}
        self.batch.choices = [none] + [
            SelectChoice(lot.public_id, f"{lot.code} · {lot.product.name_vi}") for lot in lots
        ]
        self.dispatch.choices = [none] + [
            SelectChoice(slip.public_id, f"{slip.number} · {slip.buyer.name} · {show_day(slip.on_day)}")
            for slip in slips
        ]

    def facts(self) -> ComplaintFacts:
        received_on = self.received_on.data
        assert received_on is not None
        return ComplaintFacts(
            one_of(ComplaintSource, self.source.data),
            one_of(ComplaintAbout, self.about.data),
            self.words.data or "",
            received_on,
            self.complainant.data,
            self.lots.get(self.batch.data or ""),
            self.slips.get(self.dispatch.data or ""),
            copies_suspected=bool(self.copies.data),
        )


class AnswerForm(Form):
    words = NoteField(lazy_gettext("What was found and done"), [needed()])
    final = BooleanField(
        lazy_gettext("This is the answer to the complainant"),
        description=lazy_gettext("Closes the complaint; whoever sent it from a stamp's page reads it there."),
        default=True,
    )


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    cooperative = own_cooperative()
    rows = complaints(db.session, cooperative)
    years = years_of(db.session, cooperative)
    return render_template("cooperative/complaints.html", rows=rows, years=years, about=ABOUT, sources=SOURCES)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = ComplaintForm(data={"received_on": today()} if request.method == "GET" else None)
    form.offer()
    if request.method == "GET":
        form.batch.data, form.dispatch.data = request.args.get("batch", ""), request.args.get("dispatch", "")
    if form.sent():
        with form.refusals():
            entered = enter_complaint(db.session, own_cooperative(), form.facts(), **acting())
            said = gettext("Entered. Answer it by %(day)s.", day=show_day(entered.due_on))
            return finish(form, url_for(".show", public_id=entered.public_id), said)
    return show_form("cooperative/complaint_form.html", form)


@bp.get("/book")
@allow("cooperative.read")
def book() -> ResponseReturnValue:
    """The year's book of complaints, for printing."""
    year = request.args.get("year", today().year, type=int)
    rows = complaints(db.session, own_cooperative(), year=min(max(year, 2000), 2200))
    names = names_by_key(db.session, [answer.by_person_id for row in rows for answer in row.answers])
    return render_template(
        "cooperative/complaint_book.html", rows=rows, year=year, about=ABOUT, sources=SOURCES, names=names
    )


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Complaint, public_id), AnswerForm(formdata=None))


@bp.post("/<public_id>/answer")
@allow("cooperative.write")
def answer(public_id: str) -> ResponseReturnValue:
    complaint, form = find(Complaint, public_id), AnswerForm()
    if form.sent():
        with form.refusals():
            answer_complaint(db.session, complaint, form.words.data or "", final=form.final.data, **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Saved."))
    return _page(complaint, form)


def _page(complaint: Complaint, form: AnswerForm) -> ResponseReturnValue:
    names = names_by_key(db.session, [answer.by_person_id for answer in complaint.answers])
    return show_form("cooperative/complaint.html", form, complaint=complaint, about=ABOUT, sources=SOURCES, names=names)
