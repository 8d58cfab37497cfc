"""The diary on a phone with a bad network: nothing typed is lost, and nothing is written twice."""

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD, House
from trace.records import DiaryEntry

PHONE = {"width": 360, "height": 740}
NO_NETWORK = "Không có mạng"


def signed_in(chromium: Browser, url: str, email: str) -> Page:
    page = chromium.new_context(viewport=PHONE, locale="vi-VN", has_touch=True).new_page()
    page.goto(f"{url}/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    return page


def test_a_line_typed_without_network_is_kept_and_written_once(
    session: Session, house: House, live_server: str, chromium: Browser
) -> None:
    email, plot = house.member.email, house.plot.name
    session.commit()  # what was read would keep every page from writing
    page = signed_in(chromium, live_server, email)
    page.goto(f"{live_server}/my/diary/new?kind=pesticide")
    page.get_by_label(plot).check()
    for name, words in {"material": "Abatin 1.8EC", "dose": "15 ml", "phi_days": "7", "done_by": "Mẫu"}.items():
        page.locator(f"[name={name}]").fill(words)
    expect(page.locator("[data-earliest]")).to_contain_text("Không thu hoạch trước ngày")

    page.context.set_offline(True)
    page.get_by_role("button", name="Ghi").click()
    expect(page.get_by_role("alert")).to_contain_text(NO_NETWORK)
    expect(page.locator("[name=material]")).to_have_value("Abatin 1.8EC")

    page.context.set_offline(False)
    page.goto(f"{live_server}/my/diary")  # the phone was put away
    page.goto(f"{live_server}/my/diary/new?kind=pesticide")
    expect(page.get_by_role("alert")).to_contain_text("Chưa gửi")
    expect(page.locator("[name=material]")).to_have_value("Abatin 1.8EC")
    expect(page.get_by_label(plot)).to_be_checked()
    page.get_by_role("button", name="Ghi").click()
    page.wait_for_url(f"{live_server}/my/diary")
    expect(page.locator("main")).to_contain_text("Abatin 1.8EC")

    page.goto(f"{live_server}/my/diary/new?kind=fertiliser")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.goto(f"{live_server}/my/diary/new?kind=pesticide")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('kept:')).length") == 0
    assert len(session.scalars(select(DiaryEntry)).all()) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
