"""The form of goods that leave: day, buyer, place, and a line for each batch."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import wtforms
from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, FieldList, FormField, HiddenField

from ...access import own_cooperative
from ...db import db
from ...records import Batch, Market, Run
from ...standards.quantities import show_count, show_weight
from ...work.dispatches import LEAVES, Leaving
from ...work.goods_left import Going, dispatched, holds_g
from ...work.own_batches import active_runs_of, submitted_batches
from ...work.own_lists import recent_buyers
from ...work.refused import Refused
from ...work.serials import read_span, run_of_serial
from ...work.standing import batch_standing
from ..checks_told import MARKETS
from ..choices import ChoiceField, RecordField
from ..fields import CountField, DayField, NoteField, WeightField, WordsField, needed
from ..unread import one_of
from ..words import language, now, today
from .lines import LinesForm

MOST_BATCHES = 60
MOST_BUYERS = 300


class GoingForm(wtforms.Form):
    batch = RecordField(lazy_gettext("Batch"))
    weight = WeightField(lazy_gettext("Weight"))
    packs = CountField(lazy_gettext("Packs"))
    first = WordsField(lazy_gettext("Stamps from"), longest=40)
    last = WordsField(lazy_gettext("Stamps to"), longest=40)

    @property
    def blank(self) -> bool:
        return not any((self.batch.data, self.weight.typed, self.packs.typed, self.first.data, self.last.data))


class DispatchForm(LinesForm):
    on_day = DayField(lazy_gettext("Day"), validators=[needed()])
    buyer = WordsField(lazy_gettext("Buyer"), validators=[needed()])
    place = WordsField(lazy_gettext("Place of delivery"))
    market = ChoiceField(lazy_gettext("Market"), validators=[needed()], default=Market.DOMESTIC.value)
    lines = FieldList(FormField(GoingForm), lazy_gettext("What leaves"), min_entries=1)
    public = BooleanField(lazy_gettext("Consumers may read this buyer's name"))
    note = NoteField(lazy_gettext("Note"))
    seen = HiddenField()

    def offer(self) -> None:
        """Batches with something left, and the buyers of before."""
        if not self.is_submitted():
            self.seen.data = now().isoformat()
        self.market.choices = [(market.value, MARKETS[market.value]) for market in Market]
        batches, left = _with_rest()
        for entry in self.rows:
            entry.form.batch.offer(batches, lambda row: _label(row, left[row.id]), blank=gettext("Choose …"))
        chosen = request.args.get("batch", "")
        first = self.rows[0].form.batch
        if not self.is_submitted() and not first.data:
            first.data = chosen if chosen in first.offered else next(iter(first.offered), "")
        self.buyers = recent_buyers(db.session, own_cooperative(), MOST_BUYERS)

    @property
    def seen_at(self) -> datetime | None:
        try:
            moment = datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
        return moment if moment.tzinfo else None

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for line in self.filled:
            if not line.batch.data and not line.batch.errors:
                line.batch.errors = [gettext("Please fill this in.")]
        self.rows.errors = [entry.errors for entry in self.rows] if any(e.errors for e in self.rows) else []
        if self.on_day.data and self.on_day.data > today():
            self.complain(Refused("The day lies in the future.", field="on_day"))
        if self.on_day.data and self.on_day.data < today() - timedelta(days=3660):
            self.complain(Refused("This day is long past: check the year.", field="on_day"))
        return not self.complained

    def leaving(self) -> Leaving:
        assert self.on_day.data is not None
        shown, market = bool(self.public.data), one_of(Market, self.market.data)
        return Leaving(self.on_day.data, self.buyer.data or "", self.place.data, self.note.data, shown, market)

    def going(self) -> list[Going]:
        """What was typed, with serials read; those that could not be read are complained about."""
        return [self._going(f"lines-{place}", line) for place, line in enumerate(self.filled)]

    def _going(self, name: str, line: GoingForm) -> Going:
        batch = line.batch.record
        if not line.first.data and not line.last.data:
            return Going(batch, line.weight.data, line.packs.data)
        stamps = self.tried(_stamps, name, line)
        return Going(batch, line.weight.data, line.packs.data, stamps.run, stamps.first, stamps.last)


@dataclass(frozen=True, slots=True)
class Stamps:
    run: Run
    first: int
    last: int


def _stamps(name: str, line: GoingForm) -> Stamps:
    """The run and the serials that were typed; raises `Refused` beside the field."""
    typed = line.first.data or line.last.data or ""
    run = _run_of(line.batch.record, typed)
    if run is None:
        message = "Type the whole serial, such as %(serial)s."
        raise Refused(message, field=f"{name}-first", serial=f"{own_cooperative().label}-26A-0000001")
    try:
        span = read_span(run, typed, line.last.data)
        return Stamps(run, span.first, span.last)
    except Refused as refused:
        raise Refused(refused.message, field=f"{name}-{refused.field}", **refused.figures) from refused


def _run_of(batch: Batch, typed: str) -> Run | None:
    """The run a whole serial names; for a bare number, the only run that is active on the batch."""
    named = run_of_serial(db.session, typed)
    if named is not None:
        return named[0]
    runs = active_runs_of(db.session, batch)
    return runs[0] if len(runs) == 1 else None


def _with_rest() -> tuple[list[Batch], dict[int, tuple[int, int]]]:
    """Batches that may leave and have something left, newest first, with (grams, packs) left of each."""
    handed_in = submitted_batches(db.session, own_cooperative(), most=MOST_BATCHES)
    batches = [batch for batch in handed_in if batch_standing(batch) in LEAVES]
    gone = dispatched(db.session, batches)
    left = {b.id: (holds_g(b) - gone[b.id][0], (b.packs or 0) - gone[b.id][1]) for b in batches}
    # What is used up stays on a form that was sent: the answer then says how much is left, not "not in the list".
    return [batch for batch in batches if left[batch.id][0] > 0 or request.method == "POST"], left


def _label(batch: Batch, left: tuple[int, int]) -> str:
    weight, packs = show_weight(max(left[0], 0), language()), show_count(max(left[1], 0), language())
    words = gettext("%(weight)s, %(packs)s packs left", weight=weight, packs=packs)
    return f"{batch.code} – {batch.product.name_vi} ({words})"
