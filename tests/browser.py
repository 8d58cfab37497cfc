"""A real Chromium, and the real server for it to visit."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from trace.settings import ROOT, Settings

READY_WITHIN_S = 30


def _get_browser() -> ModuleType:
    spec = importlib.util.spec_from_file_location("get_browser", Path(__file__).with_name("get_browser.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser; open a context for each visitor. Where none can be had the test is skipped, in CI it fails."""
    get_browser = _get_browser()
    path = get_browser.find()
    if path is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("!!! no Chromium here: run `make browser` !!!")
    with sync_playwright() as playwright:
        browser = get_browser.launch(playwright, path)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    """The environment of a process of the service with these settings."""
    own = {
        "TEMGOC_MODE": settings.mode,
        "TEMGOC_INSTANCE": str(settings.instance),
        "TEMGOC_DATABASE_URL": settings.database_url,
        "TEMGOC_PUBLIC_URL": settings.public_url,
        "TEMGOC_WORKERS": "1",
        "TEMGOC_LOG_LEVEL": "warning",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMGOC_")}
    return kept | own | changes


@contextmanager
def serving(settings: Settings, **changes: str) -> Iterator[str]:
    """The service under gunicorn on a free port of this machine; gives its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    surroundings = environment(settings, TEMGOC_PUBLIC_URL=url, HOST="127.0.0.1", PORT=str(port)) | changes
    server = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=surroundings, start_new_session=True)
    try:
        wait_for(f"{url}/healthz", server)
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # at once: a browser's open connections are not waited for
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(READY_WITHIN_S * 10):
        assert server.poll() is None, "the server ended by itself"
        try:
            with urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


@pytest.fixture
def live_server(settings: Settings) -> Iterator[str]:
    """The address of the real server, over the same database as `session`."""
    with serving(settings) as url:
        yield url


@contextmanager
def pressing(settings: Settings) -> Iterator[None]:
    """The press beside the server, as `make run` has it."""
    command = [sys.executable, "-m", "flask", "--app", "trace", "press"]
    press = subprocess.Popen(command, cwd=ROOT, env=environment(settings), start_new_session=True)
    try:
        yield
    finally:
        press.terminate()
        press.wait(20)
