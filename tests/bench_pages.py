"""How fast a stamp's page is served, against bare Flask with the same bytes and headers on the same kind of server."""

import itertools
import json
import os
import statistics
import urllib.request
from pathlib import Path

import pytest
from flask import Flask

from tests.browser import environment
from tests.conftest import AUDITOR, NOON, House, code_of, make_batch
from tests.load import gunicorn, load
from trace.db import db
from trace.records import BatchVerdict
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.standards.codes import grouped
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.stamps import issue_stamps

ROUNDS, SECONDS = 5, 3.0
BARE = """
import json, pathlib
from flask import Flask, Response
kept = json.loads(pathlib.Path({kept!r}).read_text())
app = Flask(__name__)
@app.get("/T/<code>")
def stamp(code):
    return Response(kept["body"], headers=kept["headers"])
"""


@pytest.fixture
def codes(app: Flask, session, house: House, settings: Settings) -> list[str]:
    batch = make_batch(session, house, packs=2000, weight_g=2_100_000)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 2000, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 2000, batch, actor=AUDITOR, now=NOON)
    session.commit()
    codes = [code_of(run, number) for number in range(1, 2001)]
    for engine in db.engines.values():
        engine.dispose()
    return codes


def test_rate_of_the_consumer_page_against_bare_flask(codes: list[str], settings: Settings, tmp_path: Path) -> None:
    ours_paths = itertools.cycle(f"/T/{code}" for code in codes)
    with gunicorn("trace:create_app()", environment(settings)) as ours:
        with urllib.request.urlopen(f"http://127.0.0.1:{ours}/T/{codes[0]}") as answer:
            dropped = {"date", "server", "connection", "content-length"}
            headers = {name: value for name, value in answer.headers.items() if name.lower() not in dropped}
            body = answer.read().decode()
        assert grouped(codes[0]) in body
        kept = tmp_path / "kept.json"
        kept.write_text(json.dumps({"body": body, "headers": headers}))
        (tmp_path / "bare.py").write_text(BARE.format(kept=str(kept)))
        bare_environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        with gunicorn("bare:app", bare_environment) as bare:
            ratios, ours_rates, latencies = [], [], []
            for _ in range(ROUNDS):
                mine = load(ours, ours_paths, seconds=SECONDS)
                theirs = load(bare, itertools.cycle(["/T/X"]), seconds=SECONDS)
                ratios.append(mine.rate / theirs.rate)
                ours_rates.append(mine.rate)
                latencies.append(mine.percentile_ms(99))
    engine = settings.database_url.split(":")[0]
    print(
        f"\nconsumer page on {engine}, one worker: {statistics.median(ours_rates):,.0f}/s, "
        f"{statistics.median(ratios):.0%} of bare Flask (goal ≥ 80 %), p99 {statistics.median(latencies):.1f} ms, "
        f"{len(body.encode()):,} bytes"
    )
