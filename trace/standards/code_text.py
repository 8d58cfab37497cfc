"""A stamp's code as people type it: forgiven its dress, and told which symbols no code has."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U
LENGTH: Final = 16
SYMBOL_VALUES: Final = {symbol: value for value, symbol in enumerate(ALPHABET)}

_AS_WRITTEN: Final = re.compile(f"[{ALPHABET}]*")
_LOOKALIKES: Final = {"I": "1", "L": "1", "O": "0"}
_CAPITALS: Final = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
_DOTS: Final = "․‧·•∙⋅。"  # what keyboards and copied text put where we print a hyphen or nothing


class Foreign(NamedTuple):
    """A symbol that no code contains, and its place among the symbols typed, counted from 1."""

    position: int
    symbol: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a text cannot be a code. `length` counts the symbols typed, separators left out."""

    length: int
    foreign: tuple[Foreign, ...]

    @property
    def empty(self) -> bool:
        return self.length == 0

    @property
    def too_short(self) -> bool:
        return self.length < LENGTH

    @property
    def too_long(self) -> bool:
        return self.length > LENGTH


def normalise(text: str) -> str:
    """Return the code as we write it: capitals, no separators, look-alikes read. Symbols no code has are kept."""
    if _AS_WRITTEN.fullmatch(text):  # nearly every scan
        return text
    return "".join(_LOOKALIKES.get(symbol, symbol) for symbol in _symbols(text))


def complaint(text: str) -> Complaint | None:
    """Say which symbols are outside the alphabet and how many there are, or None if the shape is right.

    It never looks further: whether a code is ours, or nearly ours, must not be learnt here.
    """
    symbols = _symbols(text)
    foreign = tuple(
        Foreign(position, symbol)
        for position, symbol in enumerate(symbols, start=1)
        if _LOOKALIKES.get(symbol, symbol) not in SYMBOL_VALUES
    )
    return Complaint(len(symbols), foreign) if foreign or len(symbols) != LENGTH else None


def _symbols(text: str) -> str:
    """Return what is not a separator, in capitals. Compatibility forms (full width, circled) are what they show."""
    capitals = unicodedata.normalize("NFKC", text).translate(_CAPITALS)
    # A mark that a separator held apart from its letter joins it once the separator is gone.
    return unicodedata.normalize("NFC", "".join(symbol for symbol in capitals if not _separates(symbol)))


def _separates(symbol: str) -> bool:
    # Pd is every dash, Z every blank, Cc and Cf line ends, tabs and the invisible marks that copying brings along.
    return symbol in "._−" or symbol in _DOTS or unicodedata.category(symbol) in {"Pd", "Zs", "Zl", "Zp", "Cc", "Cf"}


def grouped(code: str) -> str:
    """Set a code in fours, as it is printed: 7K3M-9QX2-WABC-D5EF."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
