"""The programme as an officer runs it: years, letters, units and advice, enrolments from received to closed, money."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import TODAY, House, make_person
from tests.forms_in import FormsIn
from trace.accounts import Office, Person
from trace.records import (
    Advice,
    Campaign,
    CampaignLetter,
    Enrolment,
    EnrolmentScore,
    ProgrammeUnit,
    Proposal,
    SupportCost,
    SupportPayment,
)

SignIn = Callable[[Person], FlaskClient]
OFFICE = "/office/programme"
YEAR = {
    "year": "2026", "target_units": "5", "budget_vnd": "150 triệu", "opens_on": "05/01/2026", "closes_on": "31/08/2026",
}  # fmt: skip
UNIT = {
    "kind": "enterprise", "name": "Công ty Hồi Xứ Lạng", "address": "Số 1, đường Trần Đăng Ninh",
    "commune_code": "05977", "former_district_code": "178",
}  # fmt: skip
ASKS = {"kinds": ["vietgap"], "cost_vietgap": "60 triệu", "plan": "Hai mươi hộ làm na theo VietGAP"}
CONTRACT = {"contract_number": "12/HĐ", "contract_on": "20/08/2026", "consultant": "Viện Năng suất"}


def post(browser: FlaskClient, page: str, /, **data: Any) -> Any:
    return browser.post(page, data=data, headers={"Accept-Language": "en"})


def wrong(answer: Any) -> dict[str, str]:
    """What is said beside each field of a refused form."""
    assert answer.status_code == 422, answer.status_code
    return {name: words.strip() for name, words in FormsIn(answer.text, "").wrong.items()}


@pytest.fixture
def officer(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["officer"])


@pytest.fixture
def second(session: Session, sign_in: SignIn) -> FlaskClient:
    person = make_person(session, "Lý Văn Hai", office=Office.OFFICER)
    session.commit()
    return sign_in(person)


@pytest.fixture
def year(officer: FlaskClient, session: Session) -> str:
    """The address of a year that is open."""
    address: str = post(officer, f"{OFFICE}/new", **YEAR).location
    return address


@pytest.fixture
def enrolled(officer: FlaskClient, year: str) -> str:
    """The address of an enrolment that has just been received."""
    address: str = post(officer, f"{year}/enrol", **UNIT, **ASKS).location
    return address


def agree(browser: FlaskClient, proposal: str) -> None:
    assert browser.post(f"{proposal}/agree").status_code == 302


def begun(officer: FlaskClient, second: FlaskClient, enrolment: str) -> str:
    post(officer, f"{enrolment}/check")
    agree(second, post(officer, f"{enrolment}/approve").location)
    post(officer, f"{enrolment}/begin", **CONTRACT)
    return enrolment


def test_a_contract_is_put_right_and_its_history_keeps_what_stood_before(
    officer: FlaskClient, second: FlaskClient, enrolled: str
) -> None:
    assert post(officer, f"{enrolled}/contract", **CONTRACT).status_code == 409, "there is none yet"
    begun(officer, second, enrolled)
    assert set(wrong(post(officer, f"{enrolled}/contract"))) == {"contract_number", "contract_on"}
    addendum = {"contract_number": "12a/PLHĐ", "contract_on": "25/08/2026", "consultant": "Chi cục TCĐLCL"}
    assert post(officer, f"{enrolled}/contract", **addendum).status_code == 302
    page = officer.get(enrolled).text
    assert "12a/PLHĐ" in page
    assert "Chi cục TCĐLCL" in page
    assert page.count("Nhập hợp đồng") == 2


def test_the_kinds_of_support_can_be_taken_along(officer: FlaskClient, year: str) -> None:
    listed = officer.get(f"{OFFICE}/kinds/list.csv").data.decode("utf-8-sig")
    assert "VietGAP" in listed
    assert "Đào tạo → Đánh giá nội bộ → Chứng nhận" in listed
    sheet = officer.get(f"{OFFICE}/kinds/list.xlsx").data
    assert len(CalamineWorkbook.from_filelike(BytesIO(sheet)).get_sheet_by_index(0).to_python()) == 8


def finish_steps(officer: FlaskClient, enrolment: str) -> None:
    form = FormsIn(officer.get(f"{enrolment}/work").text, enrolment)
    sent = {name: "20/08/2026" for name in form.main if name.endswith("_done")}
    assert post(officer, f"{enrolment}/steps", **sent).status_code == 302


def test_a_year_is_opened_once_and_its_mistakes_are_told_beside_their_fields(
    officer: FlaskClient, year: str, session: Session
) -> None:
    again = post(officer, f"{OFFICE}/new", **YEAR | {"closes_on": "01/01/2026", "budget_vnd": "-5"})
    assert set(wrong(again)) == {"year", "closes_on", "budget_vnd"}
    assert session.scalar(select(func.count(Campaign.id))) == 1
    page = officer.get(year).text
    assert "chờ tỉnh xác nhận" in page
    assert "150.000.000" in page


def test_a_letter_goes_to_every_commune_at_once_and_the_rest_are_reminded(
    officer: FlaskClient, year: str, session: Session
) -> None:
    letter = {"kind": "letter", "on_day": "10/01/2026", "number": "12/BĐH"}
    post(officer, f"{year}/letters", **letter, everybody="communes", authority="Sở Công Thương\nSo cong thuong")
    assert session.scalar(select(func.count(CampaignLetter.id))) == 66
    post(officer, f"{year}/letters", kind="answer", on_day="20/01/2026", everybody="", authority="UBND xa Chi Lang")
    post(officer, f"{year}/letters", kind="reminder", on_day="01/03/2026", everybody="unanswered")
    reminded = session.scalars(select(CampaignLetter.authority_code).where(CampaignLetter.kind == "reminder")).all()
    assert len(reminded) == 65
    assert "06463" not in reminded, "Chi Lăng has answered"
    assert set(wrong(post(officer, f"{year}/letters", kind="letter", on_day="21/08/2026"))) == {"on_day", "authority"}
    book = CalamineWorkbook.from_filelike(BytesIO(officer.get(f"{year}/letters.xlsx").data))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 1 + 66 + 1 + 65
    assert rows[1][2] == date(2026, 1, 10)


def test_terms_say_to_be_confirmed_until_they_are_set_and_500_percent_is_refused(officer: FlaskClient) -> None:
    terms = {"rate": "500", "cap": "50 triệu", "cap_per": "unit_year", "from_on": "01/01/2026"}
    assert set(wrong(post(officer, f"{OFFICE}/terms", **terms))) == {"rate"}
    assert "chờ tỉnh xác nhận" in officer.get(f"{OFFICE}/terms").text
    assert post(officer, f"{OFFICE}/terms", **terms | {"rate": "50"}).status_code == 302
    page = officer.get(f"{OFFICE}/terms").text
    assert "chờ tỉnh xác nhận" not in page
    assert "cho mỗi đơn vị trong một năm" in page


def test_advice_is_counted_by_unit_and_units_are_found_without_marks(
    officer: FlaskClient, year: str, house: House, session: Session
) -> None:
    assert "HTX Na Mẫu" in officer.get(f"{OFFICE}/units?q=na mau").text, "registered, not a unit yet"
    unit = post(officer, f"{OFFICE}/units/of/{house.cooperative.public_id}").location
    for subject in ("VietGAP", "Nhãn hiệu"):
        post(officer, unit, on_day="20/08/2026", subject=subject, given_by="Nông Thị Một")
    assert session.scalar(select(func.count(Advice.id))) == 2
    assert set(wrong(post(officer, unit, on_day="21/08/2026", subject=" ", given_by=""))) == {
        "on_day", "subject", "given_by",
    }  # fmt: skip
    assert '<span class="stat-value num">1</span><span class="stat-label">đơn vị được tư vấn' in officer.get(year).text
    assert officer.get(f"{OFFICE}/advice.csv?year=2026").text.count("HTX Na Mẫu") == 2


def test_an_enrolment_is_taken_in_with_its_unit_and_each_complaint_stands_beside_its_field(
    officer: FlaskClient, year: str, session: Session
) -> None:
    bad = {"kinds": ["vietgap"], "cost_vietgap": "1,5 đ", "cost_stamps": "5 triệu", "plan": "", "tax_code": "123"}
    assert set(wrong(post(officer, f"{year}/enrol", **UNIT | {"name": ""}, **bad))) == {
        "name", "tax_code", "cost_vietgap", "cost_stamps", "plan",
    }  # fmt: skip
    assert "kinds" in wrong(post(officer, f"{year}/enrol", **UNIT, plan="Kế hoạch"))
    assert session.scalar(select(func.count(ProgrammeUnit.id))) == 0
    enrolment = post(officer, f"{year}/enrol", **UNIT, **ASKS).location
    page = officer.get(enrolment).text
    assert "Công ty Hồi Xứ Lạng" in page
    unit = session.scalars(select(ProgrammeUnit)).one()
    again = post(officer, f"{year}/enrol?unit={unit.public_id}", **ASKS)
    assert "VietGAP" in wrong(again)["kinds"]
    assert session.scalar(select(func.count(Enrolment.id))) == 1


def test_after_the_closing_day_an_officer_says_why(officer: FlaskClient) -> None:
    year = post(officer, f"{OFFICE}/new", **YEAR | {"closes_on": "19/08/2026"}).location
    assert set(wrong(post(officer, f"{year}/enrol", **UNIT, **ASKS))) == {"late_reason"}
    late = post(officer, f"{year}/enrol", **UNIT, **ASKS, late_reason="Bão số 3")
    assert "Bão số 3" in officer.get(late.location).text


def test_the_list_is_searched_without_marks_filtered_and_taken_along(
    officer: FlaskClient, enrolled: str, year: str
) -> None:
    found = officer.get(f"{OFFICE}/enrolments?q=hoi xu lang&state=received&support=vietgap&year=2026").text
    assert "Công ty Hồi Xứ Lạng" in found
    for other in ("q=chi lang", "state=paid", "support=stamps", "year=2025"):
        assert "Công ty Hồi Xứ Lạng" not in officer.get(f"{OFFICE}/enrolments?{other}").text
        assert "Hồi" not in officer.get(f"{OFFICE}/enrolments.csv?{other}").text
    told = officer.get(f"{OFFICE}/enrolments.csv?support=vietgap").text
    assert "Công ty Hồi Xứ Lạng;Doanh nghiệp" in told
    assert ";60000000;20/08/2026;" in told


def test_from_received_to_closed_and_nobody_approves_or_pays_alone(
    officer: FlaskClient, second: FlaskClient, enrolled: str, session: Session
) -> None:
    post(officer, f"{enrolled}/check")
    proposal = post(officer, f"{enrolled}/approve").location
    assert "You proposed this" in post(officer, f"{proposal}/agree").text
    agree(second, proposal)
    assert set(wrong(post(officer, f"{enrolled}/begin"))) == {"contract_number", "contract_on"}
    post(officer, f"{enrolled}/begin", **CONTRACT)
    assert "Steps are still open" in post(officer, f"{enrolled}/accept").text
    finish_steps(officer, enrolled)
    invoice = {"kind": "vietgap", "number": "0001", "on_day": "20/08/2026", "seller": "Công ty Chứng nhận"}
    post(officer, f"{enrolled}/costs", **invoice, amount="40 triệu")
    cost = session.scalars(select(SupportCost)).one().public_id
    post(officer, f"{OFFICE}/costs/{cost}", accepted="40 triệu")
    assert post(officer, f"{enrolled}/accept").location.endswith("/money")
    told = wrong(post(officer, f"{enrolled}/payments", kind="vietgap", what="payment", amount="20.000.001"))
    assert told == {"amount": "At most 20,000,000 đồng can be paid now."}
    proposed = post(officer, f"{enrolled}/payments", kind="vietgap", what="payment", amount="20 triệu").location
    assert "Thanh toán 20.000.000" in second.get(proposed).text
    agree(second, proposed)
    agree(second, post(officer, f"{enrolled}/settle").location)
    post(officer, f"{enrolled}/close", closing_number="12/TL", closing_on="20/08/2026")
    assert session.scalars(select(Enrolment)).one().state.value == "closed"
    assert session.scalars(select(SupportPayment.amount_vnd)).all() == [20_000_000]


def test_bad_invoices_are_told_at_once_and_nothing_is_stored(
    officer: FlaskClient, second: FlaskClient, enrolled: str, session: Session
) -> None:
    begun(officer, second, enrolled)
    good = {"kind": "vietgap", "number": "0001", "on_day": "20/08/2026", "seller": "Công ty A", "amount": "5 triệu"}
    post(officer, f"{enrolled}/costs", **good)
    for changes, fields in (
        ({"amount": "-5"}, {"amount", "number"}),
        ({"amount": "1,5", "number": "2"}, {"amount"}),
        ({"seller": "CONG TY A"}, {"number"}),
        ({"on_day": "21/08/2026", "number": "3"}, {"on_day"}),
    ):
        assert set(wrong(post(officer, f"{enrolled}/costs", **good | changes))) == fields
    assert session.scalar(select(func.count(SupportCost.id))) == 1
    cost = session.scalars(select(SupportCost)).one().public_id
    assert set(wrong(post(officer, f"{OFFICE}/costs/{cost}", accepted="6 triệu"))) == {"accepted"}
    assert set(wrong(post(officer, f"{OFFICE}/costs/{cost}", accepted="4 triệu"))) == {"reason"}
    page = officer.get(f"{enrolled}/money").text
    assert "chưa xem xét" in page


def test_scores_before_and_after_stand_in_one_table(
    officer: FlaskClient, second: FlaskClient, year: str, session: Session
) -> None:
    asks = {"kinds": ["tools"], "cost_tools": "30 triệu", "plan": "5S trong xưởng"}
    enrolment = begun(officer, second, post(officer, f"{year}/enrol", **UNIT, **asks).location)
    points = {f"points_{place}": "40" for place in range(5)}
    post(officer, f"{enrolment}/scores", phase="before", on_day="19/08/2026", **points)
    assert set(wrong(post(officer, f"{enrolment}/scores", phase="after", on_day="20/08/2026",
                          **points | {"points_2": "101"}))) == {"points_2"}  # fmt: skip
    post(officer, f"{enrolment}/scores", phase="after", on_day="20/08/2026", **points | {"points_0": "85"})
    assert session.scalar(select(func.count(EnrolmentScore.id))) == 10
    page = officer.get(f"{enrolment}/work").text
    assert "+45" in page
    assert "Sẵn sàng" in page


def test_results_are_named_from_the_units_own_certificates(
    officer: FlaskClient, second: FlaskClient, year: str, house: House, other_house: House, session: Session
) -> None:
    post(officer, f"{OFFICE}/units/of/{house.cooperative.public_id}")
    unit = session.scalars(select(ProgrammeUnit)).one()
    enrolment = post(officer, f"{year}/enrol?unit={unit.public_id}", **ASKS).location
    page = officer.get(f"{enrolment}/work").text
    assert house.certificate.number in page
    assert other_house.certificate.number not in page
    foreign = post(officer, f"{enrolment}/results", kind="vietgap", thing=other_house.certificate.public_id)
    assert set(wrong(foreign)) == {"thing"}
    assert post(officer, f"{enrolment}/results", kind="vietgap", thing=house.certificate.public_id).status_code == 302


def test_an_advance_comes_back_after_a_withdrawal(
    officer: FlaskClient, second: FlaskClient, enrolled: str, session: Session
) -> None:
    begun(officer, second, enrolled)
    agree(second, post(officer, f"{enrolled}/payments", kind="vietgap", what="advance", amount="10 triệu").location)
    assert set(wrong(post(officer, f"{enrolled}/end/withdrawn", reason=" "))) == {"reason"}
    post(officer, f"{enrolled}/end/withdrawn", reason="Không đủ hộ")
    assert set(wrong(post(officer, f"{enrolled}/returned", kind="vietgap", amount="11 triệu"))) == {"amount"}
    post(officer, f"{enrolled}/returned", kind="vietgap", amount="10 triệu")
    assert [one.counted_vnd for one in session.scalars(select(SupportPayment))] == [10_000_000, -10_000_000]


def test_new_steps_are_for_new_enrolments(officer: FlaskClient, enrolled: str, session: Session) -> None:
    kind = session.scalars(select(Enrolment)).one().asked[0].kind.public_id
    was = FormsIn(officer.get(f"{OFFICE}/kinds/{kind}").text, "").main
    assert was["steps"].splitlines() == ["Đào tạo", "Đánh giá nội bộ", "Chứng nhận"]
    post(officer, f"{OFFICE}/kinds/{kind}", steps="Tập huấn\nChứng nhận", was=was["was"])
    assert "Tập huấn → Chứng nhận" in officer.get(f"{OFFICE}/kinds").text
    assert post(officer, f"{OFFICE}/kinds/new", name="Mã số vùng trồng", steps="Khảo sát").status_code == 302
    assert set(wrong(post(officer, f"{OFFICE}/kinds/new", name="Mã số vùng trồng", steps=" "))) == {"steps"}


def test_a_budget_is_not_cut_below_what_is_paid(
    officer: FlaskClient, second: FlaskClient, enrolled: str, year: str, session: Session
) -> None:
    begun(officer, second, enrolled)
    agree(second, post(officer, f"{enrolled}/payments", kind="vietgap", what="advance", amount="10 triệu").location)
    form = FormsIn(officer.get(f"{year}/change").text, "").main
    assert set(wrong(post(officer, f"{year}/change", **form | {"budget_vnd": "9 triệu"}))) == {"budget_vnd"}
    assert post(officer, f"{year}/change", **form | {"closes_on": "30/09/2026"}).status_code == 302
    assert session.scalars(select(Campaign)).one().closes_on == date(2026, 9, 30)
    assert session.scalar(select(func.count(Proposal.id))) == 2
    assert date(2026, 8, 20) == TODAY
