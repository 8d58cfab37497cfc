"""FF1 format-preserving encryption (NIST SP 800-38G, algorithms 7 and 8), over AES.

Two paths: `encipher` and `decipher` follow the standard step by step for any radix and length, one numeral string
at a time; `Radix32` is the same function for 15 symbols of radix 32, where every modulus is a power of two, so that
numpy can run a whole array of strings through each Feistel round with one AES call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

ROUNDS: Final = 10
Words = NDArray[np.uint64]

_CHUNK: Final = 1 << 14  # strings enciphered together: their blocks stay in the processor's second-level cache


def encipher(key: bytes, tweak: bytes, radix: int, numerals: Sequence[int]) -> list[int]:
    """Encipher numerals (each 0..radix-1). Raise ValueError where the standard forbids the radix, length or numeral."""
    _admit(radix, numerals)
    u = len(numerals) // 2
    left, right = list(numerals[:u]), list(numerals[u:])
    for i in range(ROUNDS):
        width = u if i % 2 == 0 else len(numerals) - u
        total = _number(left, radix) + _round(key, tweak, (radix, len(numerals)), i, right)
        left, right = right, _string(total % radix**width, radix, width)
    return left + right


def decipher(key: bytes, tweak: bytes, radix: int, numerals: Sequence[int]) -> list[int]:
    """Undo `encipher`; the same refusals."""
    _admit(radix, numerals)
    u = len(numerals) // 2
    left, right = list(numerals[:u]), list(numerals[u:])
    for i in reversed(range(ROUNDS)):
        width = u if i % 2 == 0 else len(numerals) - u
        rest = _number(right, radix) - _round(key, tweak, (radix, len(numerals)), i, left)
        left, right = _string(rest % radix**width, radix, width), left
    return left + right


def _admit(radix: int, numerals: Sequence[int]) -> None:
    if not 2 <= radix <= 1 << 16:
        raise ValueError("radix is 2 to 65536")
    if len(numerals) < 2 or radix ** len(numerals) < 100:
        raise ValueError("too few numerals for this radix")
    if not all(0 <= numeral < radix for numeral in numerals):
        raise ValueError("a numeral lies outside the radix")


def _number(numerals: Sequence[int], radix: int) -> int:
    return reduce(lambda total, numeral: total * radix + numeral, numerals, 0)


def _string(number: int, radix: int, width: int) -> list[int]:
    numerals = []
    for _ in range(width):
        number, numeral = divmod(number, radix)
        numerals.append(numeral)
    return numerals[::-1]


def _ecb(key: bytes) -> Cipher[modes.ECB]:
    # The bare block cipher is what FF1 is built from; no two blocks of anyone's text go through it side by side.
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305  # nosec B305


def _header(radix: int, length: int, tweak_length: int) -> bytes:
    fixed = bytes([1, 2, 1]) + radix.to_bytes(3, "big") + bytes([ROUNDS, length // 2 % 256])
    return fixed + length.to_bytes(4, "big") + tweak_length.to_bytes(4, "big")


def _round(key: bytes, tweak: bytes, shape: tuple[int, int], i: int, half: Sequence[int]) -> int:
    """Steps 6.i to 6.v: the number y that round i adds to one half, made from the other. Shape is radix and length."""
    radix, length = shape
    half_bits = (radix ** (length - length // 2) - 1).bit_length()
    half_bytes = -(-half_bits // 8)
    wanted = 4 * -(-half_bytes // 4) + 4
    padding = bytes((-len(tweak) - half_bytes - 1) % 16)
    text = tweak + padding + bytes([i]) + _number(half, radix).to_bytes(half_bytes, "big")
    mac = _mac(key, _header(radix, length, len(tweak)) + text)
    stream = mac
    for counter in range(1, -(-wanted // 16)):
        block = int.from_bytes(mac, "big") ^ counter
        stream += _ecb(key).encryptor().update(block.to_bytes(16, "big"))
    return int.from_bytes(stream[:wanted], "big")


def _mac(key: bytes, text: bytes) -> bytes:
    encryptor = Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor()
    return encryptor.update(text)[-16:]


_LEFT_BITS: Final = 35
_RIGHT_BITS: Final = 40
_LEFT: Final = (1 << _LEFT_BITS) - 1
_RIGHT: Final = (1 << _RIGHT_BITS) - 1


@dataclass(frozen=True, slots=True)
class Radix32:
    """FF1 over strings of 15 symbols of radix 32, each string held as a left half of 35 bits and a right half of 40.

    The last six bytes of the MAC's text are the round's number and the half string: all before them is the same for
    every string and round, and is folded into `_before` once.
    """

    key: bytes = field(repr=False)
    tweak: bytes
    _cipher: Cipher[modes.ECB] = field(init=False, repr=False, compare=False)
    _before: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        text = self.tweak + bytes((-len(self.tweak) - 6) % 16 + 6)
        before = _mac(self.key, _header(32, 15, len(self.tweak)) + text[:-16])
        object.__setattr__(self, "_cipher", _ecb(self.key))
        object.__setattr__(self, "_before", int.from_bytes(before, "big") ^ int.from_bytes(text[-16:], "big"))

    def encipher(self, left: Words, right: Words) -> tuple[Words, Words]:
        """Encipher arrays of halves; new arrays are returned."""
        return self._in_chunks(left, right, forward=True)

    def decipher(self, left: Words, right: Words) -> tuple[Words, Words]:
        """Undo `encipher`."""
        return self._in_chunks(left, right, forward=False)

    def decipher_one(self, left: int, right: int) -> tuple[int, int]:
        """Decipher a single string: for one alone, plain integers are ten times faster than arrays."""
        update = self._cipher.encryptor().update
        for i in reversed(range(ROUNDS)):
            block = update((self._before ^ i << 40 ^ left).to_bytes(16, "big"))
            mask = _RIGHT if i % 2 else _LEFT
            left, right = right - int.from_bytes(block[7:12], "big") & mask, left
        return left, right

    def _in_chunks(self, left: Words, right: Words, *, forward: bool) -> tuple[Words, Words]:
        lefts, rights = np.empty_like(left), np.empty_like(right)
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            run = self._forward if forward else self._backward
            lefts[part], rights[part] = run(left[part], right[part])
        return lefts, rights

    def _forward(self, left: Words, right: Words) -> tuple[Words, Words]:
        rounds = _Rounds(self._cipher, self._before, len(left))
        for i in range(ROUNDS):
            left, right = right, (left + rounds.added(i, right)) & np.uint64(_RIGHT if i % 2 else _LEFT)
        return left, right

    def _backward(self, left: Words, right: Words) -> tuple[Words, Words]:
        rounds = _Rounds(self._cipher, self._before, len(left))
        for i in reversed(range(ROUNDS)):
            left, right = (right - rounds.added(i, left)) & np.uint64(_RIGHT if i % 2 else _LEFT), left
        return left, right


class _Rounds:
    """The AES blocks of one array of strings, laid out once and used again for each of the ten rounds."""

    def __init__(self, cipher: Cipher[modes.ECB], before: int, count: int) -> None:
        self._encryptor = cipher.encryptor()
        self._low = before & (1 << 64) - 1
        self._blocks = np.empty((count, 2), dtype=">u8")
        self._blocks[:, 0] = before >> 64
        self._answer = bytearray(16 * count + 15)  # update_into wants a block's room to spare
        # Of y only the last 40 bits count, modulo 2^35 or 2^40: bytes 7 to 11 of a block, read within bytes 4 to 11.
        self._sums = np.ndarray((count,), dtype=">u8", buffer=self._answer, offset=4, strides=(16,))

    def added(self, i: int, half: Words) -> Words:
        """The last 40 bits (and stray ones above them) of what round i adds to each string."""
        self._blocks[:, 1] = half ^ np.uint64(self._low ^ i << 40)
        self._encryptor.update_into(self._blocks.data.cast("B"), self._answer)
        return self._sums.astype(np.uint64)
