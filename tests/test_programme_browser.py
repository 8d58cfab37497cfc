"""A manager's phone and two officers' desks: from the letter of the year to the report, and what the unit sees."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from docx import Document
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD, House, make_person
from trace.accounts import Office
from trace.records import SupportPayment

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
TODAY = datetime.now(UTC).date()
"""The server has a clock of its own."""


@pytest.fixture
def enter(chromium: Browser, live_server: str) -> Callable[..., Page]:
    def enter(email: str, width: int) -> Page:
        context = chromium.new_context(base_url=live_server, viewport={"width": width, "height": 740}, locale="vi-VN")
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=email]", email)
        page.fill("[name=password]", PASSWORD)
        page.click("main .btn-primary")
        page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    return enter


def fits(page: Page) -> None:
    """Nothing to scroll sideways, nothing that a screen reader or a keyboard cannot use."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def fill(page: Page, **fields: str) -> None:
    for name, words in fields.items():
        page.locator(f"main form[method=post] [name={name}]:visible").first.fill(words)


def agree(page: Page, proposal: str) -> None:
    page.goto(proposal)
    press(page, "Đồng ý và làm")
    page.get_by_text("Đã đồng ý và đã làm").first.wait_for()


@pytest.mark.browser
def test_from_the_letter_to_the_report(session: Session, house: House, enter: Callable[..., Page]) -> None:
    for number in ("mot", "hai"):
        make_person(session, f"chuyên viên {number}", office=Office.OFFICER, email=f"{number}@example.vn")
    manager = house.manager.email
    session.commit()
    officer, second, phone = enter("mot@example.vn", 1366), enter("hai@example.vn", 1366), enter(manager, 360)
    _opens_the_year(officer)
    enrolment = _enrols(phone)
    _brings_it_to_payment(officer, second, enrolment)
    _reports_it(officer)
    phone.goto(f"/my/programme/{enrolment}")
    phone.get_by_text("20.000.000").first.wait_for()
    expect(phone.locator(".checklist .is-done")).to_have_count(3)
    expect(phone.get_by_text("Đã thanh toán", exact=True).first).to_be_visible()
    fits(phone)
    session.rollback()
    assert session.scalars(select(SupportPayment.amount_vnd)).all() == [20_000_000]
    session.rollback()


def _opens_the_year(officer: Page) -> None:
    officer.goto("/office/programme/new")
    days = {"opens_on": f"01/01/{TODAY.year}", "closes_on": f"{date(TODAY.year + 1, 1, 31):%d/%m/%Y}"}
    fill(officer, year=str(TODAY.year), target_units="5", budget_vnd="150 triệu", **days)
    press(officer, "Mở năm mới")
    officer.get_by_role("link", name="Công văn và trả lời").click()
    officer.locator("[name=everybody]").select_option("communes")
    fill(officer, number="12/BĐH", on_day=f"{TODAY:%d/%m/%Y}")
    press(officer, "Nhập")
    officer.get_by_text("Đã nhập 65 công văn").wait_for()
    fits(officer)


def _enrols(phone: Page) -> str:
    """On one page, with nothing asked that is known; gives the enrolment's id."""
    phone.goto("/my/programme")
    phone.locator("main").get_by_role("link", name="Đăng ký tham gia").first.click()
    phone.get_by_label("VietGAP", exact=True).check()
    fits(phone)
    press(phone, "Đăng ký tham gia")
    expect(phone.locator("#cost_vietgap-error")).to_be_visible()
    phone.fill("#cost_vietgap", "60 triệu")
    phone.fill("#plan", "Hai mươi hộ làm na theo VietGAP")
    press(phone, "Đăng ký tham gia")
    phone.get_by_text("Mỗi bước tiếp theo được báo ở đây").wait_for()
    fits(phone)
    return phone.url.rsplit("/", 1)[1]


def _brings_it_to_payment(officer: Page, second: Page, enrolment: str) -> None:
    address, day = f"/office/programme/enrolments/{enrolment}", f"{TODAY:%d/%m/%Y}"
    officer.goto(address)
    fits(officer)
    press(officer, "Đã thẩm tra xong")
    press(officer, "Đề nghị phê duyệt")
    agree(second, officer.url)
    officer.goto(address)
    fill(officer, contract_number="12/HĐ", contract_on=day, consultant="Viện Năng suất")
    press(officer, "Lưu hợp đồng và bắt đầu")
    for box in officer.locator("[name$=_done]").all():
        box.fill(day)
    fits(officer)
    press(officer, "Lưu các bước")
    officer.goto(f"{address}/money")
    officer.get_by_text("Nhập hóa đơn").click()
    fill(officer, number="0001", on_day=day, seller="Công ty Chứng nhận", amount="40 triệu")
    press(officer, "Nhập")
    officer.get_by_role("link", name="Xem", exact=True).click()
    officer.wait_for_url("**/costs/*")
    press(officer, "Lưu")
    officer.get_by_text("Có thể chi lúc này: 20.000.000").wait_for()
    fits(officer)
    officer.goto(address)
    press(officer, "Nghiệm thu")
    fill(officer, amount="20 triệu")
    press(officer, "Đề nghị chi")
    agree(second, officer.url)
    officer.goto(address)
    press(officer, "Đã chi đủ")
    agree(second, officer.url)


def _reports_it(officer: Page) -> None:
    """Every figure is there without being typed, and the Word file carries the same."""
    officer.goto("/office/programme")
    officer.locator("main").get_by_role("link", name=str(TODAY.year), exact=True).click()
    officer.get_by_role("link", name="Báo cáo năm").first.click()
    officer.get_by_text("20.000.000").first.wait_for()
    fits(officer)
    with officer.expect_download() as fetched:
        officer.locator("main a[href*='word.docx']").click()
    told = "\n".join(paragraph.text for paragraph in Document(str(fetched.value.path())).paragraphs)
    assert "20.000.000 đồng" in told
    assert "65" in told, "letters to every commune"
