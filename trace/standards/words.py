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
