"""A cooperative comes in by itself: what it must say, what it may leave out, and what it is told."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOON, Clock, House, make_cooperative
from trace.accounts import Membership, Person
from trace.records import Cooperative, CooperativeVerdict, Entry, EntrySecret, Notice
from trace.work.actor import Actor
from trace.work.cooperatives import _initials, decide_cooperative, new_label, waiting_cooperatives
from trace.work.refused import Refused

OFFICER = Actor(None, "officer-in-tests", "officer")
GIVEN = {
    "kind": "cooperative",
    "name": "HTX Hồng Vành Khuyên Văn Lãng",
    "tax_code": "0100233488",
    "personal_number": "",
    "commune_code": "06124",
    "address": "Khu 2",
    "certified_address": "Xã Tân Mỹ, huyện Văn Lãng",
    "former_district_code": "182",
    "contact_name": "Hà Văn Khải",
    "phone": "0912 304 506",
    "email": "Khai@Example.vn",
    "consent_name": "y",
    "password": "vườn hồng sau nhà tôi đỏ rực",
}


def send(browser: FlaskClient, **changes: Any):
    data = {key: value for key, value in (GIVEN | changes).items() if value is not None}
    return browser.post("/register", data=data, headers={"Accept-Language": "en"})


def test_a_cooperative_registers_and_its_manager_is_in(client: FlaskClient, session: Session) -> None:
    answer = send(client)

    assert answer.status_code == 302
    assert answer.location == "/home"
    cooperative = session.scalars(select(Cooperative)).one()
    manager = session.scalars(select(Person)).one()
    place = session.scalars(select(Membership)).one()
    assert (cooperative.name, cooperative.tax_code, cooperative.label) == (GIVEN["name"], "0100233488", "HVKVL")
    assert (cooperative.phone, cooperative.email) == ("+84912304506", "khai@example.vn")
    assert not cooperative.approved
    assert [(c.what, c.grower_id) for c in cooperative.consents] == [("name", None)]
    assert (place.person_id, place.place) == (manager.id, "manager")
    page = client.get("/account")
    assert page.status_code == 200
    assert "Hà Văn Khải" in page.text


def test_its_officers_are_told_and_its_entries_name_nobody(client: FlaskClient, session: Session) -> None:
    send(client)
    notice = session.scalars(select(Notice)).one()
    assert notice.office == "officer"
    entries = session.scalars(select(Entry).order_by(Entry.index)).all()
    assert [entry.kind for entry in entries] == ["cooperative.registered", "cooperative.consents", "person.joined"]
    told = b"".join(entry.body for entry in entries).decode()
    for private in ("Khải", "912304506", "khai@", GIVEN["password"]):
        assert private not in told


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Please fill this in"),
        ({"name": "x" * 201}, "too long"),
        ({"name": "HTX\x07 Na"}, "cannot be printed"),
        ({"tax_code": "0100233480"}, "check digit"),
        ({"tax_code": "12345"}, "placeholder"),
        ({"tax_code": "01002"}, "right number of digits"),
        ({"tax_code": ""}, "This kind has a tax code"),
        ({"personal_number": "020085001234"}, "Only a cooperative group or a household"),
        ({"commune_code": ""}, "Please fill this in"),
        ({"commune_code": "99999"}, "ot a valid choice"),
        ({"former_district_code": "999"}, "ot a valid choice"),
        ({"kind": "bank"}, "ot a valid choice"),
        ({"kind": None}, "Please fill this in"),
        ({"address": ""}, "Please fill this in"),
        ({"contact_name": ""}, "Please fill this in"),
        ({"contact_name": "x" * 101}, "too long"),
        ({"phone": ""}, "Please fill this in"),
        ({"phone": "113"}, "right number of digits"),
        ({"phone": "0912\x00304506"}, "right number of digits"),
        ({"email": "khai"}, "not an e-mail"),
        ({"email": "k" * 250 + "@example.vn"}, ""),
        ({"password": ""}, "Please fill this in"),
        ({"password": "ngắn"}, "at least 10"),
        ({"password": "matkhau2026"}, "first that others would try"),
        ({"password": "Hà Văn Khải 1975"}, "first that others would try"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_stored(client, session, wrong: dict[str, Any], said: str) -> None:
    answer = send(client, **wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert GIVEN["contact_name"] in answer.text or "contact_name" in wrong, "what was typed stays"
    for kind in (Person, Cooperative, Membership, Entry):
        assert session.scalar(select(func.count()).select_from(kind)) == 0


def test_an_empty_form_says_everything_at_once(client: FlaskClient) -> None:
    answer = client.post("/register", data={}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert answer.text.count("Please fill this in") >= 6


@pytest.mark.parametrize("kind", ["group", "household"])
def test_a_group_or_household_gives_a_personal_number_that_nobody_sees(client, session, staff, sign_in, kind) -> None:
    number = "020085001234"
    assert send(client, kind=kind, tax_code="", personal_number="").status_code == 422
    assert send(client, kind=kind, tax_code="", personal_number="12345").status_code == 422

    assert send(client, kind=kind, tax_code="", personal_number=number).status_code == 302

    assert session.scalars(select(Cooperative)).one().personal_number == number
    kept = [entry.body.decode() for entry in session.scalars(select(Entry))]
    kept += [secret.words for secret in session.scalars(select(EntrySecret))]
    assert number not in "".join(kept)
    cooperative = session.scalars(select(Cooperative)).one()
    for person, address in ((staff["officer"], f"/office/cooperatives/{cooperative.public_id}"),):
        page = sign_in(person).get(address)
        assert number not in page.text
    assert number not in client.get("/my/cooperative").text


def test_a_group_with_a_tax_code_needs_no_personal_number(client: FlaskClient) -> None:
    assert send(client, kind="group").status_code == 302


def test_pressing_twice_registers_once(client: FlaskClient, app: Flask, session: Session) -> None:
    mark = {"mark": "0123456789abcdef0123456789abcdef"}
    first, second = send(client, **mark), send(app.test_client(), **mark)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    assert session.scalar(select(func.count()).select_from(Cooperative)) == 1


def test_a_tax_code_registers_once(client: FlaskClient, app: Flask, session: Session) -> None:
    send(client)
    again = send(app.test_client(), phone="0912304507", email="", name="HTX Khác")
    assert again.status_code == 409
    assert "registered already" in again.text
    assert session.scalar(select(func.count()).select_from(Person)) == 1, "no manager without a cooperative"


def test_a_known_phone_number_cannot_be_taken_over(client: FlaskClient, app: Flask, session: Session) -> None:
    send(client)
    before = session.scalars(select(Person.password)).one()
    again = send(app.test_client(), tax_code="0301442989", password="một mật khẩu rất khác đây")
    assert again.status_code == 422
    assert "If it is yours, sign in with it" in again.text
    assert session.scalars(select(Person.password)).one() == before


def test_somebody_signed_in_registers_a_second_cooperative_without_another_password(client, session) -> None:
    send(client)
    page = client.get("/register")
    assert 'type="password"' not in page.text
    answer = send(client, tax_code="0301442989", name="HTX Thứ Hai", password=None)
    assert answer.status_code == 302
    assert session.scalar(select(func.count()).select_from(Person)) == 1
    assert session.scalar(select(func.count()).select_from(Membership)) == 2
    assert "HTX Thứ Hai" in client.get("/home", follow_redirects=True).text


def test_a_network_registers_ten_an_hour(app: Flask, clock: Clock, session: Session) -> None:
    answers = [
        send(app.test_client(), kind="group", tax_code="", personal_number=f"0200850012{n:02d}",
             phone=f"09123647{n:02d}", email="", name=f"Tổ {n}").status_code
        for n in range(12)
    ]  # fmt: skip
    assert answers == [302] * 10 + [429] * 2
    clock.advance(hours=1)
    assert send(app.test_client()).status_code == 302


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("HTX Na Chi Lăng", "NCL"),
        ("Hợp tác xã Hồng Bảo Lâm", "HBL"),
        ("Công ty TNHH Đình Lập Xanh", "DLX"),
        ("HTX Na", "NA"),
        ("123", "HTX"),
        ("合作社", "HTX"),
    ],
)
def test_a_label_is_made_of_the_initials(name: str, label: str) -> None:
    assert _initials(name) == label


@given(st.text(max_size=200))
def test_any_name_gives_two_to_five_capitals(name: str) -> None:
    label = _initials(name)
    assert 2 <= len(label) <= 5
    assert label.isascii()
    assert label.isalpha()
    assert label.isupper()


def test_no_two_cooperatives_share_a_label(session: Session) -> None:
    labels = []
    for n in range(60):
        label = new_label(session, "HTX Na Chi Lăng Xanh Tốt")
        labels.append(label)
        make_cooperative(session, f"Na {n}", label)
    assert len(set(labels)) == 60
    assert labels[:3] == ["NCLXT", "NCLXA", "NCLXB"]
    assert all(2 <= len(label) <= 5 for label in labels)


def test_an_officer_approves_and_the_cooperative_is_told(session: Session) -> None:
    cooperative = make_cooperative(session, "HTX Mới", "HM", approved=False)
    assert waiting_cooperatives(session) == [cooperative]
    decide_cooperative(session, cooperative, CooperativeVerdict.APPROVED, None, by=OFFICER, now=NOON)
    session.commit()
    assert cooperative.approved
    assert waiting_cooperatives(session) == []
    notice = session.scalars(select(Notice)).one()
    assert notice.cooperative_id == cooperative.id
    assert "approved" in notice.message
    [entry] = session.scalars(select(Entry))
    assert json.loads(entry.body)["facts"] == {"verdict": "approved", "reason": None}


def test_a_refusal_needs_a_reason_and_may_be_followed_by_an_approval(session: Session) -> None:
    cooperative = make_cooperative(session, "HTX Mới", "HM", approved=False)
    with pytest.raises(Refused, match="Say why"):
        decide_cooperative(session, cooperative, CooperativeVerdict.REFUSED, "", by=OFFICER, now=NOON)
    decide_cooperative(session, cooperative, CooperativeVerdict.REFUSED, "thiếu giấy", by=OFFICER, now=NOON)
    assert not cooperative.approved
    decide_cooperative(session, cooperative, CooperativeVerdict.APPROVED, None, by=OFFICER, now=NOON)
    assert cooperative.approved
    with pytest.raises(Refused, match="meantime") as again:
        decide_cooperative(session, cooperative, CooperativeVerdict.APPROVED, None, by=OFFICER, now=NOON)
    assert again.value.conflict


def test_nobody_decides_on_a_cooperative_they_belong_to(session: Session, house: House) -> None:
    insider = Actor(None, "x", "officer", frozenset({house.cooperative.id}))
    with pytest.raises(Refused, match="belong"):
        decide_cooperative(session, house.cooperative, CooperativeVerdict.LEFT, "thôi", by=insider, now=NOON)


def test_a_cooperative_whose_registration_was_refused_reads_why_on_its_home_page(session, house, sign_in) -> None:
    decide_cooperative(session, house.cooperative, CooperativeVerdict.REFUSED, "thiếu điều lệ", by=OFFICER, now=NOON)
    session.commit()
    page = sign_in(house.manager).get("/account/notices")
    assert "thiếu điều lệ" in page.text


def test_a_notice_to_the_officers_goes_when_one_has_decided(
    client: FlaskClient, session: Session, staff, sign_in
) -> None:
    send(client)
    cooperative = session.scalars(select(Cooperative)).one()
    officer = sign_in(staff["officer"])
    page = f"/office/cooperatives/{cooperative.public_id}"
    assert page in officer.get("/account/notices").text

    officer.post(f"{page}/approve", data={"seen": "0"})

    assert page not in officer.get("/account/notices").text.split("Đã xong")[0]
