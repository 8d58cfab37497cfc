"""Vietnamese words compared as people search for them: many type without tone marks."""

import unicodedata


def tidy(text: str) -> str:
    """Return the text in NFC, trimmed, with every run of blanks as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def fold(text: str) -> str:
    """Return the text in small letters without tone and vowel marks, đ as d, blanks as single spaces.

    Two texts that fold alike are the same to somebody who types without marks; folding twice changes nothing.
    """
    bare = _without_marks(text.casefold()).replace("đ", "d")
    # Folding a case can bring marks out (İ), and taking marks off can bring capitals out (compatibility letters).
    again = _without_marks(bare.casefold())
    return " ".join(again.split())


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parts if unicodedata.category(letter) != "Mn")


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries


def sort_key(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Return a key that sorts as a Vietnamese dictionary does: letters first (a ă â … d đ …), then tones."""
    letters, tones = [], []
    for part in unicodedata.normalize("NFC", text.casefold()):
        pieces = unicodedata.normalize("NFD", part)
        tone = next((mark for mark in pieces if mark in _TONES), "")
        letter = unicodedata.normalize("NFC", pieces.replace(tone, "")) if tone else part
        # Letters that are not Vietnamese, digits and signs keep the order of their code points around ours.
        place = _LETTERS.find(letter)
        letters.append(ord("a") + place if place >= 0 else ord(letter[0]) + (0 if letter < "a" else len(_LETTERS)))
        tones.append(_TONES.find(tone) + 1 if tone else 0)
    return tuple(letters), tuple(tones), text
