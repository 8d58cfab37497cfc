"""Lạng Sơn in a small drawing: its outline, simplified by hand to what a phone can show, and its old districts.

Communes of today have no published centres that we may use, so a commune is marked where its old district's seat lies;
a sketch says "about here", never "exactly here".
"""

from dataclasses import dataclass
from math import cos, radians
from typing import Final

WEST, EAST, NORTH, SOUTH = 106.08, 107.38, 22.47, 21.31
_SQUEEZE: Final = cos(radians((NORTH + SOUTH) / 2))
"""A degree of longitude is shorter here than one of latitude."""
WIDTH: Final = 100
HEIGHT: Final = round(WIDTH * (NORTH - SOUTH) / ((EAST - WEST) * _SQUEEZE))

_OUTLINE: Final = (
    (106.42, 22.45), (106.52, 22.46), (106.57, 22.36), (106.58, 22.26), (106.65, 22.18), (106.68, 22.08),
    (106.66, 22.01), (106.71, 21.97), (106.80, 21.95), (106.90, 21.91), (106.97, 21.92), (107.03, 21.84),
    (106.99, 21.76), (107.08, 21.68), (107.19, 21.71), (107.27, 21.67), (107.36, 21.60), (107.29, 21.52),
    (107.22, 21.46), (107.12, 21.37), (107.02, 21.33), (106.97, 21.41), (106.88, 21.46), (106.78, 21.50),
    (106.68, 21.47), (106.58, 21.43), (106.48, 21.40), (106.38, 21.36), (106.27, 21.34), (106.19, 21.43),
    (106.16, 21.56), (106.11, 21.66), (106.14, 21.78), (106.10, 21.89), (106.16, 21.97), (106.24, 22.02),
    (106.21, 22.12), (106.27, 22.22), (106.31, 22.33), (106.36, 22.41),
)  # fmt: skip
_SEATS: Final = {
    "178": (106.761, 21.853),
    "180": (106.470, 22.250),
    "181": (106.370, 21.955),
    "182": (106.615, 22.055),
    "183": (106.775, 21.875),
    "184": (106.534, 21.866),
    "185": (106.317, 21.900),
    "186": (106.345, 21.505),
    "187": (106.575, 21.660),
    "188": (106.925, 21.757),
    "189": (107.098, 21.545),
}
"""Longitude and latitude of each old district's seat."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the drawing: units from its top left corner."""

    x: int
    y: int


def spot(longitude: float, latitude: float) -> Spot | None:
    """Where a point lies; None outside the drawing."""
    if not (WEST <= longitude <= EAST and SOUTH <= latitude <= NORTH):
        return None
    return Spot(round((longitude - WEST) / (EAST - WEST) * WIDTH), round((NORTH - latitude) / (NORTH - SOUTH) * HEIGHT))


def district_spot(code: str) -> Spot | None:
    """Where an old district's seat lies; None for a code that is none."""
    seat = _SEATS.get(code)
    return spot(*seat) if seat else None


def _path() -> str:
    spots = [spot(longitude, latitude) for longitude, latitude in _OUTLINE]
    return "M" + "L".join(f"{place.x} {place.y}" for place in spots if place) + "z"


OUTLINE: Final = _path()
"""The province as an SVG path."""
