"""Stamps issued, activated and made void through the pages; by two at once, after a restore, by a killed server."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from http.cookiejar import CookieJar
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, PASSWORD, House, code_of, make_batch, make_cooperative, make_person
from trace.accounts import Membership, Person
from trace.keyfiles import HIGHEST_RUN
from trace.records import Batch, BatchVerdict, Entry, RangeState, Run, StampRange
from trace.service import keyring, numbering
from trace.settings import ROOT, Settings
from trace.work.batches import decide
from trace.work.refused import Refused, RefusedAll
from trace.work.run_numbers import AFTER_A_LOST_FILE
from trace.work.serials import read_list, read_span
from trace.work.stamps import issue_stamps

SignIn = Callable[[Person], FlaskClient]
MARKS = [f"{number:x}" * 32 for number in range(16)]


def states(session: Session, run: Run) -> list[tuple[str, int, int]]:
    session.expire_all()
    query = select(StampRange).where(StampRange.run_id == run.id).order_by(StampRange.first)
    return [(row.state, row.first, row.last) for row in session.scalars(query)]


# ---- Issuing ----


def test_the_count_is_proposed_from_the_packs_with_some_for_spoiling(
    house: House, batch: Batch, sign_in: SignIn
) -> None:
    page = sign_in(house.member).get(f"/my/stamps/new?batch={batch.public_id}").text
    assert 'value="105"' in page, "100 packs and 5 %"
    assert "HTTP://TEM.TEST/T/" in page, "the address is shown before anything is printed"


def test_a_run_is_two_rows_whatever_its_count(session: Session, house: House, sign_in: SignIn) -> None:
    form = {"mark": MARKS[1], "product": house.product.public_id, "count": "100.000"}
    answer = sign_in(house.member).post("/my/stamps/new", data=form)
    run = session.scalars(select(Run)).one()
    assert answer.location.endswith(run.public_id)
    assert (run.count, run.label) == (100_000, "HNM-26A")
    assert states(session, run) == [("made", 1, 100_000)]


def test_no_more_stamps_are_issued_for_a_batch_than_its_packs_and_some_for_spoiling(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    refused = browser.post("/my/stamps/new", data={"mark": MARKS[1], "batch": batch.public_id, "count": "106"})
    assert refused.status_code == 422
    assert "106 tem cho 100 gói: nhiều nhất là 105" in refused.text
    answer = browser.post("/my/stamps/new", data={"mark": MARKS[2], "batch": batch.public_id, "count": "105"})
    run = session.scalars(select(Run)).one()
    assert answer.location.endswith(run.public_id)
    assert run.ranges[0].batch_id == batch.id


@pytest.mark.parametrize("count", ["0", "-4", "1.048.577", "mười", "", "9" * 30, "1,5"])
def test_an_absurd_count_is_refused(session: Session, house: House, batch: Batch, sign_in: SignIn, count: str) -> None:
    answer = sign_in(house.member).post("/my/stamps/new", data={"batch": batch.public_id, "count": count})
    assert answer.status_code == 422
    assert session.scalar(select(func.count(Run.id))) == 0


def test_blank_stamps_need_a_product(session: Session, house: House, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    assert "không bắt buộc" not in browser.get("/my/stamps/new").text, "a batch or a product is needed"
    assert browser.post("/my/stamps/new", data={"count": "50"}).status_code == 422
    browser.post("/my/stamps/new", data={"count": "50", "product": house.product.public_id})
    run = session.scalars(select(Run)).one()
    assert (run.product_id, run.ranges[0].batch_id) == (house.product.id, None)


def test_while_registration_waits_the_page_says_who_decides_and_no_stamp_is_issued(
    session: Session, sign_in: SignIn
) -> None:
    waiting = make_cooperative(session, "HTX Chờ Duyệt", "HCD", approved=False)
    person = make_person(session, "Người Chờ")
    session.add(Membership(person_id=person.id, cooperative_id=waiting.id, place="member", since_at=NOON))
    session.commit()
    browser = sign_in(person)
    page = browser.get("/my/stamps/new").text
    assert "Sở Khoa học và Công nghệ" in page
    assert "20/08/2026" in page
    assert browser.get("/my").status_code == 200
    with pytest.raises(Refused, match="approved"):
        issue_stamps(session, keyring(), numbering(), waiting, 5, actor=AUDITOR, now=NOON)


def test_in_production_without_a_confirmed_address_everything_is_a_sample(
    app: Flask, session: Session, house: House, batch: Batch, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trace.pages.cooperative.runs.released", lambda _session: False)
    browser = sign_in(house.member)
    assert "MẪU – KHÔNG SỬ DỤNG" in browser.get("/my/stamps/new").text
    place = browser.post("/my/stamps/new", data={"batch": batch.public_id, "count": "20"}).location
    run = session.scalars(select(Run)).one()
    assert "MẪU – KHÔNG SỬ DỤNG" in browser.get(place).text
    form = {"mark": MARKS[2], "batch": batch.public_id, "first": "1", "last": "20"}
    assert browser.post(f"{place}/activate", data=form).status_code == 422
    assert states(session, run) == [("made", 1, 20)]


def test_another_cooperatives_batch_or_product_is_not_in_the_list(
    session: Session, house: House, other_house: House, sign_in: SignIn
) -> None:
    theirs = make_batch(session, other_house)
    session.commit()
    browser = sign_in(house.manager)
    for form in ({"batch": theirs.public_id}, {"product": other_house.product.public_id}):
        assert browser.post("/my/stamps/new", data=form | {"count": "5"}).status_code == 422
    assert session.scalar(select(func.count(Run.id))) == 0


def test_another_cooperatives_run_is_unknown_in_every_address(
    session: Session, run: Run, other_house: House, sign_in: SignIn
) -> None:
    browser = sign_in(other_house.manager)
    for path in ("", "/7", "/activate", "/void", "/print", "/preview.png?first=1&last=2&stock=a4-24&face=code"):
        assert browser.get(f"/my/stamps/{run.public_id}{path}").status_code == 404, path
    for path in ("activate", "void", "print"):
        form = {"first": "1", "last": "9", "serials": "1", "reason": "thử", "stock": "a4-24", "face": "code"}
        assert browser.post(f"/my/stamps/{run.public_id}/{path}", data=form).status_code == 404, path


# ---- Activating and voiding ----


def test_a_part_is_activated_by_serials_and_the_wrong_order_is_put_right_and_said(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    browser, place = sign_in(house.member), f"/my/stamps/{run.public_id}"
    form = {"mark": MARKS[1], "batch": batch.public_id, "first": "hnm-26a-0000070", "last": "61"}
    answer = browser.post(f"{place}/activate", data=form)
    assert answer.status_code == 302, answer.text
    assert states(session, run) == [("active", 1, 50), ("made", 51, 60), ("active", 61, 70), ("made", 71, 100)]
    page = browser.get(place).text
    assert "ngược thứ tự" in page
    assert "10 tem cho xem nguồn gốc" in page
    assert "Chưa in" in page
    assert "<svg" in page


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("101", "", "có tem từ số 1 đến 100"),
        ("0", "5", "có tem từ số 1 đến 100"),
        ("ba mươi", "", "Ghi số tem như"),
        ("HLG-26A-0000003", "", "thuộc đợt khác"),
        ("60", "x", "Ghi số tem như"),
        ("", "", "điền"),
    ],
)
def test_a_serial_that_is_none_is_complained_about_beside_its_field(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn, first: str, last: str, words: str
) -> None:
    form = {"batch": batch.public_id, "first": first, "last": last}
    answer = sign_in(house.member).post(f"/my/stamps/{run.public_id}/activate", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert states(session, run)[0] == ("active", 1, 50)


def test_a_batch_that_is_not_cleared_is_not_even_offered(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    waiting = make_batch(session, house)
    session.commit()
    form = {"batch": waiting.public_id, "first": "60", "last": "61"}
    answer = sign_in(house.member).post(f"/my/stamps/{run.public_id}/activate", data=form)
    assert answer.status_code == 422
    assert waiting.code not in answer.text


def test_several_serials_are_void_with_one_reason(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser, place = sign_in(house.member), f"/my/stamps/{run.public_id}"
    form = {"mark": MARKS[3], "serials": "12, 15-20\nHNM-26A-0000090", "reason": "rách khi dán"}
    assert browser.post(f"{place}/void", data=form).status_code == 302
    assert [(first, last) for state, first, last in states(session, run) if state == "void"] == [
        (12, 12), (15, 20), (90, 90),
    ]  # fmt: skip
    page = browser.get(place).text
    assert "Đã hủy" in page
    assert "rách khi dán" in page
    again = browser.post(f"{place}/void", data=form | {"mark": MARKS[4], "serials": "12"})
    assert again.status_code == 409


@pytest.mark.parametrize(
    "form", [{}, {"serials": "5"}, {"serials": "", "reason": "x"}, {"serials": "7-", "reason": "x"}]
)
def test_voiding_needs_serials_and_a_reason(
    session: Session, house: House, run: Run, sign_in: SignIn, form: dict[str, str]
) -> None:
    before = states(session, run)
    assert sign_in(house.member).post(f"/my/stamps/{run.public_id}/void", data=form).status_code == 422
    assert states(session, run) == before


def test_a_recall_shows_on_the_strip_in_its_own_word(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng")
    session.commit()
    page = sign_in(house.member).get(f"/my/stamps/{run.public_id}").text
    assert "map-recalled" in page
    assert "map-active" not in page


@given(first=st.integers(1, 100), last=st.integers(1, 100), whole=st.booleans())
def test_serials_read_back_whatever_way_they_are_typed(first: int, last: int, whole: bool) -> None:
    run = Run(label="HNM-26A", count=100)
    typed = (run.serial(first).lower(), f" {run.serial(last)} ") if whole else (str(first), f"{last:07d}")
    span = read_span(run, *typed)
    assert (span.first, span.last, span.swapped) == (min(first, last), max(first, last), first > last)


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 100)), min_size=1, max_size=20))
def test_a_list_of_serials_covers_exactly_what_was_typed(pairs: list[tuple[int, int]]) -> None:
    run = Run(label="HNM-26A", count=100)
    spans = read_list(run, "; ".join(f"{a}-{b}" for a, b in pairs))
    covered = {n for first, last in spans for n in range(first, last + 1)}
    assert covered == {n for a, b in pairs for n in range(min(a, b), max(a, b) + 1)}
    assert all(one[1] + 1 < other[0] for one, other in pairwise(spans))


@given(st.text(max_size=60))
def test_no_typing_breaks_the_reading_of_serials(text: str) -> None:
    run = Run(label="HNM-26A", count=100)
    with suppress(Refused, RefusedAll):
        assert all(1 <= first <= last <= 100 for first, last in read_list(run, text))


# ---- Two at once, a restore, a killed server ----


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run deeds in threads that start together; their results in order."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def go(place: int) -> None:
        start.wait()
        results[place] = deeds[place]()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_two_people_activating_overlapping_stamps_exactly_one_wins(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    place = f"/my/stamps/{run.public_id}/activate"
    people = [sign_in(house.member), sign_in(house.manager)]

    def press(browser: FlaskClient, mark: str, first: int, last: int) -> Callable[[], int]:
        form = {"mark": mark, "batch": batch.public_id, "first": str(first), "last": str(last)}
        return lambda: browser.post(place, data=form).status_code

    deeds = press(people[0], MARKS[5], 60, 80), press(people[1], MARKS[6], 75, 95)
    session.commit()  # the test's own session must not stand in the way
    statuses = at_once(*deeds)
    assert sorted(statuses) == [302, 409]
    active = [(first, last) for state, first, last in states(session, run) if state == "active"]
    assert active in ([(1, 50), (60, 80)], [(1, 50), (75, 95)])


def test_two_runs_issued_at_once_have_two_numbers(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    people = [sign_in(house.member), sign_in(house.manager)]

    def press(browser: FlaskClient, mark: str) -> Callable[[], int]:
        form = {"mark": mark, "batch": batch.public_id, "count": "10"}
        return lambda: browser.post("/my/stamps/new", data=form).status_code

    deeds = press(people[0], MARKS[7]), press(people[1], MARKS[8])
    session.commit()
    assert at_once(*deeds) == [302, 302]
    runs = session.scalars(select(Run)).all()
    assert {run.label for run in runs} == {"HNM-26A", "HNM-26B"}
    assert len({run.number for run in runs}) == 2


def test_after_a_restored_old_database_no_code_is_made_twice_and_lost_ones_are_not_called_false(
    session: Session, house: House, client: FlaskClient
) -> None:
    def issue() -> Run:
        return issue_stamps(session, keyring(), numbering(), house.cooperative, 30, actor=AUDITOR, now=NOON)

    lost = issue()
    lost_codes = {code_of(lost, number) for number in range(1, 31)}
    session.rollback()  # the database is the old one again; the file beside the keys is not
    fresh = issue()
    session.commit()

    assert fresh.number > 1
    assert lost_codes.isdisjoint({code_of(fresh, number) for number in range(1, 31)})
    answer = client.get(f"/T/{min(lost_codes)}")
    assert answer.status_code != 404
    assert "Mã không tồn tại" not in answer.text


def test_with_the_file_lost_too_numbering_goes_on_far_above(
    settings: Settings, session: Session, house: House, run: Run
) -> None:
    (settings.secrets / HIGHEST_RUN).unlink()
    fresh = issue_stamps(session, keyring(), numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON)
    assert fresh.number >= run.number + AFTER_A_LOST_FILE


SERVER = """
import json, sys, time
from datetime import datetime
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.serving import make_server
from trace import create_app
from trace.records import StampRange
from trace.settings import Settings

