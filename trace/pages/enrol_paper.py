"""The enrolment form on paper: what the form on screen asks, room to write, and the code that opens it there."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext

from ..records import Campaign, SupportKind
from ..standards.quantities import show_money
from ..work.papers import Column, Paper
from ..work.programme_rules import Terms
from .programme_words import CAP_PER
from .unit_choices import KINDS
from .words import language, show_day

LINE, ROOM = " ", " \n "
"""Room to write: a line, and two."""
ANSWER_PT = 11.0


def enrol_paper(
    campaign: Campaign, kinds: Sequence[SupportKind], terms: Terms, address: str, *, now: datetime
) -> bytes:
    title = gettext("Enrolment form of the programme, %(year)s", year=campaign.year)
    page_of = gettext("Page %(page)s/%(pages)s", page="%(page)s", pages="%(pages)s")
    paper = Paper(title, foot=title, page_of=page_of, made_at=now)
    paper.code(address)
    paper.title(title)
    paper.facts(
        [(gettext("Hand it in by"), show_day(campaign.closes_on)), (gettext("Or on a phone"), address)],
    )
    paper.say(_terms(terms), quiet=True)
    paper.heading(gettext("The unit"), 2)
    columns = [Column("", 1), Column(gettext("Write here"), 1.8)]
    paper.table(columns, [[label, LINE] for label in _questions()], size_pt=ANSWER_PT)
    paper.heading(gettext("What do you ask for?"), 2)
    heads = ((gettext("Tick"), 0.5), (gettext("Kind of support"), 2), (gettext("Expected cost, đồng"), 1.2))
    paper.table([Column(*head) for head in heads], [["", kind.name, LINE] for kind in kinds], size_pt=ANSWER_PT)
    paper.heading(gettext("What do you plan to do?"), 2)
    paper.table([Column(gettext("For which products, how many households or hectares, by when"))], [[ROOM * 4]])
    parties = [gettext("Who received the form"), gettext("For the unit")]
    paper.signatures(parties, gettext("day, signature, name"), room_mm=16)
    return paper.finish()


def _terms(terms: Terms) -> str:
    said = gettext(
        "Support is %(rate)s %% of the accepted cost, at most %(cap)s %(per)s.",
        rate=terms.rate_percent,
        cap=show_money(terms.cap_vnd, language()),
        per=str(CAP_PER[terms.cap_per]),
    )
    return said if terms.confirmed else f"{said} ({gettext('to be confirmed by the province')})"


def _questions() -> list[str]:
    """The same as the form on screen asks, but for what only an account needs."""
    kinds = ", ".join(str(choice.label).lower() for choice in KINDS)
    return [
        gettext("Name of the unit"),
        f"{gettext('Kind')}: {kinds}",
        gettext("Tax code"),
        gettext("Hamlet, street, number"),
        gettext("Commune or ward of today"),
        gettext("District of before July 2025"),
        gettext("Who is in charge"),
        gettext("Phone number"),
    ]
