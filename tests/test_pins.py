"""The PIN under a scratch layer: printed on request, confirmed once, tried seldom, and found nowhere."""

import csv
import io
import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, Clock, House, code_of
from tests.press import fetched, make_waiting
from tests.test_backup import source, tools  # noqa: F401 - fixtures
from tests.test_printing import SignIn, links, order, pdf_of, words
from tests.test_printing import printed as ordered
from tests.test_scans import PHONE
from trace import keyfiles
from trace.logs import LineFormatter
from trace.records import BackupKind, Entry, PinKey, Printing, Run, Scan, StampPin
from trace.service import keyring
from trace.settings import Settings
from trace.standards.code_text import ALPHABET
from trace.standards.pins import PinBook, derive_pin_key
from trace.upkeep.archive import open_into
from trace.upkeep.backups import make_backup
from trace.upkeep.copies import Source
from trace.work.keys import retire_key, rotate_key
from trace.work.pins import pins_of

Typer = Callable[..., Any]
RIGHT, AGAIN, NO = "Mã PIN đúng", "Mã PIN đã được dùng trước đó", "Không xác nhận được mã PIN"


def printed(session: Session, browser: FlaskClient, run: Run, **changes: str) -> Printing:
    """Ordered, and made by the press."""
    printing = ordered(session, browser, run, **changes)
    make_waiting()
    return printing


@pytest.fixture
def browser(house: House, sign_in: SignIn) -> FlaskClient:
    return sign_in(house.member)


@pytest.fixture
def pins(session: Session, browser: FlaskClient, run: Run) -> list[str | None]:
    """The first ten stamps are printed with PINs, and active."""
    printed(session, browser, run, first="1", last="10", face="pin")
    found = pins_of(session, keyring(), run, 1, 10)
    session.commit()
    return found


@pytest.fixture
def type_pin(client: FlaskClient, run: Run) -> Typer:
    """A phone opens a stamp's page and sends its form; `token` sends an earlier form again."""

    def do(pin: str | None, number: int = 1, token: str = "", address: str = "113.160.92.201") -> Any:
        code = code_of(run, number)
        where = {"environ_base": {"REMOTE_ADDR": address}, "headers": {"User-Agent": PHONE}}
        token = token or token_of(client, code)
        return client.post("/pin", data={"code": code, "token": token, "pin": pin or ""}, **where)

    return do


def token_of(client: FlaskClient, code: str) -> str:
    [token] = re.findall(r'action="/pin.*?name="token" value="([^"]+)"', client.get(f"/T/{code}").text, re.DOTALL)
    return str(token)


@given(st.integers(0, 2**25 - 1), st.integers(0, 2**20 - 1), st.integers(0, 9), st.binary(min_size=32, max_size=32))
def test_a_pin_is_six_symbols_that_only_its_own_stamp_and_issue_give(
    run: int, index: int, reissue: int, key: bytes
) -> None:
    book = PinBook(key)
    pin = book.pin(run, index, reissue)
    assert len(pin) == 6
    assert set(pin) <= set(ALPHABET)
    assert list(book.pins(run, max(0, index - 2), 3, reissue))[min(index, 2)] == pin
    assert book.fits(f" {pin[:3].lower()}-{pin[3:].replace('0', 'o').replace('1', 'l')}", run, index, reissue)
    assert not book.fits(pin[:5], run, index, reissue)
    others = {book.pin(run ^ 1, index, reissue), book.pin(run, index ^ 1, reissue), book.pin(run, index, reissue + 1)}
    assert others != {pin}


def test_every_symbol_of_a_pin_is_used_alike() -> None:
    book = PinBook(derive_pin_key(b"s" * 32, b"t" * 32, 1))
    seen = [set(column) for column in zip(*book.pins(7, 0, 2_000), strict=True)]
    assert all(found == set(ALPHABET) for found in seen)
    assert derive_pin_key(b"s" * 32, b"t" * 32, 1) != derive_pin_key(b"s" * 32, b"t" * 32, 2)


