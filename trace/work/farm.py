"""Growers and their plots: taken in, changed, ended; and the consent that a grower's name may be shown."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from ..records import Consent, ConsentTo, Cooperative, Grower, Plot
from ..standards.places import Outline, Point, read_outline
from ..standards.words import fold
from .actor import Actor
from .changes import apply
from .history import record
from .lists import Listing, page_of
from .refused import Refused

MOST_M2 = 100_000_000
FAR_OFF = 5
"""An outline's area may differ from the stated one by this factor before we ask."""


@dataclass(frozen=True, slots=True)
class GrowerFacts:
    name: str
    phone: str | None = None
    note: str | None = None

    @property
    def folded(self) -> str:
        return fold(f"{self.name} {self.phone or ''}")


@dataclass(frozen=True, slots=True)
class PlotFacts:
    name: str
    area_m2: int
    commune_code: str
    grower_id: int | None = None
    area_code: str | None = None
    latitude_e6: int | None = None
    longitude_e6: int | None = None
    outline: str | None = None

    def __post_init__(self) -> None:
        if not 0 < self.area_m2 <= MOST_M2:
            raise Refused("An area lies between 1 m² and 10.000 ha. Check the number and its unit.", field="area_m2")


def place(point: Point | None, outline: Outline | None) -> dict[str, Any]:
    """The columns of a plot's place; an outline without a point gives its middle."""
    point = point or (outline.centre if outline else None)
    return {
        "latitude_e6": point.latitude_e6 if point else None,
        "longitude_e6": point.longitude_e6 if point else None,
        "outline": str(outline) if outline else None,
    }


def growers(session: Session, cooperative: Cooperative, wanted: str = "", page: int = 1) -> Listing[Grower]:
    """Growers whose name or phone holds `wanted`, typed with marks or without; those who left come last."""
    query = (
        select(Grower)
        .where(Grower.cooperative_id == cooperative.id, Grower.folded.contains(fold(wanted), autoescape=True))
        .where(Grower.taken_back_at.is_(None))
        .order_by(Grower.left_on.is_not(None), Grower.folded, Grower.id)
        .options(selectinload(Grower.plots), selectinload(Grower.consents))
    )
    return page_of(session, query, page)


def plots(session: Session, cooperative: Cooperative, wanted: str = "", page: int = 1) -> Listing[Plot]:
    """Plots whose name, code or grower holds `wanted`; closed ones come last."""
    words = fold(wanted)
    named = [Plot.folded.contains(words, autoescape=True), Grower.folded.contains(words, autoescape=True)]
    query = (
        select(Plot)
        .outerjoin(Grower, Grower.id == Plot.grower_id)
        .where(Plot.cooperative_id == cooperative.id, Plot.taken_back_at.is_(None), or_(*named))
        .order_by(Plot.closed_on.is_not(None), Plot.folded, Plot.id)
        .options(selectinload(Plot.grower))
    )
    return page_of(session, query, page)


def present_growers(session: Session, cooperative: Cooperative, *, also: int | None = None) -> list[Grower]:
    """Those who can be chosen: all who have not left, and the one chosen before."""
    here = or_(Grower.left_on.is_(None), Grower.id == also)
    query = select(Grower).where(Grower.cooperative_id == cooperative.id, here).order_by(Grower.folded, Grower.id)
    return list(session.scalars(query))


def open_plots(session: Session, cooperative: Cooperative, *, also: int | None = None) -> list[Plot]:
    """Those that can be chosen: all that are not closed, and the one chosen before."""
    here = or_(Plot.closed_on.is_(None), Plot.id == also)
    query = select(Plot).where(Plot.cooperative_id == cooperative.id, here).order_by(Plot.folded, Plot.id)
    return list(session.scalars(query.options(selectinload(Plot.grower))))


def add_grower(
    session: Session, cooperative: Cooperative, facts: GrowerFacts, *, actor: Actor, now: datetime
) -> Grower:
    grower = Grower(cooperative_id=cooperative.id, created_at=now, folded=facts.folded)
    apply(grower, facts)
    session.add(grower)
    record(session, "grower.added", grower, actor=actor, now=now)
    return grower


