"""Who does it and when, as work asks for it: `draft_batch(…, **acting_today())`."""

from datetime import date, datetime
from typing import TypedDict

from ..access import visitor
from ..work.actor import Actor
from .words import now, today


class Acting(TypedDict):
    actor: Actor
    now: datetime


class ActingToday(Acting):
    today: date


def acting() -> Acting:
    return {"actor": visitor().actor, "now": now()}


def acting_today() -> ActingToday:
    return {"actor": visitor().actor, "now": now(), "today": today()}
