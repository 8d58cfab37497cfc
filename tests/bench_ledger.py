"""The ledger at the size of a province: look-up time at 10³ and 10⁸ stamps issued, a roll of 100,000 activated, and how
fast pages come while a million stamps are being made."""

import itertools
import random
import statistics
import subprocess
import sys
import time
from urllib.request import urlopen

from flask import Flask
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from tests.bench_pages import codes
from tests.browser import environment
from tests.conftest import AUDITOR, NOON, House, code_of, make_batch
from tests.load import gunicorn, load
from trace.db import db
from trace.records import Batch, BatchVerdict, Run, StampRange
from trace.service import keyring, numbering
from trace.settings import ROOT, Settings
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.lookup import Registry
from trace.work.stamps import issue_stamps

__all__ = ["codes"]  # a fixture of the page's bench

MILLION, RUNS, BATCHES, ROUNDS, LOOKS = 1_000_000, 100, 12, 7, 250
BY = {"actor": AUDITOR, "now": NOON}


def cleared(session: Session, house: House, packs: int) -> Batch:
    batch = make_batch(session, house, packs=packs, weight_g=packs * 1100)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    return batch


def fill(session: Session, house: House, batches: list[Batch]) -> None:
    """A hundred runs of a million stamps, each cut into forty-one ranges: batches one after another, void ones
    between, a rest that waits."""
    for _ in range(RUNS):
        run = issue_stamps(session, keyring(), numbering(), house.cooperative, MILLION, product=house.product, **BY)
        session.delete(run.ranges[0])
        session.flush()
        session.execute(insert(StampRange), list(_cut(run, batches)))
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE stamp_range, run"))
        session.commit()


def _cut(run: Run, batches: list[Batch]):
    common = {"run_id": run.id, "cooperative_id": run.cooperative_id, "since_at": NOON, "reason": None,
              "batch_id": None, "active_at": None}  # fmt: skip
    chance = random.Random(run.number)
    ends = sorted(chance.sample(range(1000, MILLION - 1000), 40))
    first = 1
    for place, end in enumerate([*ends, MILLION]):
        batch = batches[place % BATCHES]
        state = "void" if place % 4 == 1 else "delivered" if place > 36 else "active"
        own = {"active": {"batch_id": batch.id, "active_at": NOON}, "void": {"reason": "rách"}}.get(state, {})
        yield common | {"first": first, "last": end, "state": state} | own
        first = end + 1


def look_up(session: Session, places: list[str]) -> tuple[float, float]:
    """Look-ups with nothing remembered (decipher, the run, its ranges, the row of the stamp's own): their median in µs,
    and in bare questions to the database asked in the same moments, so that other work on the machine cancels out."""
    read, seconds, shares = keyring().read, [], []
    for code in places:
        registry = Registry(ask_every_s=0)
        session.expunge_all()
        start = time.perf_counter()
        place = read(code)
        found = registry.find(place, lambda: session) if place else None
        assert found is not None
        session.get_one(StampRange, found.range_id)
        middle = time.perf_counter()
        for _ in range(3):
            session.execute(text("SELECT 1"))
        seconds.append(middle - start)
        shares.append((middle - start) / (time.perf_counter() - middle))
    return statistics.median(seconds) * 1e6, statistics.median(shares)


def quietest(session: Session, places: list[str]) -> tuple[float, float]:
    rounds = [look_up(session, places) for _ in range(ROUNDS)]
    return min(us for us, _ in rounds), statistics.median(share for _, share in rounds)


