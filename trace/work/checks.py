"""Does a batch fit its certificate? Each check gives its figures, so that a person can follow it.

They are derived whenever somebody asks, so they follow every change of what they rest on. Rules a–l of `check.LETTERS`.
"""

from datetime import date

from sqlalchemy.orm import Session

from ..records import Batch
from .balance import allowed_g, balances, certificate_year, drawn_g
from .check import Check, Outcome, as_json, check
from .check_farm import diary_kept, sprays_kept, test_passed
from .check_papers import area_codes_valid, area_fits, days_covered, on_certificate, trademark_usable
from .check_stamps import packed_within_received, printed_covers_used, stamps_within_packed

__all__ = ["Check", "Outcome", "allowed_g", "as_json", "certificate_year", "checks_of", "drawn_g"]


def checks_of(session: Session, batch: Batch) -> list[Check]:
    """Every check of a batch, in the order of the rules."""
    found = [check("has_intake", bool(batch.intake), lines=len(batch.intake))]
    for line in batch.intake:
        found += [*days_covered(batch, line), on_certificate(batch, line), *area_fits(line)]
        found += [*sprays_kept(session, line), *diary_kept(session, line)]
    for scope_line in {line.scope_line_id: line.scope_line for line in batch.intake}.values():
        found += balances(session, batch, scope_line) if scope_line is not None else []
    found.append(packed_within_received(batch))
    found += [stamps_within_packed(session, batch, _day(batch)), printed_covers_used(session, batch)]
    found.append(test_passed(session, batch, _day(batch)))
    found += [*trademark_usable(batch), *area_codes_valid(session, batch)]
    once = [one for place, one in enumerate(found) if one not in found[:place]]  # said once, however many lines
    return sorted(once, key=lambda one: one.letter)


def _day(batch: Batch) -> date:
    """The day whose settings hold for a batch."""
    day = batch.packed_on or batch.harvested_to or batch.created_at.date()
    assert isinstance(day, date)
    return day
