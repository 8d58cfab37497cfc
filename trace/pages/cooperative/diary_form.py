"""The form of one line of the diary: only what its kind asks for, filled with what was said last."""

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from ...access import own_cooperative
from ...db import db
from ...records import DiaryEntry, DiaryKind, DiaryUnit, Plot
from ...standards.amounts import parse_amount, show_amount
from ...work.complaints import recent_batches
from ...work.diary import DiaryFacts
from ...work.farm import open_plots
from ..choices import RecordField
from ..fields import CountField, DayField, NoteField, QuantityField, UploadField, WordsField, needed
from ..forms import Form
from ..unread import UNREAD, one_of
from ..words import language, show_day, today
from .diary_words import FIELDS, MATERIALS, NEEDED, PURPOSES
from .parts import PICTURE_HINT

DEFAULT_UNITS = {DiaryKind.IRRIGATION: "m3", DiaryKind.SEED: "cay", DiaryKind.PESTICIDE: "l"}
OFFERED = ("material", "active", "dose", "purpose", "phi_days", "done_by", "supplier")
"""What is taken over from the line before; never day, quantity, note or batch."""


class AmountField(QuantityField):
    """Thousandths and a unit, as (milli, unit)."""

    def __init__(self, *args: Any, unit: str = "kg", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def read(self, text: str) -> tuple[int, str]:
        return parse_amount(text, self.unit)

    def show(self, value: tuple[int, str]) -> str:
        return show_amount(*value, "vi")

    def say(self, value: tuple[int, str]) -> str:
        return show_amount(*value, language())


class PlotsField(SelectMultipleField):
    """Many plots by tick; another cooperative's is not in the list."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"choices": [], "validate_choice": False} | kwargs)
        self.offered: dict[str, Plot] = {}

    def offer(self, plots: list[Plot]) -> None:
        self.offered = {plot.public_id: plot for plot in plots}
        self.choices = [(key, plot.called) for key, plot in self.offered.items()]

    @property
    def records(self) -> tuple[Plot, ...]:
        return tuple(self.offered[key] for key in self.data or [] if key in self.offered)


class EntryForm(Form):
    on_day = DayField(lazy_gettext("Day"), [needed()])
    plots = PlotsField(lazy_gettext("Plots"))
    material = WordsField(lazy_gettext("Name"))
    active = WordsField(
        lazy_gettext("Active ingredient"), description=lazy_gettext("In small print on the pack, with its percent.")
    )
    dose = WordsField(lazy_gettext("Dose, and how"), description=lazy_gettext("As you mixed it: 20 ml to 16 litres."))
    purpose = WordsField(lazy_gettext("What for"))
    phi_days = CountField(
        lazy_gettext("Pre-harvest interval, in days"), description=lazy_gettext("Copy it from the pack.")
    )
    done_by = WordsField(lazy_gettext("Who did it"))
    supplier = WordsField(lazy_gettext("Bought from"))
    quantity = AmountField(
        lazy_gettext("How much"), description=lazy_gettext("With its unit: 20 kg, 1,5 lít, 3 bao, 12 chai.")
    )
    batch = RecordField(lazy_gettext("Goes into batch"))
    note = NoteField(lazy_gettext("Note"))
    photo = UploadField(lazy_gettext("Photo"), description=PICTURE_HINT)
    reason = WordsField(lazy_gettext("Why is it corrected?"))

    def offer(self, kind: DiaryKind, also: DiaryEntry | None = None) -> "EntryForm":
        """Name and fill the fields for a kind; `also`: a line whose plots must stay in the list."""
        self.kind = kind
        own = own_cooperative()
        plots = open_plots(db.session, own)
        if also is not None:
            plots += [plot for plot in also.plots if plot not in plots]
        self.plots.offer(plots)
        self.reason.flags.required = True
        for name in NEEDED.get(kind, ()):
            self[name].flags.required = True
        self.quantity.unit = DEFAULT_UNITS.get(kind, "kg")
        if kind in MATERIALS:
            self.material.label.text = MATERIALS[kind]
        if kind in PURPOSES:
            self.purpose.label.text = PURPOSES[kind]
        batches = recent_batches(db.session, own, most=20)
        if also is not None and also.batch is not None and also.batch not in batches:
            batches.append(also.batch)
        self.batch.offer(batches, _batch_label, blank=gettext("None yet"))
        return self

    @property
    def asked(self) -> list[Any]:
        """The fields of this kind, in order."""
        return [self[name] for name in FIELDS[self.kind]]

    def facts(self) -> DiaryFacts:
        amount = self.quantity.data
        milli, unit = (amount, amount) if amount is UNREAD else amount or (None, None)
        assert self.on_day.data is not None
        said = {name: self[name].data for name in (*OFFERED, "note") if name in (*FIELDS[self.kind], "note")}
        return DiaryFacts(
            self.kind,
            self.on_day.data,
            self.plots.records,
            quantity_milli=milli,
            unit=one_of(DiaryUnit, unit) if unit else None,
            batch=self.batch.record if self.kind is DiaryKind.HARVEST else None,
            **said,
        )


def _batch_label(batch: Any) -> str:
    day = batch.harvested_to
    return f"{batch.code} · {show_day(day)}" if day else str(batch.code)


def offered_from(last: DiaryEntry | None) -> dict[str, Any]:
    """A fresh form's data: today, and the last line's plots and values."""
    if last is None:
        return {"on_day": today()}
    said = {name: getattr(last, name) for name in OFFERED}
    return said | {"on_day": today(), "plots": [plot.public_id for plot in last.plots]}


def filled_from(entry: DiaryEntry) -> dict[str, Any]:
    """A line as its form would have been filled in."""
    quantity = (entry.quantity_milli, entry.unit) if entry.unit else None
    more = {"on_day": entry.on_day, "note": entry.note, "quantity": quantity}
    return offered_from(entry) | more | {"batch": entry.batch.public_id if entry.batch else ""}
