"""Signed notes (C2SP signed-note) and the keys that sign them: a text, an empty line, signature lines.

Two kinds of Ed25519 signature are known: the log's own over the text, and a witness's cosignature over the text and
the time (C2SP tlog-cosignature). Lines of other kinds or by unknown keys are kept and left alone.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_DASH: Final = "— "
_MOST_SIGNATURES: Final = 100
_LONGEST_NOTE: Final = 100_000


class BadNote(ValueError):  # noqa: N818 – named for what it says, as `Refused` is
    """A text that is no signed note, or a signature by a known key that does not hold."""


class Kind(IntEnum):
    """What a key signs: the byte that goes into its id."""

    NOTE = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name and id, and the bytes signed with it."""

    name: str
    key_id: bytes
    content: bytes

    @property
    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.content).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a line end, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(signature.line for signature in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """Return the note with further signatures; one by the same key takes the place of the older one."""
        kept = {(signature.name, signature.key_id): signature for signature in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))

    @classmethod
    def parse(cls, content: bytes) -> "Note":
        """Read a signed note. Raise BadNote."""
        try:
            whole = content[: _LONGEST_NOTE + 1].decode()
        except UnicodeDecodeError as wrong:
            raise BadNote("not UTF-8") from wrong
        text, gap, lines = whole.rpartition("\n\n")
        if not gap or not lines.endswith("\n") or len(content) > _LONGEST_NOTE:
            raise BadNote("no empty line before the signatures, or no end")
        if any(letter < " " and letter != "\n" for letter in whole):
            raise BadNote("control characters")
        return cls(text + "\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines, each with its line end; at least one. Raise BadNote."""
    found = tuple(_signature(line) for line in lines.removesuffix("\n").split("\n"))
    if not lines.endswith("\n") or len(found) > _MOST_SIGNATURES:
        raise BadNote("too many signatures, or no line end")
    return found


def _signature(line: str) -> Signature:
    name, _, coded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not _is_name(name):
        raise BadNote("a signature line has another form")
    content = unbase64(coded)
    if len(content) < 5:
        raise BadNote("a signature is too short")
    return Signature(name, content[:4], content[4:])


def unbase64(coded: str) -> bytes:
    """Read standard base 64 in its one proper spelling. Raise BadNote."""
    try:
        content = base64.b64decode(coded.encode(), validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise BadNote("not base 64") from wrong
    if base64.b64encode(content).decode() != coded:
        raise BadNote("base 64 with stray bits")
    return content


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() or letter < " " for letter in name)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with the name it signs under."""

    name: str
    kind: Kind
    public: bytes

    def __post_init__(self) -> None:
        if not _is_name(self.name) or len(self.public) != 32:
            raise ValueError("a key has a name without blanks or +, and 32 bytes")

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as people hand it on: name+id+base64."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read a key as `vkey` writes it. Raise BadNote."""
        name, _, rest = vkey.strip().partition("+")
        key_id, _, coded = rest.partition("+")
        content = unbase64(coded)
        try:
            verifier = cls(name, Kind(content[0]), content[1:])
        except (ValueError, IndexError) as wrong:
            raise BadNote("no Ed25519 key for notes or cosignatures") from wrong
        if verifier.key_id.hex() != key_id:
            raise BadNote("the key's id is not its own")
        return verifier

    def check(self, note: Note) -> Signature | None:
        """Return this key's signature under the note, None if it has none. Raise BadNote if one does not hold."""
        held = None
        for signature in note.signatures:
            if (signature.name, signature.key_id) == (self.name, self.key_id):
                if not self._holds(note.text, signature):
                    raise BadNote(f"the signature of {self.name} does not hold")
                held = held or signature
        return held

    def _holds(self, text: str, signature: Signature) -> bool:
        signed, content = text.encode(), signature.content
        if self.kind is Kind.COSIGNATURE:
            if len(content) != 72 or content[0] & 0x80:
                return False
            signed, content = _cosigned(cosigned_at(signature), text), content[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(content, signed)
        except InvalidSignature:
            return False
        return True


def cosigned_at(signature: Signature) -> int:
    """Return the POSIX time in a cosignature; meaningful once `Verifier.check` returned it."""
    return int.from_bytes(signature.content[:8], "big")


def _cosigned(time: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with the name it signs under: a log's, or a witness's."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    def verifier(self, kind: Kind = Kind.NOTE) -> Verifier:
        """Return the public half."""
        return Verifier(self.name, kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """Sign a note's text, as a log does."""
        return Signature(self.name, self.verifier().key_id, self.private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> Signature:
        """Sign a checkpoint's text and the POSIX time, as a witness does."""
        content = time.to_bytes(8, "big") + self.private.sign(_cosigned(time, text))
        return Signature(self.name, self.verifier(Kind.COSIGNATURE).key_id, content)
