"""`serve`: everything a machine of one's own needs, in the foreground: the web server and the worker, until Ctrl-C."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from types import FrameType

import click
from flask.cli import with_appcontext

from ..db import db
from ..service import settings
from ..settings import StartRefused
from . import demo
from .children import start as start_child
from .database import bring_up_to_date

READY_WITHIN_S = 60
STOPS_WITHIN_S = 25
WORKER = ("flask", "--app", "trace", "worker")
MOST_DEATHS = 5
"""A worker that ends by itself is started again; one that ends so often within a minute is broken."""


@click.command("serve")
@with_appcontext
def serve_command() -> None:
    """Migrate, fill a demonstration when empty, and serve on HOST and PORT until Ctrl-C."""
    host, port = _place()
    bring_up_to_date(settings(), say=click.echo)
    if settings().demo:
        demo.fill_when_empty()
    offered = demo.tell() if settings().demo else None
    for engine in db.engines.values():
        engine.dispose()
    os.environ.setdefault("TEMGOC_LOG_LEVEL", "warning")  # the terminal is for the lines below; `info` shows requests
    with _Children() as children:
        children.start("gunicorn", "--config", "gunicorn.conf.py")
        children.wait_until(lambda: _answers(_reachable(host), port))
        children.start(*WORKER)
        if offered is not None:
            demo.show(offered)
        _say_where(host, port)
        children.watch()


def _place() -> tuple[str, int]:
    """HOST and PORT, refused in words when nothing can listen there: gunicorn would try for a while first."""
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise StartRefused(f"PORT is {port!r}: give a whole number from 1 to 65535.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as taken:
            raise StartRefused(
                f"Nothing can listen on {host} port {port} ({taken.strerror}): choose another PORT."
            ) from None
    return host, int(port)


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # nosec B104 # noqa: S104 - compared, not bound


def _answers(host: str, port: int) -> bool:
    connection = HTTPConnection(host, port, timeout=5)
    with suppress(OSError, HTTPException):
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    return False


def _say_where(host: str, port: int) -> None:
    if settings().demo and _reachable(host) == host:
        click.echo("\nFor a phone on the same network, stop this and run:")
        click.echo(f"  HOST=0.0.0.0 PORT={port} TEMGOC_PUBLIC_URL=http://{_own_address()}:{port} make run")
    click.echo(f"\nTem Gốc runs at {settings().public_url} – Ctrl-C stops it.")


def _own_address() -> str:
    """This machine's address in its network. Nothing is sent: a UDP socket only asks the routing table."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # RFC 5737: an address that nobody has
        return str(probe.getsockname()[0])
    return "<this machine's address>"


class _Stopped(Exception):  # noqa: N818 - asked to stop, no error
    """Somebody pressed Ctrl-C, closed the terminal, or the service manager said so."""


class _Children:
    """The processes we started: they stop when we do, even when we are killed."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._deaths: list[float] = []

    def __enter__(self) -> "_Children":
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, _stop)
        return self

    def start(self, tool: str, *words: str) -> None:
        self._running[tool] = start_child(tool, *words)

    def wait_until(self, ready: Callable[[], bool]) -> None:
        for _ in range(READY_WITHIN_S * 5):
            if ready():
                return
            self._refuse_dead()
            time.sleep(0.2)
        raise StartRefused(f"The web server did not answer within {READY_WITHIN_S} seconds: see the lines above.")

    def watch(self) -> None:
        """Until somebody stops us, or the web server ends by itself."""
        while True:
            self._revive_worker()
            self._refuse_dead()
            time.sleep(0.5)

    def _revive_worker(self) -> None:
        """What it was doing waits in the database, and goes on."""
        if self._running[WORKER[0]].poll() is None:
            return
        self._deaths = [at for at in self._deaths if time.monotonic() - at < 60] + [time.monotonic()]
        if len(self._deaths) < MOST_DEATHS:
            click.echo("The worker ended by itself: starting it again.", err=True)
            self.start(*WORKER)

    def _refuse_dead(self) -> None:
        for tool, child in self._running.items():
            if child.poll() is not None:
                raise StartRefused(f"{tool} ended by itself: see the lines above.")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> bool:
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)  # a second Ctrl-C must not leave an orphan
        for child in self._running.values():
            child.terminate()
        deadline = time.monotonic() + STOPS_WITHIN_S
        for child in self._running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        return kind is _Stopped


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Stopped
