"""The one form of a print: what, face, paper, places that are used, and the rest for those who know why."""

import json
from dataclasses import dataclass

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, HiddenField
from wtforms.validators import NumberRange, Optional

from labels import STOCKS, Stock, Verdict

from ...access import own_cooperative, visitor
from ...db import db
from ...records import OUT_OF_USE, PartSheet, Printer, Run
from ...work.formats import DPIS, FORMATS
from ...work.own_stocks import OWN
from ...work.part_sheets import part_sheet, read_cells
from ...work.print_choices import face_choices, find_stock, own_stock_choices
from ...work.print_spans import free_spans, with_spoil
from ...work.printers import printers_of
from ...work.printing import Order, last_printing
from ...work.ranges import Span
from ...work.refused import Refused
from ...work.serials import read_list
from ..choices import ChoiceField
from ..fields import CountField, NoteField, WordsField, needed
from ..forms import Form
from .face_names import face_words

USUAL_STOCK, USUAL_FACE = "a4-24", "origin"
WITHOUT_BATCH = frozenset({"code", "symbol", "pin"})
"""Faces that say nothing of a batch."""
FORMAT_WORDS = {
    "pdf": lazy_gettext("PDF: sheets, or one row of the roll a page"),
    "labels": lazy_gettext("PDF with one stamp a page"),
    "zpl": lazy_gettext("ZPL, for Zebra printers"),
    "tspl": lazy_gettext("TSPL, for TSC, Xprinter and Godex printers"),
    "csv": lazy_gettext("CSV list for a print house"),
    "xlsx": lazy_gettext("Excel list for a print house"),
}


PERCENT = NumberRange(0, 50, message=lazy_gettext("A percentage from 0 to 50."))


class PrintForm(Form):
    """How stamps are printed; what is printed is the two forms' below."""

    stock = ChoiceField(lazy_gettext("Paper"), validators=[needed()])
    face = ChoiceField(lazy_gettext("What stands on a stamp"), validators=[needed()])
    used_typed = WordsField(lazy_gettext("Places that are used already"), longest=400)
    part = HiddenField()
    printer = ChoiceField(lazy_gettext("Printer"))
    format = ChoiceField(lazy_gettext("Kind of file"))
    dpi = ChoiceField(lazy_gettext("The printer's dots"))
    copies = CountField(lazy_gettext("Prints of each stamp"))
    divider = CountField(lazy_gettext("On a roll, a divider after so many stamps"))
    destroyed = BooleanField(lazy_gettext("All earlier prints of these stamps have been destroyed"))

    def offer(self) -> None:
        own = own_cooperative()
        self.stock.choices = papers(own_stock_choices(db.session, own.id))
        self.face.choices = [(name, face_words(name, words)) for name, words in face_choices(db.session, own)]
        self.format.choices = [(name, str(FORMAT_WORDS[name])) for name in FORMATS]
        known = [(one.public_id, printer_name(one)) for one in printers_of(db.session, own_cooperative().id)]
        self.printer.choices = [("", str(gettext("Any printer, uncorrected"))), *known]
        self.dpi.choices = [(str(dpi), f"{dpi} dpi" if dpi else str(gettext("As usual for the paper"))) for dpi in DPIS]

    @property
    def advanced(self) -> bool:
        """Whether something is asked for that most people never need."""
        plain = (self.format.data or "pdf", self.dpi.data or "0", self.divider.data or 0)
        return plain != ("pdf", "0", 0) or any(field.errors for field in (self.format, self.dpi, self.divider))

    @property
    def chosen(self) -> list[str]:
        """What is asked for, in words."""
        stock = find_stock(db.session, own_cooperative().id, self.stock.data or "")
        printers, faces = dict(self.printer.choices), dict(self.face.choices)
        words = [
            paper_name(stock) if stock else "",
            faces.get(self.face.data or "", ""),
            str(FORMAT_WORDS.get(self.format.data or "pdf", "")),
            printers.get(self.printer.data, "") if self.printer.data else "",
        ]
        return [word for word in words if word]

    def spans(self, run: Run) -> list[Span]:
        raise Refused("Type the serials of the stamps.", field="serials")

    def order(self, run: Run, part: PartSheet | None) -> Order:
        """Raises `Refused`."""
        spans = self.spans(run)
        if self.part.data and part is None:
            raise Refused("Somebody else has just printed on this sheet.", field="part", conflict=True)
        return Order(
            spans[0][0],
            spans[-1][1],
            self.stock.data or "",
            self.face.data or "",
            spans=tuple(spans) if len(spans) > 1 else (),
            used=tuple(sorted(self.used(part))),
            part=part.public_id if part and part.stock == self.stock.data else "",
            printer=self.printer.data or "",
            format=self.format.data or "pdf",
            dpi=int(self.dpi.data or 0),
            copies=1 if self.copies.data is None else self.copies.data,
            divider_every=self.divider.data or 0,
            destroyed=bool(self.destroyed.data),
        )

    def used(self, part: PartSheet | None) -> frozenset[int]:
        """Cells ticked in the picture, if it is of the chosen paper, and those typed. Raises `Refused`."""
        stock = find_stock(db.session, own_cooperative().id, self.stock.data or "")
        if stock is None:
            return frozenset()
        cells = read_cells(self.used_typed.data or "", stock)
        if request.method == "POST":
            ticked = request.form.getlist("used") if request.form.get("cells_of") == stock.name else []
            return cells | {int(cell) for cell in ticked if cell.isascii() and cell.isdigit() and len(cell) < 4}
        return cells | (frozenset(json.loads(part.used)) if part and part.stock == stock.name else frozenset())


