"""The yearly report: the year 2020 of the demonstration as an officer hands it in, without typing a number."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from docx import Document
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import TODAY
from tests.test_programme import MILLION, Office2, _office
from tests.test_uploads import document as pdf
from trace.accounts import Person
from trace.demo import PASSWORD as DEMO_PASSWORD
from trace.demo.programme import UNITS_OF_2020
from trace.records import Campaign, Entry, PaymentKind
from trace.work.programme_numbers import numbers_of
from trace.work.programme_places import by_place
from trace.work.programme_reports import told

SignIn = Callable[..., FlaskClient]


def words_of(data: bytes) -> str:
    document = Document(BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.fixture
def year_2020(session: Session) -> Campaign:
    return session.scalars(select(Campaign).where(Campaign.year == 2020)).one()


@pytest.fixture
def officer(year_2020: Campaign, app: Flask, session: Session) -> FlaskClient:
    person = session.scalars(select(Person).where(Person.office == "officer").order_by(Person.id)).first()
    assert person is not None
    browser = app.test_client()
    browser.post("/sign-in", data={"email": person.email, "password": DEMO_PASSWORD})
    session.rollback()
    return browser


@pytest.mark.demonstration
def test_the_year_2020_reads_as_its_facts_are_known(officer: FlaskClient, year_2020: Campaign) -> None:
    page = f"/office/programme/years/{year_2020.public_id}/report"
    answer = officer.get(f"{page}/word.docx?up_to=31/08/2020")
    assert answer.status_code == 200
    words = words_of(answer.data)
    for expected in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Chỉ tiêu năm 2020: hỗ trợ 5 đơn vị",
        "đã gửi 13 văn bản đến 13 cơ quan, địa phương",
        "UBND huyện Tràng Định",
        "Đến tháng 8/2020 có 8 đơn vị đăng ký tham gia Dự án, vượt chỉ tiêu 5 đơn vị",
        "- 5 đơn vị: Hệ thống quản lý (ISO 9001 …), Chứng nhận hợp chuẩn;",
        "- 2 hợp tác xã: VietGAP, Xây dựng nhãn hiệu, Tem truy xuất nguồn gốc;",
        "- 1 đơn vị: Công cụ cải tiến (5S …);",
        "tư vấn, hướng dẫn 14 đơn vị",
        "huyện, thành phố",
    ):
        assert expected in words, expected
    assert "{{" not in words
    assert "{%" not in words
    july = words_of(officer.get(f"{page}/word.docx?up_to=31/07/2020").data)
    assert "Đến tháng 7/2020 có 7 đơn vị đăng ký" in july
    shown = officer.get(f"{page}?up_to=31/08/2020").text
    assert "8 đơn vị đăng ký" in shown
    assert "5 đơn vị: Hệ thống quản lý" in shown


@pytest.mark.demonstration
def test_the_annexes_hold_the_rows_that_the_report_sums(officer: FlaskClient, year_2020: Campaign) -> None:
    book = CalamineWorkbook.from_filelike(
        BytesIO(officer.get(f"/office/programme/years/{year_2020.public_id}/report/annexes.xlsx").data)
    )
    rows = {name: book.get_sheet_by_name(name).to_python()[1:] for name in book.sheet_names}
    assert len(rows["Đăng ký"]) == sum(len(keys) for _, _, _, keys, _, _ in UNITS_OF_2020)
    assert sum(row[1] for row in rows["Theo huyện cũ"]) == 8
    assert len(rows["Tư vấn"]) == 14
    assert len(rows["Văn bản"]) > 13


def test_a_signed_report_is_kept_with_its_hash_in_the_history(
    session: Session, sign_in: SignIn, staff: dict[str, Person]
) -> None:
    campaign = _office(session).campaign
    session.commit()
    officer, page = sign_in(staff["officer"]), f"/office/programme/years/{campaign.public_id}/report"
    assert officer.post(page, data={"number": "", "on_day": ""}).status_code == 422
    late = {"number": "15/BC-BCĐ", "on_day": "01/01/2030", "file": (BytesIO(pdf()), "bc.pdf")}
    refused = officer.post(page, data=late)
    assert refused.status_code == 422
    assert "15/BC-BCĐ" in refused.text
    good = {"number": "15/BC-BCĐ", "on_day": f"{TODAY:%d/%m/%Y}", "file": (BytesIO(pdf()), "bc.pdf")}
    assert officer.post(page, data=good).status_code == 302
    session.rollback()
    entry = session.scalars(select(Entry).where(Entry.kind == "campaign.report_signed")).one()
    shown = officer.get(page).text
    sha = re.search(rb'"sha256":"([0-9a-f]{64})"', entry.body)
    assert sha is not None
    assert sha[1].decode() in shown
    assert "15/BC-BCĐ" in shown


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(costs=st.lists(st.integers(1, 40), min_size=1, max_size=4), share=st.integers(0, 100))
def test_every_sum_of_the_report_is_the_sum_of_its_rows(session: Session, costs: list[int], share: int) -> None:
    session.rollback()
    office: Office2 = _office(session)
    enrolment = office.under_way("vietgap", "stamps")
    for number, cost in enumerate(costs):
        office.cost(enrolment, ("vietgap", "stamps")[number % 2], cost * MILLION, f"{number:04d}")
    office.accepted(enrolment)
    for key in ("vietgap", "stamps"):
        amount = office.payable(enrolment, key) * share // 100
        if amount:
            office.pay(enrolment, key, amount, PaymentKind.PAYMENT)
    numbers = numbers_of(session, office.campaign, date(2026, 12, 31), TODAY)
    assert numbers.paid_vnd == sum(row.paid_vnd for row in by_place(numbers, session, districts=True))
    assert numbers.accepted_vnd == sum(costs) * MILLION
    assert sum(row.units for row in by_place(numbers, session, districts=False)) == numbers.enrolled == 1
    shown = told(session, office.campaign, date(2026, 12, 31), TODAY)
    assert shown["paid"] == f"{numbers.paid_vnd:,}".replace(",", ".")
    session.rollback()


@pytest.mark.demonstration
def test_the_overview_holds_target_against_progress_and_both_groupings(officer: FlaskClient) -> None:
    page = officer.get("/office/programme/overview?year=2020&by=district").text
    assert "8 / 5" in page
    assert "huyện Tràng Định" in page
    assert "<svg" in page
    assert "xã, phường hiện nay" in officer.get("/office/programme/overview?year=2020").text
    kinds = re.findall(r'href="(/office/programme/enrolments[^"]+)">VietGAP', page)
    asked = officer.get(unescape(kinds[0])).text
    assert "HTX Na Đồng Mỏ (mẫu)" in asked
    assert "Công ty CP Xi măng Đồng Bành (mẫu)" not in asked, "the link leads to that kind alone"
    listed = officer.get("/office/programme/overview/kinds.csv").data.decode("utf-8-sig")
    assert "2020" in listed
    assert "VietGAP" in listed


@pytest.mark.demonstration
@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("vi", ("8 đơn vị đăng ký", "50 %", "VietGAP")),
        ("en", ("8 units enrolled", "50 %", "VietGAP")),
        ("zh", ("8", "50 %", "VietGAP")),
    ],
)
def test_the_public_page_tells_what_is_offered_and_what_came_of_it(
    officer: FlaskClient, client: FlaskClient, lang: str, words: tuple[str, ...]
) -> None:
    page = client.get(f"/programme?lang={lang}")
    assert page.status_code == 200
    for expected in words:
        assert expected in page.text
    for private in ("(mẫu)", "0000412", "38.000.000"):
        assert private not in page.text, "no unit and no invoice"
    assert "/programme/enrol" in page.text
    assert "/programme" in client.get(f"/?lang={lang}").text
