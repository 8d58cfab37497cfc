"""The PIN under a stamp's scratch layer: six symbols that nothing else on the stamp tells.

The first 30 bits of HMAC-SHA256(PIN key of the run, index, reissue number), in the stamps' own alphabet. Its secret is
another file than the codes', and its HKDF label another one, so neither key says anything about the other.
"""

import hmac
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .code_text import ALPHABET, normalise

PIN_LENGTH: Final = 6
STAND_IN: Final = "X" * PIN_LENGTH
"""Stands on samples and pictures of a sheet, where no true PIN may be seen."""
_PAIRS: Final = [one + other for one in ALPHABET for other in ALPHABET]


def derive_pin_key(secret: bytes, salt: bytes, version: int) -> bytes:
    """Make the 32-byte key of a version from its file's bytes and the database's salt (HKDF-SHA256)."""
    if len(secret) < 32 or len(salt) < 16:
        raise ValueError("the secret has at least 32 bytes, the salt 16")
    return HKDF(SHA256(), length=32, salt=salt, info=b"temgoc stamp pin, version " + bytes([version])).derive(secret)


@dataclass(frozen=True, slots=True)
class PinBook:
    """Every PIN of one key."""

    key: bytes = field(repr=False)

    def pin(self, run: int, index: int, reissue: int = 0) -> str:
        return next(self.pins(run, index, 1, reissue))

    def pins(self, run: int, first: int, count: int, reissue: int = 0) -> Iterator[str]:
        """The PINs of `count` stamps of a run from index `first` (from 0) on."""
        key = hmac.digest(self.key, struct.pack(">I", run), "sha256")
        for index in range(first, first + count):
            bits = int.from_bytes(hmac.digest(key, struct.pack(">II", index, reissue), "sha256")[:4]) >> 2
            yield _PAIRS[bits >> 20] + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]

    def fits(self, typed: str, run: int, index: int, reissue: int = 0) -> bool:
        """Whether a person typed this stamp's PIN; case, separators and look-alikes forgiven, in constant time."""
        return hmac.compare_digest(self.pin(run, index, reissue).encode(), normalise(typed).encode())
