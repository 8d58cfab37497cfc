"""Which of the eight masks: ISO/IEC 18004:2015 7.8.3.1, on the finished symbol, many symbols at a time.

Rows and columns are words (column 0 in the highest bit, light beyond the symbol), so that one shift compares all
neighbours of a line. Lines lie along the first axis and symbols along the last: every step is one pass over memory.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.unsignedinteger[Any]]
BLOCK = 512  # symbols judged together: their words stay in the processor's cache


def choose(both: Words, size: int, masks: Words) -> tuple[Words, NDArray[np.uint8]]:
    """(count, size) rows of the symbols under the mask of lowest penalty (ties: the lower number), and the masks.

    `both` is (count, 2 · size): rows then columns under mask 0; `masks` is (8, 2 · size): what turns mask 0 into each.
    """
    best = np.empty(len(both), np.uint8)
    # Fresh arrays of this size come from the kernel page by page, at ten times the price of the sums.
    room = np.empty((7, 2 * size, min(BLOCK, len(both))), both.dtype)
    for start in range(0, len(both), BLOCK):
        block = both[start : start + BLOCK]
        plain, lines, *spare = room[:, :, : len(block)]
        plain[:] = block.T
        scores = [penalties(np.bitwise_xor(plain, mask[:, None], out=lines), size, spare) for mask in masks]
        best[start : start + BLOCK] = np.stack(scores).argmin(axis=0)
    return both[:, :size] ^ masks[best, :size], best


def penalties(lines: Words, size: int, room: Sequence[Words] | None = None) -> NDArray[np.int32]:
    """(symbols,) penalty of each symbol, from its (2 · size, symbols) lines: rows, then columns.

    `room`: five arrays of the same shape to work in.
    """
    room = room or [np.empty_like(lines) for _ in range(5)]
    runs, pair, differ = _runs(lines, size, room)
    squares = _squares(lines[:size], room[2][:size], room[3])
    finders = _finders(lines, pair, differ, room)
    dark = _total(np.bitwise_count(lines[:size]))
    total = size * size
    penalty: NDArray[np.int32] = runs + 3 * squares + 40 * finders + 10 * (np.abs(20 * dark - 10 * total) // total)
    return penalty


def _inside(size: int, word: type[np.unsignedinteger[Any]]) -> np.unsignedinteger[Any]:
    """The places c whose neighbour c + 1 is in the symbol too."""
    bits = np.dtype(word).itemsize * 8
    return word(((1 << (size - 1)) - 1) << (bits - size + 1))


def _runs(lines: Words, size: int, room: Sequence[Words]) -> tuple[NDArray[np.int32], Words, Words]:
    """Rule 1: a run of n ≥ 5 costs n - 2. Leaves equal steps in room[2]; hands on pairs of them, and unequal steps."""
    pair, differ, equal, five, free = room
    inside = _inside(size, lines.dtype.type)
    np.left_shift(lines, 1, out=differ)
    differ ^= lines
    differ &= inside
    np.bitwise_xor(differ, inside, out=equal)
    np.left_shift(equal, 1, out=pair)
    pair &= equal
    np.left_shift(pair, 2, out=five)
    five &= pair
    counts = np.bitwise_count(five)
    np.right_shift(five, 1, out=free)
    np.invert(free, out=free)
    free &= five  # where a run of five begins
    starts = np.bitwise_count(free)
    counts += starts
    counts += starts
    return _total(counts), pair, differ


def _squares(rows: Words, equal: Words, free: Words) -> NDArray[np.int32]:
    """Rule 2: squares of four alike; each costs 3."""
    found = free[: len(rows) - 1]
    np.bitwise_xor(rows[1:], rows[:-1], out=found)
    np.invert(found, out=found)
    found &= equal[1:]
    found &= equal[:-1]
    return _total(np.bitwise_count(found))


def _finders(lines: Words, pair: Words, differ: Words, room: Sequence[Words]) -> NDArray[np.int32]:
    """Rule 3: 1:1:3:1:1 with four light modules on one side (outside counts as light); each costs 40."""
    edge, found, free = room[2], room[3], room[4]
    np.left_shift(differ, 1, out=edge)
    edge &= differ
    np.left_shift(edge, 4, out=found)
    found &= edge
    found &= lines
    np.left_shift(pair, 2, out=edge)
    found &= edge
    np.right_shift(lines, 1, out=free)
    free |= lines
    np.right_shift(free, 2, out=edge)
    free |= edge  # something dark here or in the three before
    np.right_shift(free, 1, out=edge)
    free <<= 10  # of the four after a pattern; beyond the word lies nothing but light
    edge &= free
    np.invert(edge, out=edge)
    found &= edge
    return _total(np.bitwise_count(found))


def _total(counts: NDArray[np.uint8]) -> NDArray[np.int32]:
    total: NDArray[np.int32] = np.add.reduce(counts, axis=0, dtype=np.int32)
    return total
