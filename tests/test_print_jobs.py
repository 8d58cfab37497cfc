"""Print jobs: made by a press, read back, kept, fetched; killed at any moment and whole all the same."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labels import Written
from tests.browser import environment
from tests.conftest import AUDITOR, NOON, PASSWORD, Clock, House, code_of
from tests.press import fetch_status, fetched, make_waiting
from tests.test_printing import printed
from trace.accounts import Person
from trace.commands.press import own_press
from trace.db import db
from trace.records import Entry, JobState, Notice, PartSheet, PrintChunk, PrintExport, Printing, PrintJob, Run
from trace.service import Keys, keyring, numbering
from trace.settings import ROOT, Settings
from trace.upkeep import press_work
from trace.upkeep.press import Press, clear_away
from trace.work import print_ends
from trace.work.deployments import change_setting
from trace.work.print_ends import release
from trace.work.print_jobs import LEASE, LostLease, again, cancel, take
from trace.work.print_spans import newest_job
from trace.work.printing import Order, print_stamps
from trace.work.refused import Refused
from trace.work.stamps import issue_stamps, void

SignIn = Callable[[Person], FlaskClient]


def ordered(session: Session, run: Run, order: Order) -> PrintJob:
    told = {"keyring": keyring(), "public_url": "http://tem.test", "today": NOON.date()}
    printing = print_stamps(session, run, order, actor=AUDITOR, now=NOON, **told)  # type: ignore[arg-type]
    session.commit()
    job = newest_job(session, printing)
    assert job is not None
    session.commit()
    return job


def made_by(session: Session, press: Press) -> int:
    """The test's own session must not hold the database meanwhile."""
    session.commit()
    made = press.make_waiting()
    session.expire_all()
    return made


def run_of(session: Session, house: House, count: int) -> Run:
    run = issue_stamps(
        session, keyring(), numbering(), house.cooperative, count, actor=AUDITOR, now=NOON, product=house.product
    )
    session.commit()
    return run


def a_press(clock: Clock, name: str = "press") -> Press:
    return replace(own_press(), name=name, now=clock)


