"""What an import's pages show: what waits, the rows with their complaints, the columns to choose, the template."""

from io import BytesIO
from typing import Any

import xlsxwriter
from flask import Response

from ..db import db
from ..records import Import, Proposal
from ..work.imports import Kind
from ..work.imports.acts import State
from ..work.proposals import about
from . import import_words
from .papers import in_vietnamese
from .words import now, sentence

SHOWN_ROWS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
