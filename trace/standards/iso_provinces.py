"""ISO 3166-2:VN, as databases of network addresses name places: the 63 provinces of before July 2025, each with the
province it belongs to since (Decision 19/2025/QĐ-TTg)."""

from typing import Final

_TABLE: Final = (
    "HN 01; 04 04; 03 08; 07 08; 71 11; 01 12; 05 14; 02 15; 06 15; 69 19; 53 19; 09 20; 13 22; 54 24; 56 24; 68 25; "
    "70 25; 14 25; HP 31; 61 31; 66 33; 20 33; 18 37; 63 37; 67 37; 21 38; 22 40; 23 42; 25 44; 24 44; 26 46; DN 48; "
    "27 48; 29 51; 28 51; 30 52; 31 52; 34 56; 36 56; 33 66; 32 66; 35 68; 72 68; 40 68; 39 75; 58 75; SG 79; 57 79; "
    "43 79; 37 80; 41 80; 45 82; 46 82; 49 86; 50 86; 51 86; 44 91; 47 91; CT 92; 52 92; 73 92; 59 96; 55 96"
)
BY_ISO: Final[dict[str, str]] = {row.split()[0]: row.split()[1] for row in _TABLE.split("; ")}
"""What follows "VN-" → the code of today's province."""
