"""Vietnam's provinces since 1 July 2025 (Decision 19/2025/QĐ-TTg), for a place no finer than that.

Coordinates are those of the administrative seat, to a hundredth of a degree: enough to say how far apart two are.
"""

import math
from dataclasses import dataclass
from typing import Final

from .words import fold, sort_key

EARTH_KM: Final = 6371
ABROAD: Final = "00"
"""In place of a code: outside the country."""


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    name: str
    latitude: float
    longitude: float


# Code, name, latitude and longitude of the seat.
_TABLE: Final = """
01 Hà Nội 21.03 105.85; 04 Cao Bằng 22.67 106.26; 08 Tuyên Quang 21.82 105.21; \
11 Điện Biên 21.39 103.02; 12 Lai Châu 22.40 103.46; 14 Sơn La 21.33 103.91; \
15 Lào Cai 21.71 104.88; 19 Thái Nguyên 21.59 105.84; 20 Lạng Sơn 21.85 106.76; \
22 Quảng Ninh 20.95 107.08; 24 Bắc Ninh 21.27 106.19; 25 Phú Thọ 21.32 105.40; \
31 Hải Phòng 20.86 106.68; 33 Hưng Yên 20.65 106.05; 37 Ninh Bình 20.25 105.97; \
38 Thanh Hóa 19.81 105.78; 40 Nghệ An 18.68 105.69; 42 Hà Tĩnh 18.34 105.91; \
44 Quảng Trị 17.47 106.62; 46 Huế 16.46 107.59; 48 Đà Nẵng 16.07 108.22; \
51 Quảng Ngãi 15.12 108.80; 52 Gia Lai 13.78 109.22; 56 Khánh Hòa 12.24 109.19; \
66 Đắk Lắk 12.68 108.04; 68 Lâm Đồng 11.94 108.44; 75 Đồng Nai 10.95 106.82; \
79 TP. Hồ Chí Minh 10.78 106.70; 80 Tây Ninh 10.54 106.41; 82 Đồng Tháp 10.36 106.36; \
86 Vĩnh Long 10.25 105.97; 91 An Giang 10.01 105.08; 92 Cần Thơ 10.03 105.78; \
96 Cà Mau 9.18 105.15"""


def _read(row: str) -> Province:
    code, *name, latitude, longitude = row.split()
    return Province(code, " ".join(name), float(latitude), float(longitude))


PROVINCES: Final[dict[str, Province]] = {row.code: row for row in map(_read, _TABLE.split("; "))}
CODES: Final = frozenset(PROVINCES) | {ABROAD}


def listed() -> list[Province]:
    """By name, as a Vietnamese reader looks for it."""
    return sorted(PROVINCES.values(), key=lambda province: sort_key(province.name))


def province_of(words: str) -> str | None:
    """The code of the one province named in a text such as "Siêu thị Bắc Hà, Hà Nội"; None when none or two are."""
    text = f" {_plain(words)} "
    found = {code for code, row in PROVINCES.items() if f" {_plain(row.name.removeprefix('TP. '))} " in text}
    return found.pop() if len(found) == 1 else None


def _plain(words: str) -> str:
    return " ".join("".join(sign if sign.isalnum() else " " for sign in fold(words)).split())


def distance_km(one: str, other: str) -> float:
    """Between the seats of two provinces, along the great circle; 0 where either lies abroad or is unknown."""
    if one not in PROVINCES or other not in PROVINCES:
        return 0.0
    a, b = PROVINCES[one], PROVINCES[other]
    north_a, north_b = math.radians(a.latitude), math.radians(b.latitude)
    half = math.sin((north_a - north_b) / 2) ** 2
    half += math.cos(north_a) * math.cos(north_b) * math.sin(math.radians(a.longitude - b.longitude) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))
