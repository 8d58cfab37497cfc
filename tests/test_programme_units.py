"""The programme as a unit sees it: enrolling on one page, with or without an account, and its own progress only."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from labels import read_pdf
from tests.cast import OFFICERS, the_campaign
from tests.conftest import NOON, TODAY, Clock, House
from tests.forms_in import FormsIn
from tests.test_registration import GIVEN
from trace.accounts import Person
from trace.records import (
    Campaign,
    Cooperative,
    Enrolment,
    EnrolmentDocument,
    EnrolmentState,
    Entry,
    Notice,
    ProgrammeUnit,
    SupportKind,
)
from trace.work.enrolments import enrol, move
from trace.work.export import write_workbook
from trace.work.programme_units import UnitFacts, add_unit, unit_of

SignIn = Callable[[Person], FlaskClient]
ASKS = {"kinds": ["vietgap", "stamps"], "cost_vietgap": "60 triệu", "cost_stamps": "5.000.000", "plan": "Hai mươi hộ"}
DOING: dict[str, Any] = {"actor": OFFICERS[0], "now": NOON}


@pytest.fixture
def campaign(session: Session) -> Campaign:
    campaign = the_campaign(session)
    session.commit()
    return campaign


def enrolled(session: Session, unit: ProgrammeUnit, campaign: Campaign) -> Enrolment:
    kinds = session.scalars(select(SupportKind).where(SupportKind.key == "trademark")).all()
    return enrol(session, campaign, unit, dict.fromkeys(kinds, 1_000_000), "Cũ", **DOING, today=TODAY)


def wrong(answer: Any) -> set[str]:
    assert answer.status_code == 422, answer.status_code
    return set(FormsIn(answer.text, "").wrong)


def test_a_cooperative_enrols_and_is_asked_nothing_that_is_known(
    house: House, campaign: Campaign, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(house.manager)
    page = browser.get("/my/programme/enrol").text
    [form] = [form for form in FormsIn(page, "/my/programme/enrol").forms if "plan" in form.texts]
    assert not form.texts & {"name", "address", "tax_code", "contact_name", "phone"}
    assert "HTX Na Mẫu" in page
    answer = browser.post("/my/programme/enrol", data=ASKS)
    enrolment = session.scalars(select(Enrolment)).one()
    assert answer.location == f"/my/programme/{enrolment.public_id}"
    assert {one.kind.key: one.expected_vnd for one in enrolment.asked} == {"vietgap": 60_000_000, "stamps": 5_000_000}
    assert enrolment.unit.registered_id == house.cooperative.id
    told = session.scalars(select(Notice).where(Notice.office == "officer")).one()
    assert told.url == f"/office/programme/enrolments/{enrolment.public_id}"
    again = browser.get("/my/programme/enrol").text
    assert 'value="vietgap"' not in again, "what has been asked for is not offered twice"
    assert 'value="trademark"' in again


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(
    house: House, campaign: Campaign, sign_in: SignIn, session: Session
) -> None:
    browser = sign_in(house.manager)
    entries = session.scalar(select(func.count(Entry.index)))
    for changes, fields in (
        ({"kinds": []}, {"kinds", "cost_vietgap", "cost_stamps"}),
        ({"cost_vietgap": "-5"}, {"cost_vietgap"}),
        ({"cost_vietgap": "1,5 đ", "plan": " "}, {"cost_vietgap", "plan"}),
        ({"cost_vietgap": ""}, {"cost_vietgap"}),
    ):
        answer = browser.post("/my/programme/enrol", data=ASKS | changes)
        assert wrong(answer) == fields
        assert ASKS["cost_stamps"] in answer.text, "what was typed is kept"
    assert session.scalar(select(func.count(ProgrammeUnit.id))) == 0
    assert session.scalar(select(func.count(Entry.index))) == entries


def test_reading_the_pages_writes_nothing(house: House, campaign: Campaign, sign_in: SignIn, session: Session) -> None:
    browser = sign_in(house.manager)
    before = session.scalar(select(func.count(Entry.index)))
    for page in ("/my/programme", "/my/programme/enrol"):
        assert browser.get(page).status_code == 200
    assert session.scalar(select(func.count(ProgrammeUnit.id))) == 0
    assert session.scalar(select(func.count(Entry.index))) == before


def test_after_the_closing_day_nobody_enrols_alone(
    house: House, campaign: Campaign, sign_in: SignIn, clock: Clock, client: FlaskClient, session: Session
) -> None:
    clock.advance(days=20)
    browser = sign_in(house.manager)
    assert "chưa mở năm nào" in browser.get("/my/programme/enrol").text
    assert browser.post("/my/programme/enrol", data=ASKS).status_code == 404
    assert "chưa mở năm nào" in client.get("/programme/enrol", headers={"Accept-Language": "vi"}).text
    assert client.post("/programme/enrol", data=GIVEN | ASKS).status_code == 404
    assert session.scalar(select(func.count(Enrolment.id))) == 0
    assert session.scalar(select(func.count(Cooperative.id))) == 1


def test_another_cooperatives_enrolment_is_not_there(
    house: House, other_house: House, campaign: Campaign, sign_in: SignIn, session: Session
) -> None:
    foreign = enrolled(session, unit_of(session, other_house.cooperative, **DOING), campaign)
    unregistered = add_unit(session, UnitFacts("group", "Tổ hợp tác Chè", "Bắc Sơn"), **DOING)
    nobodys = enrolled(session, unregistered, campaign)
    session.commit()
    pages = [f"/my/programme/{one.public_id}" for one in (foreign, nobodys)]
    browser = sign_in(house.manager)
    for page in pages:
        assert browser.get(page).status_code == 404
        assert browser.post(f"{page}/documents", data={"name": "x"}).status_code == 404
    assert "Tổ hợp tác Chè" not in browser.get("/my/programme").text


def test_whoever_registers_with_anothers_tax_code_reads_nothing_of_before_until_approved(
    client: FlaskClient, campaign: Campaign, session: Session, clock: Clock
) -> None:
    known = UnitFacts("cooperative", "HTX Hồng", "Văn Lãng", tax_code=GIVEN["tax_code"])
    before = enrolled(session, add_unit(session, known, **DOING), campaign).public_id
    session.commit()
    clock.advance(hours=1)
    answer = client.post("/programme/enrol", data=GIVEN | ASKS)
    assert answer.location.startswith("/my/programme/"), "one unit by its tax code, now registered"
    assert client.get(answer.location).status_code == 200
    assert client.get(f"/my/programme/{before}").status_code == 404
    assert before not in client.get("/my/programme").text


def test_registering_and_enrolling_is_one_form(client: FlaskClient, campaign: Campaign, session: Session) -> None:
    assert wrong(client.post("/programme/enrol", data=GIVEN | ASKS | {"name": "", "plan": ""})) == {"name", "plan"}
    assert session.scalar(select(func.count(Cooperative.id))) == 0
    answer = client.post("/programme/enrol", data=GIVEN | ASKS)
    enrolment = session.scalars(select(Enrolment)).one()
    assert answer.location == f"/my/programme/{enrolment.public_id}"
    assert enrolment.unit.name == GIVEN["name"]
    assert (enrolment.unit.commune_code, enrolment.unit.former_district_code) == ("06124", "182")
    assert not session.scalars(select(Cooperative)).one().approved
    page = client.get(answer.location).text
    assert "Đã tiếp nhận" in page


def test_whoever_has_an_account_is_led_to_the_short_form(
    house: House, campaign: Campaign, sign_in: SignIn, staff: dict[str, Person]
) -> None:
    assert sign_in(house.manager).get("/programme/enrol").location == "/my/programme/enrol"
    assert sign_in(staff["officer"]).get("/programme/enrol").location == "/office/programme"
    assert sign_in(house.member).get("/my/programme/enrol").status_code == 403, "a manager enrols"


def test_the_unit_is_told_and_attaches_papers(
    house: House, campaign: Campaign, sign_in: SignIn, session: Session
) -> None:
    enrolment = enrolled(session, unit_of(session, house.cooperative, **DOING), campaign)
    move(session, enrolment, EnrolmentState.REFUSED, reason="Thiếu kế hoạch", **DOING)
    session.commit()
    browser = sign_in(house.manager)
    address = f"/my/programme/{enrolment.public_id}"
    assert "Thiếu kế hoạch" in browser.get("/my").text
    assert "Thiếu kế hoạch" in browser.get(address).text
    picture = BytesIO()
    Image.new("RGB", (40, 30)).save(picture, "PNG")
    assert wrong(browser.post(f"{address}/documents", data={"name": ""})) == {"name", "file"}
    sent = {"name": "Hóa đơn", "file": (BytesIO(picture.getvalue()), "hoa-don.png")}
    assert browser.post(f"{address}/documents", data=sent).status_code == 302
    kept = session.scalars(select(EnrolmentDocument)).one()
    assert kept.upload.cooperative_id == house.cooperative.id
    assert browser.get(f"/uploads/{kept.upload.public_id}").status_code == 200


def test_what_it_asked_for_is_in_its_own_export(
    house: House, campaign: Campaign, sign_in: SignIn, session: Session
) -> None:
    enrolled(session, unit_of(session, house.cooperative, **DOING), campaign)
    session.commit()
    out = BytesIO()
    write_workbook(session, house.cooperative, out, lambda words: words, {})
    out.seek(0)
    rows = CalamineWorkbook.from_filelike(out).get_sheet_by_name("Support programme").to_python()
    assert rows[1][:5] == [2026, TODAY, "Xây dựng nhãn hiệu", 1_000_000, "Cũ"]


def test_the_form_on_paper_names_every_kind_and_its_code_opens_the_form(
    client: FlaskClient, campaign: Campaign, tmp_path: Path
) -> None:
    answer = client.get("/programme/enrol.pdf?year=2026")
    [sheet] = pypdfium2.PdfDocument(answer.data)
    words = sheet.get_textpage().get_text_range()
    assert "Phiếu đăng ký tham gia Dự án năm 2026" in words
    assert all(kind in words for kind in ("VietGAP", "Xây dựng nhãn hiệu", "Tem truy xuất nguồn gốc"))
    form = tmp_path / "form.pdf"
    form.write_bytes(answer.data)
    assert list(read_pdf(form)) == [["http://tem.test/programme/enrol"]]
    assert client.get("/programme/enrol.pdf?year=2020").status_code == 404
