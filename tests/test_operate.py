"""The operator: the address of stamps, people of the offices, settings with from-days, the machine in words."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_QUANTITIES, BAD_WORDS
from tests.conftest import TODAY, House, make_person
from trace.accounts import Office, Person
from trace.records import Deployment, Entry, Setting
from trace.service import keyring, released
from trace.work.deployments import DEFAULTS, setting

SignIn = Callable[..., FlaskClient]
SETTINGS = {
    "office_vi": "Sở Khoa học và Công nghệ tỉnh Lạng Sơn",
    "office_en": "Department of Science and Technology of Lạng Sơn",
    "office_zh": "谅山省科学技术厅",
    "office_phone": "0205 381 2264",
    "spoil_percent": "5",
    "output_tolerance_percent": "10",
    "complaint_answer_days": "7",
    "once_only_above": "5.000",
    "from_on": TODAY.isoformat(),
}


@pytest.fixture
def operator(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["operator"])


@pytest.fixture
def second_operator(session: Session, sign_in: SignIn) -> FlaskClient:
    person = make_person(session, "Ma Thị Hai", office=Office.OPERATOR)
    session.commit()
    return sign_in(person)


@pytest.fixture
def for_real(app: Flask) -> Flask:
    """The same service with an https address and no longer a demonstration."""
    with app.app_context():
        keyring()  # read while it may be: production refuses a demonstration's keys
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mode="production", public_url="https://tem.example.vn")
    return app


def drawn(page: str) -> Image.Image:
    """The QR symbol of a page as a picture, from its path."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1" role="img"', page)[1])  # type: ignore[index]
    picture = Image.new("L", (side * 8, side * 8), 255)
    pen = ImageDraw.Draw(picture)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", page):
        pen.rectangle((int(x) * 8, int(y) * 8, int(x) * 8 + 7, int(y) * 8 + 7), fill=0)
    return picture


def test_the_operator_sees_exactly_what_a_stamp_would_carry(operator: FlaskClient) -> None:
    page = operator.get("/operate/address").text
    [read] = zxingcpp.read_barcodes(drawn(page))
    assert read.text.startswith("HTTP://TEM.TEST/T/")
    assert read.text in page
    assert "http://tem.test" in page


def test_the_examples_code_is_no_stamp_of_anybody_and_never_called_false(operator: FlaskClient) -> None:
    [read] = zxingcpp.read_barcodes(drawn(operator.get("/operate/address").text))
    shown = operator.get(read.text.removeprefix("HTTP://TEM.TEST"))
    assert shown.status_code == 200
    assert "không tồn tại" not in shown.text


def test_an_address_without_https_cannot_be_confirmed(session: Session, operator: FlaskClient) -> None:
    assert "Xác nhận địa chỉ này" not in operator.get("/operate/address").text
    assert operator.post("/operate/address", data={"seen": "y"}).status_code == 422
    assert session.get_one(Deployment, 1).confirmed_url is None


def test_confirming_the_address_releases_stamps(
    session: Session, staff: dict[str, Person], operator: FlaskClient, for_real: Flask
) -> None:
    staff["operator"].totp_secret = "set up already"
    session.commit()
    assert not released(session)
    assert operator.post("/operate/address", data={}).status_code == 422, "somebody must have tried the example"
    assert operator.post("/operate/address", data={"seen": "y"}).status_code == 302
    session.expire_all()
    session.rollback()
    assert released(session)
    page = operator.get("/operate/address").text
    assert "Địa chỉ này đã được xác nhận" in page
    assert "staff operator" in page


def person_form(**changes: str) -> dict[str, str]:
    return {"name": "Lý Thị Kiểm", "office": "auditor", "email": "ly.kiem@example.vn", "phone": ""} | changes


