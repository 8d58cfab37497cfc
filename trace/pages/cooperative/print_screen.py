"""The one screen of a print: what and how on the left, the first sheet and whether it will scan on the right."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from flask import request, url_for
from flask.typing import ResponseReturnValue

from labels import Stock

from ...access import own_cooperative, visitor
from ...db import db
from ...records import Batch, Printing, Run
from ...service import settings
from ...work.formats import FORMATS
from ...work.keyring import Keyring
from ...work.part_sheets import free_in, offered, written_cells
from ...work.print_choices import find_stock, kept_choices, printed_stock
from ...work.printing import Looked, Order, last_printing, look
from ...work.refused import Refused, RefusedAll
from ...work.sheets import sheets
from ..forms import finish, show_form
from .print_form import PrintForm, asked_part, in_words, sheet_picture

PX_A_MM = 96 / 25.4
"""Browsers hold an inch to be 96 of their pixels."""


class Told(TypedDict):
    keyring: Keyring
    public_url: str
    today: date


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the screen is about: a run, or new stamps for a batch (then the run is as it would be issued)."""

    run: Run | None
    told: Told
    batch: Batch | None = None
    refusal: Refused | None = None
    """Why there can be no such run."""
    check: Callable[[], None] | None = None
    """Raises `Refused` where it can be drawn but not made: said before somebody asks for it."""

    @property
    def address(self) -> str:
        if self.batch is not None:
            return url_for("printing.order_for", public_id=self.batch.public_id)
        return url_for("printing.order", public_id=self.run.public_id if self.run else "")

    def picture(self, typed: dict[str, Any]) -> str:
        if self.batch is not None:
            return url_for("printing.picture_for", public_id=self.batch.public_id, **typed)
        return url_for("printing.picture", public_id=self.run.public_id if self.run else "", **typed)


Seen = tuple[Order, Looked]


def screen(form: PrintForm, wanted: Wanted, make: Callable[[Order], Printing]) -> ResponseReturnValue:
    """Show it, look at what is asked for, or make it. A script that only looks while somebody types gets no error."""
    form.offer()
    part = asked_part(form)
    if part and request.method == "GET":
        form.stock.data = part.stock
    if form.sent() and request.form.get("do") == "print" and wanted.run is not None:
        with form.refusals():
            printing = make(form.order(wanted.run, part))
            return finish(form, url_for("printing.show", public_id=printing.public_id, wait=1))
    if wanted.refusal is not None and not form.complained:
        form.complain(wanted.refusal)
    seen = _look(form, wanted)
    if request.method != "POST":  # nobody has asked yet, so nothing is complained of
        form.form_errors = []
        for field in form:
            field.errors = []
    answer: ResponseReturnValue = _shown(form, wanted, seen)
    if request.form.get("do") == "look" and isinstance(answer, tuple):
        page: ResponseReturnValue = answer[0]
        return page
    return answer


def _look(form: PrintForm, wanted: Wanted) -> Seen | None:
    """Nothing new is complained of where there are complaints already."""
    if wanted.run is None:
        return None
    found: list[Seen] = []
    with suppress(Refused, RefusedAll) if form.complained else form.refusals():
        order = form.order(wanted.run, asked_part(form))
        found.append((order, look(db.session, wanted.run, order, **wanted.told)))
        if wanted.check:
            wanted.check()
    return found[0] if found else None


def _shown(form: PrintForm, wanted: Wanted, seen: Seen | None) -> ResponseReturnValue:
    part = asked_part(form)
    if part is None:
        form.part.data = ""
    stock = find_stock(db.session, own_cooperative().id, form.stock.data or "")
    used: frozenset[int] = frozenset()
    with suppress(Refused):
        used = form.used(part)
        form.used_typed.data = None  # from now on they stand in the picture
    return show_form(
        "cooperative/run_print.html",
        form,
        run=wanted.run,
        batch=wanted.batch,
        action=wanted.address,
        seen=wanted.picture(_typed(form, used, stock)) if seen and FORMATS[seen[0].format].drawn else None,
        size=_size(form, stock),
        verdicts=[in_words(one) for one in seen[1].verdicts] if seen else [],
        total=_total(seen),
        void=_void(wanted.run, seen),
        picture=sheet_picture(stock, used) if stock else None,
        begun=[(sheet, free_in(sheet)) for sheet in offered(db.session, own_cooperative().id)],
        part=part,
        remembered=printed_before() and request.method == "GET" and part is None,
        address=settings().public_url.upper(),
    )


def printed_before() -> bool:
    person = visitor().person
    return last_printing(db.session, own_cooperative().id, person.id if person else None) is not None


def _typed(form: PrintForm, used: frozenset[int], stock: Stock | None) -> dict[str, Any]:
    """The address of a picture: what the form holds, as text."""
    names = ("serials", "spoil", "count", "stock", "face", "format", "dpi", "copies", "printer")
    typed = {name: form[name].data for name in names if name in form}
    return typed | ({"used_typed": written_cells(used)} if used and stock and not stock.roll else {})


def _size(form: PrintForm, stock: Stock | None) -> tuple[int, int]:
    """Of the picture at its true size, in a browser's pixels."""
    if stock is None:
        return 0, 0
    one = form.format.data == "labels"
    wide, high = (stock.width_mm, stock.height_mm) if one else (stock.page_width_mm, stock.page_height_mm)
    return round(wide * PX_A_MM), round(high * PX_A_MM)


def _total(seen: Seen | None) -> dict[str, Any] | None:
    """No sheets where the file fills none: a list, or one stamp a page."""
    if seen is None:
        return None
    order, looked = seen
    if not FORMATS[order.format].paged and not FORMATS[order.format].dots:
        return {"stamps": looked.stamps, "sheets": 0, "roll": False}
    kept = {"sheet": {"used": order.used}} | kept_choices(db.session, own_cooperative().id, order.stock, "")
    stand_in = Printing(stock=order.stock, copies=order.copies, words=json.dumps(kept))
    roll = printed_stock(stand_in).roll
    return {"stamps": looked.stamps, "sheets": sheets(stand_in, looked.stamps), "roll": roll}


def _void(run: Run | None, seen: Seen | None) -> str:
    """The stamps that are left out, as serials."""
    spans = seen[1].void if seen and run else []
    return ", ".join(f"{first}-{last}" if first < last else str(first) for first, last in spans[:12]) + (
        " …" if len(spans) > 12 else ""
    )
