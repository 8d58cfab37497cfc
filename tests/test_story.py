"""The whole chain in a real browser, as each role: registered, approved, recorded, certified, printed, activated,
read off the printed sheet by a phone, recalled."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from tests.browser import pressing
from tests.conftest import PASSWORD
from trace.accounts import Person
from trace.settings import Settings
from trace.work.days import VIETNAM

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1366, "height": 768}
Visit = Callable[..., Page]


def day(offset: int = 0) -> str:
    return (datetime.now(VIETNAM) + timedelta(days=offset)).strftime("%d/%m/%Y")


@pytest.fixture
def visit(chromium: Browser, live_server: str, settings: Settings) -> Iterator[Visit]:
    """A fresh browser window, signed in if a person is named; any error on a page fails the test in the end."""
    errors: list[str] = []

    def enter(identity: str | None = None, *, screen: dict[str, int] = DESK) -> Page:
        page = chromium.new_context(base_url=live_server, viewport=screen, locale="vi-VN").new_page()
        page.set_default_timeout(8_000)
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        page.on("console", lambda said: errors.append(f"{page.url}: {said.text}") if said.type == "error" else None)
        if identity:
            page.goto("/sign-in")
            page.locator("main input[type=text], main input[type=email]").first.fill(identity)
            page.locator("input[type=password]").fill(PASSWORD)
            page.locator("input[type=password]").press("Enter")
            page.wait_for_url(lambda address: "/sign-in" not in address)
        return page

    with pressing(settings):
        yield enter
    assert not errors, errors


def fill(page: Page, **fields: str) -> None:
    """Type into fields by name; `label:` picks from a list by what a person reads."""
    for name, value in fields.items():
        field = page.locator(f"main [name='{name.replace('__', '-')}']").first
        if value.startswith("label:"):
            words = value.removeprefix("label:")
            option = field.locator("option", has_text=words).first
            field.select_option(value=option.get_attribute("value"))
        else:
            field.fill(value)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).first.click()
    page.wait_for_load_state()


def read_sheets(path: Path) -> list[str]:
    """What an independent decoder reads off every page at 300 dpi."""
    document = pypdfium2.PdfDocument(path)
    pictures: list[Image.Image] = [page.render(scale=300 / 72).to_pil() for page in document]
    document.close()
    return [found.text for picture in pictures for found in zxingcpp.read_barcodes(picture)]


def register(page: Page) -> None:
    page.goto("/register")
    page.locator("input[name=kind][value=cooperative]").check()
    fill(
        page,
        name="HTX Na Lũng Xanh",
        tax_code="4900876541",
        commune_code="label:Xã Chi Lăng",
        address="Thôn Lũng Xanh",
        contact_name="Hoàng Thị Thử",
        phone="0912 000 111",
        password=PASSWORD,
    )
    page.locator("input[name=consent_phone]").check()
    press(page, "Đăng ký")


def record_farm(page: Page) -> None:
    page.goto("/my/growers/new")
    fill(page, name="Vi Văn Thử")
    press(page, "Lưu")
    page.goto("/my/plots/new")
    fill(page, name="Vườn Lũng Xanh", grower="label:Vi Văn Thử", area_m2="2 ha", commune_code="label:Xã Chi Lăng")
    press(page, "Lưu")
    page.goto("/my/products/new")
    fill(page, name_vi="Na Chi Lăng", name_en="Chi Lăng custard apple", pack="túi", net_weight_g="1 kg")
    press(page, "Lưu")
    page.goto("/my/trademarks/new")
    fill(page, kind="label:thông thường", name="Lũng Xanh", owner="HTX Na Lũng Xanh", filed_on="01/03/2026")
    press(page, "Lưu")


def record_certificate(page: Page) -> None:
    page.goto("/my/certificates/new")
    fill(
        page,
        scheme="label:VietGAP",
        number="VietGAP-TT-13-09-20-0777",
        body="Tổ chức chứng nhận Thử",
        issued_on=day(-100),
        expires_on=day(600),
    )
    press(page, "Lưu")
    page.get_by_role("link", name="Thêm dòng").first.click()
    source = page.locator("main select[name*=plot], main select[name*=source], main select[name*=site]").first
    source.select_option(value=source.locator("option", has_text="Lũng Xanh").first.get_attribute("value"))
    fill(page, product="label:Na Chi Lăng")
    page.locator("main [name*=area]").first.fill("2 ha")
    page.locator("main [name*=expected]").first.fill("18 tấn")
    press(page, "Lưu")


def hand_in_batch(page: Page) -> None:
    page.goto("/my/batches/new")
    fill(page, product="label:Na Chi Lăng", intake__0__source="label:Vườn Lũng Xanh", intake__0__weight="120")
    fill(page, intake__0__harvested_on=day(), packed_on=day(), packs="100", loss="5 kg")
    press(page, "Nộp lô")


def test_one_true_chain_from_registration_to_recall(
    visit: Visit, session: Session, staff: dict[str, Person], live_server: str, tmp_path: Path
) -> None:
    offices = {office: person.email for office, person in staff.items()}
    session.rollback()  # reading them took the write lock, which the server needs

    # A cooperative registers, and an officer approves it.
    manager = visit(screen=PHONE)
    register(manager)
    officer = visit(offices["officer"])
    officer.get_by_role("link", name="Xem và quyết định").first.click()
    act(officer, "approve")

    # It records what it has, and an auditor holds the certificate against the original.
    record_farm(manager)
    record_certificate(manager)
    auditor = visit(offices["auditor"])
    auditor.get_by_role("link", name="VietGAP-TT-13-09-20-0777").first.click()
    auditor.get_by_role("link", name="Xác nhận đúng bản gốc").click()
    auditor.locator("[name=compared]").check()
    auditor.locator("main form button.btn-primary").click()
    auditor.wait_for_load_state()

    # A batch is handed in and cleared.
    hand_in_batch(manager)
    batch_page = manager.url
    auditor.goto("/audit/")
    auditor.locator("a[href*='/audit/batches/']").first.click()
    act(auditor, "certify")
    audit_page = auditor.url

    # Stamps are issued, printed and activated.
    manager.goto("/my/stamps/new")
    batch = manager.locator("main select[name=batch]")
    batch.select_option(value=batch_page.rsplit("/", 1)[1].split("?")[0])
    fill(manager, count="30")
    press(manager, "Cấp tem")
    run_page = manager.url.split("?")[0]
    manager.goto(f"{run_page}/print")
    press(manager, "In")
    sheet = tmp_path / "sheet.pdf"
    with manager.expect_download(timeout=30_000) as download:
        manager.get_by_role("button", name="Tải tệp về").click(timeout=30_000)
    download.value.save_as(sheet)
    links = read_sheets(sheet)
    assert len(links) == 30
    assert all(link.startswith(f"{live_server.upper()}/T/") for link in links)
    manager.goto(run_page)
    manager.goto(f"{run_page}/activate")
    manager.locator("main form button.btn-primary").first.click()
    manager.wait_for_load_state()

    # A phone reads a stamp and sees the origin; the auditor recalls; the next look shows it.
    phone = visit(screen=PHONE)
    phone.goto(links[7].replace("HTTP://", "http://"))
    assert phone.get_by_role("heading", level=1).inner_text() == "Mã tem hợp lệ"
    for words in ("HTX Na Lũng Xanh", "Na Chi Lăng", day(), "912000111"):
        assert words in phone.content()
    assert not phone.context.cookies()
    assert not Axe().run(phone).response["violations"]
    auditor.goto(audit_page)
    act(auditor, "recall", reason="Dư lượng vượt mức cho phép", advice="Không ăn; trả lại nơi mua")
    phone.wait_for_timeout(2_500)  # a process asks for news every two seconds
    phone.reload()
    assert "thu hồi" in phone.get_by_role("heading", level=1).inner_text().lower()


def act(page: Page, action: str, **fields: str) -> None:
    """Do what stands behind a folded panel: open it, fill it, press its button."""
    form = page.locator(f"form[action$='/{action}']").first
    form.wait_for(state="attached")
    panel = page.locator(f"details:has(form[action$='/{action}']) > summary").first
    if panel.count() and not form.is_visible():
        panel.click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button:visible").last.click()
    page.wait_for_load_state()
