"""A year of the programme: opened with its target and budget, letters sent and answered."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import Campaign, CampaignLetter, LetterKind
from .actor import Actor
from .constraints import breaks
from .history import record
from .refused import Refused, refuse_all
from .support import paid_in
from .support_kinds import bring_kinds

FIRST_YEAR = 2018


def open_campaign(
    session: Session,
    year: int,
    *,
    target_units: int,
    budget_vnd: int,
    opens_on: date,
    closes_on: date,
    actor: Actor,
    now: datetime,
) -> Campaign:
    """A year that nobody opened yet; the first brings the kinds of support along."""
    found = _unfit(target_units, budget_vnd, opens_on, closes_on)
    if not FIRST_YEAR <= year <= now.year + 1:
        found.append(Refused("The programme has run since 2018: check the year.", field="year"))
    if session.scalar(select(Campaign.id).where(Campaign.year == year)) is not None:
        found.append(_opened_already())
    refuse_all(found)
    bring_kinds(session, actor=actor, now=now)
    campaign = Campaign(
        year=year,
        target_units=target_units,
        budget_vnd=budget_vnd,
        opens_on=opens_on,
        closes_on=closes_on,
        created_at=now,
    )
    session.add(campaign)
    try:
        session.flush()
    except IntegrityError as error:
        if breaks(error, "uq_campaign_year", "campaign.year"):
            raise _opened_already(conflict=True) from error
        raise
    record(session, "campaign.opened", campaign, actor=actor, now=now)
    return campaign


def _unfit(target_units: int, budget_vnd: int, opens_on: date, closes_on: date) -> list[Refused]:
    found = []
    if target_units < 0:
        found.append(Refused("Write a whole number, not below nothing.", field="target_units"))
    if budget_vnd < 0:
        found.append(Refused("Write a whole amount, not below nothing.", field="budget_vnd"))
    if closes_on < opens_on:
        found.append(Refused("The closing day lies before the opening day.", field="closes_on"))
    return found


def change_campaign(
    session: Session,
    campaign: Campaign,
    *,
    target_units: int,
    budget_vnd: int,
    opens_on: date,
    closes_on: date,
    actor: Actor,
    now: datetime,
) -> None:
    """Another target, budget or closing day. The year is held, so that nobody pays out of it meanwhile."""
    query = select(Campaign).where(Campaign.id == campaign.id).with_for_update(key_share=True)
    campaign = session.scalars(query.execution_options(populate_existing=True)).one()
    found = _unfit(target_units, budget_vnd, opens_on, closes_on)
    paid = paid_in(session, campaign)
    if budget_vnd < paid:
        found.append(Refused("%(paid)s đồng have been paid already.", field="budget_vnd", paid=paid))
    refuse_all(found)
    campaign.target_units, campaign.budget_vnd = target_units, budget_vnd
    campaign.opens_on, campaign.closes_on = opens_on, closes_on
    record(session, "campaign.changed", campaign, actor=actor, now=now)


def _opened_already(*, conflict: bool = False) -> Refused:
    return Refused("This year has been opened already.", field="year", conflict=conflict)


def add_letter(
    session: Session,
    campaign: Campaign,
    kind: LetterKind,
    authority: str,
    on_day: date,
    *,
    authority_code: str | None = None,
    number: str | None = None,
    note: str | None = None,
    actor: Actor,
    now: datetime,
    today: date,
) -> CampaignLetter:
    found = []
    if not authority.strip():
        found.append(Refused("Write which authority.", field="authority"))
    if on_day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    refuse_all(found)
    letter = CampaignLetter(
        campaign=campaign,
        kind=kind,
        authority=authority.strip(),
        authority_code=authority_code,
        on_day=on_day,
        number=number,
        note=note,
        created_at=now,
    )
    session.add(letter)
    record(session, "campaign.letter", letter, actor=actor, now=now)
    return letter
