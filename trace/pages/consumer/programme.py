"""The province's programme for whoever wants to know: what is offered, how to enrol, what came of it."""

from collections.abc import Sequence
from typing import Any

from flask.typing import ResponseReturnValue

from ...access import allow
from ...db import db
from ...records import Campaign
from ...service import registry
from ...work.programme_lists import advised_units, campaigns, open_campaign_on, support_kinds
from ...work.programme_numbers import YearNumbers, numbers_of
from ...work.programme_reports import last_day
from ...work.programme_rules import terms_on
from ..words import language, today
from .frame import bp, page


@bp.get("/programme")
@allow("public")
def programme() -> ResponseReturnValue:
    told = registry().remember(("programme", language(), today()), _told)
    return page("consumer/programme.html", **told)


def _told() -> dict[str, Any]:
    """Only sums: no unit's name or money stands on the page. What a process remembers holds no row of a session."""
    years = [numbers_of(db.session, one, last_day(one, today()), today()) for one in campaigns(db.session)]
    kinds = [row for one in years for row in one.kinds]
    open_now = open_campaign_on(db.session, today())
    return {
        "kinds": [kind.name for kind in support_kinds(db.session)],
        "terms": terms_on(db.session, today()),
        "closes_on": open_now.closes_on if open_now else None,
        "advised": advised_units(db.session, today()),
        "years": [_year(one.campaign, one) for one in years],
        "certificates": _sum(kinds, "in_force"),
        "trademarks": _sum(kinds, "trademarks"),
        "stamps": _sum(kinds, "stamps_active"),
    }


def _year(campaign: Campaign, numbers: YearNumbers) -> tuple[int, int, int]:
    return campaign.year, campaign.target_units, numbers.enrolled


def _sum(kinds: Sequence[Any], name: str) -> int:
    return sum(getattr(row.bought, name) for row in kinds)
