"""Looks and scans: what counts, what does not, and what is kept of a person: nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.conftest import NOON, TODAY, Clock, code_of
from trace.pages.consumer.scanning import write_looks
from trace.records import LookDay, Run, Scan, ScanDay, ScanSalt
from trace.settings import Settings
from trace.work.folding import KEEP_DAYS, fold

PHONE = (
    "Mozilla/5.0 (Linux; Android 13; SM-A146P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Mobile Safari/537.36"
)
ZALO_ON_A_PHONE = PHONE + " Zalo android/12110625 ZaloTheme/light"
ADDRESS = "113.160.92.201"

Scanner = Callable[..., int]


def opened(client: FlaskClient, code: str, agent: str = PHONE, address: str = ADDRESS) -> str:
    """The token of the page as a browser opened it."""
    page = client.get(f"/T/{code}", headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": address})
    assert page.status_code == 200
    [token] = re.findall(r'name="token" value="([^"]+)"', page.text)
    return str(token)


@pytest.fixture
def code(run: Run) -> str:
    return code_of(run, 7)


@pytest.fixture
def scan(client: FlaskClient, code: str) -> Scanner:
    """A phone opens the page, and its script tells so; the answer's status."""

    def do(agent: str = PHONE, address: str = ADDRESS, token: str | None = None, **fields: str) -> int:
        token = opened(client, fields.get("code", code), agent, address) if token is None else token
        answer = client.post(
            "/scan",
            data={"code": code, "token": token, "by": "phone"} | fields,
            headers={"User-Agent": agent},
            environ_base={"REMOTE_ADDR": address},
        )
        return int(answer.status_code)

    return do


def scans(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Scan)) or 0


def test_opening_the_page_is_a_look_and_no_scan(app: Flask, client: FlaskClient, session: Session, code: str) -> None:
    for _ in range(10):
        opened(client, code)
    client.head(f"/T/{code}", headers={"User-Agent": PHONE})
    write_looks(app)
    assert scans(session) == 0
    assert session.execute(select(LookDay.looks, LookDay.robots)).all() == [(10, 0)]


def test_looks_of_the_same_day_add_up(app: Flask, client: FlaskClient, session: Session, code: str) -> None:
    for _ in range(3):
        opened(client, code)
        write_looks(app)
    assert session.scalar(select(LookDay.looks)) == 3


@pytest.mark.parametrize(
    "agent",
    [
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Zalo/1.0",
        "Mozilla/5.0 (compatible; Zalo/1.0)",
        "Viber/13.3.0.22 CFNetwork/1121.2.2 Darwin/19.2.0",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36",
        "",
    ],
)
def test_previews_crawlers_and_scripts_count_nothing(app: Flask, session: Session, scan: Scanner, agent: str) -> None:
    assert scan(agent) == 204
    write_looks(app)
    assert scans(session) == 0
    assert session.execute(select(LookDay.looks, LookDay.robots)).all() == [(0, 1)]


def test_the_browser_inside_zalo_is_a_person(session: Session, scan: Scanner) -> None:
    assert scan(ZALO_ON_A_PHONE) == 204
    assert scans(session) == 1


def test_one_visitor_counts_once_a_day(session: Session, scan: Scanner, clock: Clock) -> None:
    for _ in range(4):
        assert scan() == 204
    assert scans(session) == 1
    scan(address="14.191.3.4")
    assert scans(session) == 2
    clock.advance(days=1)
    scan()
    assert scans(session) == 3


def test_a_token_is_good_for_one_scan_of_one_stamp_for_a_day(
    session: Session, client: FlaskClient, scan: Scanner, code: str, run: Run, clock: Clock
) -> None:
    token = opened(client, code)
    scan(token=token)
    scan(token=token, address="14.191.3.4")
    assert scans(session) == 1, "spent"
    other = code_of(run, 8)
    scan(token=opened(client, code), code=other)
    assert scans(session) == 1, "given for another stamp"
    old = opened(client, code)
    clock.advance(days=2)
    scan(token=old)
    assert scans(session) == 1, "too old"
    for forged in ("", "x", "A" * 38, old[:-1] + ("A" if old[-1] != "A" else "B")):
        assert scan(token=forged) == 204
    assert scans(session) == 1


def test_without_a_script_the_button_does_the_same(session: Session, client: FlaskClient, code: str) -> None:
    def press(**fields: str) -> str:
        return client.post("/scan", data={"code": code, "token": token} | fields, headers={"User-Agent": PHONE}).text

    token = opened(client, code)
    assert "Cảm ơn" in press(province="01")
    kept = session.scalars(select(Scan)).one()
    assert (kept.pressed, kept.province, kept.number) == (True, "01", 7)
    assert "đã được tính" in press()
    assert scans(session) == 1


def test_who_was_counted_by_the_script_may_still_say_the_province(
    session: Session, client: FlaskClient, scan: Scanner, code: str
) -> None:
    token = opened(client, code)
    scan(token=token)
    answer = client.post(
        "/scan",
        data={"code": code, "token": token, "province": "31"},
        headers={"User-Agent": PHONE},
        environ_base={"REMOTE_ADDR": ADDRESS},
    )
    assert answer.status_code == 200
    assert session.scalars(select(Scan.province)).all() == ["31"]
    scan(token=token, province="99", by="")
    session.rollback()
    assert session.scalars(select(Scan.province)).all() == ["31"], "said once, and only a province there is"


