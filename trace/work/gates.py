"""Gates: which checks a batch must not fail before stamps are issued for it, printed, activated, or it is cleared by
rule. The province's setting names them by their letters, from a day on."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ..records import OUT_OF_USE, Batch, BatchVerdict, RangeState
from .check import Check
from .check_stamps import stamps_within_packed
from .checks import checks_of
from .days import day_of
from .gate_rules import Gate, needed_at
from .refused import Refused, refuse_all

STAMPS = "stamps_within_packed"
BALANCES = frozenset({"within_output", "yield_plausible"})
STATES = {Gate.ACTIVATE: (RangeState.ACTIVE,)}
ALIVE = tuple(state for state in RangeState if state not in OUT_OF_USE)
"""Lost and void stamps are replaced by others."""


class Barred(Refused):
    """A gate that stays shut: `check` is the one that failed, told by pages with what to do about it."""

    def __init__(self, failed: Check, batch: Batch) -> None:
        super().__init__("Batch %(batch)s fails a check (rule %(rule)s).", batch=batch.code, rule=failed.letter)
        self.check, self.batch_id = failed, batch.public_id


def failing_at(session: Session, gate: Gate, batch: Batch, day: date, *, stamps: int = 0) -> list[Check]:
    """What shuts a gate: failed checks that it asks for and that no person has seen and accepted. `stamps` are about
    to be issued or activated for the batch."""
    needed = needed_at(session, gate, day)
    found = [one for one in checks_of(session, batch) if one.key != STAMPS]
    found.append(stamps_within_packed(session, batch, day, more=stamps, states=STATES.get(gate, ALIVE)))
    accepted = _accepted(batch)
    return [one for one in found if one.failed and one.letter in needed and one.key not in accepted]


def pass_gate(session: Session, gate: Gate, batch: Batch, *, now: datetime, stamps: int = 0) -> None:
    """Raise `Barred` for each failing check, all at once."""
    refuse_all([Barred(one, batch) for one in failing_at(session, gate, batch, day_of(now), stamps=stamps)])


def _accepted(batch: Batch) -> set[str]:
    """What its confirmation settles: balances, as they stood then (what a later batch adds is that batch's matter), and
    what failed when a person confirmed it all the same. Its own stamps are counted ever anew."""
    certified = batch.last(BatchVerdict.CERTIFIED)
    if certified is None or not certified.checks:
        return set()
    kept: list[dict[str, Any]] = json.loads(certified.checks)
    settled = {one["key"] for one in kept} & BALANCES
    if certified.season_id is None:
        settled |= {one["key"] for one in kept if one["outcome"] == "fail"}
    return settled - {STAMPS}
