"""Whom the board writes to: departments, district committees of before 1 July 2025, commune committees of today."""

from ..standards import geography
from ..standards.words import fold

COMMITTEE = "UBND"
"""Ủy ban nhân dân, as it is shortened on every letter."""


def commune_committees() -> list[str]:
    return [f"{COMMITTEE} {unit.kind} {unit.name}" for unit in geography.communes_by_name()]


def district_committees() -> list[str]:
    return [f"{COMMITTEE} {unit.kind} {unit.name}" for unit in geography.DISTRICTS]


def code_of(authority: str) -> str | None:
    """The code of the unit whose committee this is, by kind and name; None for anybody else."""
    return _CODES.get(fold(authority).replace("uy ban nhan dan", "ubnd"))


_CODES = {fold(f"{COMMITTEE} {unit.kind} {unit.name}"): unit.code for unit in geography.DISTRICTS} | {
    fold(f"{COMMITTEE} {unit.kind} {unit.name}"): unit.code for unit in geography.COMMUNES
}
