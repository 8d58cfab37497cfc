"""Clients that send a byte now and then, by malice or by a bad line, do not stop others."""

import re
import socket
import time
from contextlib import ExitStack
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.patience import HEAD_S, MOST_BODY, MOST_HEAD, SLOWEST_BYTES_A_SECOND, Arriving

ON_SQLITE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
"""What is tested lies before any database."""
HEADERS = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "
BODY = b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\na="


@pytest.mark.parametrize("start", [HEADERS, BODY], ids=["headers", "bodies"])
@ON_SQLITE
def test_slow_senders_do_not_stop_others(live_server: str, start: bytes) -> None:
    parts = urlsplit(live_server)
    with ExitStack() as stack:
        crowd = [
            stack.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=5)) for _ in range(150)
        ]
        for each in crowd:
            each.sendall(start)
        longest = 0.0
        for _ in range(5):
            for each in crowd:
                each.sendall(b"x")
            began = time.monotonic()
            with urlopen(f"{live_server}/healthz", timeout=10) as answer:
                assert answer.status == 200
            longest = max(longest, time.monotonic() - began)
    assert longest < 5


def _raw(live_server: str, sent: bytes, answers: int = 1) -> list[bytes]:
    """Status lines of the answers to raw bytes on one connection."""
    parts = urlsplit(live_server)
    received = b""
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall(sent)
        while received.count(b"HTTP/1.1 ") < answers:
            piece = connection.recv(65536)
            if not piece:
                break
            received += piece
    return re.findall(rb"HTTP/1\.1 \d+ [A-Za-z ]+", received)


@ON_SQLITE
def test_requests_sent_together_are_answered_in_turn(live_server: str) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert _raw(live_server, one * 3, answers=3) == [b"HTTP/1.1 200 OK"] * 3


@ON_SQLITE
def test_a_connection_is_used_again_and_again(live_server: str) -> None:
    parts = urlsplit(live_server)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    for _ in range(5):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
    connection.close()


@ON_SQLITE
def test_bodies_of_any_size_arrive_whole(live_server: str) -> None:
    parts = urlsplit(live_server)
    for size in (0, 1, 300_000, 6_000_000):
        connection = HTTPConnection(str(parts.hostname), parts.port, timeout=30)
        connection.request("POST", "/healthz", body=b"x" * size)
        assert connection.getresponse().status == 405, size
        connection.close()


@ON_SQLITE
def test_chunked_bodies_and_clients_that_ask_first_are_served(live_server: str) -> None:
    chunked = b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert _raw(live_server, chunked)[-1].startswith(b"HTTP/1.1 405")
    asking = b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    assert _raw(live_server, asking) == [b"HTTP/1.1 100 Continue"]


NONSENSE = (
    [b"\r\n\r\n", b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: -4\r\n\r\n",
     b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9" + b"9" * 30 + b"\r\n\r\n", b"GET /" + b"a" * 70_000]
)  # fmt: skip


@ON_SQLITE
def test_nonsense_is_refused_and_harms_nobody(live_server: str) -> None:
    for nonsense in NONSENSE:
        assert all(line.split()[1] >= b"400" for line in _raw(live_server, nonsense)), nonsense[:40]
        with urlopen(f"{live_server}/healthz", timeout=10) as answer:
            assert answer.status == 200


@given(st.binary(max_size=300), st.lists(st.integers(1, 60), min_size=1))
def test_a_request_is_whole_exactly_when_its_last_byte_has_come(body: bytes, cuts: list[int]) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\ncontent-LENGTH: %d\r\n\r\n" % len(body) + body
    arriving, place = Arriving(0.0), 0
    while place < len(request):
        assert not arriving.whole
        size = cuts[place % len(cuts)]
        arriving.add(request[place : place + size], 0.0)
        place += size
    assert arriving.whole
    assert bytes(arriving.bytes) == request


def test_deadlines_go_by_size_and_endless_heads_are_not_awaited() -> None:
    arriving = Arriving(100.0)
    assert arriving.deadline == 100 + HEAD_S
    arriving.add(b"POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", 110.0)
    assert arriving.deadline == 110 + HEAD_S + 2_000_000 / SLOWEST_BYTES_A_SECOND
    endless = Arriving(0.0)
    endless.add(b"x" * (MOST_HEAD + 1), 0.0)
    assert endless.whole
    huge = Arriving(0.0)
    huge.add(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY * 2), 0.0)
    assert huge.whole  # refused unread