def test_a_new_auditor_starts_once_a_second_operator_agrees_with_a_link_that_is_shown_once(
    session: Session, app: Flask, operator: FlaskClient, second_operator: FlaskClient
) -> None:
    proposal = operator.post("/operate/people/new", data=person_form()).location
    person = session.scalars(select(Person).where(Person.email == "ly.kiem@example.vn")).one()
    assert (person.office, person.password) == (None, None)
    assert operator.post(f"{proposal}/agree").status_code == 422, "nobody is their own second pair of eyes"
    assert second_operator.post(f"{proposal}/agree").status_code == 302
    assert "Lý Thị Kiểm" in operator.get("/operate/people/").text
    page = operator.post(f"/operate/people/{person.public_id}/link")
    assert page.status_code == 200
    link = re.search(r"<code>http://tem\.test(/[^<]+)</code>", page.text)
    assert link is not None
    assert link[1] not in operator.get("/operate/people/").text
    newcomer = app.test_client()
    assert newcomer.get(link[1]).status_code == 200
    session.expire_all()
    assert (person.office, person.password) == ("auditor", None)


def test_somebody_known_gets_the_office_and_keeps_their_password(
    session: Session, house: House, operator: FlaskClient, second_operator: FlaskClient, sign_in: SignIn
) -> None:
    known = person_form(email=house.member.email.upper(), office="officer")
    proposal = operator.post("/operate/people/new", data=known).location
    assert second_operator.post(f"{proposal}/agree").status_code == 302
    session.expire_all()
    session.rollback()
    assert session.get_one(Person, house.member.id).office == "officer"
    assert sign_in(house.member)
    link = f"/operate/people/{house.member.public_id}/link"
    assert operator.post(link).status_code == 409, "who has a password is helped in person, not by a link from here"


def test_nobody_holds_two_offices(session: Session, staff: dict[str, Person], operator: FlaskClient) -> None:
    page = operator.post("/operate/people/new", data=person_form(email=staff["auditor"].email, office="officer"))
    assert page.status_code == 422
    assert "không ai giữ hai" in page.text
    session.rollback()
    assert session.get_one(Person, staff["auditor"].id).office == "auditor"


@pytest.mark.parametrize(
    "changes",
    [{"name": value} for value in BAD_WORDS.values()]
    + [{"office": value} for value in ("", "king", "manager", "auditor\x00")]
    + [{"email": value} for value in ("", "không", "a@", "a" * 300 + "@example.vn", "x\x00@example.vn")]
    + [{"email": "", "phone": value} for value in ("12", "abc", "+1 555 0100", "0" * 40)],
)
def test_a_person_who_cannot_be_is_refused(
    session: Session, staff: dict[str, Person], operator: FlaskClient, changes: dict[str, str]
) -> None:
    before = session.scalar(select(func.count(Person.id)))
    page = operator.post("/operate/people/new", data=person_form(**changes))
    assert page.status_code == 422
    assert "field-error" in page.text
    session.rollback()
    assert session.scalar(select(func.count(Person.id))) == before


def test_ending_an_office_ends_it_at_once(
    session: Session, staff: dict[str, Person], operator: FlaskClient, sign_in: SignIn
) -> None:
    auditor = sign_in(staff["auditor"])
    assert auditor.get("/audit/").status_code == 200
    end = f"/operate/people/{staff['auditor'].public_id}/end"
    assert operator.post(end).status_code == 302
    assert operator.post(end).status_code == 409
    assert auditor.get("/audit/").status_code != 200
    session.rollback()
    assert "staff auditor" not in operator.get("/operate/people/").text


def test_an_operator_does_not_end_their_own_office(
    session: Session, staff: dict[str, Person], operator: FlaskClient
) -> None:
    assert operator.post(f"/operate/people/{staff['operator'].public_id}/end").status_code == 422
    session.rollback()
    assert session.get_one(Person, staff["operator"].id).office == "operator"


