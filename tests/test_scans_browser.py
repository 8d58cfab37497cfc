"""A phone scans, reports and follows; a phone without scripts presses the button; a preview counts nothing."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import code_of
from tests.test_scans import PHONE
from trace.records import Complaint, Doubt, Run, Scan

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
PRESENT = "Object.defineProperty(navigator, 'webdriver', {get: () => false})"
"""A driven browser says that it is one, and the page's script then keeps silent; here it stands for a person's."""


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.fixture
def code(session: Session, run: Run) -> str:
    code = code_of(run, 7)
    session.rollback()  # lets go of the writer's lock: another process writes now
    return code


def scans(session: Session) -> list[Scan]:
    session.rollback()
    found = list(session.scalars(select(Scan)))
    session.rollback()
    return found


@pytest.mark.browser
def test_a_phone_that_shows_the_page_counts_once(
    chromium: Browser, live_server: str, session: Session, code: str
) -> None:
    context = chromium.new_context(
        base_url=live_server, viewport={"width": 360, "height": 740}, locale="vi-VN", user_agent=PHONE
    )
    context.add_init_script(PRESENT)
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    for _ in range(2):
        with page.expect_response(lambda answer: answer.url.endswith("/scan?lang=vi")) as told:
            page.goto(f"/T/{code}")
        assert told.value.status == 204
    assert len(scans(session)) == 1
    page.locator("summary", has_text="Tôi đã mua").click()
    fits(page)
    page.select_option("#province", "01")
    page.click("#bought button")
    page.get_by_text("Cảm ơn").first.wait_for()
    fits(page)
    [kept] = scans(session)
    assert kept.province == "01"
    assert not trouble, trouble
    assert context.cookies() == []


@pytest.mark.browser
def test_without_scripts_the_button_counts_and_a_doubt_is_followed(
    chromium: Browser, live_server: str, session: Session, code: str
) -> None:
    context = chromium.new_context(
        base_url=live_server,
        viewport={"width": 360, "height": 740},
        locale="vi-VN",
        user_agent=PHONE,
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(f"/T/{code}")
    assert scans(session) == []
    page.locator("summary", has_text="Tôi đã mua").click()
    page.click("#bought button")
    page.wait_for_load_state()
    assert len(scans(session)) == 1

    page.goto(f"/T/{code}")
    page.locator("summary", has_text="đáng ngờ").click()
    page.click("a[href^='/report']")
    page.check("[value=twice]")
    page.fill("[name=words]", "Hai túi cùng số")
    page.click("form button")
    page.get_by_text("chúng tôi đã nhận").first.wait_for()
    assert session.scalars(select(Doubt.kind)).one() == "twice"
    assert session.scalars(select(Complaint)).first() is None


@pytest.mark.browser
def test_report_pages_fit_a_phone_and_a_screen_reader(
    chromium: Browser, live_server: str, session: Session, code: str
) -> None:
    page = chromium.new_context(
        base_url=live_server, viewport={"width": 360, "height": 740}, locale="vi-VN", user_agent=PHONE
    ).new_page()
    for address in (f"/report?code={code}", "/report", "/recalls", "/privacy"):
        page.goto(address)
        fits(page)
    page.goto(f"/report?code={code}")
    page.check("[value=spoiled]")
    page.click("form button")
    page.locator(
        ".err"
    ).wait_for()  # one and no more: words are needed for a complaint, and asked for beside their field
    fits(page)
