"""The two commands: what comes up, what is printed last, and that nothing stays behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

from tests.browser import free_port
from trace.settings import ROOT


@contextmanager
def _serving(folder: Path, **changes: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """`flask serve` in a demonstration of its own; gives the process and the lines printed until it was ready."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TEMGOC_")}
    surroundings = kept | {"TEMGOC_INSTANCE": str(folder), "PORT": str(free_port()), "PYTHONUNBUFFERED": "1"} | changes
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "trace", "serve"],
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    lines: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Ctrl-C stops it" in line:
                break
        assert process.poll() is None, lines
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _descendants(pid: int) -> set[int]:
    """Every process below one, as /proc tells it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # ended meanwhile
            continue
        parents[int(stat.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def _wait_until_gone(pids: set[int]) -> set[int]:
    for _ in range(150):
        pids = {pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists() and _alive(pid)}
        if not pids:
            break
        time.sleep(0.2)
    return pids


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_one_command_brings_up_the_demonstration_and_says_last_what_to_try(tmp_path: Path) -> None:
    with _serving(tmp_path) as (process, lines):
        words = "\n".join(lines)
        links = dict(re.findall(r"^  (\w+) +(http\S+/T/\w{16})$", words, re.MULTILINE))
        assert set(links) == {
            "valid", "not_active", "lapsed", "suspended", "recalled", "void", "past_shelf_life",
        }  # fmt: skip
        assert re.search(r"^  officer +\S+@demo\.example$", words, re.MULTILINE)
        assert "HOST=0.0.0.0" in words
        assert "TEMGOC_PUBLIC_URL=http://" in words
        for link in links.values():
            with urlopen(link, timeout=10) as answer:
                assert answer.status == 200

        everything = _descendants(process.pid)
        assert len(everything) >= 3  # gunicorn, its workers
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert _wait_until_gone(everything) == set()


def test_a_second_run_starts_in_seconds_and_keeps_what_is_there(tmp_path: Path) -> None:
    with _serving(tmp_path) as (process, first):
        process.terminate()
        assert process.wait(30) == 0

    began = time.monotonic()
    with _serving(tmp_path) as (process, second):
        assert time.monotonic() - began < 30
        codes = [re.findall(r"/T/(\w{16})", "\n".join(lines)) for lines in (first, second)]
        assert codes[0] == codes[1]
        process.terminate()
        assert process.wait(30) == 0


def test_a_killed_service_leaves_no_orphan(tmp_path: Path) -> None:
    with _serving(tmp_path) as (process, _):
        everything = _descendants(process.pid)
        process.kill()
        process.wait()
        assert _wait_until_gone(everything) == set()


def test_a_taken_port_is_said_and_ends_the_start(tmp_path: Path) -> None:
    with _serving(tmp_path) as (_, lines):
        port = re.search(r"http://127\.0\.0\.1:(\d+) – Ctrl-C", lines[-1])
        assert port is not None
        second = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "trace", "serve"],
            cwd=ROOT,
            env=os.environ | {"TEMGOC_INSTANCE": str(tmp_path), "PORT": port[1]},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 1
        assert second.stderr.strip().endswith("choose another PORT.")
        assert len(second.stderr.strip().splitlines()) == 1


@pytest.mark.browser
def test_a_browser_sees_the_real_server(live_server: str, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    answer = page.goto(f"{live_server}/healthz")
    assert answer is not None
    assert answer.status == 200
    assert "schema" in page.content()
    context.close()