class RunPrintForm(PrintForm):
    """Stamps of a run that is there."""

    serials = NoteField(lazy_gettext("Serials"), validators=[needed()])
    spoil = CountField(lazy_gettext("More for spoiling"), validators=[Optional(), PERCENT])

    def spans(self, run: Run) -> list[Span]:
        spans = read_list(run, self.serials.data or "", in_order=True)
        return with_spoil(db.session, run, spans, self.spoil.data) if self.spoil.data else spans


class BatchPrintForm(PrintForm):
    """New stamps for a batch."""

    count = CountField(lazy_gettext("How many stamps"), validators=[needed()])

    def spans(self, run: Run) -> list[Span]:
        return [(1, run.count)]


def printer_name(printer: Printer) -> str:
    return " · ".join(part for part in (printer.name, printer.tray, printer.page) if part)


def asked_part(form: PrintForm) -> PartSheet | None:
    """The part-used sheet that a link or the form itself names."""
    return part_sheet(db.session, own_cooperative().id, form.part.data or "") if form.part.data else None


def as_last_time(run: Run) -> dict[str, object]:
    """The first stamps that wait for print, on the paper and with the face of this person's last time."""
    free = next(iter(free_spans(db.session, run)), None)
    row = next((row for row in run.ranges if row.state not in OUT_OF_USE and (not free or row.last >= free[0])), None)
    span = (free[0], min(free[1], row.last)) if free and row else (row.first, row.last) if row else None
    serials = request.args.get("serials", f"{span[0]}-{span[1]}" if span else "")[:400]
    what = {"serials": serials, "spoil": 0}
    return {**what, **choices_for("origin" if row and row.batch else "code", keep_face=bool(row and row.batch))}


def choices_for(usual_face: str, *, keep_face: bool) -> dict[str, object]:
    """Remembered by person and face: paper, kind of file, dots."""
    person = visitor().person
    asked = request.args.get("face", "")
    faces = {name for name, _words in face_choices(db.session, own_cooperative())}
    last = last_printing(db.session, own_cooperative().id, person.id if person else None)
    keep_face = keep_face or (last is not None and last.face in WITHOUT_BATCH)
    wanted = asked if asked in faces else "" if keep_face else usual_face
    before = last_printing(db.session, own_cooperative().id, person.id if person else None, wanted) or last
    face = wanted or (before.face if before and before.face in faces else usual_face)
    if before is None:
        return {"stock": USUAL_STOCK, "face": face, "copies": 1}
    printer = json.loads(before.words).get("printer", "")
    shape = {"format": before.format, "dpi": str(before.dpi), "printer": printer}
    papers_known = STOCKS.keys() | own_stock_choices(db.session, own_cooperative().id).keys()
    stock = before.stock if before.stock in papers_known else USUAL_STOCK
    return {"stock": stock, "face": face, "copies": 1, **shape}


@dataclass(frozen=True, slots=True)
class Cell:
    number: int
    x: float
    y: float
    used: bool


def sheet_picture(stock: Stock, used: frozenset[int]) -> dict[str, object] | None:
    """The cells of a sheet in millimetres; None for rolls and for sheets of one."""
    if stock.roll or stock.cells == 1:
        return None
    cells = [Cell(number, *stock.place(number), number in used) for number in range(stock.cells)]
    return {"stock": stock, "cells": cells, "free": stock.cells - len(used)}


def papers(own: dict[str, Stock] | None = None) -> dict[str, list[tuple[str, str]]]:
    """What can be bought, in groups, then what was measured."""
    groups: dict[str, list[tuple[str, str]]] = {"A4": [], "A5": [], str(gettext("Rolls for label printers")): []}
    places = list(groups.values())
    for stock in STOCKS.values():
        place = places[2] if stock.roll else places[1] if stock.name.startswith("a5") else places[0]
        place.append((stock.name, paper_name(stock)))
    if own:
        groups[str(gettext("Our own papers"))] = [(name, paper_name(stock)) for name, stock in own.items()]
    return groups


def paper_name(stock: Stock) -> str:
    """38,1 × 21,2 mm · 65 a sheet (Avery L7651); our own by its name."""
    if stock.name.startswith(OWN):
        return f"{stock.title}: {stock.width_mm:g} × {stock.height_mm:g} mm".replace(".", ",")
    size = f"{stock.width_mm:g} × {stock.height_mm:g} mm".replace(".", ",")
    shape = f"Ø {size.split(' ')[0]} mm" if stock.round else size
    if stock.roll:
        return str(gettext("roll %(size)s, %(count)s across", size=shape, count=stock.columns))
    maker = f" ({stock.maker})" if stock.maker else ""
    page = stock.name[:2].upper()
    return str(gettext("%(page)s, %(count)s stamps of %(size)s", page=page, count=stock.cells, size=shape)) + maker


def in_words(verdict: Verdict) -> dict[str, str]:
    """What the workshop says of a print, in the visitor's language."""
    words = {name: str(value).replace(".", ",") if isinstance(value, str) else value for name, value in
             verdict.figures.items()}  # fmt: skip
    fix = str(gettext(verdict.fix)) % words if verdict.fix else ""
    return {"grade": verdict.grade, "said": str(gettext(verdict.message)) % words, "fix": fix}