def words_in(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def printed_spans(session: Session, run: Run) -> list[tuple[int, int]]:
    session.expire_all()
    return [(row.first, row.last) for row in run.ranges if row.state == "printed"]


def test_a_print_says_how_far_it_is_what_was_read_back_and_who_fetched_it(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    address = f"/my/stamps/printings/{job.printing.public_id}"
    browser = sign_in(house.member)
    page = browser.get(address).text
    assert "Bắt đầu ngay" in page
    assert '<meta http-equiv="refresh"' in page, "it looks again by itself without a script"
    assert browser.get(f"{address}/progress").json == {"open": True, "percent": 0, "words": "Bắt đầu ngay."}
    assert browser.post(f"{address}/file", data={"mark": "a" * 32}).status_code == 409
    assert printed_spans(session, run) == [], "no stamp is printed before its file is released"

    assert make_waiting() == 1
    page = browser.get(address).text
    assert "Đã đọc lại được 10/10 tem" in page
    assert job.sha256 in page
    assert printed_spans(session, run) == [(51, 60)]

    answer = browser.post(f"{address}/file", data={"mark": "b" * 32})
    assert answer.status_code == 302
    with browser.get(answer.location) as file:
        assert len(pypdfium2.PdfDocument(file.data)) == 1
    assert browser.post(f"{address}/file", data={"mark": "b" * 32}).location == answer.location, "pressed twice: once"
    refused = browser.post(f"{address}/file", data={"mark": "c" * 32})
    assert refused.status_code == 422
    assert "ghi lý do" in refused.text
    assert fetch_status(browser, job.printing, "máy tính hỏng") == 200
    page = browser.get(address).text
    assert "2 lần" in page
    assert "máy tính hỏng" in page
    assert house.member.name in page
    kinds = session.scalars(select(Entry.kind).where(Entry.subject == job.printing.public_id).order_by(Entry.index))
    assert list(kinds) == ["printing.made", "printing.released", "printing.fetched", "printing.fetched"]


def test_a_fetch_opens_the_file_for_half_an_hour_and_for_nobody_else(
    session: Session, house: House, other_house: House, run: Run, clock: Clock, sign_in: SignIn
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    make_waiting()
    browser, stranger = sign_in(house.member), sign_in(other_house.member)
    address = browser.post(f"/my/stamps/printings/{job.printing.public_id}/file", data={"mark": "b" * 32}).location
    with browser.get(address, headers={"Range": "bytes=0-7"}) as part:
        assert (part.status_code, part.data[:5]) == (206, b"%PDF-"), "a broken download goes on"
    assert stranger.get(address).status_code == 404
    clock.advance(minutes=31)
    assert browser.get(address).status_code == 410


def test_a_cancelled_print_gives_its_stamps_and_its_sheet_back(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    first = ordered(session, run, Order(51, 57, "a4-24", "code"))
    make_waiting()
    part = session.scalars(select(PartSheet)).one()
    job = ordered(session, run, Order(58, 60, "a4-24", "code", used=tuple(range(7)), part=part.public_id))
    browser = sign_in(house.member)
    address = f"/my/stamps/printings/{job.printing.public_id}"
    assert browser.post(f"{address}/cancel", data={"mark": "a" * 32}).status_code == 302
    assert make_waiting() == 0
    assert "Tem của lần in này lại in được" in browser.get(address).text
    assert [sheet.printing_id for sheet in session.scalars(select(PartSheet).where(PartSheet.ended_at.is_(None)))] == [
        first.printing_id
    ]
    assert browser.post(f"{address}/cancel", data={"mark": "b" * 32}).status_code == 409
    other = ordered(session, run, Order(58, 60, "a4-24", "symbol"))
    answer = browser.post(f"{address}/again", data={"mark": "c" * 32})
    assert answer.status_code == 409, "its stamps belong to another print by now"
    cancel(session, other, actor=AUDITOR, now=NOON)
    session.commit()
    assert browser.post(f"{address}/again", data={"mark": "d" * 32}).status_code == 302
    assert make_waiting() == 1
    assert printed_spans(session, run) == [(51, 57), (58, 60)]


def test_of_two_presses_one_makes_a_job_and_a_slow_one_finishes_nothing(
    session: Session, run: Run, clock: Clock, app: Flask
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    slow = take(session, "slow", now=clock())
    assert slow is not None
    lease = slow.lease or ""
    session.commit()
    assert take(session, "other", now=clock()) is None
    session.commit()
    clock.advance(seconds=LEASE.total_seconds())
    assert made_by(session, a_press(clock, "quick")) == 1
    assert (job.state, job.leased_by) == (JobState.DONE, "quick")
    from labels import Proof

    with pytest.raises(LostLease):
        release(session, job.id, lease, Proof(10, 10), now=clock(), keep=timedelta(days=1))
    session.rollback()
    assert session.scalar(select(func.count(Entry.index)).where(Entry.kind == "printing.released")) == 1


def test_a_press_that_stops_leaves_its_place_and_the_next_goes_on_there(
    session: Session, house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(session, house, 800)
    job = ordered(session, run, Order(1, 800, "a4-65", "symbol"))
    monkeypatch.setattr(press_work, "CHUNK_LABELS", 200)
    first = a_press(clock, "first")
    keep, kept = press_work.Work._keep, []

    def stop_after_two(work: object, *lines: object) -> None:
        keep(work, *lines)  # type: ignore[arg-type]
        kept.append(lines)
        if len(kept) == 2:
            first.stop.set()

    monkeypatch.setattr(press_work.Work, "_keep", stop_after_two)
    made_by(session, first)
    assert (job.state, job.lease, len(kept)) == (JobState.WAITING, None, 2)
    name = job.file_name

    assert made_by(session, a_press(clock, "second")) == 1
    assert (job.state, job.file_name, job.read) == (JobState.DONE, name, 800), "the file was not drawn again"
    lines = session.scalars(select(PrintChunk).order_by(PrintChunk.first_page)).all()
    assert sum(line.labels for line in lines) == 800
    assert [line.first_page for line in lines][1:] == [line.last_page + 1 for line in lines][:-1]


def test_a_large_print_lets_small_ones_pass(
    session: Session, house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(session, house, 2_100)
    large = ordered(session, run, Order(1, 2_050, "a4-65", "symbol"))
    press = a_press(clock)
    monkeypatch.setattr(press_work, "LOOKS_ASIDE_EVERY_S", 0.0)
    small: list[PrintJob] = []
    drawn = press_work.draw_file

    def order_meanwhile(*call: object) -> Written:
        if not small:
            small.append(ordered(session, run, Order(2_051, 2_060, "a4-65", "symbol")))
        return drawn(*call)  # type: ignore[arg-type]

    monkeypatch.setattr(press_work, "draw_file", order_meanwhile)
    made_by(session, press)
    ends = [
        row.subject
        for row in session.scalars(select(Entry).where(Entry.kind == "printing.released").order_by(Entry.index))
    ]
    assert ends == [small[0].printing.public_id, large.printing.public_id]


def test_a_page_that_does_not_read_is_not_released(
    session: Session, house: House, run: Run, clock: Clock, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    drawn = press_work.draw_file

    def one_wrong(made: press_work.Making, path: Path, progress: object) -> Written:
        stamps = list(made.stamps())
        stamps[3] = replace(stamps[3], link=stamps[4].link)
        return drawn(replace(made, stamps=lambda: iter(stamps)), path, progress)  # type: ignore[arg-type]

    monkeypatch.setattr(press_work, "draw_file", one_wrong)
    make_waiting()
    session.expire_all()
    assert job.state == JobState.FAILED
    assert printed_spans(session, run) == []
    browser = sign_in(house.member)
    page = browser.get(f"/my/stamps/printings/{job.printing.public_id}").text
    assert "Tờ 1, ô 4 đọc không ra đúng mã" in page
    assert not list(own_press().folder.iterdir()), "nobody can print the bad file"
    monkeypatch.undo()
    browser.post(f"/my/stamps/printings/{job.printing.public_id}/again", data={"mark": "a" * 32})
    assert make_waiting() == 1
    assert printed_spans(session, run) == [(51, 60)]


def test_whoever_asked_for_a_large_print_is_told_when_it_is_ready_and_of_any_that_fails(
    session: Session, house: House, run: Run, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = sign_in(house.member)
    monkeypatch.setattr(print_ends, "SMALL", 5)
    printed(session, browser, run, first="51", last="55", mark="a")
    large = printed(session, browser, run, first="56", last="61", mark="b")
    make_waiting()

    def breaks(_made: press_work.Making, _path: Path, _progress: object) -> Written:
        raise RuntimeError("broken")

    monkeypatch.setattr(press_work, "draw_file", breaks)
    failed = printed(session, browser, run, first="62", last="63", mark="c")
    make_waiting()
    session.expire_all()
    notices = session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(one.person_id, one.url) for one in notices] == [
        (house.member.id, f"/my/stamps/printings/{one.public_id}") for one in (large, failed)
    ]
    session.commit()
    page = browser.get("/account/notices").text
    assert f"Lần in đợt {run.label} đã xong: 6 tem" in page
    assert f"Lần in đợt {run.label} không làm được" in page


def test_a_full_disk_is_said_and_leaves_no_half_file(
    session: Session, house: House, run: Run, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    own_press().folder.mkdir(parents=True)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("labels.files.os.fsync", full)
    make_waiting()
    session.expire_all()
    assert job.state == JobState.FAILED
    page = sign_in(house.member).get(f"/my/stamps/printings/{job.printing.public_id}").text
    assert "Ổ đĩa máy chủ đầy" in page
    assert not list(own_press().folder.iterdir())


def test_files_are_kept_some_days_and_then_drawn_anew_word_for_word(
    session: Session, house: House, run: Run, clock: Clock, sign_in: SignIn, settings: Settings
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "origin"))
    make_waiting()
    session.expire_all()
    path = settings.print_folder / (job.file_name or "")
    kept = words_in(path)
    os.utime(path, (0, 0))
    clear_away(session, settings.print_folder, now=NOON + timedelta(days=13))
    assert path.exists()
    clear_away(session, settings.print_folder, now=NOON + timedelta(days=14))
    session.commit()
    assert not path.exists()
    house.product.name_vi = "Na đổi tên"
    session.commit()
    browser = sign_in(house.member)
    assert "Không còn giữ tệp này" in browser.get(f"/my/stamps/printings/{job.printing.public_id}").text
    browser.post(f"/my/stamps/printings/{job.printing.public_id}/again", data={"mark": "a" * 32})
    make_waiting()
    newest = newest_job(session, job.printing)
    assert newest is not None
    assert newest.id != job.id
    assert words_in(settings.print_folder / (newest.file_name or "")) == kept
    assert "Na Chi Lăng" in kept


def test_prints_from_before_there_was_a_press_can_still_be_made(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    old = job.printing
    twin = Printing(
        **{c.key: getattr(old, c.key) for c in Printing.__table__.columns if c.key not in {"id", "public_id"}}
    )
    kept = json.loads(twin.words)
    for late in ("sheet", "face", "part"):
        kept.pop(late, None)
    twin.words, twin.spans, twin.first, twin.last = json.dumps(kept, ensure_ascii=False), None, 61, 65
    session.add(twin)
    session.commit()
    browser = sign_in(house.member)
    assert "từ trước khi có việc in" in browser.get(f"/my/stamps/printings/{twin.public_id}").text
    browser.post(f"/my/stamps/printings/{twin.public_id}/again", data={"mark": "a" * 32})
    with fetched(browser, twin) as answer:
        assert answer.data.startswith(b"%PDF")


def test_a_large_list_for_a_print_house_is_fetched_once_after_a_second_person_agreed(
    session: Session, house: House, run: Run, sign_in: SignIn, clock: Clock
) -> None:
    change_setting(session, "once_only_above", 9, from_on=NOON.date(), actor=AUDITOR, now=NOON)
    session.commit()
    browser = sign_in(house.member)
    small = ordered(session, run, Order(51, 59, "a4-24", "code", format="csv"))
    large = ordered(session, run, Order(61, 70, "a4-24", "code", format="csv"))
    for _ in range(2):
        assert fetch_status(browser, small.printing) == 200
    assert fetch_status(browser, large.printing) == 409, "nobody agreed yet"
    address = f"/my/stamps/printings/{large.printing.public_id}"
    clock.advance(minutes=16)
    stale = browser.post(f"{address}/propose", data={"mark": "a" * 32, "reason": "nhà in Hà Nội"})
    assert 'name="fresh_password"' in stale.text, "asks who is there again"
    browser.post("/account/confirm", data={"fresh_password": PASSWORD})
    proposed = browser.post(f"{address}/propose", data={"mark": "a" * 32, "reason": "nhà in Hà Nội"})
    assert proposed.status_code == 302, proposed.text
    assert browser.post(f"{proposed.location}/agree", data={"mark": "b" * 32}).status_code == 422, "oneself"
    second = sign_in(house.manager)
    assert "10" in second.get(proposed.location).text
    assert second.post(f"{proposed.location}/agree", data={"mark": "c" * 32}).status_code == 302

    clock.advance(seconds=5)
    with fetched(browser, large.printing) as answer:
        assert answer.status_code == 200
        assert answer.text.count("HTTP://TEM.TEST/T/") == 10
    assert fetch_status(browser, large.printing) == 410
    assert "chỉ tải được một lần" in browser.get(address).text
    ticket = session.scalars(select(PrintExport).where(PrintExport.job_id == large.id)).one().public_id
    assert browser.get(f"/my/stamps/printings/files/{ticket}").status_code == 410


def test_a_print_that_never_gets_further_is_given_up(session: Session, run: Run, clock: Clock) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    for _ in range(12):
        assert take(session, "dies", now=clock()) is not None
        session.commit()
        clock.advance(seconds=11)
    made_by(session, a_press(clock))
    assert job.state == JobState.FAILED
    assert "12" in (job.problem or "")


def test_void_stamps_make_a_print_empty_and_it_says_so(session: Session, run: Run, clock: Clock) -> None:
    job = ordered(session, run, Order(51, 60, "a4-24", "code"))
    void(session, run, 51, 60, "rách", actor=AUDITOR, now=NOON)
    session.commit()
    made_by(session, a_press(clock))
    assert job.state == JobState.FAILED
    with pytest.raises(Refused):
        again(session, job.printing, actor=AUDITOR, now=NOON)


def _start_press(settings: Settings) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "trace", "press", "--once"],
        cwd=ROOT,
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_press_killed_again_and_again_gives_no_number_twice_and_loses_none(
    session: Session, house: House, settings: Settings, app: Flask
) -> None:
    """Two jobs, each press killed at some moment; at the end every stamp stands in exactly one released file."""
    run = run_of(session, house, 3_000)
    jobs = [
        ordered(session, run, Order(1, 2_500, "a4-65", "symbol")),
        ordered(session, run, Order(2_501, 3_000, "a4-65", "symbol", format="csv")),
    ]
    pick = random.Random(settings.database_url)
    for _ in range(4):
        presses = [_start_press(settings) for _ in range(2)]
        time.sleep(pick.uniform(1.0, 4.0))
        for press in presses:
            press.send_signal(signal.SIGKILL)
            press.wait()
        session.execute(PrintJob.__table__.update().values(leased_until=NOON).where(PrintJob.state == "working"))
        session.commit()
    assert _start_press(settings).wait(120) == 0
    session.expire_all()
    assert [job.state for job in jobs] == ["done", "done"]
    found: list[str] = []
    from labels import read_pdf

    for page in read_pdf(settings.print_folder / (jobs[0].file_name or "")):
        found += page
    text = (settings.print_folder / (jobs[1].file_name or "")).read_text("utf-8-sig")
    found += [line.split('","')[3].rstrip('"') for line in text.splitlines()[1:]]
    assert len(found) == 3_000
    assert set(found) == {f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in range(1, 3_001)}
    released = session.scalar(select(func.count(Entry.index)).where(Entry.kind == "printing.released"))
    assert released == 2
    assert db.session is not None


def test_a_press_that_stood_before_a_key_was_made_prints_with_it(
    app: Flask, session: Session, house: House, clock: Clock
) -> None:
    press = a_press(clock)
    session.commit()
    answer = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert answer.exit_code == 0, answer.output
    app.extensions["temgoc"]["keys"] = Keys(ask_every_s=0)
    run = run_of(session, house, 5)
    assert run.key_version == 2
    job = ordered(session, run, Order(1, 5, "a4-24", "code"))

    assert made_by(session, press) == 1

    assert printed_spans(session, run) == [(1, 5)]
    assert job.state == "done"
