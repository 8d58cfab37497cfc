"""Pictures of the main pages, two sizes, and of every verdict in every language; light and dark (`make pictures`)."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from get_browser import find, launch  # beside this script
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PORT = int(os.environ.get("PORT", "8497"))
SIZES = ((360, 740), (1366, 768))
TALLEST_PX = 1500
COLOURS = 128
"""Flat pages need no more, and a repository of pictures stays small."""

PAGES: tuple[tuple[str, str | None, str], ...] = (
    ("front", None, "/"),
    ("stamp-valid", None, "/T/{valid}"),
    ("stamp-recalled", None, "/T/{recalled}"),
    ("sign-in", None, "/sign-in"),
    ("cooperative-home", "manager", "/home"),
    ("cooperative-batches", "manager", "/my/batches"),
    ("cooperative-stamps", "manager", "/my/stamps"),
    ("cooperative-diary", "manager", "/my/diary"),
    ("auditor-desk", "auditor", "/home"),
    ("auditor-overview", "auditor", "/audit/overview/"),
    ("officer-home", "officer", "/home"),
    ("operator-home", "operator", "/home"),
)
"""Name, who looks, and where; {kind} is a demonstration stamp's code."""
LANGUAGES = ("vi", "en", "zh")


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """The service over a demonstration of its own; gives its address and what `demo --json` says."""
    url = f"http://127.0.0.1:{PORT}"
    surroundings = os.environ | {"TEMGOC_INSTANCE": str(folder), "PORT": str(PORT), "TEMGOC_MODE": "demo"}
    flask = [sys.executable, "-m", "flask", "--app", "trace"]
    told = subprocess.run([*flask, "demo", "--json"], cwd=ROOT, env=surroundings, capture_output=True, check=True)
    server = subprocess.Popen([*flask, "serve"], cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL)
    try:
        _wait(url)
        yield url, json.loads(told.stdout)
    finally:
        server.terminate()
        server.wait(40)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urlopen(f"{url}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise SystemExit("The demonstration did not start.")


def sign_in(context: BrowserContext, url: str, role: str, offered: dict[str, object]) -> None:
    accounts: list[dict[str, str]] = offered["accounts"]  # type: ignore[assignment]
    account = next(each for each in accounts if each["role"] == role)
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.locator("input[type=text], input[type=email], input[name=email]").first.fill(account["email"])
    page.locator("input[type=password]").first.fill(account["password"])
    page.locator("main form button[type=submit], main form input[type=submit], main form button").first.click()
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.close()


def take(browser: Browser, url: str, offered: dict[str, object], scheme: str) -> None:
    stamps: dict[str, str] = offered["stamps"]  # type: ignore[assignment]
    contexts: dict[str | None, BrowserContext] = {}
    for name, role, address in PAGES:
        if role not in contexts:
            contexts[role] = browser.new_context(color_scheme=scheme, locale="vi-VN")  # type: ignore[arg-type]
            if role is not None:
                sign_in(contexts[role], url, role, offered)
        page = contexts[role].new_page()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(url + address.format_map(stamps))
            if answer is None or answer.status >= 400:
                raise SystemExit(f"{address} answered {answer.status if answer else 'nothing'}.")
            _keep(page, FOLDER / f"{name}-{width}-{scheme}.png", width)
        page.close()
    for context in contexts.values():
        context.close()


def take_verdicts(browser: Browser, url: str, offered: dict[str, object], scheme: str) -> None:
    """Every verdict as a phone shows it."""
    stamps: dict[str, str] = offered["stamps"]  # type: ignore[assignment]
    asked = {**stamps, "unknown": "0" * 16}
    phone, height = SIZES[0]
    context = browser.new_context(color_scheme=scheme, viewport={"width": phone, "height": height})  # type: ignore[arg-type]
    page = context.new_page()
    for verdict, code in asked.items():
        for language in LANGUAGES:
            page.goto(f"{url}/T/{code}?lang={language}")
            _keep(page, FOLDER / f"verdict-{verdict.replace('_', '-')}-{language}-{scheme}.png", phone, height)
    context.close()


def _keep(page: Page, path: Path, width: int, tallest: int = TALLEST_PX) -> None:
    page.wait_for_load_state("networkidle")
    tall = min(tallest, int(page.evaluate("document.documentElement.scrollHeight")))
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": tall}, full_page=True)
    with Image.open(BytesIO(shot)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, demonstration(Path(folder)) as (url, offered), sync_playwright() as playwright:
        browser = launch(playwright, find() or "")
        for scheme in ("light", "dark"):
            take(browser, url, offered, scheme)
            take_verdicts(browser, url, offered, scheme)
        browser.close()
    kilobytes = sum(path.stat().st_size for path in FOLDER.glob("*.png")) >> 10
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(ROOT)}, {kilobytes} kB")


if __name__ == "__main__":
    main()