def test_scripted_beacons_of_one_network_stop_at_its_share(session: Session, scan: Scanner) -> None:
    for host in range(1, 60):
        assert scan(agent=f"{PHONE} Edg/{host}", address=f"113.160.92.{host}") == 204
    assert scans(session) == 5


def test_a_scan_before_activation_says_so(session: Session, client: FlaskClient, run: Run) -> None:
    code = code_of(run, 60)
    client.post("/scan", data={"code": code, "token": opened(client, code)}, headers={"User-Agent": PHONE})
    kept = session.scalars(select(Scan)).one()
    assert kept.early
    assert not kept.late


def test_a_scan_after_the_shelf_life_says_so(session: Session, scan: Scanner, clock: Clock) -> None:
    clock.advance(days=20)
    scan()
    assert session.scalars(select(Scan.late)).one()


def test_a_scan_sent_from_another_site_is_refused(client: FlaskClient, code: str) -> None:
    headers = {"User-Agent": PHONE, "Sec-Fetch-Site": "cross-site"}
    assert client.post("/scan", data={"code": code, "token": opened(client, code)}, headers=headers).status_code == 403


def test_a_busy_database_answers_later_and_still_serves_the_page(
    app: Flask, client: FlaskClient, session: Session, scan: Scanner, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr("trace.pages.consumer.scanning.keep_scans", full)
    assert scan() == 503
    assert (
        client.post(
            "/scan", data={"code": code, "token": opened(client, code)}, headers={"User-Agent": PHONE}
        ).status_code
        == 503
    ), "and rests before it tries again"
    monkeypatch.setattr("trace.pages.consumer.scanning.keep_looks", full)
    opened(client, code)
    write_looks(app)
    monkeypatch.undo()
    write_looks(app)
    session.rollback()
    assert session.scalar(select(LookDay.looks)) == 3, "looks that could not be written are not lost"


def test_no_address_reaches_the_disk(
    app: Flask, session: Session, scan: Scanner, settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scan()
    write_looks(app)
    if settings.sqlite_path is not None:
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.suffix.startswith(".sqlite3") for path in files)
        for path in files:
            assert ADDRESS.encode() not in path.read_bytes(), path
    else:
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        for table in tables:
            rows = session.execute(text(f"SELECT CAST(t AS text) FROM \"{table}\" t WHERE CAST(t AS text) LIKE :like"),
                                   {"like": f"%{ADDRESS}%"})  # fmt: skip
            assert not rows.all(), table
    assert ADDRESS not in capfd.readouterr().err


def test_two_days_of_one_phone_cannot_be_linked(
    session: Session, scan: Scanner, clock: Clock, settings: Settings
) -> None:
    scan()
    salt = session.scalars(select(ScanSalt.salt)).one()
    session.rollback()
    clock.advance(days=1)
    scan()
    session.rollback()
    assert session.scalars(select(ScanSalt.day_on)).all() == [TODAY + timedelta(days=1)]
    assert len(set(session.scalars(select(Scan.visitor)))) == 2
    if settings.sqlite_path is not None:
        session.rollback()
        session.connection().connection.driver_connection.commit()  # type: ignore[union-attr]
        session.rollback()
        assert salt not in settings.sqlite_path.read_bytes()


def test_after_a_month_only_counts_are_left(session: Session, scan: Scanner, clock: Clock) -> None:
    scan()
    scan(address="14.191.3.4")
    clock.advance(days=KEEP_DAYS + 1)
    scan()
    folded = fold(session, today=TODAY + timedelta(days=KEEP_DAYS + 1), now=clock.now)
    session.commit()
    assert (folded.scans, folded.days) == (2, 1)
    assert scans(session) == 1
    kept = session.scalars(select(ScanDay)).one()
    assert (kept.day_on, kept.scans, kept.number) == (TODAY, 2, 7)
    again = fold(session, today=TODAY + timedelta(days=KEEP_DAYS + 1), now=clock.now)
    assert again.scans == 0, "a second run adds nothing"


def test_the_fold_command_says_what_it_did(app: Flask, scan: Scanner) -> None:
    scan()
    said = app.test_cli_runner().invoke(args=["fold-scans"])
    assert said.exit_code == 0, said.output
    assert "folded" in said.output


def test_the_page_is_whole_without_its_script(client: FlaskClient, code: str) -> None:
    page = client.get(f"/T/{code}")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.text.count("<script") == 1
    assert "defer" in page.text
    assert "Set-Cookie" not in page.headers
    privacy = client.get("/privacy")
    assert "script-src 'none'" in privacy.headers["Content-Security-Policy"]


def test_noon_is_not_the_minute_that_is_kept(session: Session, scan: Scanner, clock: Clock) -> None:
    clock.advance(minutes=37)
    scan()
    assert session.scalars(select(Scan.hour_at)).one() == NOON
