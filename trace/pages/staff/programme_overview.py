"""The programme on one page: target against progress by year, what each kind cost and brought, units by place."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow
from ...db import db
from ...work.programme_lists import campaigns
from ...work.programme_numbers import YearNumbers, numbers_of
from ...work.programme_places import by_place
from ...work.programme_reports import last_day
from ..charts import bars
from ..tables import table_answer
from ..words import today

bp = Blueprint("programme_overview", __name__, url_prefix="/office/programme/overview")
MOST_PLACES = 80
"""More than there are communes."""


def _years() -> list[YearNumbers]:
    """The newest first."""
    return [numbers_of(db.session, one, last_day(one, today()), today()) for one in campaigns(db.session)]


def _wanted(years: list[YearNumbers]) -> YearNumbers | None:
    """The year asked for in the address, else the newest."""
    asked = request.args.get("year", type=int)
    return next((one for one in years if one.campaign.year == asked), years[0] if years else None)


@bp.get("")
@allow("office")
def show() -> ResponseReturnValue:
    years = _years()
    chosen, districts = _wanted(years), request.args.get("by") == "district"
    places = by_place(chosen, db.session, districts=districts) if chosen else []
    return render_template(
        "staff/programme_overview.html",
        years=[(one, bar) for one, bar in zip(years, _progress(years), strict=True)],
        chosen=chosen,
        districts=districts,
        by_place=[(row, bar) for row, bar in zip(places, _bars(places), strict=True)],
    )


def _progress(years: list[YearNumbers]) -> list[float]:
    """Units enrolled, in hundredths of the target; no target is reached by whoever comes."""
    return [min(100.0, round(100 * one.enrolled / max(one.campaign.target_units, 1), 1)) for one in years]


def _bars(places: list[Any]) -> list[Any]:
    return bars([(row.name, row.units) for row in places], most=MOST_PLACES)


@bp.get("/kinds.<any(csv, xlsx):kind>")
@allow("office")
def take(kind: str) -> ResponseReturnValue:
    headings = [
        gettext("Year"), gettext("Kind of support"), gettext("Units"), gettext("Cost"), gettext("Accepted cost"),
        gettext("Support paid"), gettext("Certificates in force"), gettext("Lapsed since"),
        gettext("Trademarks granted"), gettext("Active stamps"), gettext("Scans"),
    ]  # fmt: skip
    rows = [
        (one.campaign.year, row.kind.name, row.units, row.cost_vnd, row.accepted_vnd, row.paid_vnd, row.bought.in_force,
         row.bought.lapsed, row.bought.trademarks, row.bought.stamps_active, row.bought.scans)
        for one in _years()
        for row in one.kinds
    ]  # fmt: skip
    return table_answer(kind, "du-an-theo-noi-dung", gettext("The programme by year and kind"), headings, rows)
