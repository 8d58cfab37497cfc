"""A year of the programme by place: today's communes, or the districts of before July 2025."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Enrolment, SupportPayment
from ..standards.geography import commune, district
from ..standards.words import sort_key
from .programme_numbers import YearNumbers


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """By today's commune, or by the district of before July 2025 where the unit's address names one."""

    name: str
    units: int
    paid_vnd: int


def by_place(numbers: YearNumbers, session: Session, *, districts: bool) -> list[PlaceRow]:
    """Units and money by the place that each unit had when it was entered."""
    units: dict[str, set[int]] = {}
    for one in numbers.enrolments:
        units.setdefault(_place(one, districts), set()).add(one.unit_id)
    keys = {one.id: _place(one, districts) for one in numbers.enrolments}
    paid: dict[str, int] = dict.fromkeys(units, 0)
    query = select(SupportPayment).where(SupportPayment.enrolment_id.in_(keys))
    for payment in session.scalars(query.where(SupportPayment.on_day <= numbers.up_to)):
        paid[keys[payment.enrolment_id]] += payment.counted_vnd
    rows = [PlaceRow(name, len(members), paid[name]) for name, members in units.items()]
    return sorted(rows, key=lambda row: (-row.units, sort_key(row.name)))


def _place(enrolment: Enrolment, districts: bool) -> str:
    unit = enrolment.unit
    if districts:
        former = district(unit.former_district_code or "")
        return f"{former.kind} {former.name}" if former else "–"
    found = commune(unit.commune_code or "")
    return found.full_name if found else "–"
