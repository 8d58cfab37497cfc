"""How fast GS1 links are resolved, and what a stamp's page weighs in each language."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, code_of, make_batch
from tests.load import Load, gunicorn, load
from trace.db import db
from trace.records import BatchVerdict, Run
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.stamps import issue_stamps

BARE = """
from flask import Flask, redirect
app = Flask(__name__)
@app.get("/01/<gtin>")
def product(gtin):
    return redirect("http://127.0.0.1/p/0123456789ab", 307)
"""
GTIN, LOTS, SECONDS = "09521234543213", 50, 4.0
WORKERS, GOAL_A_SECOND, GOAL_P99_MS = 2, 1_500, 50
MOST_BYTES = 14_000


@pytest.fixture
def run(app: Flask, session: Session, house: House) -> Run:
    house.product.gtin = GTIN
    for number in range(LOTS):
        batch = make_batch(session, house, code=f"LOT-{number}", weight_g=101_000, packs=500)
        decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 500, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 400, batch, actor=AUDITOR, now=NOON)
    session.commit()
    return run


@contextmanager
def serving(settings: Settings) -> Iterator[int]:
    for engine in db.engines.values():
        engine.dispose()
    environment = os.environ | {
        "TEMGOC_MODE": "demo",
        "TEMGOC_INSTANCE": str(settings.instance),
        "TEMGOC_DATABASE_URL": settings.database_url,
        "TEMGOC_WORKERS": str(WORKERS),
    }
    with gunicorn("trace:create_app()", environment, workers=WORKERS) as port:
        load(port, itertools.repeat("/healthz"), seconds=3.0)  # each worker has read its code
        yield port


def bare_rate(folder: Path) -> float:
    """What the same server does with the plainest redirect there is."""
    (folder / "bare.py").write_text(BARE)
    with gunicorn("bare:app", os.environ | {"PYTHONPATH": str(folder)}, workers=WORKERS) as port:
        return load(port, itertools.repeat(f"/01/{GTIN}"), seconds=SECONDS, status=307, connections=8).rate


def tell(what: str, settings: Settings, found: Load, bare: float) -> None:
    engine = settings.database_url.split(":")[0]
    print(
        f"\n{what} on {engine}, {WORKERS} workers: {found.rate:,.0f}/s (goal ≥ {GOAL_A_SECOND:,}; "
        f"{found.rate / bare:.0%} of a bare redirect), "
        f"p50 {found.percentile_ms(50):.1f} ms, p99 {found.percentile_ms(99):.1f} ms (goal ≤ {GOAL_P99_MS})"
    )


def test_rate_of_the_resolver(settings: Settings, run: Run, tmp_path: Path) -> None:
    bare = bare_rate(tmp_path)
    codes = [code_of(run, number) for number in range(1, 401)]
    products = itertools.cycle([f"/01/{GTIN}", f"/01/{GTIN}?linkType=gs1:pip", f"/01/{GTIN}/10/KL8G"])
    lots = itertools.cycle(f"/01/{GTIN}/10/LOT-{number}" for number in range(LOTS))
    stamps = itertools.cycle(f"/01/{GTIN}/10/LOT-1/21/{code}" for code in codes)
    pages = itertools.cycle(f"/01/{GTIN}/21/{code}" for code in codes)
    linksets = itertools.cycle([f"/01/{GTIN}/10/LOT-1?linkType=linkset"])
    with serving(settings) as port:
        for what, paths, status in (
            (
                "products and lots, redirected",
                (path for pair in zip(products, lots, strict=False) for path in pair),
                307,
            ),
            ("stamps with their lot, redirected", stamps, 307),
            ("stamps, opened at once", pages, 200),
            ("linksets", linksets, 200),
        ):
            cold = load(port, paths, seconds=1.0, status=status)
            warm = load(port, paths, seconds=SECONDS, status=status, connections=8)
            tell(f"{what} (first second {cold.rate:,.0f}/s)", settings, warm, bare)


@pytest.mark.parametrize("language", ["vi", "en", "zh"])
def test_weight_of_a_stamps_page(client: FlaskClient, run: Run, language: str) -> None:
    page = client.get(f"/T/{code_of(run, 1)}?lang={language}", headers={"Accept-Encoding": "gzip"})
    print(f"\nstamp page in {language}: {len(page.data):,} bytes compressed (at most {MOST_BYTES:,})")
    assert len(page.data) <= MOST_BYTES
