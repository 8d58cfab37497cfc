"""A data folder that is full to the last byte, full to the last file, then read-only: phones are answered, people who
work get a 503 in words, and everything goes on by itself once there is room again. Real processes on a small tmpfs."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.browser import environment, free_port, wait_for
from tests.conftest import Model, make_settings
from tests.stress import TOKEN, Stage, Visitor, furnish
from trace import create_app
from trace.db import db
from trace.settings import ROOT, Settings

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 16 MB and 300 files."""
    place = Path(tempfile.mkdtemp(prefix="temgoc-disk-"))
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,nr_inodes=300", "tmpfs", str(place)], check=False)
    if done.returncode:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("!!! no tmpfs can be mounted here (needs root): a full disk is not tried !!!")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
    place.rmdir()


@pytest.fixture
def place(disk: Path, sqlite_model: Model) -> Settings:
    """Everything on that disk, the keys and their memory of numbers, too."""
    import shutil

    shutil.copytree(sqlite_model.secrets, disk / "secrets")
    shutil.copy(sqlite_model.database_url.removeprefix("sqlite:///"), disk / "data.sqlite3")
    return make_settings(disk, f"sqlite:///{disk / 'data.sqlite3'}")


@pytest.fixture
def stage(place: Settings) -> Stage:
    app = create_app(place)
    with app.app_context():
        stage = furnish(db.get_session("default"), waiting=1, codes=100)
        for engine in db.engines.values():
            engine.dispose()
    return stage


@contextmanager
def server(settings: Settings) -> Iterator[Visitor]:
    """A web server that ends as at a power cut."""
    port = free_port()
    own = environment(settings, HOST="127.0.0.1", PORT=str(port), TEMGOC_LOG_LEVEL="error")
    process = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=own, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/", process)
        yield Visitor([port])
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def remount(disk: Path, how: str) -> None:
    """Busy until the last process that wrote there is really gone."""
    for _ in range(50):
        if not subprocess.run(
            ["mount", "-o", f"remount,{how}", str(disk)], check=False, capture_output=True
        ).returncode:
            return
        time.sleep(0.1)
    raise AssertionError("the disk could not be remounted")


def fill(disk: Path) -> None:
    """To the last byte."""
    with (disk / "filler").open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def fill_with_files(disk: Path) -> None:
    with suppress(OSError):
        for number in range(10_000):
            (disk / f"file{number}").touch()


def issue(me: Visitor, stage: Stage) -> tuple[int, str]:
    form = {"csrf_token": me.csrf, "mark": uuid4().hex, "batch": stage.batch, "count": "60"}
    status, _, page = me.ask("POST", "/my/stamps/new", urlencode(form).encode(), FORM)
    return status, page


def works(me: Visitor, stage: Stage) -> bool:
    status, page = issue(me, stage)
    assert status in {302, 503}, page[page.find("<main") :][:3000]
    return status == 302


def stops_in_words(me: Visitor, stage: Stage) -> None:
    """The last room inside the database's files is used up; from there on the answer is 503, and never another."""
    for _ in range(400):
        status, page = issue(me, stage)
        assert status in {302, 503}
        if status == 503:
            break
    else:
        pytest.fail("the disk is not full yet")
    assert "Không mất gì cả" in page
    assert {issue(me, stage)[0] for _ in range(3)} <= {302, 503}


def phones_are_answered(me: Visitor, stage: Stage) -> None:
    for code in stage.codes[:5]:
        status, _, page = me.ask("GET", f"/T/{code}")
        assert status == 200
        assert "Na Chi Lăng" in page


def scan(me: Visitor, code: str) -> int:
    token = TOKEN.search(me.ask("GET", f"/T/{code}")[2])
    assert token is not None
    form = urlencode({"by": "phone", "code": code, "token": token[1]})
    return me.ask("POST", "/scan", form.encode(), FORM)[0]


def test_a_full_disk_stops_writing_in_words_and_nothing_else(disk: Path, place: Settings, stage: Stage) -> None:
    with server(place) as me:
        me.sign_in(stage.email)
        assert works(me, stage)

        fill(disk)
        stops_in_words(me, stage)
        phones_are_answered(me, stage)
        assert scan(me, stage.codes[30]) in {204, 503}
        assert me.ask("GET", "/my/stamps")[0] == 200, "who works still reads"
        assert me.ask("GET", "/healthz")[0] == 200

        (disk / "filler").unlink()
        assert works(me, stage), "room again, and nobody had to do anything"
        assert scan(me, stage.codes[31]) == 204

        fill_with_files(disk)
        phones_are_answered(me, stage)
        assert {issue(me, stage)[0] for _ in range(5)} <= {302, 503}
        for file in disk.glob("file*"):
            file.unlink()
        assert works(me, stage)


def test_a_read_only_disk_serves_phones_and_takes_nothing(disk: Path, place: Settings, stage: Stage) -> None:
    with server(place) as me:
        me.sign_in(stage.email)
        assert works(me, stage)
    remount(disk, "ro")
    with server(place) as again:
        again.cookie, again.csrf = me.cookie, me.csrf
        phones_are_answered(again, stage)
        status, page = issue(again, stage)
        assert status == 503
        assert "Không mất gì cả" in page
        assert again.ask("GET", "/my/stamps")[0] == 200
        assert scan(again, stage.codes[40]) == 503
        remount(disk, "rw")
        assert any(works(again, stage) for _ in range(5)), "writable again, and nobody had to do anything"
        assert scan(again, stage.codes[41]) == 204