def change_grower(session: Session, grower: Grower, facts: GrowerFacts, *, actor: Actor, now: datetime) -> None:
    if apply(grower, facts):
        grower.folded = facts.folded
        record(session, "grower.changed", grower, actor=actor, now=now)


def end_grower(session: Session, grower: Grower, day: date, *, today: date, actor: Actor, now: datetime) -> None:
    """The household leaves: it can be chosen no more; what it brought stays as it is."""
    if grower.left_on is not None:
        raise Refused("This household has left already.", conflict=True)
    _not_ahead(day, today, "left_on")
    grower.left_on = day
    record(session, "grower.left", grower, actor=actor, now=now)


def take_back_grower(session: Session, grower: Grower, *, actor: Actor, now: datetime) -> None:
    if grower.left_on is None:
        raise Refused("This household is a member already.", conflict=True)
    grower.left_on = None
    record(session, "grower.returned", grower, actor=actor, now=now)


def agree_to_name(session: Session, grower: Grower, day: date, *, today: date, actor: Actor, now: datetime) -> None:
    """Record that the grower agreed, on `day`, that the name may be shown to consumers."""
    if grower.consents_to(ConsentTo.NAME):
        raise Refused("A consent is recorded already.", conflict=True)
    _not_ahead(day, today, "given_on")
    grower.consents.append(
        Consent(cooperative_id=grower.cooperative_id, what=ConsentTo.NAME, given_on=day, recorded_at=now)
    )
    session.flush()
    facts = {"what": ConsentTo.NAME.value, "given_on": day.isoformat()}
    record(session, "grower.consented", grower, actor=actor, now=now, facts=facts)


def withdraw_name(session: Session, grower: Grower, *, today: date, actor: Actor, now: datetime) -> None:
    """The grower's name is shown no more, from now on and on every stamp."""
    given = [consent for consent in grower.consents if consent.what == ConsentTo.NAME and not consent.withdrawn_on]
    if not given:
        raise Refused("There is no consent to withdraw.", conflict=True)
    for consent in given:
        consent.withdrawn_on = today
    session.flush()
    facts = {"what": ConsentTo.NAME.value, "withdrawn_on": today.isoformat()}
    record(session, "grower.withdrew", grower, actor=actor, now=now, facts=facts)


def add_plot(session: Session, cooperative: Cooperative, facts: PlotFacts, *, actor: Actor, now: datetime) -> Plot:
    plot = Plot(cooperative_id=cooperative.id, created_at=now, folded=_plot_folded(facts))
    apply(plot, facts)
    session.add(plot)
    record(session, "plot.added", plot, actor=actor, now=now)
    return plot


def change_plot(session: Session, plot: Plot, facts: PlotFacts, *, actor: Actor, now: datetime) -> None:
    if apply(plot, facts):
        plot.folded = _plot_folded(facts)
        record(session, "plot.changed", plot, actor=actor, now=now)


def close_plot(session: Session, plot: Plot, day: date, *, today: date, actor: Actor, now: datetime) -> None:
    if plot.closed_on is not None:
        raise Refused("This plot is closed already.", conflict=True)
    _not_ahead(day, today, "closed_on")
    plot.closed_on = day
    record(session, "plot.closed", plot, actor=actor, now=now)


def reopen_plot(session: Session, plot: Plot, *, actor: Actor, now: datetime) -> None:
    if plot.closed_on is None:
        raise Refused("This plot is in use already.", conflict=True)
    plot.closed_on = None
    record(session, "plot.reopened", plot, actor=actor, now=now)


def outlined_m2(plot: Plot) -> int | None:
    """What the outline itself measures; None where there is none."""
    return read_outline(plot.outline).area_m2 if plot.outline else None


def measures_far_off(plot: Plot) -> bool:
    """Whether outline and stated area cannot both be right."""
    measured = outlined_m2(plot)
    return measured is not None and not plot.area_m2 / FAR_OFF <= measured <= plot.area_m2 * FAR_OFF


def _plot_folded(facts: PlotFacts) -> str:
    return fold(f"{facts.name} {facts.area_code or ''}")


def _not_ahead(day: date, today: date, field: str) -> None:
    if day > today:
        raise Refused("This day lies in the future.", field=field)
