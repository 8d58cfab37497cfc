"""QR symbols: one with the qrcode library, a million by algebra on what that library says.

With version, level, mask and one segment fixed, a symbol is an affine function over GF(2) of its data bits. So the
library is asked for one base symbol and, once for each data bit that varies in a run, for the symbol with that bit
flipped; all others are sums of these. Rows are words with column 0 in the highest bit; beside its rows each symbol
carries its columns, packed alike, because the mask is judged on both.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import qrcode
from numpy.typing import NDArray
from qrcode import exceptions, util

from .errors import LabelError
from .masks import choose

LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}  # the two bits that the symbol itself carries
MASKS = 8
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = np.full(256, 255, np.uint16)
_VALUES[[ord(c) for c in ALPHANUMERIC]] = np.arange(45)

Words = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True)
class Symbols:
    """Finished symbols: `rows[i, r]` is row r of symbol i, column 0 in the highest bit; `masks[i]` is the mask."""

    size: int
    rows: Words
    masks: NDArray[np.uint8]

    def row_bytes(self) -> NDArray[np.uint8]:
        """(count, size, bytes a row): each row's modules, eight a byte, dark = 1, the last byte filled with light."""
        count, size = self.rows.shape
        wide = np.ascontiguousarray(self.rows.astype(self.rows.dtype.newbyteorder(">")))
        return wide.view(np.uint8).reshape(count, size, -1)[:, :, : -(-size // 8)]

    def matrix(self, index: int) -> NDArray[np.bool_]:
        """(size, size) of one symbol, dark = True."""
        bits = np.unpackbits(self.row_bytes()[index], axis=1)[:, : self.size]
        return bits.astype(bool)


def version_of(link: str, level: str = "M") -> int:
    """The smallest version that holds the link in one segment. Raises LabelError past version 40."""
    code = qrcode.QRCode(error_correction=LEVELS[level])
    code.add_data(link, optimize=0)
    try:
        return int(code.best_fit())
    except (exceptions.DataOverflowError, ValueError) as error:
        raise LabelError("long-link", "No symbol of level %(level)s holds %(link)r.", level=level, link=link) from error


def size_of(version: int) -> int:
    """Modules a side."""
    return 17 + 4 * version


def symbol(link: str, level: str = "M") -> NDArray[np.bool_]:
    """One link's symbol as a matrix, dark = True, without quiet zone."""
    return symbols([link], level).matrix(0)


def symbols(links: Sequence[str], level: str = "M", version: int | None = None) -> Symbols:
    """The symbols of some links, in their order and all of one version: that given, or the smallest that holds each.

    Raises LabelError if a link does not fit.
    """
    kinds = _kinds(links)
    least = max(version_of(link, level) for link in kinds.values())
    version = least if version is None else version
    if least > version:
        raise LabelError(
            "longer-than-first",
            "The run began with links for symbols of version %(version)d; a later one needs %(least)d.",
            version=version,
            least=least,
        )
    if len(kinds) == 1:
        [(length, mode)] = kinds
        both = _maker(version, level, mode, length).unmasked(links)
    else:
        both = np.empty((len(links), 2 * size_of(version)), _word(size_of(version)))
        names = [(len(link), _mode(link)) for link in links]
        for kind in kinds:
            where = [i for i, name in enumerate(names) if name == kind]
            both[where] = _maker(version, level, kind[1], kind[0]).unmasked([links[i] for i in where])
    size = size_of(version)
    rows, masks = choose(both, size, masks_of(version, level))
    return Symbols(size, rows, masks)


def _kinds(links: Sequence[str]) -> dict[tuple[int, int], str]:
    """One link of each length and mode; a run of one kind is told by a single look at all its letters."""
    first = links[0]
    alike = len({*map(len, links)}) == 1 and {link[:1] for link in links} == {first[:1]}
    if alike and not first[:1].isdigit() and _mode("".join(links)) == util.MODE_ALPHA_NUM:
        return {(len(first), util.MODE_ALPHA_NUM): first}
    return {(len(link), _mode(link)): link for link in links}


def _mode(link: str) -> int:
    return int(util.optimal_mode(link.encode()))


def _word(size: int) -> type[np.uint32] | type[np.uint64]:
    return np.uint32 if size <= 32 else np.uint64


def _packed(matrix: NDArray[np.bool_]) -> Words:
    """Rows then columns of one matrix, one word each."""
    size = len(matrix)
    word = _word(size)
    width = np.dtype(word).itemsize
    padded = np.zeros((2 * size, width * 8), np.uint8)
    padded[:size, :size] = matrix
    padded[size:, :size] = matrix.T
    words: Any = np.packbits(padded, axis=1).view(np.dtype(word).newbyteorder(">")).astype(word).ravel()
    return words  # type: ignore[no-any-return]  # numpy's stubs lose the word


class _Flipped(util.QRData):  # type: ignore[misc]  # qrcode ships no types
    """A link whose n-th data bit has been turned over."""

    flip: int | None = None

    def write(self, buffer: Any) -> None:
        plain = util.BitBuffer()
        super().write(plain)
        for place in range(len(plain)):
            buffer.put_bit(plain.get(place) ^ (place == self.flip))


def _ask(link: str, version: int, level: str, mask: int, flip: int | None = None) -> Words:
    """What the qrcode library draws for this link, mask and turned bit."""
    code = qrcode.QRCode(version=version, error_correction=LEVELS[level], border=0, mask_pattern=mask)
    data = _Flipped(link)
    data.flip = flip
    code.add_data(data)
    code.make(fit=False)
    return _packed(np.array(code.modules, dtype=bool))


@lru_cache(maxsize=64)
def masks_of(version: int, level: str) -> Words:
    """(8, 2 · size): what to add to a symbol drawn with mask 0 to have it with each mask, format bits included."""
    zero = _ask("0", version, level, 0)
    return np.stack([_ask("0", version, level, mask) ^ zero for mask in range(MASKS)])


@lru_cache(maxsize=64)
def _maker(version: int, level: str, mode: int, length: int) -> "_Maker":
    return _Maker(version, level, mode, length)


class _Maker:
    """Symbols, at mask 0, of all links of one length and mode."""

    def __init__(self, version: int, level: str, mode: int, length: int) -> None:
        self.version, self.level, self.mode, self.length = version, level, mode, length
        self.base: str | None = None
        self.rest: Words | None = None
        self.tables: dict[int, Words] = {}
        self.lock = threading.Lock()

    def unmasked(self, links: Sequence[str]) -> Words:
        """(count, 2 · size): by the tables, or by the library where building the tables would take longer."""
        values = self._values(links)
        with self.lock:
            if self.base is None:
                self.base = links[0]
                self.rest = _ask(links[0], self.version, self.level, 0)
            varying = np.flatnonzero((values != self._values([self.base])).any(axis=0))
            missing = [place for place in varying.tolist() if place not in self.tables]
            if sum(self._bits(place)[1] for place in missing) > len(links):
                return np.stack([_ask(link, self.version, self.level, 0) for link in links])
            for place in missing:
                self._learn(place)
        assert self.rest is not None
        total = np.repeat(self.rest[None, :], len(links), axis=0)
        for place in self.tables:
            total ^= self.tables[place][values[:, place]]
        return total

    def _values(self, links: Sequence[str]) -> NDArray[np.uint16]:
        """(count, places): pairs of characters as one number of 11 bits, a last single one of 6; or bytes."""
        letters = np.frombuffer("".join(links).encode(), np.uint8).reshape(len(links), self.length)
        if self.mode != util.MODE_ALPHA_NUM:
            return letters.astype(np.uint16)
        values = _VALUES[letters]
        even = self.length - self.length % 2
        pairs = values[:, 0:even:2] * 45 + values[:, 1:even:2]
        return np.hstack([pairs, values[:, even:]])

    def _bits(self, place: int) -> tuple[int, int]:
        """First data bit and number of bits of one place."""
        if self.mode != util.MODE_ALPHA_NUM:
            return 8 * place, 8
        return 11 * place, 11 if 2 * place + 1 < self.length else 6

    def _learn(self, place: int) -> None:
        """Ask for each bit of one place, and take its part out of the rest."""
        assert self.base is not None
        assert self.rest is not None
        first, count = self._bits(place)
        base = _ask(self.base, self.version, self.level, 0)
        table = np.zeros((1 << count, base.size), base.dtype)
        for bit in range(count):
            weight = 1 << bit
            alone = base ^ _ask(self.base, self.version, self.level, 0, first + count - 1 - bit)
            table[weight : 2 * weight] = table[:weight] ^ alone
        self.tables[place] = table
        self.rest = self.rest ^ table[self._values([self.base])[0, place]]
