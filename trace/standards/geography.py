"""Lạng Sơn's communes and wards since 1 July 2025, and the districts they came from.

Names alone settle nothing: nine old names stood in two districts or more, and new units bear the old names of smaller
ones. So an address keeps the text that was certified, and beside it the code of a unit and a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from .words import fold, sort_key

PROVINCE_CODE: Final = "20"
PROVINCE: Final = "Lạng Sơn"
TWO_TIERS_SINCE: Final = date(2025, 7, 1)  # Resolution 1672/NQ-UBTVQH15; codes: Decision 19/2025/QĐ-TTg


@dataclass(frozen=True, slots=True)
class District:
    """A district or city as it stood until 30 June 2025."""

    code: str
    name: str
    kind: Literal["huyện", "thành phố"]


@dataclass(frozen=True)
class Commune:
    """A unit of today. `across` means that it took parts of a second old district beside `old_district`."""

    code: str
    name: str
    kind: Literal["xã", "phường"]
    old_district: District
    across: bool

    @property
    def full_name(self) -> str:
        return f"{self.kind.capitalize()} {self.name}"

    @cached_property
    def folded(self) -> str:
        return fold(self.name)


# Per old district: its code, its name, then the units, a star where parts came from two districts.
_UNITS: Final = """
178 Lạng Sơn: 05977 P. Đông Kinh*; 05983 P. Lương Văn Tri; 05986 P. Tam Thanh
180 Tràng Định: 06001 Đoàn Kết; 06004 Quốc Khánh; 06019 Tân Tiến; 06037 Kháng Chiến; 06040 Thất Khê; 06046 Tràng Định; \
06058 Quốc Việt
181 Bình Gia: 06073 Hoa Thám; 06076 Quý Hòa; 06079 Hồng Phong; 06085 Thiện Hòa; 06091 Thiện Thuật; 06103 Thiện Long; \
06112 Bình Gia; 06115 Tân Văn
182 Văn Lãng: 06124 Na Sầm; 06148 Thụy Hùng; 06151 Hội Hoan; 06154 Văn Lãng; 06172 Hoàng Văn Thụ
183 Cao Lộc: 06184 Đồng Đăng; 06187 P. Kỳ Lừa*; 06196 Ba Sơn; 06211 Cao Lộc; 06220 Công Sơn; 06286 Khánh Khê*
184 Văn Quan: 06253 Văn Quan; 06280 Điềm He; 06298 Yên Phúc; 06313 Tri Lễ; 06316 Tân Đoàn*
185 Bắc Sơn: 06325 Bắc Sơn; 06337 Tân Tri; 06349 Hưng Vũ; 06364 Vũ Lễ; 06367 Vũ Lăng; 06376 Nhất Hòa
186 Hữu Lũng: 06385 Hữu Lũng; 06391 Yên Bình; 06400 Hữu Liên; 06415 Vân Nham; 06427 Cai Kinh; 06436 Thiện Tân; \
06445 Tân Thành; 06457 Tuấn Sơn
187 Chi Lăng: 06463 Chi Lăng; 06475 Bằng Mạc; 06481 Chiến Thắng; 06496 Nhân Lý; 06505 Vạn Linh; 06517 Quan Sơn
188 Lộc Bình: 06526 Na Dương; 06529 Lộc Bình; 06541 Mẫu Sơn; 06565 Khuất Xá; 06577 Thống Nhất; 06601 Lợi Bác; \
06607 Xuân Dương
189 Đình Lập: 06613 Đình Lập; 06616 Thái Bình; 06625 Kiên Mộc; 06637 Châu Sơn
"""


def _rows() -> Iterator[tuple[District, str]]:
    for line in _UNITS.strip().splitlines():
        head, units = line.split(": ")
        code, name = head.split(" ", 1)
        yield District(code, name, "thành phố" if code == "178" else "huyện"), units


def _commune(district: District, unit: str) -> Commune:
    code, name = unit.split(" ", 1)
    kind: Literal["xã", "phường"] = "phường" if name.startswith("P. ") else "xã"
    return Commune(code, name.removeprefix("P. ").removesuffix("*"), kind, district, name.endswith("*"))


DISTRICTS: Final = tuple(district for district, _ in _rows())
COMMUNES: Final = tuple(_commune(district, unit) for district, units in _rows() for unit in units.split("; "))

_BY_CODE: Final = {commune.code: commune for commune in COMMUNES}
_DISTRICT_BY_CODE: Final = {district.code: district for district in DISTRICTS}


def commune(code: str) -> Commune | None:
    """Return the unit with a five-digit code of Decision 19/2025/QĐ-TTg, or None."""
    return _BY_CODE.get(code)


def district(code: str) -> District | None:
    """Return the old district with a three-digit code, or None."""
    return _DISTRICT_BY_CODE.get(code)


def communes_by_name() -> list[Commune]:
    """Return all units in the order of a Vietnamese dictionary."""
    return sorted(COMMUNES, key=lambda unit: sort_key(unit.name))


def commune_called(text: str) -> Commune | None:
    """Return the unit of this name or code, with or without its kind and marks: Chi Lăng, xã Chi Lăng, 06463."""
    said = _bare(text, ("xa ", "phuong ", "x. ", "p. "))
    return next((unit for unit in COMMUNES if said in {unit.folded, unit.code}), None)


def district_called(text: str) -> District | None:
    """Return the old district of this name or code, written with or without its kind and marks."""
    said = _bare(text, ("huyen ", "thanh pho ", "h. ", "tp. ", "tp "))
    return next((one for one in DISTRICTS if said in {fold(one.name), one.code}), None)


def _bare(text: str, kinds: tuple[str, ...]) -> str:
    said = fold(text)
    return next((said.removeprefix(kind) for kind in kinds if said.startswith(kind)), said).strip()


def find_communes(text: str) -> list[Commune]:
    """Return the units whose name, kind and name, or old district holds the text, typed with marks or without.

    Names that begin with it come first, then those that hold it, then the units of an old district so named.
    """
    wanted = fold(text)
    ranked = ((_rank(unit, wanted), unit) for unit in communes_by_name())
    return [unit for rank, unit in sorted(ranked, key=lambda pair: pair[0]) if rank < _NOT_AT_ALL]


_NOT_AT_ALL: Final = 9


def _rank(unit: Commune, wanted: str) -> int:
    if not wanted:
        return _NOT_AT_ALL
    if wanted in {unit.folded, unit.code} or fold(unit.full_name) == wanted:
        return 0
    if unit.folded.startswith(wanted) or fold(unit.full_name).startswith(wanted):
        return 1
    if wanted in unit.folded:
        return 2
    return 3 if wanted in fold(f"{unit.old_district.kind} {unit.old_district.name}") else _NOT_AT_ALL
