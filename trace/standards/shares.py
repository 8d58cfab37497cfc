"""A secret on three papers of which any two bring it back, and one alone tells nothing (Shamir, 1979).

Each byte of the secret is the value at 0 of a random line over GF(2^8), the field of AES; paper x holds the line's
values at x. On paper a share is letters of base 32 in groups, each line with a check of its own, so that whoever types
it in learns which line is wrong.
"""

import base64
import hashlib
import re
import secrets
from typing import Final

MOST: Final = 255
_CHECK: Final = 4
_LINE: Final = 24
"""Letters of content in a line: six groups of four."""
_POLYNOMIAL: Final = 0x11B


class NotAShare(ValueError):  # noqa: N818 - named for what it says
    """A line was typed wrongly, or shares do not belong together."""


def _tables() -> tuple[list[int], list[int]]:
    powers, logarithms, value = [0] * 510, [0] * 256, 1
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = value
        logarithms[value] = exponent
        value ^= value << 1  # times 3, which generates the whole field
        if value > 255:
            value ^= _POLYNOMIAL
    return powers, logarithms


_POWERS, _LOGARITHMS = _tables()


def _times(one: int, other: int) -> int:
    return _POWERS[_LOGARITHMS[one] + _LOGARITHMS[other]] if one and other else 0


def _over(one: int, other: int) -> int:
    return _POWERS[_LOGARITHMS[one] + 255 - _LOGARITHMS[other]] if one else 0


def split(secret: bytes, papers: int = 3) -> list[bytes]:
    """Shares for `papers` papers, any two of which suffice. The first byte of a share is its number."""
    if not 2 <= papers <= MOST:
        raise ValueError("between 2 and 255 papers")
    slopes = secrets.token_bytes(len(secret))
    return [
        bytes([x]) + bytes(byte ^ _times(slope, x) for byte, slope in zip(secret, slopes, strict=True))
        for x in range(1, papers + 1)
    ]


def combine(one: bytes, other: bytes) -> bytes:
    """The secret from two different shares of it; raises `NotAShare`. Shares of two secrets give nonsense."""
    if not one or len(one) != len(other):
        raise NotAShare("These shares do not belong together.")
    x, y = one[0], other[0]
    if x == y or 0 in {x, y}:
        raise NotAShare("These are two copies of one share: take another paper.")
    for_one, for_other = _over(y, x ^ y), _over(x, x ^ y)
    return bytes(_times(a, for_one) ^ _times(b, for_other) for a, b in zip(one[1:], other[1:], strict=True))


def as_lines(share: bytes) -> list[str]:
    """A share as lines for paper: a number, groups of four letters, and after a point the line's check."""
    letters = base64.b32encode(share).decode().rstrip("=")
    pieces = [letters[start : start + _LINE] for start in range(0, len(letters), _LINE)]
    return [
        f"{number:02d}  {' '.join(re.findall('.{1,4}', piece))} . {_check(number, len(pieces), piece)}"
        for number, piece in enumerate(pieces, 1)
    ]


def from_lines(lines: list[str]) -> bytes:
    """The share that was typed from paper, case-blind and whatever the blanks; raises `NotAShare` naming the line."""
    typed = [line for line in (re.sub(r"\s", "", line).upper() for line in lines) if line]
    letters = "".join(_letters(line, number, len(typed)) for number, line in enumerate(typed, 1))
    try:
        return base64.b32decode(letters + "=" * (-len(letters) % 8))
    except ValueError as wrong:
        raise NotAShare("Some letters are missing.") from wrong


def _letters(line: str, number: int, count: int) -> str:
    found = re.fullmatch(r"([0-9]{2,})([A-Z2-7]{1,24})\.([A-Z2-7]{4})", line)
    # Digits 2 to 7 are letters too: the number is the first two signs, whatever follows.
    found = re.fullmatch(rf"({number:02d})([A-Z2-7]{{1,{_LINE}}})\.([A-Z2-7]{{{_CHECK}}})", line) if found else None
    if found is None or found[3] != _check(number, count, found[2]):
        raise NotAShare(f"Line {number:02d} was typed wrongly, or a line is missing: compare it with the paper.")
    return found[2]


def _check(number: int, count: int, letters: str) -> str:
    """Binds a line to its place and to the number of lines, so that neither a swap nor a missing line passes."""
    digest = hashlib.sha256(f"{number} {count} {letters}".encode()).digest()
    return base64.b32encode(digest).decode()[:_CHECK]
