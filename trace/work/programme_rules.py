"""What the programme pays, as the province sets it from a day on: rate, cap, and what the cap is counted over."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Setting
from .actor import Actor
from .deployments import change_setting, setting
from .refused import Refused, refuse_all

RATE = "programme.rate_percent"
CAP = "programme.cap_vnd"
CAP_PER = "programme.cap_per"


class CapPer(StrEnum):
    UNIT = "unit"
    UNIT_YEAR = "unit_year"
    KIND = "kind"
    """Each kind that a unit asks for in a year has a cap of its own."""


DEFAULTS = {RATE: 50, CAP: 50_000_000, CAP_PER: CapPer.UNIT.value}
"""What the programme publishes; from which day, the province has yet to confirm."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds on a day."""

    rate_percent: int
    cap_vnd: int
    cap_per: CapPer
    confirmed: bool
    """Whether the province has set all three; until then pages say "to be confirmed by the province"."""


def terms_on(session: Session, day: date) -> Terms:
    rows = session.scalars(select(Setting.key).where(Setting.key.in_((RATE, CAP, CAP_PER)), Setting.from_on <= day))
    return Terms(
        rate_percent=int(_held(session, RATE, day)),
        cap_vnd=int(_held(session, CAP, day)),
        cap_per=CapPer(_held(session, CAP_PER, day)),
        confirmed=len(set(rows)) == len((RATE, CAP, CAP_PER)),
    )


def _held(session: Session, key: str, day: date) -> Any:
    found = setting(session, key, day)
    return DEFAULTS[key] if found is None else found


def set_terms(
    session: Session, rate_percent: int, cap_vnd: int, cap_per: CapPer, *, from_on: date, actor: Actor, now: datetime
) -> None:
    """From a day on, which may lie in the past: the programme began before this service. Raises every complaint."""
    found = []
    if not 0 < rate_percent <= 100:
        found.append(Refused("The rate lies between 1 and 100 percent.", field="rate"))
    if cap_vnd <= 0:
        found.append(Refused("The cap is a whole amount above nothing.", field="cap"))
    refuse_all(found)
    for key, value in ((RATE, rate_percent), (CAP, cap_vnd), (CAP_PER, cap_per.value)):
        change_setting(session, key, value, from_on=from_on, actor=actor, now=now)


def terms_history(session: Session) -> list[tuple[date, Terms]]:
    """What held from each day on which the province changed something, the newest first."""
    days = session.scalars(select(Setting.from_on).where(Setting.key.in_((RATE, CAP, CAP_PER))).distinct())
    return [(day, terms_on(session, day)) for day in sorted(days, reverse=True)]
