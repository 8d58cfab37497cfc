"""Import from Excel or CSV: send, match columns, look at every row, write all or nothing, take back.

A cooperative brings its own records, an office what is the whole province's; the pages are the same for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ..access import OPAQUE, allow, find
from ..db import db
from ..records import Cooperative, Import, Proposal
from ..work.imports import KINDS, Kind
from ..work.imports.acts import State, bring, context_of, drop, imports_of, match, state_of, take_back, write
from ..work.imports.agreeing import propose_taking_back, propose_writing
from ..work.imports.kind import Context, Doing
from ..work.imports.matching import Matching, guess_in
from ..work.imports.sheets import read_file, read_pasted
from ..work.proposals import about
from ..work.refused import Refused
from . import import_words
from .acting import acting
from .fields import NoteField, UploadField
from .forms import Form, finish, show_form
from .papers import in_vietnamese
from .words import now, sentence, today

SHOWN_ROWS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_PASTE = 2_000_000


class BringForm(Form):
    file = UploadField(lazy_gettext("Excel or CSV file"), description=lazy_gettext("At most 10 MB and 5.000 rows."))
    pasted = NoteField(
        lazy_gettext("Or paste here what you copied in Excel"),
        longest=LONGEST_PASTE,
        description=lazy_gettext("With or without its headings; without them, in the order of the template."),
    )


class DeedForm(Form):
    """A single button."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose imports: `owner` gives the cooperative of who asks, or None for an office's own kinds."""

    frame: str
    """The template that the pages stand in."""
    for_office: bool
    owner: Callable[[], Cooperative | None]

    def kind(self, key: str) -> Kind:
        kind = KINDS.get(key)
        if kind is None or kind.for_office is not self.for_office:
            abort(404)
        return kind

    @property
    def offered(self) -> list[Kind]:
        """What needs nothing to go under; scope lines begin at their certificate."""
        return [kind for kind in KINDS.values() if kind.for_office is self.for_office and kind.target is None]

    def find(self, public_id: str) -> tuple[Import, Kind]:
        """One of their own: an import may be a cooperative's or an office's, so no fence stands around them."""
        brought, owner = find(Import, public_id), self.owner()
        if brought.cooperative_id != (owner.id if owner else None) or brought.dropped_at is not None:
            abort(404)
        return brought, self.kind(brought.kind)

    def context(self, kind: Kind, brought: Import) -> Context:
        return context_of(db.session, self.owner(), kind, brought, today())

    def show(self, template: str, form: Form, **shown: Any) -> ResponseReturnValue:
        words = {"heading": import_words.heading, "words": import_words.KINDS, "frame": self.frame}
        return show_form(f"imports/{template}.html", form, office=self.for_office, **words, **shown)

    def page(self, brought: Import, kind: Kind, form: Form) -> ResponseReturnValue:
        shown: dict[str, Any] = {"kind": kind, "waiting": waiting(brought)}
        if brought.written_at is None:
            state = state_of(db.session, brought, kind, self.context(kind, brought))
            shown |= {"state": state, "rows": rows_told(kind, state), "choices": choices_of(kind, state)}
        return self.show("one", form, brought=brought, **shown)


def waiting(brought: Import) -> Proposal | None:
    """What waits for a second person's yes."""
    return next((one for one in about(db.session, brought.public_id) if one.waits(now())), None)


def rows_told(kind: Kind, state: State) -> list[dict[str, Any]]:
    """Wrong rows first, then as many others as a page bears; complaints in words, beside their column."""
    names = [column.name for column in kind.columns if column.name in state.matching.columns.values()]
    picked = sorted(state.rows, key=lambda row: (row.ready, row.number))[:SHOWN_ROWS]
    told = []
    for row in picked:
        reasons: dict[str, str] = {}
        for each in row.complaints:
            place = each.field if each.field in names else ""
            reasons[place] = " ".join(filter(None, (reasons.get(place), sentence(each))))
        cells = [(name, row.row.cells.get(name, ""), reasons.get(name)) for name in names]
        told.append({"number": row.number, "ready": row.ready, "cells": cells, "general": reasons.get("")})
    return told


def choices_of(kind: Kind, state: State) -> list[dict[str, Any]]:
    """Each column of the sheet: its heading, a first value, and the field it is taken for."""
    sheet, matching = state.sheets[state.matching.sheet], state.matching
    heads = sheet.rows[matching.heading] if matching.heading >= 0 else ()
    first = next((row for row in sheet.rows[matching.heading + 1 :] if any(row)), ())
    return [
        {"at": at, "head": _cell(heads, at), "first": _cell(first, at), "field": matching.columns.get(at, "")}
        for at in range(sheet.width)
    ]


def _cell(row: tuple[str, ...], at: int) -> str:
    return row[at] if at < len(row) else ""


