"""Batches before they are handed in: drafted, changed, copied from yesterday's, and what still keeps them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ..records import Batch, Certificate, Cooperative, Grower, IntakeLine, Plot, Product, ScopeLine, Trademark
from .actor import Actor
from .draft_rules import handed_in, impossible
from .history import record
from .refused import Refused, refuse_all


@dataclass(frozen=True, slots=True)
class Intake:
    """What one plot, or one grower, brought."""

    harvested_on: date
    weight_g: int
    grower: Grower | None = None
    plot: Plot | None = None
    scope_line: ScopeLine | None = None
    """None: the one line that fits, if exactly one does."""


@dataclass(frozen=True, slots=True)
class Draft:
    product: Product
    lines: tuple[Intake, ...] = ()
    packed_on: date | None = None
    packs: int | None = None
    loss_g: int = 0
    trademark: Trademark | None = None
    note: str | None = None


def draft_batch(
    session: Session, cooperative: Cooperative, draft: Draft, *, actor: Actor, now: datetime, today: date
) -> Batch:
    """A new draft. Raises `Refused` or `RefusedAll` for what cannot be."""
    batch = Batch(
        cooperative_id=cooperative.id,
        code=next_batch_code(session, cooperative, draft.packed_on or today),
        created_at=now,
    )
    _write(session, batch, draft, today)
    session.add(batch)
    session.flush()
    record(session, "batch.drafted", batch, actor=actor, now=now, facts=batch_facts(batch))
    return batch


def change_draft(session: Session, batch: Batch, draft: Draft, *, actor: Actor, now: datetime, today: date) -> None:
    """Replace what a draft says. A batch handed in meanwhile is refused as a conflict."""
    session.refresh(batch, with_for_update=True)
    if batch.submitted_at is not None:
        raise handed_in(batch)
    _write(session, batch, draft, today)
    session.flush()
    record(session, "batch.changed", batch, actor=actor, now=now, facts=batch_facts(batch))


def _write(session: Session, batch: Batch, draft: Draft, today: date) -> None:
    with session.no_autoflush:  # an absurd figure must meet our words before it meets the database's constraint
        batch.product, batch.trademark = draft.product, draft.trademark
        batch.product_id = draft.product.id
        batch.trademark_id = draft.trademark.id if draft.trademark else None
        batch.packed_on, batch.packs, batch.loss_g, batch.note = draft.packed_on, draft.packs, draft.loss_g, draft.note
        found = [*_ambiguous(session, draft), *_outside_trademark(draft, today)]
        batch.intake = [_line(session, batch.cooperative_id, draft.product, line) for line in draft.lines]
        refuse_all([*found, *impossible(batch, today)])


def _line(session: Session, cooperative_id: int, product: Product, line: Intake) -> IntakeLine:
    grower = line.plot.grower if line.plot else line.grower
    scope = line.scope_line
    if scope is None:
        fitting = fitting_lines(session, product, grower, line.plot)
        scope = fitting[0] if len(fitting) == 1 else None
    return IntakeLine(
        cooperative_id=cooperative_id,
        grower=grower,
        grower_id=grower.id if grower else None,
        plot=line.plot,
        plot_id=line.plot.id if line.plot else None,
        harvested_on=line.harvested_on,
        weight_g=line.weight_g,
        scope_line=scope,
        scope_line_id=scope.id if scope else None,
    )


def fitting_lines(session: Session, product: Product, grower: Grower | None, plot: Plot | None) -> list[ScopeLine]:
    """The scope lines on which this product from this source may draw; none of a certificate that was refused."""
    query = (
        select(ScopeLine)
        .join(Certificate, Certificate.id == ScopeLine.certificate_id)
        .where(ScopeLine.product_id == product.id)
        .options(selectinload(ScopeLine.certificate).selectinload(Certificate.decisions))
        .order_by(Certificate.expires_on.desc(), ScopeLine.id)
    )
    grower_id, plot_id = (grower.id if grower else None), (plot.id if plot else None)
    return [
        line
        for line in session.scalars(query)
        if line.fits(product.id, grower_id, plot_id) and not _turned_down(line.certificate)
    ]


def _turned_down(certificate: Certificate) -> bool:
    return any(decision.verdict == "refused" for decision in certificate.decisions)


def _ambiguous(session: Session, draft: Draft) -> Iterable[Refused]:
    for place, line in enumerate(draft.lines):
        grower = line.plot.grower if line.plot else line.grower
        fitting = fitting_lines(session, draft.product, grower, line.plot)
        if line.scope_line is None and len(fitting) > 1:
            yield Refused("Several certificates fit here: choose one.", field=f"intake-{place}-scope")
        if line.scope_line is not None and line.scope_line not in fitting:
            yield Refused("This certificate does not fit the product and the plot.", field=f"intake-{place}-scope")


def _outside_trademark(draft: Draft, today: date) -> Iterable[Refused]:
    if draft.trademark is not None and not draft.trademark.shown_on(today):
        yield Refused("The right to use this mark is not in force.", field="trademark")


def batch_facts(batch: Batch) -> dict[str, object]:
    """What the history remembers of a batch: whole numbers, days, public ids."""
    return {
        "code": batch.code,
        "product": batch.product.public_id,
        "packed_on": batch.packed_on.isoformat() if batch.packed_on else None,
        "packs": batch.packs,
        "loss_g": batch.loss_g,
        "trademark": batch.trademark.public_id if batch.trademark else None,
        "note": batch.note,
        "intake": [
            {
                "grower": line.grower.public_id if line.grower else None,
                "plot": line.plot.public_id if line.plot else None,
                "harvested_on": line.harvested_on.isoformat(),
                "weight_g": line.weight_g,
                "certificate": line.scope_line.certificate.public_id if line.scope_line else None,
                "scope_line": line.scope_line_id,
            }
            for line in batch.intake
        ],
    }


def next_batch_code(session: Session, cooperative: Cooperative, day: date) -> str:
    """Cooperative and day, then a number where the day has several: HCL-261122, HCL-261122-2."""
    session.execute(select(Cooperative.id).where(Cooperative.id == cooperative.id).with_for_update())  # one at a time
    start = f"{cooperative.label}-{day:%y%m%d}"
    taken = set(
        session.scalars(
            select(Batch.code).where(
                Batch.cooperative_id == cooperative.id, Batch.code.startswith(start, autoescape=True)
            )
        )
    )
    numbered = (start if number == 1 else f"{start}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in numbered if code not in taken)


def copy_batch(session: Session, source: Batch, *, actor: Actor, now: datetime, today: date) -> Batch:
    """Today's batch from an earlier one: the same product, growers and scope lines, with the days moved to today."""
    cooperative = session.get_one(Cooperative, source.cooperative_id)
    moved = max(today - (source.packed_on or source.harvested_to or today), timedelta(0))
    trademark = source.trademark
    draft = Batch(
        cooperative_id=source.cooperative_id,
        code=next_batch_code(session, cooperative, today),
        product=source.product,
        trademark=trademark if trademark is not None and trademark.shown_on(today) else None,
        packed_on=today if source.packed_on else None,
        packs=source.packs,
        loss_g=source.loss_g,
        created_at=now,
    )
    draft.intake = [
        IntakeLine(
            cooperative_id=source.cooperative_id,
            grower=line.grower,
            plot=line.plot,
            harvested_on=min(line.harvested_on + moved, today),
            weight_g=line.weight_g,
            scope_line=line.scope_line,
        )
        for line in source.intake
    ]
    session.add(draft)
    session.flush()
    record(session, "batch.drafted", draft, actor=actor, now=now, facts=batch_facts(draft))
    return draft


def latest_batch(session: Session, cooperative: Cooperative) -> Batch | None:
    """The batch handed in last: what "yesterday's" means on a day after a rest."""
    query = select(Batch).where(Batch.cooperative_id == cooperative.id, Batch.submitted_at.is_not(None))
    return session.scalars(query.order_by(Batch.submitted_at.desc(), Batch.id.desc()).limit(1)).first()
