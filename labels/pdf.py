"""A PDF file written front to back: objects as they come, page nodes of a hundred pages, the index last."""

import hashlib
import zlib
from array import array
from datetime import UTC, datetime
from typing import BinaryIO

FAN = 100  # pages a node: the tree stays flat and the file streams
MM_PT = 72 / 25.4


class PdfFile:
    """Give each object a number with `number()`, write it with `put` or `stream`, end with `close`."""

    def __init__(self, out: BinaryIO, title: str = "") -> None:
        self.out = out
        self.title = title
        self.places = array("Q", [0])
        self.length = 0
        self.hash = hashlib.sha256()
        self.catalog, self.root, self.info = self.number(), self.number(), self.number()
        self.nodes: list[tuple[int, int]] = []
        self.kids: list[int] = []
        self.node = 0
        self.pages = 0
        self._write(b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n")

    def number(self) -> int:
        self.places.append(0)
        return len(self.places) - 1

    def put(self, number: int, body: bytes) -> None:
        self.places[number] = self.length
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def stream(self, number: int, data: bytes, entries: bytes = b"", *, packed: bool = False) -> None:
        """A stream, compressed here unless it comes `packed`."""
        if not packed:
            data = zlib.compress(data, 6)
        head = b"<</Length %d/Filter/FlateDecode%b>>stream\n" % (len(data), entries)
        self.put(number, head + data + b"\nendstream")

    def page(self, data: bytes, boxes: bytes, resources: int) -> None:
        """One page from its packed content."""
        if not self.node:
            self.node = self.number()
        content, page = self.number(), self.number()
        self.stream(content, data, packed=True)
        self.put(
            page,
            b"<</Type/Page/Parent %d 0 R%b/Resources %d 0 R/Contents %d 0 R>>" % (self.node, boxes, resources, content),
        )
        self.kids.append(page)
        self.pages += 1
        if len(self.kids) == FAN:
            self._end_node()

    def close(self) -> None:
        if self.kids:
            self._end_node()
        self._write_tree()
        self.put(
            self.info,
            b"<</Title %b/Producer %b/CreationDate(D:%b)>>"
            % (text(self.title), text("Tem Gốc"), datetime.now(UTC).strftime("%Y%m%d%H%M%SZ").encode()),
        )
        self.put(
            self.catalog,
            b"<</Type/Catalog/Pages %d 0 R/ViewerPreferences<</PrintScaling/None/DisplayDocTitle true>>>>" % self.root,
        )
        start = self.length
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self.places))
        for first in range(1, len(self.places), 5000):
            self._write(b"".join(b"%010d 00000 n \n" % place for place in self.places[first : first + 5000]))
        self._write(
            b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
            % (len(self.places), self.catalog, self.info, start)
        )

    def _end_node(self) -> None:
        self.nodes.append((self.node, len(self.kids)))
        kids = b" ".join(b"%d 0 R" % kid for kid in self.kids)
        self.put(self.node, b"<</Type/Pages/Parent %d 0 R/Kids[%b]/Count %d>>" % (self.root, kids, len(self.kids)))
        self.node, self.kids = 0, []

    def _write_tree(self) -> None:
        kids = b" ".join(b"%d 0 R" % node for node, _ in self.nodes)
        self.put(self.root, b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, self.pages))

    def _write(self, data: bytes) -> None:
        self.out.write(data)
        self.hash.update(data)
        self.length += len(data)


def text(value: str) -> bytes:
    """A text string as PDF writes it (UTF-16 with its mark, in hex)."""
    return b"<" + (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode() + b">"


def num(value: float) -> bytes:
    """A number to a tenth of a micrometre, without needless zeros."""
    return (f"{value:.4f}".rstrip("0").rstrip(".") or "0").replace("-0", "0" if abs(value) < 5e-5 else "-0").encode()
