"""What an enrolment may name as its results: certificates, trademarks and runs of its own unit, not named yet."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Certificate, Enrolment, EnrolmentResult, Run, Trademark

Result = Certificate | Trademark | Run


def results_to_name(session: Session, enrolment: Enrolment) -> list[Result]:
    """Empty for a unit that is not registered here: it has nothing here to name."""
    owner = enrolment.unit.registered_id
    if owner is None:
        return []
    named = {(type(thing), thing.id) for thing in map(named_by, enrolment.results)}
    found: list[Result] = []
    kinds: tuple[Any, ...] = (Certificate, Trademark, Run)
    for kind in kinds:
        rows = session.scalars(select(kind).where(kind.cooperative_id == owner).order_by(kind.id.desc()))
        found += [row for row in rows if (kind, row.id) not in named]
    return found


def named_by(result: EnrolmentResult) -> Result:
    """The one thing that a result names."""
    thing = result.certificate or result.trademark or result.run
    assert thing is not None  # a constraint says so
    return thing
