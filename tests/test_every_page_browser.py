"""Every kind of page of every role, opened by its links: readable by everybody, on a phone, by day and by night."""

import json
from collections.abc import Iterator
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Error, Page

from tests.browser import serving
from tests.crawl import kind_of, walk
from trace.settings import Settings

PHONE = {"width": 360, "height": 740}
STRANGERS = ("/", "/sign-in", "/register", "/start-for-real", "/report", "/recalls")
FOR_COOPERATIVES = ("/my/activate?code=X", "/sign-in?next=/my/programme/enrol")
"""Links of public pages that lead a cooperative's people on, and nobody else."""
FULL = {"resultTypes": ["violations"]}
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}


@pytest.fixture
def demonstration(app: Flask, settings: Settings) -> Iterator[tuple[str, dict[str, str], str]]:
    """The service over its own demonstration: its address, who may sign in (by role), and a valid stamp's code."""
    told = json.loads(app.test_cli_runner().invoke(args=["demo", "--json"]).output)
    accounts = {each["role"]: each for each in reversed(told["accounts"])}
    with serving(settings) as url:
        yield url, accounts, told["stamps"]["valid"]


@pytest.mark.browser
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "roles", [(None, "manager", "member"), ("auditor", "officer", "operator", "certifier")], ids=["public", "staff"]
)
@pytest.mark.parametrize(
    "settings", ["sqlite"], indirect=True
)  # what is drawn does not ask which database it came from
@pytest.mark.demonstration
def test_every_page_can_be_read_by_everybody_on_a_phone_by_day_and_by_night(
    chromium: Browser, demonstration: tuple[str, dict[str, dict[str, str]], str], roles: tuple[str | None, ...]
) -> None:
    url, accounts, code = demonstration
    seen = set() if None in roles else {kind_of(address) for address in FOR_COOPERATIVES}
    wrong: list[str] = []
    for role in roles:
        context = chromium.new_context(viewport=PHONE, locale="vi-VN", reduced_motion="reduce")  # type: ignore[arg-type]
        page = context.new_page()
        page.on("pageerror", partial(_note, wrong))
        starts = ("/home",) if role else (*STRANGERS, f"/T/{code}")
        if role:
            _sign_in(page, url, accounts[role])
        for address in walk(page, url, *starts, of_each_kind=1, but=seen):
            seen.add(kind_of(address))
            wrong += [f"{role} {address}: {fault}" for fault in _faults(page)]
        context.close()
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 45


def _note(wrong: list[str], error: Error) -> None:
    wrong.append(f"script: {error}")


def _sign_in(page: Page, url: str, account: dict[str, str]) -> None:
    page.goto(f"{url}/sign-in")
    page.fill("[name=email]", account["email"])
    page.fill("[name=password]", account["password"])
    page.click("main form button.btn-primary")
    page.wait_for_url(lambda address: "/sign-in" not in address)


def _faults(page: Page) -> Iterator[str]:
    """What hinders somebody, with every folded part opened."""
    page.eval_on_selector_all("main details", "all => all.forEach(part => { part.open = true; })")
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > PHONE["width"]:
        yield f"{wide} px wide on a phone of {PHONE['width']}"
    yield from _violations(page, FULL)
    page.emulate_media(color_scheme="dark")
    yield from _violations(page, CONTRAST)
    page.emulate_media(color_scheme="light")


def _violations(page: Page, options: dict[str, list[str]]) -> Iterator[str]:
    for found in Axe().run(page, options=options).response["violations"]:
        if found["impact"] in {"serious", "critical"}:
            yield f"{found['id']} at {[node['target'] for node in found['nodes'][:3]]}"
