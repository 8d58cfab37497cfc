"""Certifiers from outside: let in by an officer, reading one cooperative and no other, and seen at every look."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, Clock, House, make_batch, make_person
from tests.test_people import link_in
from tests.test_uploads import kept, picture
from trace.accounts import Person
from trace.accounts.certifiers import Certifier, let_in
from trace.records import Entry
from trace.work.refused import Refused, RefusedAll

SignIn = Callable[..., FlaskClient]
FORM = {
    "name": "Vy Thu Hiền",
    "body": "Tổ chức chứng nhận Mẫu",
    "phone": "0912 304 777",
    "email": "",
    "to_on": (TODAY + timedelta(days=90)).strftime("%d/%m/%Y"),
}


@pytest.fixture
def reader(session: Session, house: House, sign_in: SignIn) -> FlaskClient:
    person = make_person(session, "Vy Thu Hiền")
    who = Certifier(person.name, "Tổ chức chứng nhận Mẫu", person.email, None, TODAY + timedelta(days=90))
    let_in(session, house.cooperative, who, actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    return sign_in(person)


def views(session: Session) -> list[str]:
    session.rollback()
    entries = session.scalars(select(Entry).where(Entry.kind == "certifier.viewed").order_by(Entry.index))
    return [json.loads(entry.body)["facts"]["page"] for entry in entries]


def test_an_officer_lets_somebody_in_and_they_start_by_a_link(
    app: Flask, session: Session, house: House, staff: dict[str, Person], sign_in: SignIn
) -> None:
    officer, page = sign_in(staff["officer"]), f"/office/cooperatives/{house.cooperative.public_id}/certifiers"
    assert "Chưa cho ai xem" in officer.get(page).text
    link = link_in(officer.post(page, data=FORM).text)
    browser = app.test_client()
    assert browser.post(link, data={"password": "vườn na nhà tôi bốn mươi cây"}).status_code == 302
    browser.post("/sign-in", data={"email": "0912304777", "password": "vườn na nhà tôi bốn mươi cây"})
    assert browser.get("/home").location == "/certifier/"
    home = browser.get("/certifier/").text
    assert house.cooperative.name in home
    assert "Tổ chức chứng nhận Mẫu" in officer.get(page).text


def test_each_view_is_an_entry_and_the_cooperative_sees_it(
    session: Session, house: House, reader: FlaskClient, sign_in: SignIn
) -> None:
    batch = make_batch(session, house)
    session.commit()
    looked = [
        f"/certifier/cooperatives/{house.cooperative.public_id}",
        f"/audit/batches/{batch.public_id}",
        f"/audit/certificates/{house.certificate.public_id}",
        f"/certifier/certificates/{house.certificate.public_id}/file",
    ]
    answers = [reader.get(path) for path in looked]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert "so-nhat-ky.pdf" in zipfile.ZipFile(BytesIO(answers[-1].data)).namelist()
    assert views(session) == looked
    theirs = sign_in(house.manager).get("/my/cooperative").text
    assert theirs.count("Vy Thu Hiền") >= 5, "who may read, and each of four looks"
    assert "hồ sơ gia hạn của một chứng nhận" in theirs


def test_a_file_that_the_browser_has_kept_is_a_view_all_the_same(
    session: Session, house: House, reader: FlaskClient
) -> None:
    paper = kept(session, house, picture())
    session.commit()
    page = f"/uploads/{paper.public_id}"
    first = reader.get(page)
    assert reader.get(page, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert views(session) == [page, page]


def test_nothing_of_another_cooperative_and_nothing_to_change(
    session: Session, house: House, other_house: House, reader: FlaskClient
) -> None:
    own, other = make_batch(session, house), make_batch(session, other_house)
    session.commit()
    for path in (
        f"/certifier/cooperatives/{other_house.cooperative.public_id}",
        f"/certifier/certificates/{other_house.certificate.public_id}/file",
        f"/audit/batches/{other.public_id}",
        f"/audit/certificates/{other_house.certificate.public_id}",
    ):
        assert reader.get(path).status_code == 404, path
    assert reader.post(f"/audit/batches/{own.public_id}/certify").status_code == 403
    for path in ("/audit/", "/office/cooperatives", "/audit/search?q=na", "/my/batches"):
        assert reader.get(path).status_code in {403, 404}, path
    assert "Xác nhận lô đủ điều kiện" not in reader.get(f"/audit/batches/{own.public_id}").text
    assert views(session) == [f"/audit/batches/{own.public_id}"]


def test_after_the_last_day_and_after_the_end_nothing_is_read(
    session: Session, house: House, staff: dict[str, Person], reader: FlaskClient, sign_in: SignIn, clock: Clock
) -> None:
    page = f"/certifier/cooperatives/{house.cooperative.public_id}"
    assert reader.get(page).status_code == 200
    officer, office = sign_in(staff["officer"]), f"/office/cooperatives/{house.cooperative.public_id}/certifiers"
    end = officer.get(office).text.partition(f'action="{office}/')[2].partition('"')[0]
    assert officer.post(f"{office}/{end}").status_code == 302
    assert reader.get(page).status_code == 302, "signed out at once"
    assert officer.post(f"{office}/{end}").status_code == 409


def test_who_cannot_be_let_in_hears_why(session: Session, house: House, staff: dict[str, Person]) -> None:
    doing = {"actor": AUDITOR, "now": NOON, "today": TODAY}

    def letting(person: Person, **changes: object) -> None:
        facts = {"name": person.name, "body": "Tổ chức", "email": person.email, "phone": None, "to_on": TODAY}
        let_in(session, house.cooperative, Certifier(**(facts | changes)), **doing)  # type: ignore[arg-type]

    new = make_person(session, "Người mới")
    with pytest.raises(RefusedAll, match="certification body") as both:
        letting(new, body=" ", to_on=TODAY - timedelta(days=1))
    assert {refusal.field for refusal in both.value.refusals} == {"body", "to_on"}
    with pytest.raises(Refused, match="400 days"):
        letting(new, to_on=TODAY + timedelta(days=401))
    with pytest.raises(Refused, match="works for a cooperative"):
        letting(house.member)
    with pytest.raises(Refused, match="holds an office"):
        letting(staff["auditor"])
    letting(new)
    with pytest.raises(Refused, match="may read here already"):
        letting(new)


def test_a_bad_form_is_told_at_once_and_keeps_what_was_typed(
    house: House, staff: dict[str, Person], sign_in: SignIn
) -> None:
    page = f"/office/cooperatives/{house.cooperative.public_id}/certifiers"
    answer = sign_in(staff["officer"]).post(page, data=FORM | {"body": "", "to_on": "32/13/2026"})
    assert answer.status_code == 422
    assert answer.text.count("field-error") >= 2
    assert "Vy Thu Hiền" in answer.text
