"""Numbers and labels of runs: none is ever given twice, not even after a restore."""

import string
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..records import RUN_NUMBERS, Cooperative, Deployment, Run
from .refused import Refused

AFTER_A_LOST_FILE = 1 << 16
"""How far above the database's highest run numbering goes on when the file beside the keys is lost too."""
MACHINES = 8
"""How many machines may give run numbers side by side."""


@dataclass(frozen=True, slots=True)
class Numbering:
    """The highest run number as remembered outside the database (see `trace.keyfiles`)."""

    highest: Callable[[], int | None]
    remember: Callable[[int], None]
    machine: int | None = None
    """Which of several machines this is, from 1 on; each gives the numbers that leave its own remainder, so that what
    one gave and a restored database forgot is known to that one's file, and to no other need it be."""


def next_run_number(session: Session, numbering: Numbering) -> int:
    """A number never given before, not even after a restore: above both the database's and the file's highest.

    It is remembered beside the keys before this transaction can commit; a number lost to a crash is simply skipped.
    """
    session.get_one(Deployment, 1, with_for_update=True)  # one numbering at a time
    in_database = session.scalar(select(func.max(Run.number)))
    in_file = numbering.highest()
    if in_database is None and in_file is None:
        number = 1
    elif in_file is None:
        number = (in_database or 0) + AFTER_A_LOST_FILE
    else:
        number = max(in_database or 0, in_file) + 1
    if numbering.machine is not None:
        number += (numbering.machine - 1 - number) % MACHINES
    if number >= RUN_NUMBERS:
        raise Refused("Every run number of this deployment has been given.")
    numbering.remember(number)
    return number


def next_label(session: Session, cooperative: Cooperative, year: int) -> str:
    """Cooperative, year, letters: HCL-26A … HCL-26Z, HCL-26AA …"""
    start = f"{cooperative.label}-{year % 100:02d}"
    given = session.scalar(select(func.count(Run.id)).where(Run.label.startswith(start, autoescape=True))) or 0
    return start + _letters(given)


def _letters(number: int) -> str:
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return letters
