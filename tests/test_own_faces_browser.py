"""A face of one's own in a real browser: a part is moved by mouse, by its numbers and by arrow keys, and all agree."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import Element, Face
from tests.conftest import AUDITOR, NOON, PASSWORD, House
from trace.records import OwnFace
from trace.work.own_faces import add_face, face_of

pytestmark = pytest.mark.browser
PRODUCT = Element(kind="text", text="{product}", x=24, y=4, width=20, height=6, size_pt=9, floor_pt=5, align="left")
SYMBOL = Element(kind="symbol", x=2, y=4, width=20, height=20)
PART = "parts-1"
FIGURES = ("x", "y", "width", "height")


@pytest.fixture
def editor(chromium: Browser, live_server: str, house: House, session: Session) -> Iterator[Page]:
    face = Face(name="own", width_mm=50, height_mm=30, elements=(SYMBOL, PRODUCT))
    own = add_face(session, house.cooperative, "Tem hộp quà", face, actor=AUDITOR, now=NOON)
    email, address = house.member.email or "", f"/my/labels/faces/{own.public_id}"
    session.commit()
    errors: list[str] = []
    window = chromium.new_context(base_url=live_server, viewport={"width": 1366, "height": 768}, locale="vi-VN")
    page = window.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/sign-in")
    page.locator("main input[type=text], main input[type=email]").first.fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.goto(address)
    yield page
    assert not errors, errors
    window.close()


def handle(page: Page) -> Locator:
    return page.locator(f'.handle[data-part="{PART}"]')


def typed(page: Page) -> list[float]:
    """The part's numbers, as the form holds them."""
    fields = (page.locator(f'[name="{PART}-{name}"]') for name in FIGURES)
    return [float(field.input_value().replace(",", ".")) for field in fields]


def boxed(page: Page) -> list[float]:
    """The same, as the picture's handle shows them."""
    box = handle(page).locator(".handle-box")
    return [float(box.get_attribute(name) or "nan") for name in FIGURES]


def drawn(page: Page) -> str:
    return page.locator("[data-face-canvas] > svg").first.inner_html()


def drawn_anew(page: Page, before: str) -> None:
    """Wait until the workshop has drawn something else, with the handles where the numbers say."""
    script = "before => document.querySelector('[data-face-canvas] > svg').innerHTML !== before"
    page.wait_for_function(script, arg=before)
    expect(handle(page)).to_be_visible()
    assert boxed(page) == typed(page)


def drag(page: Page, what: Locator, dx_mm: float, dy_mm: float) -> None:
    scale = page.evaluate("document.querySelector('.face-handles').getScreenCTM().a")
    box = what.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx_mm * scale / 2, y + dy_mm * scale / 2)
    page.mouse.move(x + dx_mm * scale, y + dy_mm * scale)
    page.mouse.up()


def test_mouse_numbers_and_keys_move_a_part_alike_and_the_preview_follows(editor: Page, session: Session) -> None:
    assert boxed(editor) == typed(editor) == [24, 4, 20, 6]
    before = drawn(editor)

    drag(editor, handle(editor).locator(".handle-box"), 3, 8)
    assert typed(editor) == pytest.approx([27, 12, 20, 6], abs=0.15), "the numbers follow at once"
    drawn_anew(editor, before)
    by_mouse, picture = typed(editor), drawn(editor)

    drag(editor, handle(editor).locator(".handle-grip"), -4, 2)
    drawn_anew(editor, picture)
    assert typed(editor) == pytest.approx([by_mouse[0], by_mouse[1], 16, 8], abs=0.15), "its corner sizes it"
    sized = drawn(editor)

    editor.locator(f"#part-{int(PART[-1]) + 1} > summary").click()
    for name, value in zip(FIGURES, ("24", "4", "20", "6"), strict=True):
        editor.locator(f'[name="{PART}-{name}"]').fill(value)
    editor.locator(f'[name="{PART}-height"]').press("Tab")
    drawn_anew(editor, sized)
    assert drawn(editor) == before, "typed back, it is what it was"

    handle(editor).focus()
    for key, times in (("ArrowRight", 6), ("ArrowDown", 16), ("Alt+ArrowLeft", 5), ("Shift+ArrowRight", 2)):
        for _ in range(times):
            handle(editor).press(key)
    assert typed(editor) == pytest.approx([26.5, 12, 21, 6])
    drawn_anew(editor, before)
    expect(handle(editor)).to_be_focused()

    for _ in range(200):
        handle(editor).press("ArrowRight")
    assert typed(editor)[0] == 50 - 21, "no key takes it off the stamp"
    assert not Axe().run(editor).response["violations"]

    editor.get_by_role("button", name="Lưu thành phiên bản mới").click()
    editor.get_by_text("Phiên bản 2").first.wait_for()
    session.expire_all()
    part = face_of(session.scalars(select(OwnFace)).one()).elements[1]
    assert (part.x, part.y, part.width, part.height) == (29, 12, 21, 6)
