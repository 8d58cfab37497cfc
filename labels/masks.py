"""Which of the eight masks: ISO/IEC 18004:2015 7.8.3.1, on the finished symbol, many symbols at a time.

Rows and columns are words (column 0 in the highest bit, light beyond the symbol), so that one shift compares all
neighbours of a line. Lines lie along the first axis and symbols along the last: every step is one pass over memory.
"""

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
    for start in range(0, len(both), BLOCK):
        lines = np.ascontiguousarray(both[start : start + BLOCK].T)
        scores = np.stack([penalties(lines ^ mask[:, None], size) for mask in masks])
        best[start : start + BLOCK] = scores.argmin(axis=0)
    return both[:, :size] ^ masks[best, :size], best


def penalties(lines: Words, size: int) -> NDArray[np.int32]:
    """(symbols,) penalty of each symbol, from its (2 · size, symbols) lines: rows, then columns."""
    word = lines.dtype.type
    bits = lines.dtype.itemsize * 8
    inside = word(((1 << (size - 1)) - 1) << (bits - size + 1))  # neighbours c, c+1 with both in the symbol
    one, two, four, seven = word(1), word(2), word(4), word(7)
    right = lines << one
    differ = (lines ^ right) & inside
    equal = differ ^ inside
    pair = equal & (equal << one)
    five = pair & (pair << two)
    starts = five & ~(five >> one)
    runs = _total(np.bitwise_count(five) + 2 * np.bitwise_count(starts))  # a run of n ≥ 5 costs n - 2
    rows = lines[:size]
    blocks = equal[1:size] & equal[: size - 1] & ~(rows[1:] ^ rows[:-1])
    squares = _total(np.bitwise_count(blocks))
    edge = differ & (differ << one)
    finder = lines & edge & (edge << four) & (pair << two)
    after = lines | right
    after |= after << two
    before = (lines >> one) | (lines >> two)
    before |= before >> two
    finder &= ~((after << seven) & before)  # four light modules on one side are enough; outside counts as light
    finders = _total(np.bitwise_count(finder))
    total = size * size
    off = np.abs(20 * _total(np.bitwise_count(rows)) - 10 * total) // total
    penalty: NDArray[np.int32] = runs + 3 * squares + 40 * finders + 10 * off
    return penalty


def _total(counts: NDArray[np.uint8]) -> NDArray[np.int32]:
    total: NDArray[np.int32] = np.add.reduce(counts, axis=0, dtype=np.int32)
    return total
