"""Each page's drawing operators out of a PDF file, in the order of the pages, by ISO 32000-1 clauses 7.5 and 7.7.3.

A library holds a line for every object of a file, and every object it has seen: memory that grows with the run. Of our
own files, whose index is one plain table, any object can be found with one seek, and nothing need be kept.
"""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ENTRY = 20  # bytes of a line of the index (7.5.4)
TAIL = 1024  # bytes at the end of the file in which readers look for `startxref`
LARGEST_HEAD = 1 << 16  # bytes before an object's stream, or of one without


class Unreadable(Exception):  # noqa: N818 - a finding about a file, which the proof tells
    """The file is not laid out as ours are; says where."""


def contents(path: Path) -> Iterator[bytes]:
    """Yield each page's content, unpacked. Raises `Unreadable` at the first object that is not as it should be."""
    with path.open("rb") as file:
        index, root = _index(file)
        pages = _reference(_head(file, index, root), b"Pages")
        for page in _leaves(file, index, pages):
            yield _stream(file, index, _reference(_head(file, index, page), b"Contents"))


def _index(file: BinaryIO) -> tuple[int, int]:
    """Where the index's line of object 0 begins, and the catalogue's number."""
    size = file.seek(0, 2)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    start = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", tail)
    root = re.search(rb"/Root\s+(\d+)\s+0\s+R", tail)
    if not start or not root:
        raise Unreadable("no trailer at its end")
    file.seek(int(start[1]))
    head = re.match(rb"xref\s+0 \d+\s*?\r?\n", file.read(64))
    if not head:
        raise Unreadable("no plain index")
    return int(start[1]) + head.end(), int(root[1])


def _leaves(file: BinaryIO, index: int, node: int) -> Iterator[int]:
    """The numbers of the pages under a node of the tree."""
    head = _head(file, index, node)
    kids = re.search(rb"/Kids\s*\[([^]]*)\]", head)
    if not kids:
        yield node
        return
    for number in re.findall(rb"(\d+)\s+0\s+R", kids[1]):
        yield from _leaves(file, index, int(number))


def _head(file: BinaryIO, index: int, number: int) -> bytes:
    """An object up to its stream or its end; the file then stands at the stream's first byte, if it has one."""
    file.seek(index + ENTRY * number)
    line = file.read(ENTRY)
    if not re.fullmatch(rb"\d{10} \d{5} n[ \r\n]{2}", line):
        raise Unreadable(f"object {number} is not in the index")
    place = int(line[:10])
    file.seek(place)
    data = file.read(LARGEST_HEAD)
    begin = re.match(rb"\s*%d\s+0\s+obj\b" % number, data)
    end = re.search(rb"\bstream\r?\n|\bendobj\b", data)
    if not begin or not end:
        raise Unreadable(f"object {number} is not where the index says")
    file.seek(place + end.end())
    return data[begin.end() : end.end()]


def _reference(head: bytes, name: bytes) -> int:
    found = re.search(rb"/%b\s+(\d+)\s+0\s+R" % name, head)
    if not found:
        raise Unreadable(f"no {name.decode()}")
    return int(found[1])


def _stream(file: BinaryIO, index: int, number: int) -> bytes:
    head = _head(file, index, number)
    length = re.search(rb"/Length\s+(\d+)(?!\s+\d+\s+R)", head)
    if not head.endswith(b"\n") or not length:
        raise Unreadable(f"object {number} has no content")
    data = file.read(int(length[1]))
    if b"/FlateDecode" not in head:
        return data
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise Unreadable(f"the content of object {number} is damaged") from error
