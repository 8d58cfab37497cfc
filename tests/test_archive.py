"""The pages that outlive the service: a folder of files, opened in a browser with nothing but a static server."""

import hashlib
import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

import trace.archive.stamps
from tests.conftest import AUDITOR, NOON, TODAY, House, code_of
from trace.archive import make_archive
from trace.db import db
from trace.records import Batch, BatchVerdict, Run, Upload
from trace.service import keyring
from trace.standards.codes import grouped
from trace.work.batches import decide
from trace.work.history import record
from trace.work.stamps import void

GTIN = "09521234543213"


def archived(app: Flask, session: Session, out: Path) -> int:
    """Make or refresh it; how many files were written."""
    told: list[tuple[str, int, int]] = []
    session.expire_all()
    root = "http://tem.test"
    folder = make_archive(
        app, session, keyring(), out, today=TODAY, root=root, progress=lambda *line: told.append(line)
    )
    assert ("stamps" in {what for what, _, _ in told}) or folder.known("stamps")
    return folder.written


@pytest.fixture
def made(app: Flask, session: Session, house: House, batch: Batch, run: Run, tmp_path: Path) -> Path:
    house.product.gtin = GTIN
    session.commit()
    archived(app, session, tmp_path / "archive")
    return tmp_path / "archive"


