"""The demonstration: made once, whole at any time of the year, and never in production."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import MakeApp
from trace.accounts import Person
from trace.commands.demo import fill_when_empty, tell
from trace.db import db
from trace.demo.pictures import picture_of
from trace.demo.story import fresh_product, last_in_season
from trace.demo.told import Account
from trace.records import (
    Batch,
    Certificate,
    CertificateState,
    Cooperative,
    Dispatch,
    Entry,
    Grower,
    JobState,
    OwnFace,
    PrintJob,
    Product,
    Trademark,
    TrademarkKind,
    Upload,
)
from trace.settings import Settings
from trace.standards.geography import commune
from trace.standards.identifiers import gtin14
from trace.upkeep.proof import chain_problems
from trace.work.days import day_of
from trace.work.log_rows import Said, changed_rows
from trace.work.standing import BatchStanding, StampVerdict, batch_standing, batch_verdict

KINDS = {"valid", "not_active", "lapsed", "suspended", "recalled", "void", "past_shelf_life"}


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


def test_scripts_get_everything_they_need_and_a_second_run_changes_nothing(runner: FlaskCliRunner) -> None:
    first = json.loads(runner.invoke(args=["demo", "--json"]).output)
    second = json.loads(runner.invoke(args=["demo", "--json"]).output)

    assert first == second
    assert set(first) == {"public_url", "accounts", "stamps", "gtin", "lot"}
    roles = {"member", "manager", "auditor", "officer", "operator", "certifier"}
    assert {account["role"] for account in first["accounts"]} == roles
    assert all(set(account) == {"role", "email", "password"} for account in first["accounts"])
    assert set(first["stamps"]) == KINDS
    assert gtin14(first["gtin"]) == first["gtin"]
    assert first["gtin"].startswith("0952")


@pytest.mark.parametrize("month", range(1, 13))
def test_every_kind_of_stamp_exists_in_every_month(month: int, tmp_path: Path, make_app: MakeApp) -> None:
    """Fruit has its season; the demonstration has to be whole in any."""
    with time_machine.travel(datetime(2027, month, 28, 16, tzinfo=UTC), tick=False):
        settings = Settings(
            mode="demo",
            public_url="http://tem.test",
            database_url=f"sqlite:///{tmp_path / 'demo.sqlite3'}",
            secrets=tmp_path / "secrets",
            instance=tmp_path,
        )
        app = make_app(settings)
        answer = app.test_cli_runner().invoke(args=["demo", "--json"])
        assert answer.exit_code == 0, answer.output
        offered = json.loads(answer.output)
        assert set(offered["stamps"]) == KINDS
        with app.app_context():
            session = db.get_session("read")
            fresh = session.scalars(select(Batch).where(Batch.submitted_at.is_(None))).one().product
            assert month in _months(fresh)


def _months(product: Product) -> set[int]:
    """The months in which a product may be the fresh one: those in which it is harvested."""
    from trace.demo.data import PRODUCTS

    return set(next(told.months for told in PRODUCTS if told.names[0] == product.name_vi))


def test_it_tells_the_whole_story(app: Flask, session: Session) -> None:
    assert fill_when_empty()

    assert session.scalar(select(func.count(Grower.id))) == 13
    assert all(commune(code) for code in session.scalars(select(Cooperative.commune_code)))
    waiting = [house for house in session.scalars(select(Cooperative)) if not house.approved]
    assert len(waiting) == 1
    standings = Counter(batch_standing(batch) for batch in session.scalars(select(Batch)))
    assert set(standings) == set(BatchStanding)
    assert {mark.kind for mark in session.scalars(select(Trademark))} == set(TrademarkKind)
    today = day_of(datetime.now(UTC))
    papers = session.scalars(select(Certificate)).all()
    states = {paper.state_on(today) for paper in papers}
    assert {CertificateState.SUSPENDED, CertificateState.DECLARED, CertificateState.IN_FORCE} <= states
    assert any(0 <= (paper.expires_on - today).days <= 30 for paper in papers)
    assert session.scalar(select(func.count(Dispatch.id)))
    assert session.scalar(select(func.count(Upload.id))) == 4
    assert session.scalar(select(func.count(Product.id)).where(Product.gtin.is_not(None))) == 1
    last = session.scalar(select(Entry.chain_hash).order_by(Entry.index.desc()).limit(1))
    assert last is not None
    assert chain_problems(session.connection(), last.hex()) == []


@pytest.mark.demonstration
def test_the_planted_fraud_is_found_understood_and_suspended_from_the_desk(app: Flask, session: Session) -> None:
    """Produce bought elsewhere under a certificate: more than the hill can bear."""
    account = next(account for account in tell().accounts if account.role == "auditor")
    browser = app.test_client()
    browser.post("/sign-in", data={"email": account.email, "password": account.password})
    first = re.search(r"/audit/batches/([0-9a-z]{12})", browser.get("/audit/").text.partition('id="batches"')[2])
    assert first is not None
    batch = session.scalars(select(Batch).where(Batch.public_id == first[1])).one()
    line = batch.intake[0]
    assert line.plot is not None
    assert line.plot.name == "Đồi chè Khe Lạnh", "it stands on top"
    assert "quá sức của vườn" in browser.get(first[0]).text, "and the page says why in a sentence"

    assert line.scope_line is not None
    address = f"/audit/certificates/{line.scope_line.certificate.public_id}/suspended"
    day = line.harvested_on - timedelta(days=28)
    form = {"seen": "1", "reason": "Sản lượng vượt sức vườn", "reaches_from": day.isoformat(), "shown": ""}
    asked = browser.post(address, data=form)
    assert asked.status_code == 422
    assert "28.000" in asked.text, "the batches and stamps that it turns are shown before it is taken"
    assert "25.500" in asked.text
    shown = re.search(r'name="shown"[^>]*value="([^"]+)"', asked.text)
    assert shown is not None
    assert browser.post(address, data=form | {"shown": shown[1]}).status_code == 302
    session.expire_all()
    turned = [lot for lot in session.scalars(select(Batch)) if lot.intake and lot.intake[0].plot is line.plot]
    verdicts = {batch_verdict(lot, day_of(datetime.now(UTC))) for lot in turned}
    assert verdicts == {StampVerdict.SUSPENDED}


@pytest.mark.demonstration
def test_every_page_about_printing_has_something_to_show(app: Flask, session: Session) -> None:
    managers = {person.email: _signed_in(app, person) for person in tell().accounts if person.role == "manager"}
    browser, other = managers["quanly.suongsom@demo.example"], managers["quanly.nangdong@demo.example"]
    folder: Path = app.config["SETTINGS"].print_folder
    jobs = session.scalars(select(PrintJob)).all()
    assert {job.state for job in jobs} == {JobState.DONE}
    assert all((folder / (job.file_name or "")).stat().st_size == job.size_bytes for job in jobs)
    pins = next(job.printing for job in jobs if job.printing.face == "pin")
    listed = next(job.printing for job in jobs if job.printing.format == "csv")

    assert "12/12" in browser.get(f"/my/stamps/printings/{pins.public_id}").text
    assert "còn 17 ô" in browser.get(f"/my/stamps/{pins.run.public_id}/print").text
    assert "đã kiểm chứng ngày" in browser.get("/my/printers").text
    assert "Tem hộp quà 50 × 30" in browser.get("/my/labels").text
    own = session.scalars(select(OwnFace)).one()
    assert own.last.number == 2
    assert "Cần người thứ hai đồng ý trước" in other.get(f"/my/stamps/printings/{listed.public_id}").text


def _signed_in(app: Flask, account: Account) -> FlaskClient:
    browser = app.test_client()
    browser.post("/sign-in", data={"email": account.email, "password": account.password})
    return browser


@pytest.mark.demonstration
def test_its_history_reads_in_the_order_of_its_days(app: Flask, session: Session) -> None:
    moments = session.scalars(select(Entry.at).order_by(Entry.index)).all()
    assert list(moments) == sorted(moments)
    assert moments[-1] <= datetime.now(UTC)
    said = Said()
    for entry in session.scalars(select(Entry).order_by(Entry.index)):
        said.hear(entry.index, entry.kind, (entry.subject_kind, entry.subject), entry.body)
    assert len(said.whole) > 60
    assert list(changed_rows(session, said)) == [], "the records say what the history says of them"


def test_it_never_touches_a_database_that_somebody_works_in(app: Flask, session: Session, house: object) -> None:
    assert not fill_when_empty()
    assert session.scalar(select(func.count(Person.id)).where(Person.demo)) == 0


def test_production_refuses_it_in_words(app: Flask, settings: Settings) -> None:
    app.config["SETTINGS"] = replace(settings, mode="production")
    answer = app.test_cli_runner().invoke(args=["demo"])
    assert answer.exit_code == 1
    assert "Production never loads demo data" in answer.output


@pytest.mark.demonstration
def test_every_printed_sign_in_works(app: Flask, session: Session, client: FlaskClient) -> None:
    for account in tell().accounts:
        browser = app.test_client()
        answer = browser.post("/sign-in", data={"email": account.email, "password": account.password})
        assert answer.status_code == 302, (account.role, answer.text[-2000:])
        assert "/sign-in" not in answer.headers["Location"]


@pytest.mark.parametrize("product", ["na", "hong", "che", "quyt"])
def test_pictures_are_small_and_whole(product: str) -> None:
    from io import BytesIO

    from PIL import Image

    content = picture_of(product)
    assert len(content) < 150_000
    with Image.open(BytesIO(content)) as image:
        image.load()
        assert image.size == (960, 720)


def test_the_last_day_in_season_is_never_ahead() -> None:
    day = datetime(2027, 4, 3, tzinfo=UTC).date()
    assert last_in_season("na", day) == datetime(2026, 10, 31, tzinfo=UTC).date()
    assert last_in_season("che", day) == day
    assert fresh_product(day) == "che"
