"""An auditor's phone in an orchard: scans wait without a network, are sent by themselves, and are taken once."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, PASSWORD, TODAY, House, code_of, make_person
from trace.accounts import Office
from trace.records import Run, VisitScan
from trace.work.visits import Plan, plan_visit

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


@pytest.mark.browser
def test_scans_wait_for_a_network_and_are_taken_once(
    chromium: Browser, live_server: str, session: Session, house: House, run: Run
) -> None:
    make_person(session, "kiểm tra", office=Office.AUDITOR, email="kt@example.vn")
    plan = Plan(house.cooperative, TODAY, "Kiểm tra kho", 3)
    visit = plan_visit(session, plan, by=AUDITOR, now=NOON, today=TODAY)
    codes = [code_of(run, number) for number in (1, 2)]
    address = f"/audit/visits/{visit.public_id}/scan"
    session.commit()
    context = chromium.new_context(base_url=live_server, viewport={"width": 360, "height": 740}, locale="vi-VN")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=email]", "kt@example.vn")
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-primary")
    page.goto(address)
    page.locator("html[data-kept]").wait_for(state="attached")
    context.set_offline(True)
    for code in (codes[0], codes[1], codes[0]):
        page.fill("#text", code)
        page.press("#text", "Enter")
    page.get_by_text("3 lượt quét đang chờ mạng").wait_for()
    page.reload()  # without a network: as kept on the phone
    page.get_by_text("3 lượt quét đang chờ mạng").wait_for()
    assert page.input_value("#text") == "", "the field clears itself"
    context.set_offline(False)
    page.locator("#scan-list li").nth(2).wait_for(timeout=20_000)
    expect(page.locator("#scan-list li", has_text="đã quét trước đó")).to_have_count(1)
    expect(page.locator("#scan-panel .scan-word")).to_contain_text("đã quét trước đó")
    expect(page.locator("#scan-waiting")).to_be_hidden()
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]
    session.rollback()
    assert len(session.scalars(select(VisitScan)).all()) == 3
    session.rollback()
    context.close()
