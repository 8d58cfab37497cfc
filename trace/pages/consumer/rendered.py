"""A page rendered once for many stamps: cut at its marks, packed once, filled in a few microseconds.

A deflate stream is a row of blocks (RFC 1951), so the page's own pieces are compressed once, and a stamp's code and
serial stand between them as stored blocks; only the checksum of RFC 1952 is worked out for each answer.
"""

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass
from datetime import date
from typing import Final

CODE_MARK: Final = "\N{SYMBOL FOR NULL}CODE".encode()
SERIAL_MARK: Final = "\N{SYMBOL FOR NULL}SERIAL".encode()
TOKEN_MARK: Final = "\N{SYMBOL FOR NULL}TOKEN".encode()
"""Stand in a rendered page where a stamp's own code and serial, and the one-time token of this very answer, go; no text
of ours or of a person's contains them."""
_OWN: Final = (CODE_MARK, SERIAL_MARK, TOKEN_MARK)
_MARKS: Final = re.compile(b"(" + b"|".join(_OWN) + b")")
_GZIP_HEAD: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_LAST_BLOCK: Final = b"\x03\x00"

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What differs from one answer to the next."""

    code: str
    serial: str
    token: str
    day: date

    @property
    def words(self) -> tuple[bytes, bytes, bytes]:
        """In the order of the marks."""
        return self.code.encode(), self.serial.encode(), self.token.encode()


@dataclass(frozen=True, slots=True)
class Rendered:
    pieces: tuple[bytes, ...]
    """The page cut at its marks: text, mark, text, mark … text."""
    packed: tuple[bytes, ...]
    """The same, its texts as deflate blocks."""
    headers: Headers
    packed_headers: Headers
    tag: str

    def answer(self, stamp: OwnWords, *, packed: bool) -> tuple[bytes, Headers]:
        """The body and its headers, the length excepted."""
        body = self.filled_and_packed(stamp) if packed else self.filled(stamp)
        tag = f'W/"{self.tag}-{stamp.day.toordinal()}-{stamp.code}"'  # a kept page keeps its token: a day at most
        return body, [*(self.packed_headers if packed else self.headers), ("ETag", tag)]

    def filled(self, stamp: OwnWords) -> bytes:
        own = dict(zip(_OWN, stamp.words, strict=True))
        return b"".join([own.get(piece, piece) for piece in self.pieces])

    def filled_and_packed(self, stamp: OwnWords) -> bytes:
        """The same page as gzip."""
        page = self.filled(stamp)
        own = {mark: _stored(words) for mark, words in zip(_OWN, stamp.words, strict=True)}
        blocks = [own.get(piece, piece) for piece in self.packed]
        return b"".join([_GZIP_HEAD, *blocks, _LAST_BLOCK, struct.pack("<II", zlib.crc32(page), len(page))])


def rendered(page: bytes, headers: Headers) -> Rendered:
    """Cut and pack a page that contains the marks. `headers` come without length and encoding."""
    pieces = tuple(_MARKS.split(page))
    packed = tuple(piece if number % 2 else _deflated(piece) for number, piece in enumerate(pieces))
    return Rendered(
        pieces, packed, headers, [*headers, ("Content-Encoding", "gzip")], hashlib.sha256(page).hexdigest()[:16]
    )


def _deflated(text: bytes) -> bytes:
    """Blocks that end on a byte and are not the last ones."""
    press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return press.compress(text) + press.flush(zlib.Z_SYNC_FLUSH)


def _stored(text: bytes) -> bytes:
    """A block without compression: its length, the length's complement, the bytes."""
    return b"\x00" + struct.pack("<HH", len(text), len(text) ^ 0xFFFF) + text
