"""A file that names the witnesses of a log (C2SP tlog-policy), as far as the log needs it: keys and addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from .notes import BadNote, Kind, Verifier

KNOWN = frozenset({"log", "group", "quorum"})
"""Lines for those who verify; a log that asks its witnesses passes them over."""


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody who cosigns checkpoints: `url` is where add-checkpoint is sent, below it."""

    name: str
    key: Verifier
    url: str


def read_policy(words: str) -> tuple[Witness, ...]:
    """The witnesses of a policy file that have an address. Raise BadNote, naming the line."""
    return tuple(_witnesses(words))


def _witnesses(words: str) -> Iterator[Witness]:
    for number, line in enumerate(words.splitlines(), start=1):
        kind, *parts = line.split("#", 1)[0].split() or [""]
        if kind == "witness":
            yield from _witness(parts, number)
        elif kind and kind not in KNOWN:
            raise BadNote(f"line {number}: {kind!r} begins no line of a policy")


def _witness(parts: list[str], number: int) -> Iterator[Witness]:
    if len(parts) not in {2, 3}:
        raise BadNote(f"line {number}: a witness has a name, a key and an address")
    try:
        key = Verifier.parse(parts[1])
    except BadNote as wrong:
        raise BadNote(f"line {number}: {wrong}") from wrong
    if key.kind is not Kind.COSIGNATURE:
        raise BadNote(f"line {number}: this key signs notes, not cosignatures")
    if len(parts) == 3:
        address = urlsplit(parts[2])
        if not re.fullmatch("https?", address.scheme) or not address.hostname:
            raise BadNote(f"line {number}: the address of a witness begins with http:// or https://")
        yield Witness(parts[0], key, parts[2].rstrip("/"))
