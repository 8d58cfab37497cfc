"""How many scans a second are accepted (each acknowledged after its commit), and what that does to the page."""

import http.client
import itertools
import re
import threading
import time
import urllib.parse
import urllib.request

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bench_pages import codes, environment
from tests.load import gunicorn, load
from trace.db import open_engine
from trace.records import Scan
from trace.settings import Settings

__all__ = ["codes"]  # a fixture of the page's bench

SECONDS, SENDERS = 4.0, 12
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A146P) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"


def token_of(port: int, code: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/T/{code}") as page:
        [token] = re.findall(r'name="token" value="([^"]+)"', page.read().decode())
    return str(token)


class Senders:
    """Threads that send scans of different stamps, each with its own token and browser, until time is up."""

    def __init__(self, port: int, codes: list[str]) -> None:
        self.port, self.work = port, list(zip(codes, [token_of(port, code) for code in codes], strict=True))
        self.answers: list[tuple[int, float]] = []
        self.lock, self.ends_at = threading.Lock(), 0.0

    def run(self, seconds: float) -> None:
        self.ends_at = time.perf_counter() + seconds
        threads = [threading.Thread(target=self._send, args=(n,)) for n in range(SENDERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        while time.perf_counter() < self.ends_at:
            with self.lock:
                if not self.work:
                    break
                code, token = self.work.pop()
            body = urllib.parse.urlencode({"code": code, "token": token, "by": "phone"})
            headers = {"User-Agent": f"{PHONE} {number}", "Content-Type": "application/x-www-form-urlencoded"}
            began = time.perf_counter()
            connection.request("POST", "/scan", body, headers)
            answer = connection.getresponse()
            answer.read()
            with self.lock:
                self.answers.append((answer.status, time.perf_counter() - began))
        connection.close()


def test_scans_accepted_a_second(codes: list[str], session: Session, settings: Settings) -> None:
    """All from one address here, so its share of a day is lifted for the measure."""
    session.rollback()  # lets go of the writer's lock
    with gunicorn("tests.bench_scans:unlimited()", environment(settings)) as port:
        senders = Senders(port, codes)
        alone = load(port, itertools.cycle(f"/T/{code}" for code in codes), seconds=3)
        began = time.perf_counter()
        paging: list[object] = []
        pages = threading.Thread(
            target=lambda: paging.append(
                load(port, itertools.cycle(f"/T/{code}" for code in codes), seconds=SECONDS, connections=2)
            )
        )
        pages.start()
        senders.run(SECONDS)
        took = time.perf_counter() - began
        pages.join()
    kept = [latency for status, latency in senders.answers if status == 204]
    busy = sum(status == 503 for status, _ in senders.answers)
    engine = open_engine(settings.database_url, read_only=True)
    with engine.connect() as connection:
        stored = connection.scalar(select(func.count()).select_from(Scan))
    engine.dispose()
    assert stored == len(kept), "what was acknowledged is stored, and nothing else"
    [beside] = paging
    print(
        f"\nscans on {settings.database_url.split(':')[0]}, one worker: {len(kept) / took:,.0f}/s accepted, "
        f"{busy} told to come later, p99 {sorted(kept)[int(len(kept) * 0.99) - 1] * 1000:.0f} ms; "
        f"page {alone.rate:,.0f}/s alone, {beside.rate:,.0f}/s beside them "  # type: ignore[attr-defined]
        f"(p99 {beside.percentile_ms(99):.0f} ms)",  # type: ignore[attr-defined]
    )


def unlimited():  # type: ignore[no-untyped-def]
    """The service without a network's share of scans: the bench sends all from one address."""
    from trace import create_app
    from trace.pages.consumer import scanning

    scanning.MOST_A_NETWORK = 10**9
    return create_app()
