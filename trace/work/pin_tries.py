"""A PIN that somebody typed: counted in the database before it is judged, so that no race gets more than its share."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..records import RangeState, Run, StampPin, StampRange
from .keyring import Keyring
from .pins import Pinned, book_of

TRIES_A_DAY = 5
TRIES_A_LIFE = 20
"""Then the stamp is locked: one try a day is left, for whoever honestly bought it late."""


class PinAnswer(StrEnum):
    FIRST = "first"
    """It fits, and nobody has asked before."""
    AGAIN = "again"
    """It fits, and was used before."""
    WRONG = "wrong"
    LOCKED = "locked"
    """Not judged. Whoever asks is told the same as of a wrong one."""


@dataclass(frozen=True, slots=True)
class PinTold:
    answer: PinAnswer
    used_on: date | None = None
    """The day of the first use."""


@dataclass(frozen=True, slots=True)
class Typed:
    number: int
    """The stamp's serial number."""
    pin: str = field(repr=False)
    nonce: bytes
    """Of the page the form stood on: the same form sent twice is the same use."""
    day: date


def try_pin(session: Session, keyring: Keyring, stamps: StampRange, how: Pinned, typed: Typed) -> PinTold:
    """Judge what was typed for a stamp of a range. To be committed whatever comes out of it."""
    number, day = typed.number, typed.day
    if stamps.state != RangeState.ACTIVE or not _take(session, stamps, number, how.reissue, day):
        return PinTold(PinAnswer.LOCKED)
    run = session.get_one(Run, stamps.run_id)
    if not book_of(session, keyring, how.key_version).fits(typed.pin, run.number, number - 1, how.reissue):
        return PinTold(PinAnswer.WRONG)
    return _use(session, _own(stamps.run_id, number, how.reissue), typed)


def _own(run_id: int, number: int, reissue: int) -> Any:
    return and_(StampPin.run_id == run_id, StampPin.number == number, StampPin.reissue == reissue)


def _take(session: Session, stamps: StampRange, number: int, reissue: int, day: date) -> bool:
    """Take one try of this day, if there is one left: in one statement, under the row's lock until the commit."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    key = {"run_id": stamps.run_id, "number": number, "reissue": reissue}
    fresh = {"cooperative_id": stamps.cooperative_id, "tries": 0, "tries_that_day": 0, "day_on": day}
    session.execute(dialect.insert(StampPin).values(**key, **fresh).on_conflict_do_nothing())
    so_far = case((StampPin.day_on == day, StampPin.tries_that_day), else_=0)
    left = or_(so_far < 1, and_(so_far < TRIES_A_DAY, StampPin.tries < TRIES_A_LIFE))
    taken = session.execute(
        update(StampPin)
        .where(_own(**key), left)
        .values(tries=StampPin.tries + 1, tries_that_day=so_far + 1, day_on=day)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined] # an UPDATE's has it


def _use(session: Session, own: Any, typed: Typed) -> PinTold:
    first = session.execute(
        update(StampPin)
        .where(own, StampPin.used_on.is_(None))
        .values(used_on=typed.day, nonce=typed.nonce)
        .execution_options(synchronize_session=False)
    )
    used_on, of = session.execute(select(StampPin.used_on, StampPin.nonce).where(own)).one()
    again = not first.rowcount and of != typed.nonce  # type: ignore[attr-defined] # an UPDATE's has it
    return PinTold(PinAnswer.AGAIN if again else PinAnswer.FIRST, used_on)
