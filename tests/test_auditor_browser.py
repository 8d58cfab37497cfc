"""An auditor at the desk: the planted fraud found, understood and suspended, with a mouse and a few keys."""

import time
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.test_every_page_browser import _sign_in, demonstration

__all__ = ["demonstration"]  # a fixture

WITHIN_S = 300
FULL = {"resultTypes": ["violations"]}


def reads_well(page: Page) -> None:
    found = Axe().run(page, options=FULL).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.mark.browser
def test_the_planted_fraud_is_found_understood_and_suspended_within_five_minutes(
    app: Flask, chromium: Browser, demonstration: tuple[str, dict[str, dict[str, str]], str]
) -> None:
    url, accounts, _ = demonstration
    context = chromium.new_context(base_url=url, viewport={"width": 1280, "height": 800}, locale="vi-VN")
    page = context.new_page()
    _sign_in(page, url, accounts["auditor"])
    began = time.monotonic()
    reads_well(page)
    page.locator("#batches ~ * a[href^='/audit/batches/'], [data-rows] a[href^='/audit/batches/']").first.click()
    expect(page.locator("main")).to_contain_text("quá sức của vườn")  # the checks say it in a sentence
    expect(page.locator("main")).to_contain_text("Được thu hoạch từ")  # and what the farm wrote stands below
    reads_well(page)
    page.keyboard.press("b")
    assert page.evaluate("document.activeElement.id") == "back", "a key leads to where the goods came from"
    page.locator("#back").locator("xpath=..").locator("a[href^='/audit/certificates/']").first.click()
    page.get_by_role("link", name="Đình chỉ").click()
    page.fill("[name=reaches_from]", (date.today() - timedelta(days=40)).strftime("%d/%m/%Y"))  # noqa: DTZ011
    page.fill("[name=reason]", "Sản lượng vượt sức vườn, chờ kiểm tra.")
    page.get_by_role("button", name="Đình chỉ").last.click()
    page.wait_for_load_state()
    if page.locator("[name=fresh_password]").count():
        page.fill("[name=fresh_password]", accounts["auditor"]["password"])
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("28.000")  # the stamps it turns are shown before it is taken
    page.get_by_role("button", name="Đình chỉ").last.click()
    expect(page.locator("main")).to_contain_text("Bị đình chỉ")
    assert time.monotonic() - began < WITHIN_S
    app.test_cli_runner().invoke(args=["log", "publish"])  # as the worker does every few seconds
    with page.expect_download() as proof:
        page.get_by_role("link", name="mục số").first.click()
    assert proof.value.path().read_text().startswith("c2sp.org/tlog-proof@v1")
    context.close()
