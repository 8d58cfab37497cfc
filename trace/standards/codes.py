"""The code on a stamp: 16 symbols of Crockford's base 32, which name a run and a place in it to the holder of a key.

Symbol 1 is the key's version in clear. Symbols 2 to 16 are FF1 over 25 bits of run, 20 bits of index in the run and 30
zero bits; a code is ours when the zero bits come back zero, which one guess in 10^9 does, so no stamp needs a row.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from .code_text import ALPHABET, LENGTH, SYMBOL_VALUES, Complaint, Foreign, complaint, grouped, normalise
from .ff1 import Radix32, Words

__all__ = [
    "ALPHABET",
    "INDICES",
    "LENGTH",
    "RUNS",
    "VERSIONS",
    "CodeBook",
    "Complaint",
    "Foreign",
    "Place",
    "Places",
    "complaint",
    "derive_key",
    "grouped",
    "normalise",
    "version_of",
]

RUNS: Final = 1 << 25
INDICES: Final = 1 << 20  # stamps in the largest run
VERSIONS: Final = 32

Codes = NDArray[np.bytes_]

_ZEROS: Final = (1 << 30) - 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where a code points: the key's version, the run's number and the stamp's index in it, from 0."""

    version: int
    run: int
    index: int


@dataclass(frozen=True, slots=True)
class Places:
    """What many codes point to; where `ours` is false the other two figures mean nothing."""

    ours: NDArray[np.bool_]
    run: NDArray[np.int64]
    index: NDArray[np.int64]


def version_of(code: str) -> int:
    """Return the version (0..31) that a code names in clear. Raise ValueError if it begins with no symbol of ours."""
    first = normalise(code)[:1]
    if first not in SYMBOL_VALUES:
        raise ValueError("a code begins with a symbol of its alphabet")
    return SYMBOL_VALUES[first]


def derive_key(secret: bytes, salt: bytes, version: int) -> bytes:
    """Make the 32-byte key of a version from the secret file's bytes and the database's salt (HKDF-SHA256)."""
    if len(secret) < 32 or len(salt) < 16:
        raise ValueError("the secret has at least 32 bytes, the salt 16")
    return HKDF(SHA256(), length=32, salt=salt, info=b"temgoc stamp code, version " + bytes([version])).derive(secret)


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Every code of one key: makes them for a run, and reads them back. Safe to share between threads."""

    version: int
    key: bytes = field(repr=False)
    deployment: str
    _cipher: Radix32 = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not 0 <= self.version < VERSIONS:
            raise ValueError("a version is 0 to 31")
        if len(self.key) != 32:
            raise ValueError("a key has 32 bytes")
        if not self.deployment:
            raise ValueError("a deployment has a name")
        tweak = bytes([self.version]) + unicodedata.normalize("NFC", self.deployment).encode()
        object.__setattr__(self, "_cipher", Radix32(self.key, tweak))

    def code(self, run: int, index: int) -> str:
        """Return the code of one stamp."""
        return str(self.codes(run, index, 1)[0].decode())

    def codes(self, run: int, first: int, count: int) -> Codes:
        """Return the codes of `count` stamps from index `first` on, as an array of 16-byte strings."""
        if not 0 <= run < RUNS:
            raise ValueError("a run's number is 0 to 33554431")
        if first < 0 or count < 0 or first + count > INDICES:
            raise ValueError("an index is 0 to 1048575")
        index = np.arange(first, first + count, dtype=np.uint64)
        left = np.uint64(run << 10) | index >> np.uint64(10)
        left, right = self._cipher.encipher(left, (index & np.uint64(1023)) << np.uint64(30))
        return _spell(left | np.uint64(self.version << 35), right)

    def read(self, code: str) -> Place | None:
        """Return where a code points, or None if it is none of this book's. Case, separators, look-alikes forgiven."""
        symbols = normalise(code)
        if len(symbols) != LENGTH or not all(symbol in SYMBOL_VALUES for symbol in symbols):
            return None
        number = 0
        for symbol in symbols:
            number = number << 5 | SYMBOL_VALUES[symbol]
        if number >> 75 != self.version:
            return None
        left, right = self._cipher.decipher_one(number >> 40 & (1 << 35) - 1, number & (1 << 40) - 1)
        return None if right & _ZEROS else Place(self.version, left >> 10, (left & 1023) << 10 | right >> 30)

    def read_many(self, codes: Codes) -> Places:
        """Read an array of 16-byte strings without separators; case and look-alikes forgiven."""
        left, right, shaped = _unspell(codes)
        ours = shaped & (left >> np.uint64(35) == self.version)
        left, right = self._cipher.decipher(left & np.uint64((1 << 35) - 1), right)
        ours &= right & np.uint64(_ZEROS) == 0
        index = (left & np.uint64(1023)) << np.uint64(10) | right >> np.uint64(30)
        return Places(ours, (left >> np.uint64(10)).astype(np.int64), index.astype(np.int64))


def _pairs() -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """Tables between ten bits and two letters side by side: a code is eight such pairs."""
    letters = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
    spelt = np.stack([np.repeat(letters, 32), np.tile(letters, 32)], axis=1).copy().view(np.uint16).ravel()
    values = np.full(256, _NO_SYMBOL, dtype=np.uint16)
    for byte in range(128):
        values[byte] = SYMBOL_VALUES.get(normalise(chr(byte)), _NO_SYMBOL)
    both = np.arange(1 << 16, dtype=np.uint16).view(np.uint8).reshape(-1, 2)
    high, low = values[both[:, 0]], values[both[:, 1]]
    read = np.where((high | low) < 32, high << np.uint16(5) | low, _NO_PAIR).astype(np.uint16)
    return spelt, read


_NO_SYMBOL: Final = 1 << 5
_NO_PAIR: Final = 1 << 10
_SPELT, _READ = _pairs()


def _spell(left: Words, right: Words) -> Codes:
    """Write halves of 40 bits as symbols."""
    pairs = np.empty((len(left), 8), dtype=np.uint16)
    for half, start in ((left, 0), (right, 4)):
        for place in range(4):
            pairs[:, start + place] = _SPELT[half >> np.uint64(30 - 10 * place) & np.uint64(1023)]
    return pairs.view("S16").ravel()


def _unspell(codes: Codes) -> tuple[Words, Words, NDArray[np.bool_]]:
    """Read symbols as halves of 40 bits, and say which codes have the right shape."""
    # In a wider array a longer text must not be cut to one that reads.
    fits = codes.dtype.itemsize <= LENGTH or np.char.str_len(codes) <= LENGTH
    pairs = _READ[np.ascontiguousarray(codes.astype(f"S{LENGTH}")).view(np.uint16).reshape(-1, 8)]
    halves = [np.zeros(len(codes), dtype=np.uint64) for _ in range(2)]
    for place in range(8):
        halves[place // 4] = halves[place // 4] << np.uint64(10) | pairs[:, place] & np.uint64(1023)
    return halves[0], halves[1], fits & ((pairs & np.uint16(_NO_PAIR)) == 0).all(axis=1)