def test_nothing_tells_of_pins_until_a_face_with_one_is_printed(
    session: Session, settings: Settings, browser: FlaskClient, client: FlaskClient, run: Run
) -> None:
    assert 'name="pin"' not in client.get(f"/T/{code_of(run, 1)}").text
    assert not list(settings.secrets.glob("pin-*"))
    assert client.get("/pin").status_code == 405
    assert "PIN" not in browser.get(f"/my/stamps/{run.public_id}").text

    printing = printed(session, browser, run, first="1", last="10", face="pin")

    own = [pin for pin in pins_of(session, keyring(), run, 1, 11) if pin]
    assert len(own) == 10
    document = pdf_of(browser, printing)
    assert all(pin in words(document) for pin in own)
    assert links(document) == [f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in range(1, 11)]
    assert 'name="pin"' in client.get(f"/T/{code_of(run, 10)}").text
    assert 'name="pin"' not in client.get(f"/T/{code_of(run, 11)}").text, "printed without one"
    assert (settings.secrets / "pin-1.key").stat().st_mode & 0o777 == 0o400
    page = browser.get(f"/my/stamps/printings/{printing.public_id}").text
    assert "Có mã PIN" in page
    assert not [pin for pin in own if pin in page]
    kinds = session.scalars(select(Entry.kind).order_by(Entry.index.desc()).limit(7)).all()
    assert {"pins.issued", "key.made", "printing.made"} <= set(kinds)


def test_a_file_with_pins_asks_who_is_there_and_a_list_of_them_is_for_print_houses(
    session: Session, browser: FlaskClient, run: Run, clock: Clock
) -> None:
    plain = printed(session, browser, run, first="51", last="53", format="csv", mark="b")
    listed = printed(session, browser, run, first="1", last="3", face="pin", format="csv")
    clock.advance(minutes=20)
    asked = fetched(browser, listed)
    assert asked.status_code == 403
    assert 'name="fresh_password"' in asked.text
    with fetched(browser, plain) as answer:
        assert "PIN" not in answer.data.decode("utf-8-sig").splitlines()[0]

    browser.post("/account/confirm", data={"fresh_password": "một câu dài không ai đoán"})
    with fetched(browser, listed) as answer:
        rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["PIN"].lstrip("'") for row in rows] == pins_of(session, keyring(), run, 1, 3)


def test_a_picture_and_a_sample_show_no_true_pin(
    session: Session, browser: FlaskClient, house: House, run: Run
) -> None:
    from trace.work.printing import Order, preview, print_stamps
    from trace.work.sheets import alive_spans, drawing

    told = {"keyring": keyring(), "public_url": "http://tem.test", "today": NOON.date()}
    wanted = Order(1, 3, stock="a4-24", face="pin")
    assert preview(session, run, wanted, **told).startswith(b"\x89PNG")
    run.released_at = None
    sample = print_stamps(session, run, wanted, actor=AUDITOR, now=NOON, **told)
    stamps, _options = drawing(session, sample, keyring(), alive_spans(session, sample), in_earnest=True)
    assert {stamp.pin for stamp in stamps()} == {"XXXXXX"}
    assert session.scalars(select(PinKey)).first() is None


def test_the_first_use_is_told_with_its_day_and_the_second_says_so(
    session: Session, type_pin: Typer, client: FlaskClient, run: Run, pins: list[str], clock: Clock
) -> None:
    token = token_of(client, code_of(run, 1))
    first = type_pin(pins[0].lower(), token=token)
    assert RIGHT in first.text
    assert "20/08/2026" in first.text
    assert "HNM-26A-0000001" in first.text
    assert first.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in first.headers
    assert pins[0] not in first.text
    assert RIGHT in type_pin(pins[0], token=token).text, "one press of the button, sent twice"

    clock.advance(days=2)
    again = type_pin(pins[0])
    assert AGAIN in again.text
    assert "20/08/2026" in again.text
    assert "/report?code=" in again.text
    assert RIGHT in type_pin(pins[1], number=2).text, "another stamp's is its own"
    with pytest.raises(DBAPIError):
        session.execute(StampPin.__table__.update().values(used_on=NOON.date().replace(year=2027)))


