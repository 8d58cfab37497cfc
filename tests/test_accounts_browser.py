"""Registering and inviting in a real browser, on a phone, with every guard switched on."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

PASSWORD = "vườn hồng sau nhà tôi đỏ rực"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def fits(page: Page) -> None:
    """No sideways scrolling, nothing that a screen reader stumbles over, nothing inline refused by the policy."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url
    found = Axe().run(page, options=RULES).response["violations"]
    assert not found, [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.mark.browser
def test_a_cooperative_registers_and_invites_on_a_phone(chromium: Browser, live_server: str) -> None:
    telephone = {"base_url": live_server, "viewport": {"width": 360, "height": 740}, "locale": "vi-VN"}
    ours, theirs = chromium.new_context(**telephone), chromium.new_context(**telephone)
    page = ours.new_page()
    trouble: list[str] = []
    page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    page.goto("/sign-in")
    fits(page)
    page.click("main a[href='/register']")
    page.wait_for_selector("[name=tax_code]")
    fits(page)
    for name, words in {
        "name": "HTX Hồng Vành Khuyên", "tax_code": "0100233488", "address": "Khu 2", "contact_name": "Hà Văn Khải",
        "phone": "0912 304 506", "password": PASSWORD,
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", words)
    page.select_option("[name=commune_code]", label="Xã Na Sầm")
    page.click("main form button.btn-primary")
    page.wait_for_url(re.compile("/(my|home)"))
    page.get_by_text("HTX Hồng Vành Khuyên").first.wait_for()
    for address in ("/account", "/account/second-factor", "/account/data", "/account/notices", "/my/people"):
        page.goto(address)
        fits(page)

    page.fill("[name=name]", "Chị Lan")
    page.click("form[action$='/invite'] button")
    page.wait_for_selector("main code")
    fits(page)
    link = page.locator("main code").inner_text()

    other = theirs.new_page()
    other.goto(link)
    fits(other)
    other.fill("[name=phone]", "0987 123 465")
    other.fill("[name=password]", PASSWORD)
    other.click("main form button.btn-primary")
    other.wait_for_url(re.compile("/(my|home)"))
    page.goto("/my/people")
    assert "Chị Lan" in page.content()
    page.click("details.menu:not(.nav-narrow) > summary")
    page.click("form[action='/sign-out'] button")
    page.wait_for_url("**/sign-in")
    assert trouble == []
    ours.close()
    theirs.close()
