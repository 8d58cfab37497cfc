"""Label papers that a cooperative measured itself: refused, all at once, where the figures do not add up."""

import json
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import LabelError, Stock
from labels.sums import faults

from ..records import Cooperative, OwnStock
from .actor import Actor
from .history import record
from .refused import Refused, refuse_all

OWN = "own:"
"""Begins the name of an own paper or face where ready ones have a plain name."""
MOST_STOCKS = 40
NUMBERS = {
    "page_width_mm": 1,
    "page_height_mm": 2,
    "width_mm": 3,
    "height_mm": 4,
    "columns": 5,
    "rows": 6,
    "left_mm": 7,
    "top_mm": 8,
    "gap_x_mm": 9,
    "gap_y_mm": 10,
    "corner_mm": 11,
    "feed_gap_mm": 12,
}
"""The figures as the drawing beside the form numbers them."""
PLAIN = {"left_mm": 0.0, "top_mm": 0.0, "corner_mm": 0.0, "feed_gap_mm": 0.0, "dpi": 0}
MESSAGES = {
    "stock-size": "Number %(number)s must lie between %(least)s and %(most)s mm.",
    "stock-negative": "Number %(number)s cannot be less than 0.",
    "stock-count": "Number %(number)s must lie between 1 and %(most)s.",
    "stock-larger-than-page": "The stamp (%(size)s mm) is larger than the paper (%(page)s mm, number %(number)s).",
    "stock-past-page": "%(count)s stamps end at %(end)s mm: %(over)s mm past number %(number)s (%(page)s mm).",
    "stock-round": "A round stamp is as wide as high: numbers 3 and 4 differ.",
    "stock-corner": "Number %(number)s is more than half of the stamp.",
}


def own_stocks(session: Session, cooperative_id: int) -> list[OwnStock]:
    """Those in use, by name."""
    query = select(OwnStock).where(OwnStock.cooperative_id == cooperative_id, OwnStock.ended_at.is_(None))
    return list(session.scalars(query.order_by(OwnStock.name, OwnStock.id)))


def stock_of(own: OwnStock) -> Stock:
    return Stock.from_dict(json.loads(own.figures) | {"name": f"{OWN}{own.public_id}", "title": own.name})


def add_stock(
    session: Session, cooperative: Cooperative, name: str, figures: dict[str, Any], *, actor: Actor, now: datetime
) -> OwnStock:
    """Keep a paper; `figures` as in `NUMBERS`, with `feed` and `round`. Raises `Refused` for what does not add up."""
    known = own_stocks(session, cooperative.id)
    if len(known) >= MOST_STOCKS:
        raise Refused("At most %(most)s papers of your own can be kept.", most=MOST_STOCKS)
    if any(one.name == name for one in known):
        raise Refused("There is a paper of this name already.", field="name", conflict=True)
    whole = checked(figures)
    own = OwnStock(name=name, figures=json.dumps(whole, sort_keys=True), cooperative_id=cooperative.id,
                   by_person_id=actor.person_id, created_at=now)  # fmt: skip
    session.add(own)
    session.flush()
    record(
        session,
        "own_stock.added",
        own,
        actor=actor,
        now=now,
        facts={"name": name, "figures": {key: str(value) for key, value in whole.items()}},
    )
    return own


def change_stock(
    session: Session, own: OwnStock, name: str, figures: dict[str, Any], *, actor: Actor, now: datetime
) -> OwnStock:
    """Another measure in its place; what was printed on the old one stays as it was."""
    retire_stock(session, own, actor=actor, now=now)
    session.flush()
    return add_stock(session, session.get_one(Cooperative, own.cooperative_id), name, figures, actor=actor, now=now)


def retire_stock(session: Session, own: OwnStock, *, actor: Actor, now: datetime) -> None:
    """It is offered no more."""
    if own.ended_at is not None:
        raise Refused("Somebody else has removed or changed this paper meanwhile.", conflict=True)
    own.ended_at = now
    record(session, "own_stock.retired", own, actor=actor, now=now, facts={"name": own.name})


def checked(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures as a `labels.Stock` has them. Raises `Refused` or `RefusedAll`, each beside its figure."""
    whole = _with_pitch(figures)
    refuse_all([_refusal(fault) for fault in faults(SimpleNamespace(**PLAIN | whole))])
    try:
        Stock.from_dict({"name": OWN} | whole)
    except LabelError as error:
        raise _refusal(error) from error
    return whole


def _with_pitch(figures: dict[str, Any]) -> dict[str, Any]:
    """People measure gaps; papers are dealt by the distance of their left and top edges."""
    whole = {name: value for name, value in figures.items() if not name.startswith("gap_")}
    gaps = [_not_less(figures.get(f"gap_{axis}_mm", 0.0), f"gap_{axis}_mm") for axis in "xy"]
    if whole["feed"] != "sheet":  # a page of a roll is one row
        whole |= {"rows": 1, "top_mm": 0.0, "page_height_mm": whole["height_mm"]}
    whole["pitch_x_mm"], whole["pitch_y_mm"] = whole["width_mm"] + gaps[0], whole["height_mm"] + gaps[1]
    return whole


def _not_less(value: float, name: str) -> float:
    if value < 0:
        message = MESSAGES["stock-negative"]
        raise Refused(message, field=name, number=NUMBERS[name])
    return value


def gaps_of(stock: Stock) -> dict[str, float]:
    """The figures that a form shows for a stock's pitches."""
    return {
        "gap_x_mm": round(stock.pitch_x_mm - stock.width_mm, 3),
        "gap_y_mm": round(stock.pitch_y_mm - stock.height_mm, 3),
    }


def _refusal(error: LabelError) -> Refused:
    figures: dict[str, Any] = {name: str(value).replace(".", ",") for name, value in error.figures.items()}
    field = str(
        error.figures.get("field", {"stock-round": "height_mm", "stock-corner": "corner_mm"}.get(error.code, ""))
    )
    page = error.figures.get("page_field")
    figures["number"] = str(NUMBERS.get(str(page or field), ""))
    if error.code == "stock-larger-than-page":
        field = "width_mm" if page == "page_width_mm" else "height_mm"
    message = MESSAGES.get(error.code, "These figures do not add up to a paper.")
    return Refused(message, field=field or None, **{name: value for name, value in figures.items() if name != "field"})