def test_wrong_and_locked_look_the_same_and_a_right_pin_is_refused_while_locked(
    session: Session, type_pin: Typer, pins: list[str], clock: Clock
) -> None:
    def bare(answer: Any) -> str:
        return re.sub(r"[A-Za-z0-9_-]{38}", "", answer.text)

    tries = [type_pin("000000") for _ in range(5)]
    locked = type_pin(pins[0])
    assert NO in locked.text
    assert {bare(each) for each in tries} == {bare(locked)}
    assert {each.status_code for each in tries} == {locked.status_code} == {200}

    for _ in range(3):
        clock.advance(days=1)
        for _ in range(6):
            type_pin("000000")
    assert session.scalars(select(StampPin.tries)).one() == 20
    clock.advance(days=1)
    type_pin("000000")
    assert NO in type_pin(pins[0]).text, "after twenty tries there is one a day"
    clock.advance(days=1)
    assert RIGHT in type_pin(pins[0]).text


def test_two_hundred_tries_at_once_get_five_judgements(
    app: Flask, session: Session, type_pin: Typer, client: FlaskClient, run: Run, pins: list[str]
) -> None:
    code = code_of(run, 3)
    token = token_of(client, code)
    session.close()

    def once(number: int) -> int:
        where = {"environ_base": {"REMOTE_ADDR": f"113.{number}.9.1"}, "headers": {"User-Agent": PHONE}}
        sent = {"code": code, "token": token, "pin": pins[2] if number == 150 else f"{number:06d}"}
        return int(app.test_client().post("/pin", data=sent, **where).status_code)

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(once, range(200)))

    assert set(answers) <= {200, 503}
    assert session.scalars(select(StampPin.tries).where(StampPin.number == 3)).one() == 5


def test_one_network_cannot_try_pins_all_day(type_pin: Typer, pins: list[str]) -> None:
    for number in range(60):
        type_pin("000000", number=number % 6 + 1)
    assert NO in type_pin(pins[8], number=9).text
    assert RIGHT in type_pin(pins[8], number=9, address="27.72.1.1").text


def test_pins_printed_anew_replace_the_old_ones(
    session: Session, browser: FlaskClient, run: Run, type_pin: Typer, pins: list[str]
) -> None:
    again = order(first="4", last="6", face="pin", mark="c")
    assert browser.post(f"/my/stamps/{run.public_id}/print", data=again).status_code == 409
    printed(session, browser, run, first="4", last="6", face="pin", destroyed="y", mark="d")
    fresh = pins_of(session, keyring(), run, 1, 10)
    assert [fresh[n] == pins[n] for n in range(10)] == [n not in {3, 4, 5} for n in range(10)]
    session.commit()
    assert NO in type_pin(pins[3], number=4).text
    assert RIGHT in type_pin(fresh[3], number=4).text
    assert RIGHT in type_pin(pins[0]).text


def test_a_print_that_was_cancelled_leaves_the_pins_on_the_stamps_alone(
    session: Session, browser: FlaskClient, run: Run, type_pin: Typer, pins: list[str]
) -> None:
    anew = order(first="4", last="6", face="pin", destroyed="y", mark="d")
    asked = browser.post(f"/my/stamps/{run.public_id}/print", data=anew)
    assert asked.status_code == 302
    assert pins_of(session, keyring(), run, 1, 10) == pins, "ordered is not printed"
    session.commit()
    assert browser.post(f"{asked.location.partition(chr(63))[0]}/cancel").status_code == 302
    session.expire_all()
    assert pins_of(session, keyring(), run, 1, 10) == pins
    session.commit()
    assert RIGHT in type_pin(pins[3], number=4).text
    printed(session, browser, run, first="4", last="6", face="pin", destroyed="y", mark="e")
    assert pins_of(session, keyring(), run, 4, 4) != pins[3:4]


