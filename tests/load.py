"""A small load maker for the benches: keep-alive connections on the loopback, bounded in count and time."""

import os
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.browser import free_port
from trace.settings import ROOT


@dataclass(frozen=True)
class Load:
    answers: int
    seconds: float
    latencies_s: list[float]

    @property
    def rate(self) -> float:
        return self.answers / self.seconds

    def percentile_ms(self, percent: int) -> float:
        return statistics.quantiles(self.latencies_s, n=100)[percent - 1] * 1000


class _Connection:
    """One keep-alive connection that asks for one path after another."""

    def __init__(self, port: int, requests: Iterator[bytes], status: int) -> None:
        self.expected = b" %d " % status
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.requests = requests
        self.send()

    def send(self) -> None:
        self.received = b""
        self.length: int | None = None
        self.sent_at = time.perf_counter()
        self.socket.sendall(next(self.requests))

    def read(self) -> bool:
        """Take what has come; True when an answer is whole."""
        self.received += self.socket.recv(65536)
        if self.length is None and b"\r\n\r\n" in self.received:
            head, _, _ = self.received.partition(b"\r\n\r\n")
            sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            self.length = len(head) + 4 + int(sizes[0].split(b":")[1])
            assert self.expected in head.split(b"\r\n")[0], head
        return self.length is not None and len(self.received) >= self.length


def load(port: int, paths: Iterator[str], *, seconds: float, connections: int = 4, status: int = 200) -> Load:
    requests = (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() for path in paths)
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = _Connection(port, requests, status)
        selector.register(connection.socket, selectors.EVENT_READ, connection)
    latencies: list[float] = []
    start = time.perf_counter()
    while (now := time.perf_counter()) - start < seconds:
        for key, _ in selector.select(1):
            if key.data.read():
                latencies.append(time.perf_counter() - key.data.sent_at)
                key.data.send()
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    return Load(len(latencies), now - start, latencies)


@contextmanager
def gunicorn(application: str, environ: dict[str, str], *, workers: int = 1, threads: int = 4) -> Iterator[int]:
    """A production server of an application on a free port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--workers", str(workers), "--threads", str(threads)]
    command += ["--config", os.devnull]  # the same plain server for every application that is compared
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", application]
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended"
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as asking:
                asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if asking.recv(1):  # it listens before a worker has read the application
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")
