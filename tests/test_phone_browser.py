"""Every verdict on a phone without script, in three languages: what the first screen holds, in which order the rest
stands, what it weighs, and whether everybody can read it."""

import gzip
import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.browser import serving
from tests.conftest import AUDITOR, NOON
from trace.records import RangeState, Run, StampKey, StampRange
from trace.service import Keys, keyring
from trace.settings import Settings
from trace.work.keys import retire_key
from trace.work.stamps import report_lost

PHONE = {"width": 360, "height": 640}
ZOOMED = {"width": 320, "height": 256}
"""What is left of 1280 × 1024 at 400 %."""
LANGUAGES = ("vi", "en", "zh")
MOST_BYTES = 14_000
LEAKED = "không còn xác minh được"
FOLDS = (
    "stamp", "journey", "checked", "plots", "certificates", "care", "sold", "ten", "share", "scan", "odd", "history",
)  # fmt: skip
"""The closed headings in the order of reading: the stamp's number first, the log's proof last."""


@pytest.fixture
def stamps(app: Flask, session: Session) -> dict[str, str]:
    """A demonstration's code of every verdict there is, but for the leaked key's: see `leak`."""
    told: dict[str, str] = json.loads(app.test_cli_runner().invoke(args=["demo", "--json"]).output)["stamps"]
    on_paper = select(StampRange).where(StampRange.state == RangeState.PRINTED).order_by(StampRange.id.desc())
    spare = session.scalars(on_paper).first()
    assert spare
    report_lost(session, spare.run, spare.last, spare.last, "rơi ở chợ", actor=AUDITOR, now=NOON)
    session.commit()
    newest = session.scalars(select(Run.number).order_by(Run.number.desc())).first() or 0
    book = keyring().book(spare.run.key_version)
    more = {"lost": book.code(spare.run.number, spare.last - 1), "restoring": book.code(newest + 1, 0)}
    session.rollback()
    return {**told, **more, "unknown": "0" * 16}


def leak(session: Session) -> None:
    """From now on nobody can tell whose the demonstration's codes are."""
    retire_key(session, StampKey, 1, leaked=True, actor=AUDITOR, now=NOON)
    session.commit()


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # what is drawn does not ask where it came from
@pytest.mark.demonstration
def test_every_verdict_reads_well_on_a_phone_without_script(
    chromium: Browser, settings: Settings, session: Session, stamps: dict[str, str]
) -> None:
    assert len(stamps) == 10
    wrong = []
    with serving(settings) as url:
        phone = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
        other = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]  # axe is a script itself
        other.route("**/*.js", lambda route: route.abort())  # but none of the page's own runs
        page, judged = phone.new_page(), other.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(f"{request.resource_type} {request.url}"))

        def look(verdict: str, code: str) -> None:
            for language in LANGUAGES:
                address = f"{url}/T/{code}?lang={language}"
                page.goto(address)
                judged.goto(address)
                found = [*faults(page), *violations(judged)]
                wrong.extend(f"{verdict} in {language}: {fault}" for fault in found)

        for verdict, code in stamps.items():
            look(verdict, code)
        leak(session)
        until_it_says(page, f"{url}/T/{stamps['valid']}?lang=vi", LEAKED)
        look("leaked", stamps["valid"])
        phone.close()
        other.close()
    assert not wrong, "\n".join(wrong)
    ours = {"document", "image", "other"}  # the last is the tab's icon
    elsewhere = [each for each in fetched if each.split()[0] not in ours or url not in each]
    assert not elsewhere, "a page asks for itself and its pictures: no font, no style, no third party"


def until_it_says(page: Page, address: str, words: str, tries: int = 100) -> None:
    """Every process hears of a change within some seconds."""
    for _ in range(tries):
        page.goto(address)
        if words in page.inner_text("body"):
            return
        page.wait_for_timeout(200)
    raise AssertionError(page.inner_text("body"))


@pytest.mark.browser
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.demonstration
def test_a_page_whose_pictures_do_not_come_says_what_they_show_and_keeps_its_first_screen(
    chromium: Browser, settings: Settings, stamps: dict[str, str]
) -> None:
    with serving(settings) as url:
        phone = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
        phone.route("**/photos/**", lambda route: route.abort())
        page = phone.new_page()
        for verdict in ("valid", "recalled"):
            page.goto(f"{url}/T/{stamps[verdict]}")
            assert not list(faults(page)), verdict
            assert page.locator(".first img").first.get_attribute("alt")
        phone.close()


def faults(page: Page) -> Iterator[str]:
    height = PHONE["height"]
    if not page.inner_text("header h1").strip() or page.locator("header .panel > svg").count() != 1:
        yield "no verdict of a word and an icon"
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > PHONE["width"]:
        yield f"{wide} px wide"
    if page.locator(".first").count():
        yield from _first_screen(page, height)
    yield from _order(page)
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > ZOOMED["width"]:
        yield f"{wide} px wide when zoomed to 400 %"
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]


def violations(page: Page) -> Iterator[str]:
    """Of any rule of axe, with every folded part opened."""
    page.eval_on_selector_all("main details", "all => all.forEach(part => { part.open = true; })")
    for found in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]:
        yield f"{found['id']} at {[node['target'] for node in found['nodes'][:3]]}"


def _first_screen(page: Page, height: int) -> Iterator[str]:
    button = page.locator(".first .acts .btn").first.bounding_box()
    if button is None or button["y"] + button["height"] > height:
        yield f"the call button ends at {button and round(button['y'] + button['height'])} px"
    told = page.eval_on_selector_all(
        ".first img, .first h2, .first dd, .first .btn",
        "all => all.map(part => part.tagName + ' ' + (part.closest('div')?.querySelector('dt')?.textContent ?? ''))",
    )
    kinds = [each.split()[0] for each in told]
    if kinds[:2] != ["IMG", "H2"] or kinds[-1] != "A" or set(kinds[2:-1]) - {"DD", "A"} or kinds.count("DD") > 3:
        yield f"its first screen holds {told}"


def _order(page: Page) -> Iterator[str]:
    if page.locator("main details[open]").count():
        yield "a heading is open"
    folds = page.eval_on_selector_all("main .folds > details", "all => all.map(part => part.id)")
    known = [name for name in FOLDS if name in folds]
    if folds != known or (folds and folds[-1] != "history"):
        yield f"its headings stand as {folds}"


@pytest.mark.parametrize("packing", ["gzip"])
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.demonstration
def test_every_verdict_weighs_at_most_14_kb_as_it_is_sent(
    app: Flask, client: FlaskClient, session: Session, stamps: dict[str, str], packing: str
) -> None:
    """Gzip, the only packing that is served; everything that is needed to read stands in the page itself."""
    heavy = {}

    def weigh(verdict: str, code: str) -> None:
        for language in LANGUAGES:
            answer = client.get(f"/T/{code}?lang={language}", headers={"Accept-Encoding": packing})
            packed = answer.headers.get("Content-Encoding") == packing
            page = gzip.decompress(answer.data) if packed else answer.data
            assert b"<style>" in page
            assert b'rel="stylesheet"' not in page
            size = len(answer.data) if packed else len(gzip.compress(answer.data))
            if size > MOST_BYTES:
                heavy[verdict, language] = size

    for verdict, code in stamps.items():
        weigh(verdict, code)
    leak(session)
    app.extensions["temgoc"]["keys"] = Keys(ask_every_s=0)
    weigh("leaked", stamps["valid"])
    assert LEAKED in client.get(f"/T/{stamps['valid']}").text
    assert not heavy
