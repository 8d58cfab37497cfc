"""Gunicorn's threaded worker, but a request gets a thread only once it has arrived whole.

A phone on a bad line, or somebody with bad intentions, may send a byte now and then. The worker's one loop waits for
all of them at once, as a proxy would; threads answer requests and wait for nobody. What is held meanwhile is what was
really sent, each request has a deadline by its size, and who is slower is let go.
"""

import re
import selectors
import time
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped] # it ships no types

HEAD_S: Final = 20
SLOWEST_BYTES_A_SECOND: Final = 20_000
MOST_HEAD: Final = 64 << 10
"""More than gunicorn's own limits let a head have: its parser refuses what is longer."""
MOST_BODY: Final = 26 << 20
"""A little more than a form may have: what is larger is answered 413 without being read."""
MOST_HELD: Final = 256 << 20
"""Of all requests together; beyond that they take a thread each, as they did without us."""
AT_ONCE: Final = 256 << 10
LINGER_S: Final = 2.0
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
_EXPECTS: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_END: Final = b"\r\n\r\n"


class Arriving:
    """A request as far as it has come in."""

    def __init__(self, now: float) -> None:
        self.bytes = bytearray()
        self.deadline = now + HEAD_S
        self.needs: int | None = None
        """Bytes of head and body together; None while the head is not whole."""
        self.chunked = False

    def add(self, piece: bytes, now: float) -> bool:
        """Take a piece; says whether the client waits to be told to go on."""
        self.bytes += piece
        if self.needs is not None:
            return False
        end = self.bytes.find(_END, max(0, len(self.bytes) - len(piece) - len(_END)))
        if end < 0:
            return False
        head = bytes(self.bytes[: end + len(_END)])
        length = _LENGTH.search(head)
        body = int(length[1]) if length and len(length[1]) < 16 else 0
        self.chunked = _CHUNKED.search(head) is not None
        self.needs = len(head) + body
        self.deadline = max(
            self.deadline, now + HEAD_S + (MOST_BODY if self.chunked else body) / SLOWEST_BYTES_A_SECOND
        )
        return bool(_EXPECTS.search(head)) and not self.whole

    @property
    def whole(self) -> bool:
        """Nothing more need be waited for: all of it is here, or it is for the parser to refuse."""
        if self.needs is None:
            return len(self.bytes) > MOST_HEAD
        if self.chunked:
            return self.bytes.endswith(b"0" + _END) or len(self.bytes) > MOST_BODY
        return len(self.bytes) >= self.needs or self.needs > MOST_BODY


class Connection(TConn):  # type: ignore[misc] # see above
    arriving: Arriving | None = None

    def init(self) -> None:
        """Give the parser what has been read already, before it asks the socket."""
        super().init()
        if self.arriving is not None:
            self.parser.unreader.unread(bytes(self.arriving.bytes))
            self.arriving = None


class PatientWorker(ThreadWorker):  # type: ignore[misc] # see above
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: set[Connection] = set()
        self._held = 0
        self._looked_at = 0.0

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self._await(Connection(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: Connection, client: Any) -> None:
        """A kept-alive connection begins its next request."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    def _await(self, conn: Connection) -> None:
        conn.arriving = Arriving(time.monotonic())
        conn.sock.setblocking(False)
        self._waiting.add(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._on_piece, conn))
        self._on_piece(conn, conn.sock)  # most requests have arrived with the connection

    def _on_piece(self, conn: Connection, client: Any) -> None:
        assert conn.arriving is not None
        try:
            piece = client.recv(AT_ONCE)
            if piece and conn.arriving.add(piece, time.monotonic()):
                client.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        self._held += len(piece)
        if not piece:
            self._let_go(conn)
        elif conn.arriving.whole or self._held > MOST_HELD:
            self._stop_waiting(conn)
            conn.data_ready = True
            self.enqueue_req(conn)

    def _stop_waiting(self, conn: Connection) -> None:
        assert conn.arriving is not None
        self._waiting.discard(conn)
        self._held -= len(conn.arriving.bytes)
        self.poller.unregister(conn.sock)

    def _let_go(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Called at every turn of the loop: look at the deadlines once a second. A stopping worker waits no longer."""
        super().murder_pending()
        now = time.monotonic()
        if now - self._looked_at < 1:
            return
        self._looked_at = now
        latest = now if self.alive else now + HEAD_S - LINGER_S
        for conn in [conn for conn in self._waiting if conn.arriving and conn.arriving.deadline < latest]:
            self._let_go(conn)
