"""What a visitor's software prefers: Accept (RFC 9110 §12) and Accept-Language with lookup (RFC 4647 §3.4).

Whatever the headers hold, something is answered: parts that make no sense are left out, and never an error.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

_LONGEST: Final = 8_192
_MOST: Final = 100
_WORD: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA: Final = re.compile(rf"({_WORD})/({_WORD})")
_LANGUAGE: Final = re.compile(r"\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


def _weighed(header: str) -> Iterator[tuple[str, float]]:
    """Yield each item with its q; those with a q that is none (NaN, 2, -1) are left out."""
    for item in header[:_LONGEST].split(",")[:_MOST]:
        value, *parameters = (part.strip() for part in item.split(";"))
        quality = next((part[2:].strip() for part in parameters if part[:2].lower() == "q="), "1")
        if value and _QUALITY.fullmatch(quality):
            yield value, float(quality)


@lru_cache(256)
def languages(header: str) -> tuple[str, ...]:
    """Return the language ranges in falling preference, in small letters, the refused (q=0) left out."""
    ranges = [(value.lower(), quality) for value, quality in _weighed(header) if _LANGUAGE.fullmatch(value)]
    return tuple(value for value, quality in sorted(ranges, key=lambda pair: -pair[1]) if quality > 0)


def look_up(ranges: Sequence[str], available: Sequence[str]) -> str | None:
    """Return the available tag that RFC 4647 lookup finds first (vi-VN finds vi), or None."""
    tags = {tag.lower(): tag for tag in available}
    for wanted in ranges:
        parts = wanted.lower().split("-")
        while parts:
            if (tag := tags.get("-".join(parts))) is not None:
                return tag
            parts.pop()
            if parts and len(parts[-1]) == 1:
                parts.pop()
    return None


def media_quality(header: str, media_type: str) -> float:
    """Return the q that an Accept header gives a media type, by its most specific range; 1 without a header."""
    if not header.strip():
        return 1.0
    kind, _, name = media_type.lower().partition("/")
    best = (-1, 0.0)
    for value, quality in _weighed(header):
        parts = _MEDIA.fullmatch(value.lower())
        if parts and (rank := _rank(parts[1], parts[2], kind, name)) > best[0]:
            best = (rank, quality)
    return best[1]


def _rank(asked_kind: str, asked_name: str, kind: str, name: str) -> int:
    """How specifically a range names a type: 2 itself, 1 its kind, 0 anything, -1 not at all."""
    if (asked_kind, asked_name) == (kind, name):
        return 2
    if asked_name != "*":
        return -1
    return 1 if asked_kind == kind else 0 if asked_kind == "*" else -1


def best_media(header: str, offered: Sequence[str]) -> str | None:
    """Return the offered media type liked best, the earlier of equals; None if none is acceptable."""
    qualities = [(media_quality(header, media_type), media_type) for media_type in offered]
    quality, media_type = max(qualities, key=lambda pair: pair[0], default=(0.0, ""))
    return media_type if quality > 0 else None
