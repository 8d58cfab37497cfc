"""Speaking to a label printer over TCP, as it is: bytes out, and now and then a question how it is.

Nothing here looks a name up: it is given the address that the operator allowed. A printer that hangs, is out of paper
or breaks the line ends in `Stopped`, with a word that says which; nothing is ever sent twice.
"""

import re
import socket
from collections.abc import Callable
from io import RawIOBase
from typing import Any, BinaryIO, Final

CONNECTS_WITHIN_S, ANSWERS_WITHIN_S = 5.0, 10.0
ROWS_BETWEEN_QUESTIONS: Final = 10
ZPL_QUESTION, TSPL_QUESTION = b"~HS", b"\x1b!?"
ROW_ENDS = {"zpl": b"^XZ\n", "tspl": b"PRINT 1,1\r\n"}
"""Where a row ends. A bitmap that held these very bytes would only be sent in two parts."""
STX, ETX = b"\x02", b"\x03"

UNREACHABLE, LOST, HANGS, PAPER, RIBBON, OPEN, PAUSED, UNREADABLE = (
    "unreachable", "lost", "hangs", "paper", "ribbon", "open", "paused", "unreadable",
)  # fmt: skip
TSPL_FAULTS = ((0x04, PAPER), (0x08, RIBBON), (0x01, OPEN), (0x02, HANGS), (0x10, PAUSED))


class Stopped(Exception):  # noqa: N818 - the printer's doing, not an error of ours
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Wire(RawIOBase, BinaryIO):
    """A stream of rows to a printer. `well` is called with the rows sent, each time it says that it is well."""

    def __init__(self, ip: str, port: int, language: str, *, well: Callable[[int], None]) -> None:
        self.language, self.well = language, well
        self.rows = 0
        try:
            self.line = socket.create_connection((ip, port), CONNECTS_WITHIN_S)
        except OSError as error:
            raise Stopped(UNREACHABLE) from error
        self.line.settimeout(ANSWERS_WITHIN_S)
        self.ask()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Rows as they come: some at a time, and a question after each ten."""
        end = ROW_ENDS[self.language]
        for row in re.findall(b".+?(?:%b|$)" % re.escape(end), bytes(data), re.DOTALL):
            if self.rows and self.rows % ROWS_BETWEEN_QUESTIONS == 0:
                self.ask()
                self.well(self.rows)
            self._send(row)
            self.rows += row.endswith(end)
        return len(data)

    def _send(self, row: bytes) -> None:
        try:
            self.line.sendall(row)
        except TimeoutError as error:
            raise Stopped(HANGS) from error
        except OSError as error:
            raise Stopped(LOST) from error

    def finish(self) -> None:
        """Ask once more: what was sent last is sure only then."""
        self.ask()
        self.well(self.rows)

    def ask(self) -> None:
        """Raises `Stopped` unless the printer is well."""
        try:
            why = self._zpl() if self.language == "zpl" else self._tspl()
        except TimeoutError as error:
            raise Stopped(HANGS) from error
        except OSError as error:
            raise Stopped(LOST) from error
        if why:
            raise Stopped(why)

    def _zpl(self) -> str | None:
        """~HS answers three lines between STX and ETX: paper out and pause stand in the first, head and ribbon in the
        second (ZPL II Programming Guide, ~HS)."""
        self.line.sendall(ZPL_QUESTION)
        answer = b""
        while answer.count(ETX) < 3:
            more = self.line.recv(1024)
            if not more:
                raise ConnectionResetError
            answer += more
            if len(answer) > 4096:
                return UNREADABLE
        first, second = (line.strip(STX + ETX + b"\r\n").split(b",") for line in answer.split(ETX)[:2])
        if len(first) < 3 or len(second) < 4:
            return UNREADABLE
        found = ((first[1], PAPER), (first[2], PAUSED), (second[2], OPEN), (second[3], RIBBON))
        return next((why for flag, why in found if flag.strip() == b"1"), None)

    def _tspl(self) -> str | None:
        self.line.sendall(TSPL_QUESTION)
        answer = self.line.recv(1)
        if not answer:
            raise ConnectionResetError
        return next((why for bit, why in TSPL_FAULTS if answer[0] & bit), None)

    def close(self) -> None:
        line = getattr(self, "line", None)
        if line is not None:
            line.close()
        super().close()
