"""A stamp's later life in real browsers: a PIN under the scratch layer; a doubt that is told, followed, and answered by
a recall, which an open page shows at its next reload."""

import time

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, PASSWORD, code_of
from tests.press import make_waiting
from tests.test_scans import PHONE
from tests.test_scans_browser import fits
from trace.accounts import Person
from trace.records import Run
from trace.service import keyring
from trace.work.pins import pins_of
from trace.work.printing import Order, print_stamps


@pytest.fixture
def pin(session: Session, run: Run) -> str:
    told = {"keyring": keyring(), "public_url": "http://tem.test", "today": NOON.date()}
    print_stamps(session, run, Order(1, 10, stock="a4-24", face="pin"), actor=AUDITOR, now=NOON, **told)
    make_waiting()
    [pin] = pins_of(session, keyring(), run, 7, 7)
    session.commit()
    assert pin is not None
    return pin


def phone(chromium: Browser, live_server: str, *, scheme: str = "light") -> BrowserContext:
    return chromium.new_context(
        base_url=live_server, viewport={"width": 360, "height": 740}, locale="vi-VN", user_agent=PHONE,
        color_scheme=scheme,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.browser
def test_a_pin_is_scratched_free_and_confirmed_on_a_phone(
    chromium: Browser, live_server: str, session: Session, run: Run, pin: str
) -> None:
    code = code_of(run, 7)
    session.rollback()
    context = phone(chromium, live_server)
    page = context.new_page()
    page.goto(f"/T/{code}")
    fits(page)
    page.fill("#pin", f"{pin[:3].lower()} {pin[3:]}")
    page.click(".pin button")
    page.get_by_role("heading", name="Mã PIN đúng").wait_for()
    fits(page)
    assert pin not in page.url
    page.get_by_role("link", name="Về trang của tem").click()
    page.fill("#pin", pin)
    page.click(".pin button")
    page.get_by_role("heading", name="Mã PIN đã được dùng trước đó").wait_for()
    fits(page)
    assert context.cookies() == []


@pytest.mark.browser
def test_a_doubt_is_followed_and_a_recall_shows_on_an_open_page(
    chromium: Browser, live_server: str, session: Session, run: Run, staff: dict[str, Person]
) -> None:
    code, serial = code_of(run, 7), run.serial(7)
    email = staff["officer"].email or ""
    session.rollback()
    consumer = phone(chromium, live_server).new_page()
    consumer.goto(f"/T/{code}")
    consumer.locator("summary", has_text="đáng ngờ").click()
    consumer.click(".folds a[href^='/report']")
    consumer.check("[value=twice]")
    consumer.fill("[name=words]", "Hai túi cùng số ở chợ")
    consumer.click("form button")
    consumer.get_by_text("chúng tôi đã nhận").first.wait_for()
    followed = consumer.url
    open_page = phone(chromium, live_server).new_page()
    open_page.goto(f"/T/{code}")
    assert "Tem bị sao chép" not in open_page.content()

    officer = chromium.new_context(
        base_url=live_server, viewport={"width": 1280, "height": 800}, locale="vi-VN"
    ).new_page()
    _sign_in(officer, email)
    officer.goto("/staff/doubts")
    officer.get_by_role("link", name="hai gói").first.click()
    officer.get_by_text("Hai túi cùng số ở chợ").wait_for()
    officer.get_by_role("link", name="Thu hồi tem này").click()
    assert officer.input_value("#first") == serial
    officer.fill("[name=reason]", "Tem bị sao chép, đang xác minh.")
    officer.fill("[name=advice]", "Không mua; báo cho cơ quan quản lý.")
    officer.get_by_role("button", name="Thu hồi các tem này").click()
    officer.wait_for_load_state()
    if officer.locator("[name=fresh_password]").count():
        officer.fill("[name=fresh_password]", PASSWORD)
        officer.keyboard.press("Enter")
    officer.get_by_text("Đã thu hồi").first.wait_for()
    recalled_at = time.monotonic()

    while "Tem bị sao chép" not in open_page.content():
        assert time.monotonic() - recalled_at < 5, "five seconds after the recall the page still says otherwise"
        time.sleep(0.2)
        open_page.reload()
    fits(open_page)
    consumer.goto(followed)
    assert "chúng tôi đã nhận" in consumer.content()
    consumer.goto("/recalls")
    assert serial in consumer.content()


def _sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
