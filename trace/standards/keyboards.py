"""What a hand scanner meant when the computer's keyboard changed what it typed.

A scanner types the keys of an American keyboard. A computer set to a French or German keyboard shows other signs for
them, and a Vietnamese input method (Telex, VNI) takes some letters for tone marks. `readings` gives the texts that may
have been meant, the likeliest first; whoever asks keeps the one that is a code of theirs, which no wrong guess is.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

MOST_READINGS: Final = 5_000
LONGEST: Final = 200


class Keyboard(StrEnum):
    PLAIN = "plain"
    AZERTY = "azerty"
    QWERTZ = "qwertz"
    TELEX = "telex"
    VNI = "vni"


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    keyboard: Keyboard
    """What has to be undone to get this text."""


def _pairs(shown: str, meant: str) -> dict[int, str]:
    return {ord(one): other for one, other in zip(shown, meant, strict=True)}


_LAYOUTS: Final[dict[Keyboard, dict[int, str]]] = {
    Keyboard.AZERTY: _pairs("&é\"'(-è_çàÉÈÇÀ)aqwzAQWZ,;:!m?M°§", "12345678902790-qazwQAZWm,./;M:_?"),
    Keyboard.QWERTZ: _pairs("yzYZß-öÖäÄ?", "zyZY-/;:'\"_"),
}
"""By keyboard: the sign that was shown → the sign that was meant."""

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_ROOF, _HORN, _BREVE = "\u0302", "\u031b", "\u0306"
_VNI_KEYS: Final = dict(zip((_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _ROOF, _HORN, _BREVE), "12345678", strict=True))
_TELEX_KEYS: Final = dict(zip((_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT, _HORN, _BREVE), "SFRXJWW", strict=True))
_STROKED: Final = {"Đ": "D", "đ": "d"}


def readings(text: str) -> Iterator[Reading]:
    """The texts that may have been meant, as they stand first; at most `MOST_READINGS`."""
    text = unicodedata.normalize("NFC", text.strip())[:LONGEST]
    yield Reading(text, Keyboard.PLAIN)
    for keyboard, signs in _LAYOUTS.items():
        if any(ord(sign) in signs for sign in text):
            yield Reading(text.translate(signs), keyboard)
    if has_vietnamese(text):
        for keyboard in (Keyboard.TELEX, Keyboard.VNI):
            for meant in islice(_without_marks(text, keyboard), MOST_READINGS):
                yield Reading(meant, keyboard)


def has_vietnamese(text: str) -> bool:
    """Whether there are signs that only a Vietnamese input method makes of a scanner's keys."""
    return any(sign in _STROKED or any(mark in _VNI_KEYS for mark in _marks(sign)) for sign in text)


def _marks(sign: str) -> str:
    return unicodedata.normalize("NFD", sign)[1:]


def _without_marks(text: str, keyboard: Keyboard) -> Iterator[str]:
    """Each mark becomes the key that makes it, anywhere from behind its letter to the end of the word: both methods
    take a tone late. A lone Ư or ư may also have been a W (Telex)."""
    word = ""
    keys: list[tuple[int, str]] = []  # place behind which the key was struck, and the key
    for sign in text:
        if keyboard is Keyboard.TELEX and sign in "Ưư":
            word += "W"
            continue
        base, marks = (_STROKED[sign], "-") if sign in _STROKED else (sign[0], _marks(sign))
        base = unicodedata.normalize("NFD", base)[0]
        word += base
        keys += [(len(word), _key(base, mark, keyboard)) for mark in marks]
    yield from _placed(word, keys)


def _key(base: str, mark: str, keyboard: Keyboard) -> str:
    if mark == "-":
        return "9" if keyboard is Keyboard.VNI else "D"
    if keyboard is Keyboard.VNI:
        return _VNI_KEYS.get(mark, "")
    return base.upper() if mark == _ROOF else _TELEX_KEYS.get(mark, "")


def _placed(word: str, keys: list[tuple[int, str]]) -> Iterator[str]:
    if not keys:
        yield word
        return
    place, key = keys[-1]  # the last one first: what stands before it keeps its place
    for at in range(place, len(word) + 1):
        yield from _placed(word[:at] + key + word[at:], keys[:-1])
        if at < len(word) and not word[at].isalnum():
            return
