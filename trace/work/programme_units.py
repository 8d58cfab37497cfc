"""Units that the programme deals with, each kept once, and the advice they were given."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Advice, Cooperative, ProgrammeUnit
from ..standards.words import fold
from .actor import Actor
from .history import record
from .refused import Refused, refuse_all


@dataclass(frozen=True, slots=True)
class UnitFacts:
    kind: str
    name: str
    address: str
    tax_code: str | None = None
    commune_code: str | None = None
    former_district_code: str | None = None
    contact_name: str | None = None
    phone: str | None = None


def add_unit(session: Session, facts: UnitFacts, *, actor: Actor, now: datetime) -> ProgrammeUnit:
    """A unit that is not registered here; one of the same tax code is that unit."""
    if not facts.name.strip():
        raise Refused("Write the unit's name.", field="name")
    if facts.tax_code:
        known = session.scalar(select(ProgrammeUnit).where(ProgrammeUnit.tax_code == facts.tax_code))
        if known is not None:
            return known
    return _keep_unit(session, facts, None, actor, now)


def unit_of(session: Session, cooperative: Cooperative, *, actor: Actor, now: datetime) -> ProgrammeUnit:
    """The unit that a registered cooperative is: asked nothing twice."""
    query = select(ProgrammeUnit).where(ProgrammeUnit.registered_id == cooperative.id)
    known = session.scalar(query)
    if known is None and cooperative.tax_code:
        known = session.scalar(select(ProgrammeUnit).where(ProgrammeUnit.tax_code == cooperative.tax_code))
        if known is not None:
            known.registered_id = cooperative.id
            record(session, "programme_unit.registered", known, actor=actor, now=now)
    if known is not None:
        return known
    names = ("kind", "name", "address", "tax_code", "commune_code", "former_district_code", "contact_name", "phone")
    facts = UnitFacts(**{name: getattr(cooperative, name) for name in names})
    return _keep_unit(session, facts, cooperative.id, actor, now)


def _keep_unit(
    session: Session, facts: UnitFacts, registered_id: int | None, actor: Actor, now: datetime
) -> ProgrammeUnit:
    columns = {name: getattr(facts, name) for name in UnitFacts.__slots__}
    unit = ProgrammeUnit(**columns, folded=fold(facts.name), registered_id=registered_id, created_at=now)
    session.add(unit)
    record(session, "programme_unit.added", unit, actor=actor, now=now)
    return unit


def advise(
    session: Session,
    unit: ProgrammeUnit,
    on_day: date,
    subject: str,
    given_by: str,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> Advice:
    found = []
    if on_day > today:
        found.append(Refused("This day lies in the future.", field="on_day"))
    if not subject.strip():
        found.append(Refused("Write what the advice was about.", field="subject"))
    refuse_all(found)
    advice = Advice(unit_id=unit.id, on_day=on_day, subject=subject.strip(), given_by=given_by.strip(), created_at=now)
    session.add(advice)
    record(session, "advice.given", advice, actor=actor, now=now)
    return advice
