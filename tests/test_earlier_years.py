"""Earlier years of the programme from Excel: held against the terms, agreed to by two officers, taken back whole."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, make_person
from tests.test_imports import workbook
from trace.accounts import Office, Person
from trace.records import Advice, Campaign, Enrolment, ProgrammeUnit, ScorePhase, SupportPayment
from trace.work.campaigns import open_campaign
from trace.work.enrolment_papers import Scored, add_scores
from trace.work.programme_lists import advised_units
from trace.work.programme_numbers import numbers_of

SignIn = Callable[[Person], FlaskClient]
IMPORT = "/office/programme/import"
MILLION = 1_000_000
HEAD = ["Năm", "Tên đơn vị", "MST", "Huyện", "Nội dung hỗ trợ", "Tình trạng", "Chi phí dự kiến", "Số hóa đơn",
        "Ngày hóa đơn", "Bên bán", "Chi phí", "Được chấp nhận", "Số tiền hỗ trợ", "Ghi chú"]  # fmt: skip
VIETGAP = ["2019", "HTX Rau sạch Hữu Lũng", "4900111101", "Hữu Lũng", "VietGAP", "đã thanh lý", "80.000.000", "0412",
           "02/11/2019", "Tổ chức chứng nhận", "60.000.000", "60.000.000", "30.000.000", ""]  # fmt: skip
MARK = ["2019", "HTX Rau sạch Hữu Lũng", "4900111101", "", "nhãn hiệu", "Thanh lý", "20 triệu", "", "", "", "", "",
        "10.000.000", ""]  # fmt: skip
TOGETHER = ["2019", "Công ty Hồi Bình Gia", "", "huyện Bình Gia", "ISO 9001; hợp chuẩn", "nghiệm thu", "", "", "", "",
            "", "", "", ""]  # fmt: skip
REFUSED = ["2019", "Hộ Vi Văn Mẫu", "", "Chi Lăng", "tem truy xuất", "từ chối", "", "", "", "", "", "", "",
           "Ngoài địa bàn"]  # fmt: skip


@pytest.fixture
def officer(staff: dict[str, Person], sign_in: SignIn, session: Session) -> FlaskClient:
    figures: dict[str, Any] = {"target_units": 4, "budget_vnd": 45 * MILLION}
    open_campaign(session, 2019, opens_on=date(2019, 1, 10), closes_on=date(2019, 9, 30), actor=AUDITOR, now=NOON,
                  **figures)  # fmt: skip
    session.commit()
    return sign_in(staff["officer"])


@pytest.fixture
def second(session: Session, sign_in: SignIn) -> FlaskClient:
    person = make_person(session, "Lý Văn Hai", office=Office.OFFICER)
    session.commit()
    return sign_in(person)


def bring(browser: FlaskClient, kind: str, *rows: list[str]) -> str:
    text = "\n".join("\t".join(row) for row in rows)
    answer = browser.post(f"{IMPORT}/new/{kind}", data={"pasted": text})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def agree(browser: FlaskClient, officer: FlaskClient, page: str) -> str:
    """What the second officer reads, having agreed to what waits on a page."""
    proposal = officer.get(page).text.partition('href="/proposals/')[2].partition('"')[0]
    told = browser.get(f"/proposals/{proposal}").text
    answer = browser.post(f"/proposals/{proposal}/agree")
    assert answer.status_code == 302, answer.text
    return told


def test_a_year_comes_in_once_a_second_officer_agrees_and_its_report_tells_it(
    session: Session, officer: FlaskClient, second: FlaskClient
) -> None:
    page = bring(officer, "enrolments", HEAD, VIETGAP, MARK, TOGETHER, REFUSED)
    shown = officer.get(page).text
    assert "Cả 4 dòng đã sẵn sàng" in shown
    assert officer.post(f"{page}/write").status_code == 302
    assert session.scalar(select(func.count(Enrolment.id))) == 0, "nothing before the second yes"
    assert officer.post(f"{page}/write").status_code == 409, "it has been proposed already"
    told = agree(second, officer, page)
    assert "Ghi 4 dòng của các năm trước" in told
    assert page in told, "the second officer can look at the rows first"
    campaign = session.scalars(select(Campaign)).one()
    numbers = numbers_of(session, campaign, date(2019, 12, 31), NOON.date())
    assert (numbers.enrolled, numbers.paid_vnd, numbers.accepted_vnd) == (2, 40 * MILLION, 60 * MILLION)
    assert [len(one.asked) for one in numbers.enrolments] == [2, 2], "rows of one unit and year are one enrolment"
    assert {one.state for one in numbers.enrolments} == {"closed", "accepted"}
    listed = officer.get("/office/programme/enrolments?year=2019").text
    assert "HTX Rau sạch Hữu Lũng" in listed
    assert "Hộ Vi Văn Mẫu" in listed
    report = officer.get(f"/office/programme/years/{campaign.public_id}/report").text
    assert "40.000.000" in report


def test_what_a_second_officer_is_asked_about_stays_as_it_is(
    session: Session, officer: FlaskClient, second: FlaskClient
) -> None:
    page = bring(officer, "enrolments", HEAD, VIETGAP)
    officer.post(f"{page}/write")
    columns = {
        f"column-{at}": name for at, name in enumerate(("year", "unit", "tax_code", "district", "kinds", "state"))
    }
    swapped = columns | {"column-12": "cost", "column-10": "paid"}
    for deed in ("match", "drop"):
        assert officer.post(f"{page}/{deed}", data=swapped).status_code == 409, deed
    agree(second, officer, page)
    assert session.scalars(select(SupportPayment.amount_vnd)).all() == [30 * MILLION]


def test_what_another_officer_wrote_meanwhile_is_told_and_nothing_is_half_written(
    session: Session, officer: FlaskClient, second: FlaskClient
) -> None:
    page = bring(officer, "enrolments", HEAD, TOGETHER, VIETGAP)
    officer.post(f"{page}/write")
    same = bring(second, "enrolments", HEAD, VIETGAP)
    second.post(f"{same}/write")
    agree(officer, second, same)
    proposal = officer.get(page).text.partition('href="/proposals/')[2].partition('"')[0]
    refused = second.post(f"/proposals/{proposal}/agree")
    assert refused.status_code == 409
    assert session.scalar(select(func.count(Enrolment.id))) == 1


def test_a_unit_is_one_however_its_rows_name_it(session: Session, officer: FlaskClient, second: FlaskClient) -> None:
    shorter = [*MARK[:2], "", *MARK[3:]]
    page = bring(officer, "enrolments", HEAD, VIETGAP, shorter)
    officer.post(f"{page}/write")
    agree(second, officer, page)
    assert session.scalar(select(func.count(ProgrammeUnit.id))) == 1
    assert session.scalar(select(func.count(Enrolment.id))) == 1
    other = ["2019", "HTX Mới", "4900111119", *VIETGAP[3:7], "0500", *VIETGAP[8:]]
    without = [*other[:2], "", *MARK[3:]]
    told = officer.get(bring(officer, "enrolments", HEAD, without, other)).text
    assert "Dòng ở trên ghi đơn vị này mà không có mã số thuế" in told


def test_every_enrolment_that_came_in_has_its_pages(
    session: Session, officer: FlaskClient, second: FlaskClient
) -> None:
    page = bring(officer, "enrolments", HEAD, VIETGAP, MARK, TOGETHER, REFUSED)
    officer.post(f"{page}/write")
    agree(second, officer, page)
    for one in session.scalars(select(Enrolment)):
        for tab in ("", "/work", "/money"):
            assert officer.get(f"/office/programme/enrolments/{one.public_id}{tab}").status_code == 200
        assert officer.get(f"/office/programme/units/{one.unit.public_id}").status_code == 200


def test_it_is_taken_back_whole_and_may_come_again(session: Session, officer: FlaskClient, second: FlaskClient) -> None:
    page = bring(officer, "enrolments", HEAD, VIETGAP, MARK, TOGETHER)
    officer.post(f"{page}/write")
    agree(second, officer, page)
    enrolment = session.scalars(select(Enrolment).order_by(Enrolment.id)).first()
    assert enrolment is not None
    assert officer.get(f"/office/programme/enrolments/{enrolment.public_id}").status_code == 200
    assert officer.post(f"{page}/take-back").status_code == 302
    session.expire_all()
    assert enrolment.taken_back_at is None, "a second officer agrees to this, too"
    agree(second, officer, page)
    assert officer.get(f"/office/programme/enrolments/{enrolment.public_id}").status_code == 404
    assert "HTX Rau sạch" not in officer.get("/office/programme/enrolments?year=2019").text
    assert "HTX Rau sạch" not in officer.get("/office/programme/units").text
    session.expire_all()
    campaign = session.scalars(select(Campaign)).one()
    numbers = numbers_of(session, campaign, date(2019, 12, 31), NOON.date())
    assert (numbers.enrolled, numbers.paid_vnd) == (0, 0)
    again = bring(officer, "enrolments", HEAD, VIETGAP, MARK, TOGETHER)
    assert "Cả 3 dòng đã sẵn sàng" in officer.get(again).text, "cap, budget and invoice number are free again"
    officer.post(f"{again}/write")
    agree(second, officer, again)
    assert session.scalar(select(func.count(ProgrammeUnit.id)).where(ProgrammeUnit.taken_back_at.is_(None))) == 2


def test_what_has_been_worked_on_since_is_not_taken_back(
    session: Session, officer: FlaskClient, second: FlaskClient
) -> None:
    page = bring(officer, "enrolments", HEAD, TOGETHER)
    officer.post(f"{page}/write")
    agree(second, officer, page)
    enrolment = session.scalars(select(Enrolment)).one()
    add_scores(session, enrolment, ScorePhase.BEFORE, date(2019, 5, 2), {"Sàng lọc": Scored(40)}, actor=AUDITOR,
                now=NOON, today=NOON.date())  # fmt: skip
    session.commit()
    officer.post(f"{page}/take-back")
    proposal = officer.get(page).text.partition('href="/proposals/')[2].partition('"')[0]
    refused = second.post(f"/proposals/{proposal}/agree")
    assert refused.status_code == 422
    assert "Dòng 2 đang được dùng" in refused.text
    session.expire_all()
    assert enrolment.taken_back_at is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"Năm": "2017"}, "Chưa mở năm 2017"),
        ({"Năm": "hai nghìn"}, "Không đọc được số này"),
        ({"Huyện": "Hà Nội"}, "Không có huyện nào trước tháng 7/2025 tên là Hà Nội"),
        ({"MST": "12345"}, "10"),
        ({"Nội dung hỗ trợ": "xây nhà"}, "Không có nội dung hỗ trợ nào tên là xây nhà"),
        ({"Nội dung hỗ trợ": "công"}, "khớp với công"),
        ({"Nội dung hỗ trợ": "VietGAP; tem"}, "chỉ ghi một nội dung hỗ trợ"),
        ({"Tình trạng": "xong"}, "Ghi kết quả"),
        ({"Tình trạng": "rút"}, "Hãy nêu lý do"),
        ({"Chi phí": "-5"}, "không thể âm"),
        ({"Chi phí": "1,5"}, "làm tròn"),
        ({"Số hóa đơn": ""}, "điền mục này"),
        ({"Được chấp nhận": "60.000.001"}, "số tiền hóa đơn"),
        ({"Được chấp nhận": "50.000.000", "Số tiền hỗ trợ": "25.000.000"}, "Hãy nêu lý do chỉ chấp nhận"),
        ({"Số tiền hỗ trợ": "30.000.001"}, "tối đa 30.000.000"),
        ({"Chi phí": "200 triệu", "Được chấp nhận": "200 triệu", "Số tiền hỗ trợ": "46 triệu"}, "tối đa 45.000.000"),
        ({"Ngày hóa đơn": "30/02/2019"}, "chưa phải là ngày"),
    ],
)
def test_a_row_that_cannot_be_is_told_beside_its_column(
    officer: FlaskClient, changes: dict[str, str], said: str
) -> None:
    row = [changes.get(name, value) for name, value in zip(HEAD, VIETGAP, strict=True)]
    page = bring(officer, "enrolments", HEAD, row)
    shown = officer.get(page).text
    assert "dòng bị sai" in shown
    wrong = shown.partition("import-rows")[2]
    assert said.lower() in wrong.lower(), re.findall("<span>([^<]+)</span></p>", wrong)
    assert officer.post(f"{page}/write").status_code == 409


def test_rows_of_one_table_are_held_against_each_other(officer: FlaskClient) -> None:
    other = ["2019", "HTX Na Đồng Mỏ", "4900111119", "Chi Lăng", *VIETGAP[4:]]
    clash = [*MARK[:5], "đang thực hiện", *MARK[6:]]
    twice = [*VIETGAP[:6], *[""] * 8]
    page = officer.get(bring(officer, "enrolments", HEAD, VIETGAP, other, twice, clash)).text
    for complaint in (
        "Hóa đơn này của bên bán này đã được nhập", "Trong năm này đơn vị đã đăng ký", "Một dòng ở trên ghi tình trạng",
    ):  # fmt: skip
        assert complaint.lower() in page.lower(), complaint
    other[7] = "0413"
    page = officer.get(bring(officer, "enrolments", HEAD, VIETGAP, other)).text
    assert "tối đa 15.000.000" in page, "the budget of that year is 45 million"


def test_this_year_and_other_peoples_imports_are_out_of_reach(
    officer: FlaskClient, session: Session, sign_in: SignIn, house: Any
) -> None:
    figures: dict[str, Any] = {"target_units": 4, "budget_vnd": 45 * MILLION}
    open_campaign(session, 2026, opens_on=date(2026, 1, 10), closes_on=date(2026, 9, 30), actor=AUDITOR, now=NOON,
                  **figures)  # fmt: skip
    session.commit()
    page = bring(officer, "enrolments", HEAD, ["2026", *VIETGAP[1:]])
    assert "Chỉ nhập các năm trước năm nay" in officer.get(page).text
    member = sign_in(house.member)
    assert member.get(page).status_code == 403
    assert member.get(page.replace(IMPORT, "/my/import")).status_code == 404
    assert member.get("/my/import/new/enrolments").status_code == 404
    assert officer.get(f"{IMPORT}/new/growers").status_code == 404


ADVICE = [["Đơn vị", "Ngày tư vấn", "Nội dung", "Người tư vấn"],
          ["HTX Na Đồng Mỏ", "15/03/2019", "Hướng dẫn đăng ký nhãn hiệu", "Tổ giúp việc"],
          ["HTX Na Đồng Mỏ", "16/03/2019", "Hướng dẫn VietGAP", "Tổ giúp việc"],
          ["Công ty Hồi Bình Gia", "01/04/2019", "Hướng dẫn ISO 9001", "Chi cục"]]  # fmt: skip


def test_advice_is_written_at_once_counts_each_unit_once_and_goes_back(session: Session, officer: FlaskClient) -> None:
    page = bring(officer, "advice", *ADVICE)
    assert officer.post(f"{page}/write").status_code == 302
    assert session.scalar(select(func.count(Advice.id))) == 3
    assert advised_units(session, date(2019, 12, 31)) == 2
    unit = session.scalars(select(ProgrammeUnit).where(ProgrammeUnit.name == "HTX Na Đồng Mỏ")).one()
    assert unit.kind == "cooperative"
    twice = officer.get(bring(officer, "advice", *ADVICE)).text
    assert twice.partition("import-rows")[2].count("Lượt tư vấn này đã được nhập") == 3
    assert officer.post(f"{page}/take-back").status_code == 302
    session.expire_all()
    assert advised_units(session, date(2019, 12, 31)) == 0
    assert "HTX Na Đồng Mỏ" not in officer.get("/office/programme/units").text
    assert "Cả 3 dòng đã sẵn sàng" in officer.get(bring(officer, "advice", *ADVICE)).text


def test_the_templates_can_be_filled_in_and_sent_back(officer: FlaskClient) -> None:
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    for kind in ("enrolments", "advice"):
        made = officer.get(f"{IMPORT}/{kind}/template.xlsx").data
        rows = CalamineWorkbook.from_filelike(BytesIO(made)).get_sheet_by_index(0).to_python()
        data = {"file": (BytesIO(workbook(rows)), "mau.xlsx")}
        sent = officer.post(f"{IMPORT}/new/{kind}", data=data, content_type="multipart/form-data")
        assert "Cả 1 dòng đã sẵn sàng" in officer.get(sent.location).text, kind


def test_money_of_a_taken_back_row_adds_up_to_nothing(
    session: Session, officer: FlaskClient, second: FlaskClient
) -> None:
    page = bring(officer, "enrolments", HEAD, VIETGAP)
    officer.post(f"{page}/write")
    agree(second, officer, page)
    officer.post(f"{page}/take-back")
    agree(second, officer, page)
    assert sum(payment.counted_vnd for payment in session.scalars(select(SupportPayment))) == 0