class StaticOnly(SimpleHTTPRequestHandler):
    """Any web server: files, folders' index.html, and 404.html for the rest."""

    def send_error(self, code: int, *args: Any, **kwargs: Any) -> None:
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def static(made: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticOnly, directory=str(made)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_public_page_is_there_in_every_language(made: Path, house: House, batch: Batch) -> None:
    for path in (f"c/{house.cooperative.public_id}", f"p/{house.product.public_id}", f"b/{batch.public_id}", "recalls"):
        for name, words in (("index.html", "vi"), ("en.html", "en"), ("zh.html", "zh-Hans")):
            assert f'<html lang="{words}">' in (made / path / name).read_text()
    assert (made / f"b/{batch.public_id}.jsonld").exists()
    assert (made / f"01/{GTIN}/index.html").exists()
    assert GTIN in (made / f"01/{GTIN}/10/{batch.code}/linkset.json").read_text()


def test_it_hands_out_no_code(made: Path, run: Run) -> None:
    codes = [code_of(run, number) for number in range(1, 101)]
    for path in made.rglob("*"):
        if path.is_file():
            content = path.read_bytes().decode("latin-1")
            assert not [code for code in codes if code in content or grouped(code) in content], path


def test_each_code_is_found_by_its_hash(made: Path, run: Run, batch: Batch) -> None:
    for number, state in ((1, "active"), (50, "active"), (51, "made"), (100, "made")):
        digits = hashlib.sha256(code_of(run, number).encode()).hexdigest()
        lines = (made / f"s/{digits[:3]}.txt").read_text().splitlines()
        [line] = [line for line in lines if line.startswith(digits[3:16])]
        _, stamps, serial = line.split()
        assert int(serial, 16) == number
        told = (made / f"s/r/{stamps}.txt").read_text().split()
        assert told == [state, batch.public_id if state == "active" else "-", run.label]


def test_links_lead_to_files_that_are_there(made: Path) -> None:
    missing = []
    for page in made.rglob("*.html"):
        for address in re.findall(r'(?:href|src|srcset|content)="(/[^"]*|\w\w\.html|index\.html)"', page.read_text()):
            path = address.partition("#")[0].partition("?")[0]
            target = made / path[1:] if path.startswith("/") else page.parent / path
            if not (target.is_file() or (target / "index.html").is_file()):
                missing.append(f"{page.relative_to(made)} → {address}")
    assert not missing, "\n".join(missing)


def test_a_second_time_nothing_is_written_again_and_a_change_only_what_it_touches(
    app: Flask, session: Session, made: Path, batch: Batch, run: Run
) -> None:
    assert archived(app, session, made) == 0
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng vượt mức")
    session.commit()
    assert archived(app, session, made) > 0
    assert "dư lượng vượt mức" in (made / f"b/{batch.public_id}/index.html").read_text()
    assert (made / f"recalls/{batch.public_id}/index.html").exists()
    before = next((made / "s").glob("*.txt")).stat().st_mtime_ns
    assert archived(app, session, made) == 0
    void(session, run, 60, 60, "kẹt máy in", actor=AUDITOR, now=NOON)
    session.commit()
    archived(app, session, made)
    assert next((made / "s").glob("*.txt")).stat().st_mtime_ns != before


def test_what_changes_while_an_archive_is_made_is_in_it_or_in_the_next(
    app: Flask, session: Session, house: House, other_house: House, tmp_path: Path
) -> None:
    session.commit()
    out = tmp_path / "archive"

    def rename(what: str, place: int, _of: int) -> None:
        if (what, place) == ("cooperatives", 1):
            first = next(each for each in (house, other_house) if (out / f"c/{each.cooperative.public_id}").exists())
            left = (house if first is other_house else other_house).cooperative
            left.name = "HTX Tên Mới"
            record(session, "cooperative.changed", left, actor=AUDITOR, now=NOON)
            session.commit()

    for progress in (rename, lambda *_: None):
        make_archive(
            app, db.get_session("read"), keyring(), out, today=TODAY, root="http://tem.test", progress=progress
        )
        db.get_session("read").rollback()  # each is a process of its own
    pages = [path.read_text() for path in (out / "c").glob("*/index.html")]
    assert len(pages) == 2
    assert sum("HTX Tên Mới" in page for page in pages) == 1


def test_killed_in_the_middle_it_goes_on(
    app: Flask, session: Session, house: House, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "archive"

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(trace.archive.stamps, "_write_run", killed)
        with pytest.raises(KeyboardInterrupt):
            archived(app, session, out)
    assert (out / "s.part").exists()
    with (out / ".archive.jsonl").open("a") as file:
        file.write('["cut sho')
    first = (out / f"c/{house.cooperative.public_id}/index.html").stat().st_mtime_ns
    archived(app, session, out)
    assert (out / f"c/{house.cooperative.public_id}/index.html").stat().st_mtime_ns == first
    assert not (out / "s.part").exists()
    assert list((out / "s").glob("*.txt"))


def test_the_living_pages_never_say_they_are_an_archive(client: FlaskClient, made: Path, batch: Batch) -> None:
    assert "Bản lưu đến ngày" in (made / f"b/{batch.public_id}/index.html").read_text()
    assert "Bản lưu đến ngày" not in client.get(f"/b/{batch.public_id}").text


def test_a_broken_photo_spoils_nothing(app: Flask, session: Session, house: House, run: Run, tmp_path: Path) -> None:
    broken = Upload(
        name="x.jpg", media_type="image/jpeg", sha256="0" * 64, size_bytes=1, width_px=4, height_px=3, content=b"x",
        cooperative_id=house.cooperative.id, created_at=NOON,
    )  # fmt: skip
    session.add(broken)
    house.product.photo = broken
    session.commit()
    assert archived(app, session, tmp_path / "archive") > 20


@pytest.mark.browser
@pytest.mark.parametrize("language", ["vi-VN", "en-GB", "zh-CN"])
def test_a_stamp_resolves_in_a_browser_with_the_service_stopped(
    chromium: Browser, static: str, run: Run, batch: Batch, language: str
) -> None:
    visitor = chromium.new_context(locale=language, viewport={"width": 360, "height": 640})
    page = visitor.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    word = {
        "vi-VN": "Mã tem có trong kho lưu",
        "en-GB": "This stamp code is in the archive",
        "zh-CN": "标签编码在档案中",
    }
    for path in (
        f"/T/{code_of(run, 7)}",
        f"/01/{GTIN}/21/{code_of(run, 7)}",
        f"/404.html?code={grouped(code_of(run, 7)).lower()}",
    ):
        page.goto(static + path)
        page.wait_for_selector("#batch .env h1")
        assert word[language] in page.inner_text("#stamp")
        assert "HNM-26A-0000007" in page.inner_text("#stamp")
        assert batch.code in page.inner_text("#batch")
        assert not page.query_selector("#stamp .env"), "only the batch's own verdict wears a colour"
    for code, number in ((code_of(run, 60), "HNM-26A-0000060"), ("0000000000000000", "")):
        page.goto(f"{static}/T/{code}")
        page.wait_for_selector("#stamp .env")
        assert number in page.inner_text("#stamp")
        assert not page.query_selector("#batch .env")
    assert not faults
    visitor.close()


@pytest.mark.browser
def test_without_a_script_a_person_finds_the_batch_by_its_serial(
    chromium: Browser, static: str, run: Run, batch: Batch
) -> None:
    visitor = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = visitor.new_page()
    page.goto(f"{static}/T/{code_of(run, 7)}")
    page.click("text=HTX Na Mẫu")
    page.wait_for_url("**/stamps.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert "HNM-26A-0000001 – HNM-26A-0000050" in page.inner_text("main")
    page.click(f"text={batch.code}")
    page.wait_for_load_state()
    assert "Na Chi Lăng" in page.inner_text("main")
    visitor.close()
