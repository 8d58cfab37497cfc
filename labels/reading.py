"""From a symbol's modules back to its link, by ISO/IEC 18004 alone: nothing here knows how the symbols were made.

Many symbols at once. Versions 1 to 6, alphanumeric and byte mode, one segment: what stamps are made of.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
LETTERS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", np.uint8)
LARGEST = 6
# ISO/IEC 18004 table 9, versions 1 to 6: level → (error correction codewords a block, data codewords of each block)
BLOCKS: dict[int, dict[str, tuple[int, tuple[int, ...]]]] = {
    1: {"L": (7, (19,)), "M": (10, (16,)), "Q": (13, (13,)), "H": (17, (9,))},
    2: {"L": (10, (34,)), "M": (16, (28,)), "Q": (22, (22,)), "H": (28, (16,))},
    3: {"L": (15, (55,)), "M": (26, (44,)), "Q": (18, (17,) * 2), "H": (22, (13,) * 2)},
    4: {"L": (20, (80,)), "M": (18, (32,) * 2), "Q": (26, (24,) * 2), "H": (16, (9,) * 4)},
    5: {"L": (26, (108,)), "M": (24, (43,) * 2), "Q": (18, (15, 15, 16, 16)), "H": (22, (11, 11, 12, 12))},
    6: {"L": (18, (68,) * 2), "M": (16, (27,) * 4), "Q": (24, (19,) * 4), "H": (28, (15,) * 4)},
}
LEVEL_OF = {1: "L", 0: "M", 3: "Q", 2: "H"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where a symbol of one version and level keeps its bits."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    order: tuple[NDArray[np.intp], ...]  # each block's codewords, as places in the order of reading
    data: int


def read(matrices: Bytes) -> list[str | None]:
    """The link in each of (count, size, size) symbols, dark = 1; None for one with the smallest fault.

    A fault is any module against the standard's figures, not only one that error correction could not mend.
    """
    size = matrices.shape[1]
    version = (size - 17) // 4
    if not 1 <= version <= LARGEST:
        raise ValueError(f"version {version} is not read here")
    out: list[str | None] = [None] * len(matrices)
    good = (matrices[:, _frame(size)[0]] == _frame(size)[1]).all(axis=1)
    formats = np.where(good, _formats(matrices), -1)
    for value in np.unique(formats[formats >= 0]).tolist():
        where = np.flatnonzero(formats == value)
        for index, link in zip(where.tolist(), _data(matrices[where], version, value), strict=True):
            out[index] = link
    return out


@lru_cache(maxsize=8)
def _frame(size: int) -> tuple[NDArray[np.bool_], Bytes]:
    """Which modules are fixed by the version alone, and their values: finders, timing, alignment, the dark module."""
    known = np.zeros((size, size), bool)
    value = np.zeros((size, size), np.uint8)
    known[6, :] = known[:, 6] = True
    value[6, ::2] = value[::2, 6] = 1
    finder = np.zeros((9, 9), np.uint8)
    finder[1:8, 1:8] = 1
    finder[2:7, 2:7] = 0
    finder[3:6, 3:6] = 1
    for rows, columns, part in (
        (slice(0, 8), slice(0, 8), finder[1:, 1:]),
        (slice(0, 8), slice(size - 8, size), finder[1:, :8]),
        (slice(size - 8, size), slice(0, 8), finder[:8, 1:]),
    ):
        known[rows, columns], value[rows, columns] = True, part
    if size > 21:
        middle = size - 7
        known[middle - 2 : middle + 3, middle - 2 : middle + 3] = True
        value[middle - 2 : middle + 3, middle - 2 : middle + 3] = 1
        value[middle - 1 : middle + 2, middle - 1 : middle + 2] = 0
        value[middle, middle] = 1
    known[size - 8, 8], value[size - 8, 8] = True, 1
    return known, value[known]


def _format_places(size: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(row, column) of the 15 format bits, the highest first, in both places (ISO/IEC 18004 figure 25)."""
    first = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    second = [(size - 1 - i, 8) for i in range(7)] + [(8, size - 8 + i) for i in range(8)]
    return first, second


def _formats(matrices: Bytes) -> NDArray[np.int64]:
    """Level and mask as five bits; -1 where the two copies differ or their check bits are wrong."""
    weights = 1 << np.arange(14, -1, -1)
    words = [
        sum(matrices[:, r, c].astype(np.int64) * weight for (r, c), weight in zip(places, weights, strict=True))
        for places in _format_places(matrices.shape[1])
    ]
    meaning = np.full(1 << 15, -1)
    for value in range(32):
        rest = value << 10
        for bit in range(14, 9, -1):
            if rest >> bit & 1:
                rest ^= 0b10100110111 << (bit - 10)
        meaning[(value << 10 | rest) ^ 0b101010000010010] = value
    found: NDArray[np.int64] = np.where(words[0] == words[1], meaning[words[0]], -1)
    return found


