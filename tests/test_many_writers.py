"""The real server on SQLite: eight who write at once, readers beside an open write, and forty hostile files."""

import random
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.browser import serving
from tests.stress import Visitor, furnish
from trace.db import open_engine
from trace.settings import Settings

FORM = "application/x-www-form-urlencoded"
pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def beside(me: Visitor) -> Visitor:
    """The same person in another window."""
    other = Visitor(me.ports)
    other.cookie, other.csrf = me.cookie, me.csrf
    return other


def test_eight_writers_and_a_reader_beside_an_open_write_never_hear_of_a_lock(
    session: Session, settings: Settings
) -> None:
    stage = furnish(session, waiting=0, codes=10)
    session.commit()
    answers: Counter[int] = Counter()
    with serving(settings, TEMGOC_WORKERS="2") as url:
        me = Visitor([urlsplit(url).port or 0])
        me.sign_in(stage.email)

        def write(number: int) -> None:
            window = beside(me)
            for turn in range(4):
                form = {"csrf_token": me.csrf, "mark": uuid4().hex, "name": f"Vi Thị {number}-{turn}"}
                answers[window.ask("POST", "/my/growers/new", urlencode(form).encode(), FORM)[0]] += 1

        crowd = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in crowd:
            thread.start()
        for thread in crowd:
            thread.join()
        assert answers == {302: 32}

        assert me.ask("GET", "/my/stamps")[0] == 200  # takes away what the forms left to be said, which is a write
        engine = open_engine(settings.database_url)
        with engine.begin() as writing:
            writing.execute(text("UPDATE deployment SET made_at = made_at"))
            began = time.monotonic()
            assert me.ask("GET", f"/T/{stage.codes[0]}")[0] == 200
            assert me.ask("GET", "/my/stamps")[0] == 200
            assert time.monotonic() - began < 5, "a reader waited for the writer"
        engine.dispose()


def hostile(number: int) -> bytes:
    """Beginnings that promise a picture or a paper, and what does not keep the promise."""
    dice = random.Random(number)
    heads = (
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"RIFF\xff\xff\xff\xffWEBP",
        b"%PDF-1.7\n",
        b"GIF89a",
        b"PK\x03\x04",
    )
    return heads[number % len(heads)] + dice.randbytes(600_000)


def memory_kb(url: str) -> int:
    """Of all processes that listen on this address's port."""
    port = str(urlsplit(url).port)
    total = 0
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if f"PORT={port}\0" in (place / "environ").read_text() and b"gunicorn" in (place / "cmdline").read_bytes():
                status = (place / "status").read_text()
                total += int(status.split("VmRSS:")[1].split()[0])
        except (OSError, IndexError):
            continue
    return total


def test_forty_hostile_files_are_refused_and_the_servers_memory_stays_flat(
    session: Session, settings: Settings
) -> None:
    stage = furnish(session, waiting=0, codes=10)
    session.commit()
    with serving(settings) as url:
        me = Visitor([urlsplit(url).port or 0])
        me.sign_in(stage.email)
        address = f"/my/batches/{stage.batch}/photos"

        def send(number: int) -> int:
            edge = uuid4().hex
            head = 'form-data; name="photo"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
            mark = f'--{edge}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{me.csrf}\r\n'
            body = (
                f"{mark}--{edge}\r\nContent-Disposition: {head}".encode()
                + hostile(number)
                + f"\r\n--{edge}--\r\n".encode()
            )
            return me.ask("POST", address, body, f"multipart/form-data; boundary={edge}")[0]

        assert {send(number) for number in range(6)} == {422}
        before = memory_kb(url)
        assert before > 30_000, "the server's processes have been found"
        assert {send(number) for number in range(40)} == {422}
        assert memory_kb(url) - before < 40_000, "kilobytes more after forty files of 600 kB"
        assert me.ask("GET", f"/T/{stage.codes[0]}")[0] == 200
