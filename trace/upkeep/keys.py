"""Copies of the key folder: its fingerprint, and the same keys on three papers."""

import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..keyfiles import HIGHEST_RUN
from ..standards.shares import NotAShare, as_lines, combine, from_lines, split
from .copies import NotDone

SHOWN = 16
"""Hexadecimal digits that a person types: 64 bits, against slips and not against forgers."""


def files_of(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.key"))


def fingerprint(folder: Path) -> str:
    """What `cat *.key | sha256sum` prints in a copy of the folder, so that any machine can show it."""
    digest = hashlib.sha256()
    for path in files_of(folder):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def shown(whole: str) -> str:
    """The part that is typed, in fours: 1f0a-…"""
    return "-".join(whole[start : start + 4] for start in range(0, SHOWN, 4))


def papers(folder: Path) -> list[list[str]]:
    """The lines of three papers, any two of which bring every key back."""
    found = {path.name: path.read_text().strip() for path in files_of(folder)}
    if not found:
        raise NotDone(f"There are no keys in {folder}.")
    highest = folder / HIGHEST_RUN
    facts = {"keys": found, HIGHEST_RUN: highest.read_text().strip() if highest.exists() else None}
    return [as_lines(share) for share in split(_packed(facts))]


def _packed(facts: Mapping[str, object]) -> bytes:
    """Packed JSON and its check, so that two papers of different days are not taken for one secret."""
    content = zlib.compress(json.dumps(facts, separators=(",", ":"), sort_keys=True).encode(), 9)
    return hashlib.sha256(content).digest()[:8] + content


@dataclass(frozen=True, slots=True)
class Recovered:
    names: list[str]
    fingerprint: str


def from_papers(one: list[str], other: list[str], folder: Path) -> Recovered:
    """Write the keys from two papers into an empty folder. Raises `NotDone` naming a wrongly typed line."""
    try:
        content = combine(from_lines(one), from_lines(other))
    except NotAShare as wrong:
        raise NotDone(str(wrong)) from wrong
    if hashlib.sha256(content[8:]).digest()[:8] != content[:8]:
        raise NotDone("These two papers are of different days: take two that were printed together.")
    facts = json.loads(zlib.decompress(content[8:]))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if files_of(folder):
        raise NotDone(f"{folder} holds keys already: choose an empty folder.")
    for name, words in facts["keys"].items():
        _write(folder / Path(name).name, words)
    if facts[HIGHEST_RUN] is not None:
        (folder / HIGHEST_RUN).write_text(f"{facts[HIGHEST_RUN]}\n")
    return Recovered(sorted(facts["keys"]), fingerprint(folder))


def _write(path: Path, words: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w") as file:
        file.write(words + "\n")
        file.flush()
        os.fsync(file.fileno())
