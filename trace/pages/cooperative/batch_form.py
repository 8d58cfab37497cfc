"""The form of a draft: product, what came in line by line, packing, loss, mark, note."""

from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext, lazy_gettext
from wtforms import FieldList, FormField

from ...access import own_cooperative
from ...db import db
from ...records import Batch, Grower, IntakeLine, Plot, ScopeLine
from ...standards.words import sort_key
from ...work.draft_rules import impossible
from ...work.drafts import Draft, Intake, fitting_lines
from ...work.own_lists import has_scope_line, marks_shown, open_sources, own_products
from ..choices import RecordField
from ..fields import CountField, DayField, NoteField, WeightField, needed
from ..words import show_day, today
from .lines import LinesForm

LINES_TO_START = 2


class LineForm(wtforms.Form):
    source = RecordField(lazy_gettext("Plot or grower"))
    harvested_on = DayField(lazy_gettext("Harvest day"))
    weight = WeightField(lazy_gettext("Weight received"))
    scope = RecordField(lazy_gettext("Certificate"))
    fitting: tuple[ScopeLine, ...] = ()

    @property
    def blank(self) -> bool:
        """A day alone is what the form itself had filled in."""
        weight = self.weight.typed if self.weight.typed is not None else self.weight.data
        return not self.source.data and not weight

    @property
    def plot(self) -> Plot | None:
        return self.source.record if isinstance(self.source.record, Plot) else None

    @property
    def grower(self) -> Grower | None:
        record = self.source.record
        return record.grower if isinstance(record, Plot) else record

    def intake(self) -> Intake:
        harvested_on, weight_g = self.harvested_on.data, self.weight.data
        assert harvested_on is not None and weight_g is not None  # noqa: PT018 - validated
        return Intake(harvested_on, weight_g, self.grower, self.plot, self.scope.record)


class BatchForm(LinesForm):
    lines_name = "intake"

    product = RecordField(lazy_gettext("Product"), validators=[needed()])
    intake = FieldList(FormField(LineForm), lazy_gettext("What came in"), min_entries=LINES_TO_START)
    loss = WeightField(lazy_gettext("Lost in sorting"))
    packed_on = DayField(lazy_gettext("Packing day"))
    packs = CountField(lazy_gettext("Packs"))
    trademark = RecordField(lazy_gettext("Trademark"))
    note = NoteField(lazy_gettext("Note"))

    def offer(self) -> None:
        """Fill every list with the cooperative's own records."""
        products = own_products(db.session, own_cooperative())
        self.product.offer(products, lambda row: row.name_vi, blank=gettext("Choose …"))
        if len(products) == 1 and self.product.data in {None, ""}:
            self.product.data = products[0].public_id
        self.trademark.offer(
            marks_shown(db.session, own_cooperative(), today()), lambda row: row.name, blank=gettext("None")
        )
        self.offer_lines()

    def offer_lines(self) -> None:
        sources = _sources()
        for entry in self.intake:
            line = entry.form
            line.source.offer(sources, _source_label, blank=gettext("Choose …"))
            if line.harvested_on.data is None and line.harvested_on.typed is None:
                line.harvested_on.data = today()
            product, chosen = self.product.record, line.source.record
            line.fitting = (
                tuple(fitting_lines(db.session, product, line.grower, line.plot)) if product and chosen else ()
            )
            line.scope.offer(line.fitting, _scope_label, blank=gettext("Choose …"), key=lambda row: str(row.id))
            if line.scope.data and line.scope.data not in line.scope.offered and _known_scope(line.scope.data):
                line.scope.data = ""  # the plot or product was changed: find it anew

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for line in self.filled:
            for field in (line.source, line.harvested_on, line.weight):
                if field.data in {None, ""} and not field.errors:
                    field.errors = [gettext("Please fill this in.")]
        self.rows.errors = [entry.errors for entry in self.rows] if any(e.errors for e in self.rows) else []
        for refusal in impossible(self._sketch(), today()):
            self.complain(refusal)
        return not self.complained

    def _sketch(self) -> Batch:
        """What was typed, as far as it could be read, so that every complaint comes at once."""
        lines = [
            IntakeLine(
                harvested_on=line.harvested_on.data or date.min,
                weight_g=1 if line.weight.data is None else line.weight.data,
            )
            for line in self.filled
        ]
        known = all(line.weight.data is not None for line in self.filled)
        return Batch(
            packed_on=self.packed_on.data,
            packs=self.packs.data,
            loss_g=(self.loss.data or 0) if known else 0,
            intake=lines,
        )

    def draft(self) -> Draft:
        return Draft(
            product=self.product.record,
            lines=tuple(line.intake() for line in self.filled),
            packed_on=self.packed_on.data,
            packs=self.packs.data,
            loss_g=self.loss.data or 0,
            trademark=self.trademark.record,
            note=self.note.data,
        )


def filled_from(batch: Batch) -> BatchForm:
    """The form of a draft as it stands, with an empty line at the end."""
    lines: list[dict[str, Any]] = [
        {
            "source": (line.plot or line.grower).public_id,  # type: ignore[union-attr]  # the database wants one of them
            "harvested_on": line.harvested_on,
            "weight": line.weight_g,
            "scope": str(line.scope_line_id or ""),
        }
        for line in batch.intake
    ]
    return BatchForm(
        data={
            "product": batch.product.public_id,
            "intake": [*lines, {}],
            "loss": batch.loss_g or None,
            "packed_on": batch.packed_on,
            "packs": batch.packs,
            "trademark": batch.trademark.public_id if batch.trademark else "",
            "note": batch.note,
        }
    )


def _sources() -> list[Plot | Grower]:
    """Plots under their grower's name, then growers as a whole."""
    plots, growers = open_sources(db.session, own_cooperative())
    return [
        *sorted(plots, key=lambda row: sort_key(_source_label(row))),
        *sorted(growers, key=lambda row: sort_key(row.name)),
    ]


def _source_label(record: Plot | Grower) -> str:
    if isinstance(record, Grower):
        return str(gettext("%(grower)s (no plot named)", grower=record.name))
    return f"{record.grower.name} – {record.name}" if record.grower else record.name


def _scope_label(line: ScopeLine) -> str:
    certificate = line.certificate
    return str(gettext("%(number)s, until %(day)s", number=certificate.number, day=show_day(certificate.expires_on)))


def _known_scope(key: str) -> bool:
    """Whether a line of that key is ours at all: a stranger's is refused in words rather than dropped."""
    return key.isdecimal() and has_scope_line(db.session, own_cooperative(), int(key[:15]))