def test_a_leaked_pin_key_asks_for_no_pin_and_a_new_one_serves_new_prints(
    session: Session, browser: FlaskClient, client: FlaskClient, run: Run, type_pin: Typer, pins: list[str],
    app: Flask,
) -> None:  # fmt: skip
    runner: FlaskCliRunner = app.test_cli_runner()
    token = token_of(client, code_of(run, 1))
    retire_key(session, PinKey, 1, leaked=True, actor=AUDITOR, now=NOON)
    session.commit()
    page = client.get(f"/T/{code_of(run, 1)}")
    assert 'name="pin"' not in page.text
    assert "VietGAP" in page.text, "the code proves as much as ever"
    assert RIGHT not in type_pin(pins[0], token=token).text
    refused = browser.post(f"/my/stamps/{run.public_id}/print", data=order(face="pin", mark="e"))
    assert refused.status_code == 422
    assert "PIN" in refused.text

    rotate_key(session, PinKey, make_key=keyring().pin_files.make, actor=AUDITOR, now=NOON)
    session.commit()
    printed(session, browser, run, first="1", last="2", face="pin", destroyed="y", mark="f")
    fresh = pins_of(session, keyring(), run, 1, 1)
    session.commit()
    assert RIGHT in type_pin(fresh[0]).text
    listed = runner.invoke(args=["keys", "list"]).output
    assert re.search(r"PIN keys:\n 1 .*leaked\n 2 .*makes new PINs", listed)
    assert runner.invoke(args=["keys", "retire", "2", "--pins"]).exit_code == 0


def test_scans_after_the_use_of_a_pin_are_marked(
    session: Session, client: FlaskClient, run: Run, type_pin: Typer, pins: list[str]
) -> None:
    def scan(address: str) -> None:
        code = code_of(run, 1)
        where = {"environ_base": {"REMOTE_ADDR": address}, "headers": {"User-Agent": PHONE}}
        client.post("/scan", data={"code": code, "token": token_of(client, code), "by": "phone"}, **where)

    scan("113.160.92.201")
    type_pin(pins[0])
    scan("27.72.1.1")
    assert session.scalars(select(Scan.after_pin).order_by(Scan.id)).all() == [False, True]


def test_no_file_holds_a_pin_or_a_key(
    settings: Settings, session: Session, source: Source, browser: FlaskClient, type_pin: Typer,  # noqa: F811
    pins: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Grep of database, WAL, logs and a backup: for the PINs as they are printed and typed, and for the keys' bytes."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.INFO, "trace")
    try:
        assert RIGHT in type_pin(pins[0]).text
        assert NO in type_pin(f"{pins[1][:5]}Z".lower() if pins[1][5] != "Z" else "zzzzzz", number=2).text
        type_pin(pins[2].lower(), number=3)
        browser.post("/pin", data={"pin": pins[3], "code": "x"})
        browser.post("/sign-in", data={"email": pins[3], "password": pins[4]})
    finally:
        logging.getLogger().removeHandler(handler)
    made = make_backup(session, source, settings, BackupKind.ASKED, now=NOON)
    session.commit()
    (tmp_path / "opened").mkdir()
    looked_at = [lines.getvalue().encode(), open_into(made.path, tmp_path / "opened").copy.read_bytes()]
    looked_at += [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".key"]
    for table in inspect(session.get_bind()).get_table_names():
        looked_at += [repr(tuple(row)).encode() for row in session.execute(text(f'SELECT * FROM "{table}"'))]
    secrets = [path.read_text().strip().removeprefix(keyfiles.DEMO_MARK) for path in settings.secrets.glob("*.key")]
    wanted = [form.encode() for pin in pins for form in (pin, pin.lower())]
    wanted += [form for words in secrets for form in (words.encode(), bytes.fromhex(words))]
    assert b"temgoc" in b"".join(looked_at), "the deployment's name: something was looked at"
    assert len(secrets) >= 3
    assert b"/sign-in" in looked_at[0]
    for content in looked_at:
        assert not [each for each in wanted if each in content]
