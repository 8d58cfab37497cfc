"""A label printer's file played into dots, as the printer would: the commands that our writers use, and no others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from .errors import LabelError
from .raster import Bits

_ZPL_ART = re.compile(rb"~DG([^,]+),([0-9]+),([0-9]+),(.*)\n")
_ZPL_FIELD = re.compile(rb"\^FO([0-9]+),([0-9]+)\^(?:XG([^,]+),1,1|GFA,[0-9]+,([0-9]+),([0-9]+),([^^]*))\^FS\n")
_ZPL_SIZE = re.compile(rb"\^PW([0-9]+)\^LL([0-9]+)")
_TSPL_BITMAP = re.compile(rb"BITMAP 0,0,([0-9]+),([0-9]+),0,")
_TSPL_END = b"\r\nPRINT 1,1\r\n"


@dataclass(slots=True)
class Page:
    """One row of the roll: its size in dots, and what is laid on it, each as (top, left, dots)."""

    size: tuple[int, int]
    laid: list[tuple[int, int, Bits]] = field(default_factory=list)

    def part(self, top: int, left: int, high: int, wide: int) -> Bits:
        """What a rectangle of the page shows: everything laid there together."""
        out = np.zeros((high, wide), bool)
        for y, x, bits in self.laid:
            first, last = max(top, y), min(top + high, y + bits.shape[0])
            begin, end = max(left, x), min(left + wide, x + bits.shape[1])
            if first < last and begin < end:
                seen = bits[first - y : last - y, begin - x : end - x]
                out[first - top : last - top, begin - left : end - left] |= seen
        return out


def played(path: Path) -> Iterator[Page]:
    """The rows of a ZPL or TSPL file of ours. Raises LabelError for anything else in it."""
    with path.open("rb") as file:
        first = file.readline()
        if first.startswith(b"~DG"):
            yield from _zpl(file, first)
        elif first.startswith(b"SIZE "):
            yield from _tspl(file)
        else:
            raise _strange(first)


def _strange(line: bytes) -> LabelError:
    return LabelError("unreadable", "A printer would not understand %(line)s.", line=repr(line[:40]))


def _zpl(file: BinaryIO, first: bytes) -> Iterator[Page]:
    found = _ZPL_ART.fullmatch(first)
    if found is None:
        raise _strange(first)
    name, total, row, words = found.groups()
    art = _unpacked(words, int(total) // int(row), int(row))
    page: Page | None = None
    for line in file:
        if line.startswith(b"^XA^ID"):
            return
        if line.startswith(b"^XA"):
            size = _ZPL_SIZE.search(line)
            page = Page((int(size[2]), int(size[1]))) if size else None
        elif line == b"^XZ\n" and page is not None:
            yield page
        else:
            laid = _ZPL_FIELD.fullmatch(line)
            if laid is None or page is None or laid[3] not in {None, name}:
                raise _strange(line)
            bits = art if laid[3] else _unpacked(laid[6], int(laid[4]) // int(laid[5]), int(laid[5]))
            page.laid.append((int(laid[2]), int(laid[1]), bits))
    raise _strange(b"")


def _unpacked(words: bytes, high: int, row: int) -> Bits:
    """A graphic field's hex: a colon repeats the row above, a comma leaves the rest of a row white."""
    digits = 2 * row
    rows: list[bytes] = []
    for found in re.finditer(rb":|[0-9A-F]{%d}|[0-9A-F]{0,%d}," % (digits, digits - 1), words):
        part = found[0]
        rows.append(rows[-1] if part == b":" else part.rstrip(b",").ljust(digits, b"0"))
    packed = np.frombuffer(bytes.fromhex(b"".join(rows).decode()), np.uint8)
    if len(packed) != high * row:
        raise _strange(words)
    return np.unpackbits(packed.reshape(high, row), axis=1).astype(bool)


def _tspl(file: BinaryIO) -> Iterator[Page]:
    line = file.readline()
    while line and line != b"CLS\r\n":  # what the roll is like
        line = file.readline()
    while line:
        size = _TSPL_BITMAP.fullmatch(_head(file))
        if line != b"CLS\r\n" or size is None:
            raise _strange(line)
        wide, high = int(size[1]), int(size[2])
        packed = np.frombuffer(file.read(wide * high), np.uint8)
        if len(packed) != wide * high or file.read(len(_TSPL_END)) != _TSPL_END:
            raise _strange(b"BITMAP")
        yield Page((high, 8 * wide), [(0, 0, np.unpackbits(~packed.reshape(high, wide), axis=1).astype(bool))])
        line = file.readline()


def _head(file: BinaryIO) -> bytes:
    """Up to the comma behind which a bitmap's bytes begin."""
    out = b""
    while out.count(b",") < 5 and (letter := file.read(1)):
        out += letter
    return out
