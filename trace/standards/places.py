"""Where a plot lies: a point as people type it, an outline as GeoJSON (RFC 7946), and both on a small flat map."""

import json
import math
import re
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final

METRES_A_DEGREE: Final = 111_320
"""Of latitude, and of longitude at the equator: 0.5 % off at most over a plot, far finer than an outline walked."""
MOST_POINTS: Final = 500
LONGEST_TEXT: Final = 200_000
SOUTH, NORTH = 21.30, 22.48
WEST, EAST = 106.07, 107.40
"""Lạng Sơn's box with a margin of about two kilometres."""

Position = tuple[float, float]
"""Longitude and latitude, in GeoJSON's order."""


class NotAPlace(ValueError):  # noqa: N818 - named for what it says, as `Refused` is
    """A text that cannot be a place here.

    Codes: shape (not a point, or not one GeoJSON Polygon); json; outside (of the province); exchanged (longitude
    where latitude belongs); points (too many, or too few); open (the ring does not close); crosses (itself); thin.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Point:
    """Millionths of a degree."""

    latitude_e6: int
    longitude_e6: int

    def __str__(self) -> str:
        return f"{self.latitude_e6 / 1e6:.6f}, {self.longitude_e6 / 1e6:.6f}"


def read_point(text: str) -> Point:
    """Read "21.664512, 106.571234" or "21,6645 106,5712": latitude first, as maps on a telephone copy it."""
    parts = re.split(r"\s*[;\s]\s*|,\s+", text.strip().replace("°", ""))
    if len(parts) == 1:
        parts = text.split(",")
    if len(parts) != 2 or not all(re.fullmatch(r"[+-]?[0-9]{1,3}([.,][0-9]{1,12})?", part) for part in parts):
        raise NotAPlace("shape")
    latitude, longitude = (float(part.replace(",", ".")) for part in parts)
    _check_inside(longitude, latitude)
    return Point(round(latitude * 1e6), round(longitude * 1e6))


def _check_inside(longitude: float, latitude: float) -> None:
    if SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST:
        return
    raise NotAPlace("exchanged" if SOUTH <= longitude <= NORTH and WEST <= latitude <= EAST else "outside")


@dataclass(frozen=True, slots=True)
class Outline:
    """A polygon's rings: the outer one first, then holes; each closed, its last position being its first."""

    rings: tuple[tuple[Position, ...], ...]

    def __str__(self) -> str:
        """Compact GeoJSON, outer ring anticlockwise (RFC 7946 §3.1.6)."""
        rings = [[list(position) for position in ring] for ring in self.rings]
        return json.dumps({"type": "Polygon", "coordinates": rings}, separators=(",", ":"))

    @property
    def area_m2(self) -> int:
        outer, *holes = (abs(_signed_area(self._flat(ring))) for ring in self.rings)
        return round(outer - sum(holes))

    @property
    def centre(self) -> Point:
        longitudes, latitudes = zip(*self.rings[0], strict=True)
        return Point(
            round((min(latitudes) + max(latitudes)) / 2 * 1e6), round((min(longitudes) + max(longitudes)) / 2 * 1e6)
        )

    def _flat(self, ring: tuple[Position, ...]) -> list[Position]:
        """Metres east and north of the outline's south-west corner."""
        west, south = (min(values) for values in zip(*self.rings[0], strict=True))
        across = METRES_A_DEGREE * math.cos(math.radians(south))
        return [((x - west) * across, (y - south) * METRES_A_DEGREE) for x, y in ring]

    def drawn(self) -> "Drawing":
        """The outline as an SVG path in metres, north up."""
        rings = [self._flat(ring) for ring in self.rings]
        width = max(x for x, _ in rings[0])
        height = max(y for _, y in rings[0])
        paths = ("M" + "L".join(f"{x:.1f} {height - y:.1f}" for x, y in ring[:-1]) + "Z" for ring in rings)
        return Drawing("".join(paths), width, height)


@dataclass(frozen=True, slots=True)
class Drawing:
    path: str
    width_m: float
    height_m: float

    @property
    def scale_m(self) -> int:
        """A round length of about a third of the width, for the scale bar."""
        third = max(self.width_m, self.height_m) / 3
        step: int = 10 ** max(0, math.floor(math.log10(max(third, 1))))
        return max(step * factor for factor in (1, 2, 5) if step * factor <= max(third, 1))


def read_outline(text: str) -> Outline:
    """Read one GeoJSON Polygon, bare or as the only Feature; raises `NotAPlace`. Altitudes are dropped."""
    if len(text) > LONGEST_TEXT:
        raise NotAPlace("points")
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as wrong:
        raise NotAPlace("json") from wrong
    rings = [_ring(ring) for ring in _coordinates(value)]
    if not rings or sum(map(len, rings)) > MOST_POINTS:
        raise NotAPlace("points" if rings else "shape")
    for ring in rings:
        _check_simple(ring)
    wound = (ring if (_signed_area(ring) > 0) == (number == 0) else ring[::-1] for number, ring in enumerate(rings))
    outline = Outline(tuple(wound))
    if outline.area_m2 < 1:
        raise NotAPlace("thin")
    return outline


def _no_constant(_name: str) -> float:
    raise ValueError("NaN and Infinity are not JSON")


def _coordinates(value: Any) -> list[Any]:
    """The rings of the one polygon, out of the Feature or collection that many programs wrap around it."""
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise NotAPlace("shape")
        value = features[0]
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, dict) or value.get("type") != "Polygon" or not isinstance(value.get("coordinates"), list):
        raise NotAPlace("shape")
    rings: list[Any] = value["coordinates"]
    return rings


def _ring(ring: Any) -> tuple[Position, ...]:
    if not isinstance(ring, list):
        raise NotAPlace("shape")
    if not 4 <= len(ring) <= MOST_POINTS:
        raise NotAPlace("points")
    positions = tuple(_position(position) for position in ring)
    if positions[0] != positions[-1]:
        raise NotAPlace("open")
    return positions


def _position(position: Any) -> Position:
    if not isinstance(position, list) or not 2 <= len(position) <= 3:
        raise NotAPlace("shape")
    longitude, latitude = position[:2]
    if any(isinstance(part, bool) or not isinstance(part, int | float) for part in (longitude, latitude)):
        raise NotAPlace("shape")
    _check_inside(longitude, latitude)
    return round(float(longitude), 6), round(float(latitude), 6)


def _signed_area(ring: "tuple[Position, ...] | list[Position]") -> float:
    """Positive when anticlockwise; in squares of whatever the positions are in."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _check_simple(ring: tuple[Position, ...]) -> None:
    """Refuse a ring that crosses itself: its area would be nobody's."""
    sides = list(pairwise(ring))
    for first, second in combinations(range(len(sides)), 2):
        (a, b), (c, d) = sides[first], sides[second]
        if _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0:
            raise NotAPlace("crosses")


def _side(a: Position, b: Position, c: Position) -> int:
    """On which side of the line from a to b the position c lies."""
    turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (turn > 1e-13) - (turn < -1e-13)