@lru_cache(maxsize=32)
def _plan(version: int, level: str) -> _Plan:
    """Module places in the order of reading, and each block's codewords in it."""
    size = 17 + 4 * version
    known = _frame(size)[0].copy()
    for places in _format_places(size):
        for row, column in places:
            known[row, column] = True
    path = []
    up = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        rows = range(size - 1, -1, -1) if up else range(size)
        path += [(r, c) for r in rows for c in (right, right - 1) if not known[r, c]]
        up = not up
    check, blocks = BLOCKS[version][level]
    order: list[list[int]] = [[] for _ in blocks]
    place = 0
    for index in range(max(blocks)):
        for block, length in zip(order, blocks, strict=True):
            if index < length:
                block.append(place)
                place += 1
    for _ in range(check):
        for block in order:
            block.append(place)
            place += 1
    rows_at, columns_at = np.array(path[: 8 * place]).T
    return _Plan(rows_at, columns_at, tuple(np.array(block) for block in order), sum(blocks))


def _masked(rows: NDArray[np.intp], columns: NDArray[np.intp], mask: int) -> Bytes:
    """ISO/IEC 18004 table 10, at these places."""
    r, c = rows, columns
    rules = ((r + c) % 2, r % 2, c % 3, (r + c) % 3, (r // 2 + c // 3) % 2, r * c % 2 + r * c % 3,
             (r * c % 2 + r * c % 3) % 2, ((r + c) % 2 + r * c % 3) % 2)  # fmt: skip
    found: Bytes = (rules[mask] == 0).astype(np.uint8)
    return found


def _data(matrices: Bytes, version: int, value: int) -> list[str | None]:
    """The links of symbols that share a level and mask."""
    level = LEVEL_OF[value >> 3]
    plan = _plan(version, level)
    bits = matrices[:, plan.rows, plan.columns] ^ _masked(plan.rows, plan.columns, value & 7)
    words = np.packbits(bits, axis=1)
    check = BLOCKS[version][level][0]
    sound = np.ones(len(words), bool)
    parts = []
    for block in plan.order:
        sound &= ~_syndromes(words[:, block], check).any(axis=1)
        parts.append(words[:, block[:-check]])
    links = _texts(np.hstack(parts))
    return [link if fine else None for link, fine in zip(links, sound.tolist(), strict=True)]


@lru_cache(maxsize=32)
def _table(length: int, check: int) -> Bytes:
    """(length, 256, check): what a byte at each place of a block adds to each syndrome."""
    power = np.ones(255, np.int64)
    for i in range(1, 255):
        power[i] = power[i - 1] << 1 ^ (0x11D if power[i - 1] & 0x80 else 0)
    log = np.zeros(256, np.int64)
    log[power] = np.arange(255)
    place = (length - 1 - np.arange(length))[:, None] * np.arange(check)[None, :]
    table: Bytes = power[(log[None, :, None] + place[:, None, :]) % 255].astype(np.uint8)
    table[:, 0, :] = 0
    return table


def _syndromes(block: Bytes, check: int) -> Bytes:
    """(count, check), all 0 for a block without fault."""
    table = _table(block.shape[1], check)
    total = np.zeros((len(block), check), np.uint8)
    for place in range(block.shape[1]):
        total ^= table[place][block[:, place]]
    return total


def _texts(data: Bytes) -> list[str | None]:
    """The one segment of each symbol's data codewords; None where there is another mode or more than the terminator."""
    bits = np.unpackbits(data, axis=1)
    mode, eight, nine = _number(bits, 0, 4), _number(bits, 4, 8), _number(bits, 4, 9)
    out: list[str | None] = [None] * len(data)
    for kind, count in {*zip(mode.tolist(), np.where(mode == 2, nine, eight).tolist(), strict=True)}:
        where = np.flatnonzero((mode == kind) & (np.where(mode == 2, nine, eight) == count))
        letters = _letters(bits[where], kind, count)
        if letters is not None:
            joined = letters.tobytes().decode("latin-1")
            for index, start in zip(where.tolist(), range(0, len(joined), count), strict=True):
                out[index] = joined[start : start + count]
    return out


def _letters(bits: Bytes, kind: int, count: int) -> Bytes | None:
    """(symbols, count) letters of one mode and length; None for lengths that do not fit and other modes."""
    if kind == 4 and count and 12 + 8 * count <= bits.shape[1]:
        return np.packbits(bits[:, 12 : 12 + 8 * count], axis=1)
    if kind != 2 or not count or 13 + 11 * (count // 2) + 6 * (count % 2) > bits.shape[1]:
        return None
    out = np.empty((len(bits), count), np.uint8)
    for index in range(count // 2):
        pair = np.minimum(_number(bits, 13 + 11 * index, 11), 45 * 45 - 1)
        out[:, 2 * index], out[:, 2 * index + 1] = LETTERS[pair // 45], LETTERS[pair % 45]
    if count % 2:
        out[:, -1] = LETTERS[np.minimum(_number(bits, 13 + 11 * (count // 2), 6), 44)]
    return out


def _number(bits: Bytes, first: int, length: int) -> NDArray[np.int64]:
    weights = 1 << np.arange(length - 1, -1, -1)
    found: NDArray[np.int64] = bits[:, first : first + length].astype(np.int64) @ weights
    return found
