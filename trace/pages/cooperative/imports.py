"""Import from Excel or CSV: send, match columns, look at every row, write all or nothing, take back."""

from io import BytesIO
from typing import Any

import xlsxwriter
from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import OPAQUE, allow, find, own_cooperative
from ...db import db
from ...records import Import
from ...work.imports import KINDS, Kind
from ...work.imports.acts import State, bring, context_of, drop, imports_of, match, state_of, take_back, write
from ...work.imports.kind import Doing
from ...work.imports.matching import Matching, guess_in
from ...work.imports.sheets import read_file, read_pasted
from ...work.refused import Refused
from ..acting import acting
from ..fields import NoteField, UploadField
from ..forms import Form, finish, show_form
from ..papers import in_vietnamese
from ..words import sentence, today
from . import import_words

bp = Blueprint("imports", __name__, url_prefix="/my/import")
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


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    rows = imports_of(db.session, own_cooperative(), list(KINDS))
    return render_template("cooperative/imports.html", rows=rows, kinds=_offered(), words=import_words.KINDS)


def _offered() -> list[Kind]:
    """What needs nothing to go under; scope lines begin at their certificate."""
    return [kind for kind in KINDS.values() if not kind.for_office and kind.target is None]


def _kind(key: str) -> Kind:
    kind = KINDS.get(key)
    if kind is None or kind.for_office:
        abort(404)
    return kind


@bp.get("/<kind>/template.xlsx")
@allow("cooperative.read")
def template(kind: str) -> ResponseReturnValue:
    """Headings as we know them and one row as an example; every cell is text, so that nothing is reshaped."""
    made, told = BytesIO(), _kind(kind)
    with in_vietnamese(), xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold, text = book.add_worksheet(), book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        for place, column in enumerate(told.columns):
            head = str(import_words.heading(kind, column.name))
            sheet.set_column(place, place, max(14, len(head) + 2), text)
            sheet.write_string(0, place, f"{head} *" if column.needed else head, bold)
            sheet.write_string(1, place, column.example, text)
    name = f"mau-{kind}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made.getvalue(), content_type=XLSX, headers=headers)


@bp.route("/new/<kind>", methods=["GET", "POST"])
@allow("cooperative.write")
def new(kind: str) -> ResponseReturnValue:
    told, form = _kind(kind), BringForm()
    target = _target(told)
    if form.sent():
        with form.refusals():
            sent = form.file.data if form.file.data and form.file.data.filename else None
            sheets = read_file(sent.read(), "file") if sent else read_pasted(form.pasted.data or "", "pasted")
            name = sent.filename if sent else ""
            brought = bring(db.session, own_cooperative(), told, sheets, name, target=target, **acting())
            return finish(form, url_for(".show", public_id=brought.public_id))
    shown = {"kind": told, "target": target, "heading": import_words.heading, "words": import_words.KINDS}
    return show_form("cooperative/import_new.html", form, **shown)


def _target(kind: Kind) -> Any:
    if kind.target is None:
        return None
    asked = request.args.get("target", "")
    if not OPAQUE.fullmatch(asked):
        abort(404)
    return find(kind.target, asked)


def _find(public_id: str) -> tuple[Import, Kind]:
    """One of the cooperative's own: an import may also be an office's, so no fence stands around them."""
    brought = find(Import, public_id)
    if brought.cooperative_id != own_cooperative().id or brought.dropped_at is not None:
        abort(404)
    return brought, _kind(brought.kind)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    brought, kind = _find(public_id)
    return _page(brought, kind, DeedForm(formdata=None))


def _page(brought: Import, kind: Kind, form: Form) -> ResponseReturnValue:
    shown: dict[str, Any] = {"kind": kind, "heading": import_words.heading, "words": import_words.KINDS}
    if brought.written_at is None:
        state = _state(brought, kind)
        shown |= {"state": state, "rows": _rows(kind, state), "choices": _choices(kind, state)}
    return show_form("cooperative/import.html", form, brought=brought, **shown)


def _state(brought: Import, kind: Kind) -> State:
    context = context_of(db.session, own_cooperative(), kind, brought, today())
    return state_of(db.session, brought, kind, context)


def _rows(kind: Kind, state: State) -> list[dict[str, Any]]:
    """Wrong rows first, then as many others as a page bears; complaints in words, beside their column."""
    names = [column.name for column in kind.columns if column.name in state.matching.columns.values()]
    picked = sorted(state.rows, key=lambda row: (row.ready, row.number))[:SHOWN_ROWS]
    told = []
    for row in picked:
        reasons = {each.field if each.field in names else "": sentence(each) for each in row.complaints}
        cells = [(name, row.row.cells.get(name, ""), reasons.get(name)) for name in names]
        told.append({"number": row.number, "ready": row.ready, "cells": cells, "general": reasons.get("")})
    return told


def _choices(kind: Kind, state: State) -> list[dict[str, Any]]:
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


@bp.post("/<public_id>/match")
@allow("cooperative.write")
def match_columns(public_id: str) -> ResponseReturnValue:
    brought, kind = _find(public_id)
    form = DeedForm()
    if form.sent():
        with form.refusals():
            state = _state(brought, kind)
            match(db.session, brought, _chosen(kind, state), **acting())
            return finish(form, url_for(".show", public_id=public_id))
    return _page(brought, kind, form)


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


@bp.post("/<public_id>/write")
@allow("cooperative.write")
def write_rows(public_id: str) -> ResponseReturnValue:
    brought, kind = _find(public_id)
    form = DeedForm()
    if form.sent():
        with form.refusals():
            context = context_of(db.session, own_cooperative(), kind, brought, today())
            count = write(db.session, brought, kind, context, Doing(**acting()))
            return finish(form, url_for(".show", public_id=public_id), gettext("%(count)s rows written.", count=count))
    return _page(brought, kind, form)


@bp.post("/<public_id>/take-back")
@allow("cooperative.write")
def undo(public_id: str) -> ResponseReturnValue:
    brought, kind = _find(public_id)
    form = DeedForm()
    if form.sent():
        with form.refusals():
            context = context_of(db.session, own_cooperative(), kind, brought, today())
            count = take_back(db.session, brought, kind, context, Doing(**acting()))
            said = gettext("The import has been taken back: %(count)s rows.", count=count)
            return finish(form, url_for(".show", public_id=public_id), said)
    return _page(brought, kind, form)


@bp.post("/<public_id>/drop")
@allow("cooperative.write")
def throw_away(public_id: str) -> ResponseReturnValue:
    brought, kind = _find(public_id)
    form = DeedForm()
    if form.sent():
        with form.refusals():
            drop(db.session, brought, **acting())
            return finish(form, url_for(".index"), gettext("Thrown away; nothing was written."))
    return _page(brought, kind, form)
