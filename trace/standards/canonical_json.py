"""JSON in the one form of RFC 8785, so that a hash over it means the same to everyone.

Of the RFC's values, floating-point numbers are refused: our entries count in whole grams, metres and đồng.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Final

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool | None

LARGEST_BYTES: Final = 65_535  # an entry bundle of tlog-tiles gives each entry's length in two bytes
LARGEST_INT: Final = (1 << 53) - 1  # RFC 7493 2.2: beyond it, readers in other languages round
_DEEPEST: Final = 100
_FEWEST_SALT_BYTES: Final = 16


class NotCanonical(ValueError):  # noqa: N818 – named for what it says, as `Refused` is
    """A value that has no canonical form here; the message names its kind, never its content."""


class TooLong(NotCanonical):
    """The canonical form is longer than an entry of the log may be."""


def canonical(value: Json) -> bytes:
    """Return the RFC 8785 form in UTF-8. Raise NotCanonical, or TooLong above 65,535 bytes."""
    text = json.dumps(_ordered(value, 0), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        form = text.encode()
    except UnicodeEncodeError as half:
        raise NotCanonical("a text holds half of a surrogate pair") from half
    if len(form) > LARGEST_BYTES:
        raise TooLong(f"{len(form)} bytes, of {LARGEST_BYTES} at most")
    return form


def commitment(salt: bytes, payload: Json) -> str:
    """Return SHA-256(salt ‖ canonical payload) in hex: with the salt erased, it tells nothing of the payload."""
    if len(salt) < _FEWEST_SALT_BYTES:
        raise ValueError(f"a salt has at least {_FEWEST_SALT_BYTES} bytes")
    return hashlib.sha256(salt + canonical(payload)).hexdigest()


def _ordered(value: object, depth: int) -> object:
    """Return the value with every object's names in order of their UTF-16 code units (RFC 8785 3.2.3)."""
    if depth > _DEEPEST:
        raise NotCanonical(f"nested deeper than {_DEEPEST}")
    match value:
        case dict():
            return {name: _ordered(value[name], depth + 1) for name in sorted(value, key=_utf16)}
        case list():
            return [_ordered(item, depth + 1) for item in value]
        case None | bool() | str():
            return value
        case int() if -LARGEST_INT <= value <= LARGEST_INT:
            return int(value)
        case int():
            raise NotCanonical("a whole number beyond 2^53")
        case _:
            raise NotCanonical(f"a value of type {type(value).__name__}")


def _utf16(name: object) -> bytes:
    if not isinstance(name, str):
        raise NotCanonical(f"a name of type {type(name).__name__}")
    return name.encode("utf-16-be", "surrogatepass")
