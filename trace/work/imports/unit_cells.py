"""Units of the programme as a row of an import names them: known by tax code or name, else entered with it."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ...records import Advice, CooperativeKind, Enrolment, ProgrammeUnit
from ...standards.geography import PROVINCE, commune_called, district_called
from ...standards.identifiers import tax_code
from ...standards.words import fold, tidy
from ..history import record
from ..programme_units import UnitFacts, add_unit, known_unit
from ..refused import Refused
from .kind import Column, Context, Doing, Reading

KINDS_SAID = {
    "hop tac xa": CooperativeKind.COOPERATIVE,
    "htx": CooperativeKind.COOPERATIVE,
    "lien hiep": CooperativeKind.UNION,
    "to hop tac": CooperativeKind.GROUP,
    "tht": CooperativeKind.GROUP,
    "nhom ho": CooperativeKind.GROUP,
    "ho ": CooperativeKind.HOUSEHOLD,
    "doanh nghiep": CooperativeKind.ENTERPRISE,
    "dn": CooperativeKind.ENTERPRISE,
    "cong ty": CooperativeKind.ENTERPRISE,
}
"""How lists of the province begin a unit's name, or say what it is."""

UNIT_COLUMNS = (
    Column("unit", ("don vi", "ten don vi", "ten doanh nghiep htx", "ten doanh nghiep", "doanh nghiep", "hop tac xa",
                    "ten", "unit"), needed=True, example="HTX Rau sạch Hữu Lũng (mẫu)"),
    Column("unit_kind", ("loai hinh", "loai don vi", "kind of unit"), example="Hợp tác xã"),
    Column("tax_code", ("ma so thue", "mst", "tax code"), example=""),
    Column("address", ("dia chi", "address"), example="Thị trấn Hữu Lũng"),
    Column("district", ("huyen", "huyen thanh pho", "dia ban", "district"), example="Hữu Lũng"),
    Column("commune", ("xa", "xa phuong", "xa phuong hien nay", "commune"), example=""),
)  # fmt: skip


def read_unit(context: Context, reading: Reading) -> UnitFacts:
    """The facts of a row; complaints go to `reading`."""
    name = tidy(reading.words("unit"))
    code = _code_of(context, reading, name, reading.cell("tax_code", tax_code))
    row = reading.row
    district, commune = district_called(row.text("district") or ""), commune_called(row.text("commune") or "")
    if district is None and (said := row.text("district")):
        reading.complain(Refused("No district of before July 2025 is called %(name)s.", field="district", name=said))
    if commune is None and (said := row.text("commune")):
        reading.complain(Refused("No commune or ward of today is called %(name)s.", field="commune", name=said))
    known = _called(context.session, name) if name and code is None else []
    if len(known) == 1:
        code = known[0].tax_code
    if len(known) > 1:
        reading.complain(
            Refused("Several units are called %(name)s: write the tax code, too.", field="tax_code", name=name)
        )
    return UnitFacts(
        kind=_kind(reading, name),
        name=name,
        address=row.text("address") or PROVINCE,
        tax_code=code,
        commune_code=commune.code if commune else None,
        former_district_code=district.code if district else None,
    )


def _code_of(context: Context, reading: Reading, name: str, code: str | None) -> str | None:
    """A unit's tax code as this row says it, or as a row above did: two rows of one name are one unit, told alike."""
    said: dict[str, str | None] = context.once("codes said", dict)
    above = said.setdefault(fold(name), code)
    if code is not None and above is None:
        reading.complain(
            Refused("A row above names this unit without its tax code: write it there, too.", field="tax_code")
        )
    return code or above


def _kind(reading: Reading, name: str) -> str:
    said = reading.row.text("unit_kind")
    for begins, kind in KINDS_SAID.items():
        if f"{fold(said or name)} ".startswith(begins):
            return kind.value
    if said:
        reading.complain(
            Refused(
                "Write what the unit is: a cooperative, a cooperative group, a household or an enterprise.",
                field="unit_kind",
            )
        )
    return CooperativeKind.ENTERPRISE.value


def unit_key(facts: UnitFacts) -> str:
    """By which two rows mean the same unit."""
    return facts.tax_code or fold(facts.name)


def _called(session: Session, name: str) -> list[ProgrammeUnit]:
    query = select(ProgrammeUnit).where(ProgrammeUnit.folded == fold(name), ProgrammeUnit.taken_back_at.is_(None))
    return list(session.scalars(query))


def unit_of_row(session: Session, facts: UnitFacts) -> ProgrammeUnit | None:
    """The unit that a row means, if it is known and stands: of its tax code, or of its name where none is known."""
    known = known_unit(session, facts.tax_code)
    if known is not None:
        return known if known.taken_back_at is None else None
    named = [unit for unit in _called(session, facts.name) if not facts.tax_code or not unit.tax_code]
    return named[0] if len(named) == 1 else None


def unit_for(session: Session, facts: UnitFacts, doing: Doing) -> ProgrammeUnit:
    return unit_of_row(session, facts) or add_unit(session, facts, actor=doing.actor, now=doing.now)


def let_go(session: Session, unit: ProgrammeUnit, brought_at: datetime, doing: Doing) -> None:
    """A unit that came by the same import goes with it, unless something else has named it meanwhile."""
    session.flush()
    uses = (
        exists().where(Advice.unit_id == unit.id, Advice.taken_back_at.is_(None)),
        exists().where(Enrolment.unit_id == unit.id, Enrolment.taken_back_at.is_(None)),
    )
    if unit.created_at != brought_at or unit.registered_id is not None or session.scalar(select(or_(*uses))):
        return
    unit.taken_back_at = doing.now
    record(session, "programme_unit.taken_back", unit, actor=doing.actor, now=doing.now)