def test_a_setting_holds_from_its_day_on_and_its_history_stays(session: Session, operator: FlaskClient) -> None:
    later = TODAY + timedelta(days=30)
    form = SETTINGS | {"output_tolerance_percent": "15", "office_vi": "Sở Mới", "from_on": later.isoformat()}
    assert operator.post("/operate/settings", data=form).status_code == 302
    session.rollback()
    assert setting(session, "output_tolerance_percent", later - timedelta(days=1)) == 10
    assert setting(session, "output_tolerance_percent", later) == 15
    assert setting(session, "office.vi", later) == "Sở Mới"
    assert session.scalar(select(func.count(Setting.id))) == 2, "only what differs is stored"
    page = operator.get("/operate/settings").text
    assert "Sở Mới" in page
    assert "staff operator" in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("spoil_percent", value) for name, value in BAD_QUANTITIES.items() if name != "nothing"]
    + [("spoil_percent", "51"), ("output_tolerance_percent", "1000"), ("spoil_percent", "2,5")]
    + [("complaint_answer_days", value) for value in ("", "0", "61", "-1")]
    + [("office_vi", value) for value in BAD_WORDS.values()]
    + [("office_phone", value) for value in ("", "12", "abc")]
    + [("from_on", value) for value in BAD_DAYS.values()]
    + [("from_on", (TODAY - timedelta(days=1)).isoformat())],
)
def test_a_setting_that_cannot_be_is_refused(session: Session, operator: FlaskClient, field: str, value: str) -> None:
    page = operator.post("/operate/settings", data=SETTINGS | {field: value})
    assert page.status_code == 422
    assert "field-error" in page.text
    session.rollback()
    assert session.scalar(select(func.count(Setting.id))) == 0


def test_settings_that_change_nothing_are_not_stored(session: Session, operator: FlaskClient) -> None:
    assert operator.post("/operate/settings", data=SETTINGS).status_code == 422
    session.rollback()
    assert session.scalar(select(func.count(Setting.id))) == 0


def test_every_setting_of_the_province_can_be_set(
    operator: FlaskClient, staff: dict[str, Person], sign_in: SignIn
) -> None:
    """By the operator, or by an auditor where it is about the rules of the checks."""
    pages = operator.get("/operate/settings").text + sign_in(staff["auditor"]).get("/audit/rules/").text
    missing = [key for key in DEFAULTS if f'name="{key.replace(".", "_")}"' not in pages]
    assert [key for key in missing if f'name="{key.removeprefix("gate.")}"' not in pages] == []


def test_the_machine_is_told_in_words(session: Session, run: Any, operator: FlaskClient) -> None:
    page = operator.get("/operate/").text
    newest = session.scalar(select(func.max(Entry.index)))
    for words in (f"mục cuối số {newest}", "Đợt tem", "đang dùng", session.get_bind().dialect.name):
        assert words in page, words


def test_the_operators_pages_are_theirs_alone(
    session: Session, house: House, staff: dict[str, Person], sign_in: SignIn, client: FlaskClient
) -> None:
    pages = ["/operate/", "/operate/address", "/operate/settings", "/operate/people/", "/operate/people/new"]
    end = f"/operate/people/{staff['operator'].public_id}/end"
    for person in (house.manager, staff["auditor"], staff["officer"]):
        browser = sign_in(person)
        assert {browser.get(page).status_code for page in pages} == {403}
        assert {browser.post(page, data={}).status_code for page in (*pages[1:3], pages[4], end)} == {403}
    assert {client.get(page).status_code for page in pages} == {302}
    session.rollback()
    assert session.scalar(select(func.count(Setting.id))) == 0


def test_everybody_may_read_how_to_start_for_real(client: FlaskClient) -> None:
    page = client.get("/start-for-real")
    assert page.status_code == 200
    assert "TEMGOC_MODE=production" in page.text
    assert "Set-Cookie" not in page.headers


def test_the_word_for_every_kind_of_entry_about_lots_papers_and_cooperatives_is_known() -> None:
    """An entry without words would show its bare kind on the page of a lot, certificate or cooperative."""
    from pathlib import Path

    from trace.pages.staff.entries_told import ENTRY_TITLES

    kinds = set()
    sheets = {
        *Path("trace/work").glob("export_*.py"),
        Path("trace/work/log_rows.py"),
    }  # columns and prefixes: no entries
    for file in set(Path("trace/work").glob("*.py")) - sheets:
        kinds |= set(re.findall(r'"((?:batch|certificate|cooperative|run|stamps|season)\.[a-z_]+)"', file.read_text()))
    assert len(kinds) > 15
    no_entries = {"cooperative.decided", "cooperative.write", "cooperative.read"}
    no_entries |= {"cooperative.tax_code", "cooperative.label"}  # columns whose constraints are named
    no_entries |= {"batch.lift", "certificate.lift", "stamps.lift"}  # what a second person is asked: proposals
    assert kinds - set(ENTRY_TITLES) - no_entries == set()
