"""What a password must be, and how one is tried without telling who is known here.

No rule about capitals and signs: they make passwords hard for people and no harder for machines (NIST SP 800-63B
§5.1.1.2). Length counts, and that it is not what everybody takes (`common_passwords.txt`), nor the person's own name.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from flask import Flask, current_app
from flask_security import hash_password

from ..standards.words import fold
from ..work.refused import Refused
from .tables import Person

SHORTEST: Final = 10
LONGEST: Final = 200
ENOUGH_OF_ONES_OWN: Final = 4
"""Different signs that must remain when everything that leaks are made of has been taken out."""
ROWS: Final = ("0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb",
               "1q2w3e4r5t6y7u8i9o0p", "zaq1xsw2cde3vfr4")  # fmt: skip
SHORTEST_ROW: Final = 3
SAID_BY_SIGNS: Final = str.maketrans({"@": "a", "$": "s", "!": "i", "0": "o", "1": "i", "3": "e", "4": "a", "5": "s",
                                      "7": "t"})  # fmt: skip


def one_form(password: str) -> str:
    """The form that is hashed: the same words from two keyboards are the same password."""
    return unicodedata.normalize("NFC", password)


def refuse_weak(password: str, own_words: Iterable[str | None] = (), *, field: str = "password") -> None:
    """Raise `Refused` for a password that is too short, too long, everybody's, or the person's own name or number."""
    if len(password) < SHORTEST:
        raise Refused("A password has at least %(least)s characters. A short sentence is good.", field=field,
                      least=SHORTEST)  # fmt: skip
    if len(password) > LONGEST:
        raise Refused("A password has at most %(most)s characters.", field=field, most=LONGEST)
    if is_common(password, own_words):
        raise Refused(
            "This password is one of the first that others would try. Take a sentence of your own.", field=field
        )


def is_common(password: str, own_words: Iterable[str | None] = ()) -> bool:
    """Whether little is left of it without the words, rows and years that leaked passwords are made of."""
    own = frozenset(_parts(own_words))
    return any(_remainder(form, own) < ENOUGH_OF_ONES_OWN for form in _readings(password))


def _readings(password: str) -> set[str]:
    """A password as typed and with its signs read as letters, without marks, blanks and signs."""
    folded = fold(password)
    return {re.sub(r"[\W_]", "", form) for form in (folded, folded.translate(SAID_BY_SIGNS))}


def _parts(words: Iterable[str | None]) -> Iterable[str]:
    for word in words:
        for part in {*fold(word or "").split(), fold(word or "")}:
            bare = re.sub(r"[^a-z0-9]", "", part)
            if len(bare) >= SHORTEST_ROW:
                yield bare
                yield bare.removeprefix("84")


def _remainder(text: str, own: frozenset[str]) -> int:
    """How many different signs stay when all that is common is taken out."""
    if re.search(r"[^\x00-\x7f]", text):
        return len(text)
    for word in sorted(own | _common_words(), key=len, reverse=True):
        text = text.replace(word, " ")
    text = re.sub(r"(19|20)[0-9]{2}", " ", text)
    text = "".join(_without_rows(piece) for piece in text.split())
    return len(set(text))


def _without_rows(text: str) -> str:
    """Take out rising, falling and neighbouring signs: 4567, 987, ytrewq."""
    for size in range(min(len(text), max(map(len, ROWS))), SHORTEST_ROW - 1, -1):
        for start in range(len(text) - size + 1):
            piece = text[start : start + size]
            if any(piece in row or piece in row[::-1] for row in ROWS):
                return _without_rows(text[:start]) + _without_rows(text[start + size :])
    return text


@cache
def _common_words() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def set_password(person: Person, password: str) -> None:
    """Hash it with argon2id; the caller ends the person's sessions."""
    person.password = hash_password(one_form(password))
    person.password_changed_at = current_app.config["CLOCK"]()


def is_right(person: Person | None, password: str) -> bool:
    """Try a password. Nobody known, or nobody with a password, costs the same time as somebody known."""
    context = current_app.extensions["security"].pwd_context
    known = person is not None and person.active and person.password is not None
    stored = person.password if person is not None and known else _nobody()
    return bool(context.verify(one_form(password)[:LONGEST], stored)) and known


def _nobody() -> str:
    kept: str = current_app.extensions["temgoc.nobody"]
    return kept


def init_app(app: Flask) -> None:
    """Once per process, hash what nobody's password is, with the very cost of a real one."""
    with app.app_context():
        app.extensions["temgoc.nobody"] = hash_password("nobody has this one")