facts = json.loads(sys.argv[1])
settings = Settings(**{**facts["settings"], "secrets": Path(facts["settings"]["secrets"]),
                       "instance": Path(facts["settings"]["instance"])})
app = create_app(settings, clock=lambda: datetime.fromisoformat(facts["now"]))
app.config["WTF_CSRF_ENABLED"] = False

@event.listens_for(Session, "after_flush")
def stop_in_the_middle(session, _context):
    if any(isinstance(row, StampRange) for row in session.new):
        Path(facts["marker"]).write_text("both rows are written, nothing is committed")
        time.sleep(60)

server = make_server("127.0.0.1", 0, app, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
"""


def test_a_server_killed_in_the_middle_of_an_issue_leaves_nothing_half(
    settings: Settings, session: Session, house: House, batch: Batch, tmp_path: Path
) -> None:
    marker = tmp_path / "middle"
    form = {"mark": MARKS[9], "product": house.product.public_id, "count": "500"}
    door = {"email": house.member.email or "", "password": PASSWORD}
    entries = session.scalar(select(func.count(Entry.index)))
    session.commit()
    facts = {
        "settings": {
            name: str(getattr(settings, name)) for name in ("mode", "public_url", "database_url", "secrets", "instance")
        },
        "marker": str(marker),
        "now": (NOON + timedelta(minutes=1)).isoformat(),
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, json.dumps(facts)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = f"http://127.0.0.1:{int(server.stdout.readline())}"
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        _post(browser, f"{address}/sign-in", door)
        threading.Thread(target=_post, args=(browser, f"{address}/my/stamps/new", form), daemon=True).start()
        deadline = time.monotonic() + 30
        while not marker.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert marker.exists(), "the server never came to the middle"
    finally:
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        if server.stdout is not None:
            server.stdout.close()

    session.expire_all()
    assert session.scalar(select(func.count(Run.id))) == 0
    assert session.scalar(select(func.count(StampRange.id))) == 0
    assert session.scalar(select(func.count(Entry.index))) == entries
    fresh = issue_stamps(session, keyring(), numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON)
    session.commit()
    assert fresh.number == 2, "the number that the dead server took is never given again"
    assert states(session, fresh) == [(RangeState.MADE, 1, 5)]


def _post(browser: urllib.request.OpenerDirector, url: str, form: dict[str, str]) -> None:
    try:
        browser.open(url, urllib.parse.urlencode(form).encode(), timeout=60).close()
    except OSError:
        return  # the server died, as it should
