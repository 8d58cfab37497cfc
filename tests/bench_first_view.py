"""How long a phone on a slow link waits for a stamp's first view: 400 kbit/s, 400 ms, no script, nothing kept.

Beside it an empty page over the same link, which is what no page can beat. Chromium adds the latency to each request,
not to the handshakes before it.
"""

import gzip
import statistics

import pytest
from playwright.sync_api import Browser

from tests.browser import serving
from tests.test_phone_browser import LANGUAGES, PHONE, stamps
from trace.settings import Settings

__all__ = ["stamps"]  # the fixture
ROUNDS = 3
KBIT_S, LATENCY_MS = 400, 400
LINK = {
    "offline": False,
    "latency": LATENCY_MS,
    "downloadThroughput": KBIT_S * 1000 / 8,
    "uploadThroughput": KBIT_S * 1000 / 8,
}
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
READABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def _waits(chromium: Browser, address: str) -> tuple[float, float, int]:
    """Milliseconds to the first paint and until everything that is read has come; the page's bytes as packed."""
    phone = chromium.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = phone.new_page()
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", LINK)
    answer = page.goto(address, wait_until="domcontentloaded")
    assert answer is not None
    page.wait_for_timeout(200)
    found = float(page.evaluate(PAINTED)), float(page.evaluate(READABLE)), len(gzip.compress(answer.body()))
    phone.close()
    return found


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_first_view_over_a_slow_link(chromium: Browser, settings: Settings, stamps: dict[str, str]) -> None:
    with serving(settings) as url:
        bare = statistics.median(_waits(chromium, f"{url}/healthz")[1] for _ in range(ROUNDS))
        print(
            f"\nfirst view over {KBIT_S} kbit/s and {LATENCY_MS} ms (goal ≤ 2 s); /healthz alone takes {bare:,.0f} ms"
        )
        for verdict, code in stamps.items():
            for language in LANGUAGES:
                address = f"{url}/T/{code}?lang={language}"
                took = [_waits(chromium, address) for _ in range(ROUNDS)]
                painted, readable, weight = (statistics.median(each) for each in zip(*took, strict=True))
                print(
                    f"  {verdict:<16} {language}: painted {painted:5,.0f} ms, all there {readable:5,.0f} ms "
                    f"({readable / bare:.1f} × bare), {weight / 1000:4.1f} kB packed"
                )
