"""Units that the programme deals with, each kept once, and the advice they were given."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ..records import Advice, Cooperative, ProgrammeUnit
from ..standards.identifiers import NotAnIdentifier, tax_code
from ..standards.words import fold
from .actor import Actor
from .constraints import breaks
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
    refuse_all(_unfit(facts))
    facts = replace(facts, tax_code=tax_code(facts.tax_code) if facts.tax_code else None)
    known = known_unit(session, facts.tax_code)
    if known is not None and known.taken_back_at is not None:
        return _enter_again(session, known, facts, actor, now)
    return known or _keep_unit(session, facts, None, actor, now)


def _unfit(facts: UnitFacts) -> list[Refused]:
    found = []
    if not facts.name.strip():
        found.append(Refused("Write the unit's name.", field="name"))
    if facts.tax_code and not _is_tax_code(facts.tax_code):
        found.append(
            Refused(
                "A tax code has 10 or 13 digits. Without one leave this empty: a personal number is not kept.",
                field="tax_code",
            )
        )
    return found


def _is_tax_code(typed: str) -> bool:
    try:
        tax_code(typed)
    except NotAnIdentifier:
        return False
    return True


def known_unit(session: Session, code: str | None) -> ProgrammeUnit | None:
    """The unit of a tax code; also one that was taken back with its import."""
    return session.scalar(select(ProgrammeUnit).where(ProgrammeUnit.tax_code == code)) if code else None


def unit_of(session: Session, cooperative: Cooperative, *, actor: Actor, now: datetime) -> ProgrammeUnit:
    """The unit that a registered cooperative is: asked nothing twice."""
    query = select(ProgrammeUnit).where(ProgrammeUnit.registered_id == cooperative.id)
    known = session.scalar(query)
    if known is not None:
        return known
    known = known_unit(session, cooperative.tax_code)
    if known is not None:
        known.registered_id, known.taken_back_at = cooperative.id, None
        record(session, "programme_unit.registered", known, actor=actor, now=now)
        return known
    names = ("kind", "name", "address", "tax_code", "commune_code", "former_district_code", "contact_name", "phone")
    facts = UnitFacts(**{name: getattr(cooperative, name) for name in names})
    return _keep_unit(session, facts, cooperative.id, actor, now)


def _enter_again(session: Session, unit: ProgrammeUnit, facts: UnitFacts, actor: Actor, now: datetime) -> ProgrammeUnit:
    """A unit that was taken back with its import, as it is said to be now."""
    for name in UnitFacts.__slots__:
        setattr(unit, name, getattr(facts, name))
    unit.folded, unit.taken_back_at = fold(facts.name), None
    record(session, "programme_unit.added", unit, actor=actor, now=now)
    return unit


def _keep_unit(
    session: Session, facts: UnitFacts, registered_id: int | None, actor: Actor, now: datetime
) -> ProgrammeUnit:
    columns = {name: getattr(facts, name) for name in UnitFacts.__slots__}
    unit = ProgrammeUnit(**columns, folded=fold(facts.name), registered_id=registered_id, created_at=now)
    session.add(unit)
    try:
        session.flush()
    except IntegrityError as error:
        if any(
            breaks(error, f"uq_programme_unit_{name}", f"programme_unit.{name}")
            for name in ("tax_code", "registered_id")
        ):
            raise Refused(
                "Somebody entered this unit at the same moment. Press the button again.", conflict=True
            ) from error
        raise
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
