"""Clearing a season before harvest: under it, a batch whose checks all pass is cleared by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Batch, BatchDecision, Cooperative, Plot, Product, ScopeLine, Season, SeasonPlot
from .actor import Actor
from .batches import cleared_g
from .deployments import setting
from .history import record
from .products import standing_of
from .refused import Refused, refuse_all

LONGEST = timedelta(days=366)
MOST_G = 10_000_000_000
"""10,000 tonnes: more than any one clearance of the province can mean."""


@dataclass(frozen=True, slots=True)
class SeasonRow:
    season: Season
    cooperative: Cooperative
    cleared_g: int
    state: str
    """open, over (its days have passed) or ended (by an auditor)."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """What an auditor clears: these plots, this product, both days and those between, at most this much."""

    product: Product | None
    plots: Sequence[Plot]
    from_on: date
    to_on: date
    limit_g: int
    note: str | None = None


def clear_season(
    session: Session, cooperative: Cooperative, wanted: Clearance, *, by: Actor, now: datetime, today: date
) -> Season:
    """An auditor's word before harvest."""
    refuse_all(_objections(cooperative, wanted, by, today))
    assert wanted.product is not None
    season = Season(
        cooperative_id=cooperative.id,
        product_id=wanted.product.id,
        from_on=wanted.from_on,
        to_on=wanted.to_on,
        limit_g=wanted.limit_g,
        note=wanted.note,
        office=setting(session, "office.vi", today),
        by_person_id=by.person_id,
        created_at=now,
    )
    session.add(season)
    session.flush()
    session.add_all(
        SeasonPlot(cooperative_id=cooperative.id, season_id=season.id, plot_id=plot.id) for plot in wanted.plots
    )
    session.flush()
    record(session, "season.cleared", season, actor=by, now=now, facts=_facts(wanted, wanted.product))
    return season


def _facts(wanted: Clearance, product: Product) -> dict[str, object]:
    return {
        "product": product.public_id,
        "plots": [plot.public_id for plot in wanted.plots],
        "from_on": wanted.from_on.isoformat(),
        "to_on": wanted.to_on.isoformat(),
        "limit_g": wanted.limit_g,
        "note": wanted.note,
    }


def _objections(cooperative: Cooperative, wanted: Clearance, by: Actor, today: date) -> list[Refused]:
    found = []
    product, plots = wanted.product, wanted.plots
    if cooperative.id in by.belongs_to:
        found.append(Refused("You belong to this cooperative: another auditor clears its seasons."))
    if not cooperative.approved:
        found.append(Refused("This cooperative's registration has not been approved yet."))
    if product is None or product.cooperative_id != cooperative.id:
        found.append(Refused("Choose one of this cooperative's products.", field="product"))
    if not plots or any(plot.cooperative_id != cooperative.id for plot in plots):
        found.append(Refused("Choose at least one of this cooperative's plots.", field="plots"))
    if wanted.to_on < wanted.from_on:
        found.append(Refused("The last day lies before the first.", field="to_on"))
    elif wanted.to_on - wanted.from_on > LONGEST:
        found.append(Refused("A season lasts at most a year.", field="to_on"))
    if wanted.to_on < today:
        found.append(Refused("These days have passed: a season is cleared before its harvest.", field="to_on"))
    if not 0 < wanted.limit_g <= MOST_G:
        found.append(Refused("Give the most that may be cleared: more than nothing.", field="limit"))
    return found


def end_season(session: Session, season: Season, reason: str | None, *, by: Actor, now: datetime) -> None:
    """From now on nothing more is cleared under it; what was cleared stays so."""
    session.execute(
        select(Season).where(Season.id == season.id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if season.cooperative_id in by.belongs_to:
        raise Refused("You belong to this cooperative: another auditor clears its seasons.")
    if not (reason or "").strip():
        raise Refused("Give the reason: the cooperative will read it.", field="reason")
    if season.ended_at is not None:
        raise Refused("This clearance has been ended meanwhile.", conflict=True)
    season.ended_at, season.ended_reason = now, (reason or "").strip()
    session.flush()
    record(session, "season.ended", season, actor=by, now=now, facts={"reason": season.ended_reason})


def seasons(session: Session, *, today: date, cooperative: Cooperative | None = None) -> list[SeasonRow]:
    """The clearances, open ones first, then the newest."""
    query = select(Season, Cooperative).join(Cooperative, Cooperative.id == Season.cooperative_id)
    if cooperative is not None:
        query = query.where(Season.cooperative_id == cooperative.id)
    rows = [season_row(session, *row, today=today) for row in session.execute(query.order_by(Season.id.desc())).all()]
    return sorted(rows, key=lambda row: row.state != "open")


def season_row(session: Session, season: Season, cooperative: Cooperative, *, today: date) -> SeasonRow:
    state = "ended" if season.ended_at is not None else "open" if today <= season.to_on else "over"
    return SeasonRow(season, cooperative, cleared_g(session, season), state)


def batches_under(session: Session, season: Season) -> list[Batch]:
    """Batches that were cleared by rule under a season, the newest first."""
    query = select(Batch).join(BatchDecision, BatchDecision.batch_id == Batch.id)
    return list(session.scalars(query.where(BatchDecision.season_id == season.id).order_by(BatchDecision.id.desc())))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a season can be cleared over: a cooperative's products and open plots, and what its certificates allow."""

    products: list[Product]
    plots: list[Plot]
    lines: list[ScopeLine]


def ground_of(session: Session, cooperative: Cooperative, *, today: date) -> Ground:
    own = cooperative.id
    products = session.scalars(select(Product).where(standing_of(cooperative)).order_by(Product.folded))
    plots = session.scalars(
        select(Plot).where(Plot.cooperative_id == own, Plot.closed_on.is_(None)).order_by(Plot.folded, Plot.id)
    )
    lines = session.scalars(select(ScopeLine).where(ScopeLine.cooperative_id == own).order_by(ScopeLine.id))
    return Ground(list(products), list(plots), [line for line in lines if line.certificate.covers(today)])