def template_of(kind: Kind) -> Response:
    """Headings as we know them and one row as an example; every cell is text, so that nothing is reshaped."""
    made = BytesIO()
    with in_vietnamese(), xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold, text = book.add_worksheet(), book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for place, column in enumerate(kind.columns):
            head = str(import_words.heading(kind.key, column.name))
            sheet.set_column(place, place, max(14, len(head) + 2), text)
            sheet.write_string(0, place, f"{head} *" if column.needed else head, bold)
            sheet.write_string(1, place, column.example, text)
    headers = {"Content-Disposition": f'attachment; filename="mau-{kind.key}.xlsx"'}
    return Response(made.getvalue(), content_type=XLSX, headers=headers)


def _target(kind: Kind) -> Any:
    if kind.target is None:
        return None
    asked = request.args.get("target", "")
    if not OPAQUE.fullmatch(asked):
        abort(404)
    return find(kind.target, asked)


def _chosen(kind: Kind, state: State) -> Matching:
    """What the form says; another sheet is guessed anew."""
    place = request.form.get("sheet", state.matching.sheet, type=int)
    if not 0 <= place < len(state.sheets):
        raise Refused("Please choose from the list.")
    if place != state.matching.sheet:
        return guess_in(kind, state.sheets, place)
    known = {column.name for column in kind.columns}
    asked = {at: request.form.get(f"column-{at}", "") for at in range(state.sheets[place].width)}
    columns = {at: name for at, name in asked.items() if name in known}
    if len(set(columns.values())) != len(columns):
        raise Refused("Two columns were chosen for the same thing: choose one.")
    return Matching(place, state.matching.heading, columns)


def import_pages(name: str, url_prefix: str, place: Place, *, reads: str, writes: str) -> Blueprint:
    """The pages of one place; `reads` and `writes` are permissions."""
    bp = Blueprint(name, __name__, url_prefix=url_prefix)

    def there(brought: Import) -> str:
        return url_for(".show", public_id=brought.public_id)

    @bp.get("")
    @allow(reads)
    def index() -> ResponseReturnValue:
        kinds = [kind.key for kind in KINDS.values() if kind.for_office is place.for_office]
        rows = imports_of(db.session, place.owner(), kinds)
        return place.show("index", DeedForm(formdata=None), rows=rows, kinds=place.offered)

    @bp.get("/<kind>/template.xlsx")
    @allow(reads)
    def template(kind: str) -> ResponseReturnValue:
        return template_of(place.kind(kind))

    @bp.route("/new/<kind>", methods=["GET", "POST"])
    @allow(writes)
    def new(kind: str) -> ResponseReturnValue:
        told, form = place.kind(kind), BringForm()
        target = _target(told)
        if form.sent():
            with form.refusals():
                sent = form.file.data if form.file.data and form.file.data.filename else None
                sheets = read_file(sent.read(), "file") if sent else read_pasted(form.pasted.data or "", "pasted")
                named = sent.filename if sent else ""
                brought = bring(db.session, place.owner(), told, sheets, named, target=target, **acting())
                return finish(form, there(brought))
        return place.show("new", form, kind=told, target=target)

    @bp.get("/<public_id>")
    @allow(reads)
    def show(public_id: str) -> ResponseReturnValue:
        return place.page(*place.find(public_id), DeedForm(formdata=None))

    @bp.post("/<public_id>/match")
    @allow(writes)
    def match_columns(public_id: str) -> ResponseReturnValue:
        brought, kind = place.find(public_id)
        form = DeedForm()
        if form.sent():
            with form.refusals():
                state = state_of(db.session, brought, kind, place.context(kind, brought))
                match(db.session, brought, _chosen(kind, state), **acting())
                return finish(form, there(brought))
        return place.page(brought, kind, form)

    @bp.post("/<public_id>/write")
    @allow(writes)
    def write_rows(public_id: str) -> ResponseReturnValue:
        brought, kind = place.find(public_id)
        form = DeedForm()
        if form.sent():
            with form.refusals():
                if kind.four_eyes:
                    propose_writing(db.session, brought, kind, **acting())
                    return finish(form, there(brought), gettext("Proposed: it is done once a second person agrees."))
                count = write(db.session, brought, kind, place.context(kind, brought), Doing(**acting()))
                return finish(form, there(brought), gettext("%(count)s rows written.", count=count))
        return place.page(brought, kind, form)

    @bp.post("/<public_id>/take-back")
    @allow(writes)
    def undo(public_id: str) -> ResponseReturnValue:
        brought, kind = place.find(public_id)
        form = DeedForm()
        if form.sent():
            with form.refusals():
                if kind.four_eyes:
                    propose_taking_back(db.session, brought, **acting())
                    return finish(form, there(brought), gettext("Proposed: it is done once a second person agrees."))
                count = take_back(db.session, brought, kind, place.context(kind, brought), Doing(**acting()))
                said = gettext("The import has been taken back: %(count)s rows.", count=count)
                return finish(form, there(brought), said)
        return place.page(brought, kind, form)

    @bp.post("/<public_id>/drop")
    @allow(writes)
    def throw_away(public_id: str) -> ResponseReturnValue:
        brought, kind = place.find(public_id)
        form = DeedForm()
        if form.sent():
            with form.refusals():
                drop(db.session, brought, **acting())
                return finish(form, url_for(".index"), gettext("Thrown away; nothing was written."))
        return place.page(brought, kind, form)

    return bp
