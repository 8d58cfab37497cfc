"""The demonstration: two invented cooperatives, a third that waits, and a year of their work, told through `work`."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ..accounts.tables import Person
from ..records import Cooperative
from ..work.keyring import Keyring
from ..work.run_numbers import Numbering
from .audits import plan_audits
from .data import PASSWORD
from .diary import plan_diary
from .houses import set_up
from .internal import plan_internal_audits
from .life import plan_life
from .lots import harvests, plan_fresh, plan_lot
from .programme import plan_programme
from .rolls import plan_rolls
from .stage import Stage
from .story import FRAUD_LOTS, PAST_LOTS, fresh_lots
from .told import Told, told

__all__ = ["PASSWORD", "Told", "fill", "has_demo", "told"]


def has_demo(session: Session) -> bool:
    return bool(session.scalar(select(exists().where(Person.demo))))


def fill(
    session: Session,
    keyring: Keyring,
    numbering: Numbering,
    *,
    now: datetime,
    hashed_password: str,
    public_url: str,
    print_folder: Path,
) -> bool:
    """Tell the whole story into an empty database, in this transaction; says whether it had to be told.

    A database that holds any cooperative is left as it is: it may be somebody's work.
    """
    if session.scalar(select(exists().where(Cooperative.id.is_not(None)))):
        return False
    stage = Stage(session, keyring, numbering, now, hashed_password, public_url, print_folder)
    set_up(stage)
    for lot in (*PAST_LOTS, *FRAUD_LOTS):
        plan_lot(stage, lot)
    plan_fresh(stage)
    plan_internal_audits(stage)
    plan_life(stage)
    plan_diary(stage, harvests(stage, (*PAST_LOTS, *FRAUD_LOTS, *fresh_lots(stage.today))))
    plan_audits(stage)
    plan_rolls(stage)
    plan_programme(stage)
    stage.play()
    return True
