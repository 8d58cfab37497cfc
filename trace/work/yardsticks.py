"""What a hectare of a crop bears: yardsticks with their source and year, as the province sets them from a day on."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Product, Setting
from ..standards.words import fold
from .actor import Actor
from .deployments import change_setting
from .refused import Refused, refuse_all

PREFIX = "yardstick."
LONGEST_KEY = 60
MOST_KG_HA = 200_000


@dataclass(frozen=True, slots=True)
class Yardstick:
    """Kilograms a hectare a year, low and high, and where that stands."""

    crop: str
    low_kg_ha: int
    high_kg_ha: int
    source: str
    year: int

    @property
    def key(self) -> str:
        return PREFIX + fold(self.crop)


@dataclass(frozen=True, slots=True)
class Held:
    yardstick: Yardstick
    from_on: date | None
    """None for those the service came with."""


DEFAULTS = (
    Yardstick("Na", 8_700, 10_000, "Chi Lăng: 2.300 ha, 20.000 tấn (2023); 1.600 ha, 16.000 tấn (2019)", 2023),
    Yardstick("Chè", 13_000, 13_000, "Chè búp tươi, theo giấy chứng nhận: 10 ha, 130 tấn một năm", 2017),
)
"""Published yields. What is not here is not compared."""


def set_yardstick(
    session: Session, yardstick: Yardstick, *, from_on: date, actor: Actor, now: datetime, today: date
) -> None:
    """From a day on. Raises every complaint at once."""
    found = []
    if not fold(yardstick.crop) or len(yardstick.key) > LONGEST_KEY:
        found.append(Refused("Name the crop in a word or two.", field="crop"))
    if not 0 < yardstick.low_kg_ha <= MOST_KG_HA:
        found.append(Refused("A hectare bears between 1 kg and 200 tonnes.", field="low"))
    if not 0 < yardstick.high_kg_ha <= MOST_KG_HA:
        found.append(Refused("A hectare bears between 1 kg and 200 tonnes.", field="high"))
    elif yardstick.high_kg_ha < yardstick.low_kg_ha:
        found.append(Refused("The high end lies below the low one.", field="high"))
    if not 1990 <= yardstick.year <= today.year:
        found.append(Refused("Give the year in which it was measured.", field="year"))
    if from_on < today:
        found.append(Refused("Choose today or a later day.", field="from_on"))
    refuse_all(found)
    change_setting(session, yardstick.key, asdict(yardstick), from_on=from_on, actor=actor, now=now)


def yardsticks(session: Session, day: date) -> list[Held]:
    """Those that hold on a day, by crop."""
    held = {one.key: Held(one, None) for one in DEFAULTS}
    query = select(Setting).where(Setting.key.startswith(PREFIX, autoescape=True), Setting.from_on <= day)
    for row in session.scalars(query.order_by(Setting.from_on, Setting.id)):
        facts: dict[str, Any] = json.loads(row.value)
        held[row.key] = Held(Yardstick(**facts), row.from_on)
    return sorted(held.values(), key=lambda one: one.yardstick.key)


def yardstick_for(session: Session, product: Product, day: date) -> Yardstick | None:
    """The one whose crop stands in the product's name; of several, the longest name."""
    fitting = [one.yardstick for one in yardsticks(session, day) if names_crop(product, one.yardstick.crop)]
    return max(fitting, key=lambda one: len(one.crop), default=None)


def names_crop(product: Product, crop: str) -> bool:
    """Whether a crop's words stand together in a product's name: "na" in "Na Chi Lăng", but not in "Nấm"."""
    return f" {fold(crop)} " in f" {product.folded} "