def test_look_up_at_a_thousand_and_at_a_hundred_million_stamps(
    app: Flask, session: Session, house: House, settings: Settings
) -> None:
    batches = [cleared(session, house, 100) for _ in range(BATCHES)]
    few = issue_stamps(session, keyring(), numbering(), house.cooperative, 1000, product=house.product, **BY)
    for place, batch in enumerate(batches[:10]):
        activate(session, few, 1 + 90 * place, 90 * (place + 1), batch, **BY)
    session.commit()
    chance = random.Random(5)
    small = [code_of(few, chance.randint(1, 1000)) for _ in range(LOOKS)]
    reader = db.get_session("read")
    before, share = quietest(reader, small)
    reader.rollback()
    fill(session, house, batches)
    runs = [run for run in session.query(Run).all() if run.count == MILLION]
    large = [code_of(chance.choice(runs), chance.randint(1, MILLION)) for _ in range(LOOKS)]
    session.rollback()
    again, share_again = quietest(reader, small)
    after, share_after = quietest(reader, large)
    ranges = reader.query(StampRange).count()
    engine = settings.database_url.split(":")[0]
    print(
        f"\n{engine}: a look-up with nothing remembered takes {before:,.0f} µs at 10³ stamps issued; at 10⁸ (100 runs, "
        f"{ranges:,} ranges) those of the same run {again:,.0f} µs, ratio {share_again / share:.2f} (goal ≤ 1.1), "
        f"those of runs cut into 41 ranges {after:,.0f} µs, ratio {share_after / share:.2f}"
    )


def test_a_hundred_thousand_stamps_activated(app: Flask, session: Session, house: House, settings: Settings) -> None:
    seconds = []
    for _ in range(10):
        batch = cleared(session, house, 100_000)
        run = issue_stamps(session, keyring(), numbering(), house.cooperative, 100_000, product=house.product, **BY)
        session.commit()
        start = time.perf_counter()
        activate(session, run, 1, 100_000, batch, **BY)
        session.commit()
        seconds.append(time.perf_counter() - start)
    engine = settings.database_url.split(":")[0]
    print(f"\n{engine}: 100,000 stamps activated in {statistics.median(seconds) * 1000:.1f} ms (median of 10)")


MAKER = """
import sys
sys.path.insert(0, {root!r})
from datetime import datetime, UTC
from trace import create_app
from trace.db import db
from trace.records import Cooperative
from trace.service import keyring, numbering
from trace.work.actor import Actor
from trace.work.stamps import issue_stamps
app = create_app()
with app.app_context():
    session = db.get_session("default")
    print("ready", flush=True)
    sys.stdin.readline()
    while True:
        cooperative = session.query(Cooperative).first()
        run = issue_stamps(session, keyring(), numbering(), cooperative, 1_000_000,
                           actor=Actor(None, "bench", "officer"), now=datetime.now(UTC))
        session.commit()
        keyring().book(run.key_version).codes(run.number, 0, 1_000_000)
        print("made", flush=True)
"""


def test_page_rate_while_a_million_stamps_are_being_made(
    session: Session, codes: list[str], settings: Settings
) -> None:
    session.rollback()  # lets go of the writer's lock: other processes write now
    paths = itertools.cycle(f"/T/{code}" for code in codes)
    with gunicorn("trace:create_app()", environment(settings)) as port:
        urlopen(f"http://127.0.0.1:{port}/T/{codes[0]}").close()  # a socket listens before its application is loaded
        alone = statistics.median(load(port, paths, seconds=3.0).rate for _ in range(3))
        maker = subprocess.Popen(
            [sys.executable, "-c", MAKER.format(root=str(ROOT))], cwd=ROOT, env=environment(settings),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert maker.stdin is not None
        assert maker.stdout is not None
        try:
            assert maker.stdout.readline() == "ready\n"
            maker.stdin.write("\n")
            maker.stdin.flush()
            loads = [load(port, paths, seconds=3.0) for _ in range(3)]
        finally:
            maker.kill()
            made = maker.stdout.read().count("made")
            maker.wait()
            maker.stdin.close()
            maker.stdout.close()
    rate, p99 = statistics.median(one.rate for one in loads), statistics.median(one.percentile_ms(99) for one in loads)
    engine = settings.database_url.split(":")[0]
    print(
        f"\n{engine}, one worker: {alone:,.0f} pages/s alone; {rate:,.0f}/s ({rate / alone:.0%}), p99 {p99:.1f} ms, "
        f"while another process made {made} runs of a million stamps in 9 s"
    )
