"""Lines of the growing diary: entered, corrected by a line beside, withdrawn. None is ever changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import (
    Batch,
    Cooperative,
    DiaryEntry,
    DiaryEntryPlot,
    DiaryKind,
    DiaryPage,
    DiaryPhoto,
    DiaryUnit,
    Plot,
    Upload,
)
from .actor import Actor
from .history import record, snapshot
from .refused import Refused, refuse_all

FIRST_DAY = date(2000, 1, 1)
MOST_QUANTITY_MILLI = 10_000_000_000
"""10,000 t: what one line of a batch may hold, too."""
MOST_PHI_DAYS = 365
ON_PLOTS = frozenset(
    {DiaryKind.SEED, DiaryKind.FERTILISER, DiaryKind.PESTICIDE, DiaryKind.IRRIGATION, DiaryKind.HARVEST}
)
"""Buying, handling and what else there is may concern the whole cooperative."""
NAMED = frozenset({DiaryKind.INPUT, DiaryKind.SEED, DiaryKind.FERTILISER, DiaryKind.PESTICIDE})


@dataclass(frozen=True, slots=True)
class DiaryFacts:
    """What one line says. One line may cover many plots."""

    kind: DiaryKind
    on_day: date
    plots: tuple[Plot, ...] = ()
    material: str | None = None
    active: str | None = None
    dose: str | None = None
    purpose: str | None = None
    phi_days: int | None = None
    done_by: str | None = None
    supplier: str | None = None
    quantity_milli: int | None = None
    unit: DiaryUnit | None = None
    note: str | None = None
    batch: Batch | None = None

    @property
    def only_of_its_kind(self) -> "DiaryFacts":
        """Without what a line of this kind does not say: a form sends every field."""
        spray, cut = self.kind is DiaryKind.PESTICIDE, self.kind is DiaryKind.HARVEST
        return replace(
            self,
            phi_days=self.phi_days if spray else None,
            active=self.active if spray or self.kind in {DiaryKind.FERTILISER, DiaryKind.INPUT} else None,
            batch=self.batch if cut else None,
            supplier=self.supplier if self.kind in {DiaryKind.INPUT, DiaryKind.SEED} else None,
            unit=self.unit if self.quantity_milli is not None else None,
        )


def enter(
    session: Session,
    cooperative: Cooperative,
    facts: DiaryFacts,
    *,
    photos: Iterable[Upload] = (),
    page: DiaryPage | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> DiaryEntry:
    """Write a line, of something done now or earlier. `page`: the photographed paper it is typed from."""
    facts = facts.only_of_its_kind
    refuse_all(objections(facts, today))
    return _write(
        session, cooperative.id, facts, {"page": page}, photos=photos, kind="diary.entered", actor=actor, now=now
    )


def correct(
    session: Session,
    entry: DiaryEntry,
    facts: DiaryFacts,
    reason: str | None,
    *,
    photos: Iterable[Upload] = (),
    actor: Actor,
    now: datetime,
    today: date,
) -> DiaryEntry:
    """A line that stands in the place of another; the photographs of the first stay with it."""
    facts = facts.only_of_its_kind
    refuse_all([*objections(facts, today), *_replacing(session, entry, reason)])
    more = {"page": entry.page, "corrects": entry, "reason": (reason or "").strip()}
    return _write(
        session, entry.cooperative_id, facts, more, photos=photos, kind="diary.corrected", actor=actor, now=now
    )


def withdraw(session: Session, entry: DiaryEntry, reason: str | None, *, actor: Actor, now: datetime) -> DiaryEntry:
    """Say that a line should not have been written: it stays readable and counts no more."""
    refuse_all(_replacing(session, entry, reason))
    facts = DiaryFacts(DiaryKind(entry.kind), entry.on_day, tuple(entry.plots), material=entry.material)
    more = {"page": entry.page, "corrects": entry, "withdraws": True, "reason": (reason or "").strip()}
    return _write(session, entry.cooperative_id, facts, more, photos=(), kind="diary.withdrawn", actor=actor, now=now)


def _write(
    session: Session,
    cooperative_id: int,
    facts: DiaryFacts,
    more: dict[str, Any],
    *,
    photos: Iterable[Upload],
    kind: str,
    actor: Actor,
    now: datetime,
) -> DiaryEntry:
    said = {name: getattr(facts, name) for name in DiaryFacts.__dataclass_fields__ if name != "plots"}
    entry = DiaryEntry(cooperative_id=cooperative_id, by_person_id=actor.person_id, created_at=now, **said, **more)
    session.add(entry)
    session.flush()
    _attach(session, entry, facts.plots, photos)
    known, private = snapshot(session, entry)
    known |= {"plots": [plot.public_id for plot in entry.plots], "photos": [photo.public_id for photo in entry.photos]}
    record(session, kind, entry, actor=actor, now=now, facts=known, private=private)
    return entry


def _attach(session: Session, entry: DiaryEntry, plots: Iterable[Plot], photos: Iterable[Upload]) -> None:
    session.add_all(
        DiaryEntryPlot(entry_id=entry.id, plot_id=plot.id, cooperative_id=entry.cooperative_id)
        for plot in dict.fromkeys(plots)
    )
    session.add_all(
        DiaryPhoto(entry_id=entry.id, upload_id=photo.id, cooperative_id=entry.cooperative_id) for photo in photos
    )
    session.flush()
    session.expire(entry, ["plots", "photos"])


def _replacing(session: Session, entry: DiaryEntry, reason: str | None) -> list[Refused]:
    session.execute(select(DiaryEntry.id).where(DiaryEntry.id == entry.id).with_for_update()).one()
    session.refresh(entry, ["corrected_by"])
    found = []
    if not (reason or "").strip():
        found.append(Refused("Say why: both lines stay readable, and an inspector will ask.", field="reason"))
    if entry.corrected_by is not None:
        found.append(Refused("This line has been corrected already: look at the newer one.", conflict=True))
    if entry.withdraws:
        found.append(Refused("This line only withdraws another one: enter a new line instead.", conflict=True))
    return found


def objections(facts: DiaryFacts, today: date) -> list[Refused]:
    """All that cannot be, each beside its field. What is merely unusual is told, not refused."""
    return [*_day_objections(facts, today), *_needed(facts), *_absurd(facts)]


def _day_objections(facts: DiaryFacts, today: date) -> Iterable[Refused]:
    if facts.on_day > today:
        yield Refused("This day lies in the future.", field="on_day")
    elif facts.on_day < FIRST_DAY:
        yield Refused("This day lies too far back. Check the year.", field="on_day")
    if facts.kind in ON_PLOTS and not facts.plots:
        yield Refused("Choose at least one plot.", field="plots")
    for plot in facts.plots:
        if plot.closed_on is not None and plot.closed_on < facts.on_day:
            yield Refused("Plot %(plot)s was closed before that day.", field="plots", plot=plot.name)


def _needed(facts: DiaryFacts) -> Iterable[Refused]:
    if facts.kind in NAMED and not facts.material:
        yield Refused("Write its name as it stands on the pack.", field="material")
    if facts.kind is DiaryKind.PESTICIDE:
        if facts.phi_days is None:
            yield Refused("Copy the pre-harvest interval from the pack: so many days.", field="phi_days")
        if not facts.dose:
            yield Refused("Write the dose that was used.", field="dose")
        if not facts.done_by:
            yield Refused("Write who sprayed.", field="done_by")
    if facts.kind is DiaryKind.HARVEST and (facts.quantity_milli is None or facts.unit is not DiaryUnit.KG):
        yield Refused("Write what was harvested, in kilograms.", field="quantity")
    if facts.kind in {DiaryKind.OTHER, DiaryKind.HANDLING} and not (facts.note or facts.material):
        yield Refused("Write what was done.", field="note")


def _absurd(facts: DiaryFacts) -> Iterable[Refused]:
    if facts.phi_days is not None and not 0 <= facts.phi_days <= MOST_PHI_DAYS:
        yield Refused("An interval has 0 to %(most)s days.", field="phi_days", most=MOST_PHI_DAYS)
    if facts.quantity_milli is not None and not 0 < facts.quantity_milli <= MOST_QUANTITY_MILLI:
        yield Refused("This quantity cannot be: check the number and its unit.", field="quantity")
    if facts.batch is not None and facts.on_day not in {line.harvested_on for line in facts.batch.intake}:
        yield Refused("Nothing in this batch was harvested on that day.", field="batch")
