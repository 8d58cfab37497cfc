"""A cooperative prints in a real browser: a part-used sheet, a roll, a label printer's file, a print house's list; each
from one screen, and each read back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from sqlalchemy.orm import Session

from labels import read_pdf
from tests.browser import pressing
from tests.conftest import AUDITOR, NOON, PASSWORD, House, code_of
from trace.records import Run
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.work.stamps import issue_stamps

pytestmark = pytest.mark.browser
QUICK_S = 120


@pytest.fixture
def run_of_3000(session: Session, house: House) -> Run:
    run = issue_stamps(
        session, keyring(), numbering(), house.cooperative, 3_000, actor=AUDITOR, now=NOON, product=house.product
    )
    session.commit()
    return run


@pytest.fixture
def page(chromium: Browser, live_server: str, house: House, session: Session, settings: Settings) -> Iterator[Page]:
    email = house.member.email or ""
    session.commit()
    errors: list[str] = []
    with pressing(settings):
        window = chromium.new_context(base_url=live_server, viewport={"width": 1366, "height": 768}, locale="vi-VN")
        page = window.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto("/sign-in")
        page.locator("main input[type=text], main input[type=email]").first.fill(email)
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("input[type=password]").press("Enter")
        page.wait_for_url(lambda address: "/sign-in" not in address)
        yield page
    assert not errors, errors


@contextmanager
def quickly() -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < QUICK_S


def go(page: Page, into: Path) -> Path:
    """Press print, wait for the press, and download."""
    page.locator("main form[data-live] button[value=print]").click()
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Tải tệp về").click(timeout=60_000)
    download.value.save_as(into)
    return into


def seen(page: Page, words: str) -> None:
    page.locator("[data-part=seen]", has_text=words).wait_for()


def test_what_is_typed_before_the_script_has_come_is_looked_at(page: Page, run_of_3000: Run, session: Session) -> None:
    address = f"/my/stamps/{run_of_3000.public_id}/print"
    session.commit()
    held: list[Route] = []
    page.route("**/print.js*", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(address, wait_until="commit")
    page.locator("[name=serials]").fill("1-9")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    seen(page, "9 tem trên 1 tờ")


def test_places_that_are_typed_are_ticked_in_the_picture(page: Page, run_of_3000: Run, session: Session) -> None:
    address = f"/my/stamps/{run_of_3000.public_id}/print"
    session.commit()
    page.goto(address)
    page.locator("[name=stock]").select_option("a4-24")
    page.get_by_text("Bắt đầu từ ô nào trên tờ").click()
    page.locator("[name=used_typed]").fill("1-7")
    page.locator("[name=used_typed]").press("Tab")
    page.get_by_text("Còn trống 17 trong 24 ô").wait_for()
    ticked = page.locator("[name=used]:checked")
    assert [box.get_attribute("value") for box in ticked.all()] == [str(cell) for cell in range(7)]
    page.get_by_label("Ô 7", exact=True).uncheck()
    page.get_by_text("Còn trống 18 trong 24 ô").wait_for()
    page.locator("[name=format]").evaluate(
        "field => { field.value = 'csv'; field.dispatchEvent(new Event('change', {bubbles: true})); }"
    )
    page.locator(".preview-total", has_text="tem").filter(has_not_text="tờ").wait_for()


def test_four_prints_each_from_one_screen(
    page: Page, run_of_3000: Run, session: Session, live_server: str, tmp_path: Path
) -> None:
    run, label = run_of_3000, run_of_3000.label
    wanted = [f"{live_server.upper()}/T/{code_of(run, number)}" for number in range(1, 1_600)]
    address = f"/my/stamps/{run.public_id}/print"
    session.commit()

    # Seven stamps of a sheet are used; 500 more go on with its 17 free places.
    page.goto(address)
    page.locator("[name=serials]").fill("1-7")
    page.locator("[name=stock]").select_option("a4-24")
    page.locator("[name=face]").select_option("code")
    seen(page, "7 tem trên 1 tờ")
    go(page, tmp_path / "begun.pdf")
    with quickly():
        page.goto(address)
        page.get_by_role("link", name=f"In nốt tờ 1 của {label}, còn 17 ô").click()
        page.get_by_text(f"In tiếp lên tờ 1 của {label}").wait_for()  # else the page before is filled in
        page.locator("[name=serials]").fill("8-507")
        seen(page, "500 tem trên 22 tờ")
        assert not Axe().run(page).response["violations"]
        links = list(read_pdf(go(page, tmp_path / "sheets.pdf")))
    assert [len(sheet) for sheet in links][:2] == [17, 24]
    assert [link for sheet in links for link in sheet] == wanted[7:507]

    with quickly():
        page.goto(address)
        assert page.locator("[name=serials]").input_value().startswith("508-")
        page.locator("[name=serials]").fill("508-1007")
        page.get_by_text("Đổi", exact=True).click()
        page.locator("[name=stock]").select_option("roll-35x22-3")
        page.locator("[name=face]").select_option("symbol")
        seen(page, "500 tem trên 167 hàng của cuộn")
        rows = list(read_pdf(go(page, tmp_path / "roll.pdf")))
    assert [link for row in rows for link in row] == wanted[507:1007]
    assert len(rows) == 169, "with a first and a last label that name the range"

    with quickly():
        page.goto(address)
        page.locator("[name=serials]").fill("1008-1507")
        page.get_by_text("Đổi", exact=True).click()
        page.get_by_text("Nâng cao", exact=True).first.click()
        assert page.locator("[name=stock]").input_value() == "roll-35x22-3", "as last time"
        page.locator("[name=format]").select_option("zpl")
        seen(page, "500 tem trên 167 hàng của cuộn")
        zpl = go(page, tmp_path / "roll.zpl").read_bytes()
    assert zpl.count(b"^XG") == 500

    with quickly():
        page.goto(address)
        page.locator("[name=serials]").fill("1508-1520, 1530")
        page.get_by_text("Đổi", exact=True).click()
        page.locator("[name=format]").select_option("csv")
        seen(page, "Danh sách không có hình")
        rows_of_list = go(page, tmp_path / "list.csv").read_text("utf-8-sig").splitlines()[1:]
    numbers = [*range(1508, 1521), 1530]
    assert [row.split('","')[3].strip('"') for row in rows_of_list] == [wanted[number - 1] for number in numbers]
    page.get_by_role("link", name="In tốt cả chưa?").wait_for()
