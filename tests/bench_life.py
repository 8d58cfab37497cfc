"""The life of stamps at the size of a province: look-ups among 10⁸ stamps and 10⁷ scans, forged codes, a recall's way
to the pages of two processes."""

import os
import random
import re
import shutil
import statistics
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tests.browser import environment
from tests.conftest import AUDITOR, NOON, House, code_of, make_batch
from tests.databases import administer
from tests.load import gunicorn
from trace import create_app
from trace.db import db
from trace.records import Batch, BatchVerdict, RangeState, Run, Scan, StampRange
from trace.service import keyring, numbering
from trace.settings import Settings
from trace.standards.codes import ALPHABET, CodeBook
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.stamps import issue_stamps

SCANS = int(os.environ.get("BENCH_SCANS", "10000000"))
STAMPS = 10**8
IN_A_RUN = 1 << 20
ROUNDS, LOOKS = 12, 25

MANY_SCANS = {
    "sqlite": """
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
        INSERT INTO scan (cooperative_id, run_id, number, batch_id, visitor, nonce, hour_at, day_on, province, pressed,
                          early, late, after_pin)
        SELECT :cooperative, :run + i % :runs, 1 + (i * 7919) % 1048576, :batch, randomblob(16), randomblob(12),
               '2026-08-20 05:00:00.000000', date('2026-08-20', '-' || (i % 27) || ' days'), NULL, 0, 0, 0, 0 FROM n""",
    "postgresql": """
        INSERT INTO scan (cooperative_id, run_id, number, batch_id, visitor, nonce, hour_at, day_on, province, pressed,
                          early, late, after_pin)
        SELECT :cooperative, :run + i % :runs, 1 + (i * 7919) % 1048576, :batch, uuid_send(gen_random_uuid()),
               uuid_send(gen_random_uuid()), '2026-08-20 05:00:00+00', date '2026-08-20' - (i % 27)::int, NULL, false,
               false, false, false FROM generate_series(0, CAST(:count AS bigint) - 1) i""",
}


@pytest.fixture
def small(session: Session, house: House) -> Run:
    """A thousand stamps, active."""
    batch = make_batch(session, house, packs=1000, weight_g=1_100_000)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 1000, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 1000, batch, actor=AUDITOR, now=NOON)
    session.commit()
    return run


def province(settings: Settings, server: Callable[[], str], tmp_path: Path) -> Settings:
    """A second service, on a copy of everything."""
    for engine in db.engines.values():
        engine.dispose()
    if settings.sqlite_path is not None:
        copy = tmp_path / "province.sqlite3"
        shutil.copy(settings.sqlite_path, copy)
        return replace(settings, database_url=f"sqlite:///{copy}")
    name = f"p{uuid4().hex}"
    administer(server(), f'CREATE DATABASE "{name}" TEMPLATE "{make_url(settings.database_url).database}"')
    url = make_url(settings.database_url).set(database=name).render_as_string(hide_password=False)
    return replace(settings, database_url=url)


def fill(session: Session, run: Run) -> tuple[int, int]:
    """10⁸ stamps in runs of a million, a hundred ranges of each active or void; then the scans, by bulk SQL."""
    batch_id, house = run.ranges[0].batch_id, run.cooperative_id
    from trace.records import Cooperative

    cooperative = session.get_one(Cooperative, house)
    runs = []
    while sum(each.count for each in runs) < STAMPS:
        each = issue_stamps(session, keyring(), numbering(), cooperative, IN_A_RUN, actor=AUDITOR, now=NOON)
        [whole] = each.ranges
        session.delete(whole)
        session.flush()
        edges = [int(edge) for edge in np.linspace(0, IN_A_RUN, 101)]
        parts = [_row(each, low + 1, high, n, batch_id) for n, (low, high) in enumerate(pairwise(edges))]
        session.execute(insert(StampRange), parts)
        runs.append(each)
    session.flush()
    told = {"cooperative": house, "run": runs[0].id, "runs": len(runs), "batch": batch_id, "count": SCANS}
    session.execute(text(MANY_SCANS[session.get_bind().dialect.name]), told)
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))
        session.commit()
    return sum(each.count for each in runs), session.scalar(select(func.count()).select_from(Scan)) or 0


def _row(run: Run, first: int, last: int, place: int, batch_id: int | None) -> dict[str, object]:
    active = place % 2 == 0
    facts = {"run_id": run.id, "cooperative_id": run.cooperative_id, "first": first, "last": last, "since_at": NOON}
    state = RangeState.ACTIVE if active else RangeState.VOID
    moment = NOON if active else None
    return facts | {"state": state, "batch_id": batch_id, "active_at": moment, "reason": None if active else "hỏng"}


def test_a_look_up_takes_as_long_among_a_hundred_million(
    app: Flask, session: Session, settings: Settings, small: Run, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    code = code_of(small, 7)
    session.close()
    large_settings = province(settings, lambda: str(request.getfixturevalue("postgresql_server")), tmp_path)
    large = create_app(large_settings)
    large.testing = True
    began = time.perf_counter()
    with large.app_context():
        writing = db.get_session("default")
        run = writing.get_one(Run, small.id)
        stamps, scans = fill(writing, run)
        newest = writing.scalars(select(Run).order_by(Run.id.desc()).limit(1)).one()
        far = code_of(newest, 503_500)  # in an active range, as the other one
        writing.close()
    filled_s = time.perf_counter() - began

    def took(service: Flask, asked: str) -> float:
        """Cold: nothing of the stamp is remembered by the process."""
        browser, found = service.test_client(), []
        for _ in range(LOOKS):
            service.extensions["temgoc"]["registry"].forget()
            at = time.perf_counter()
            assert browser.get(f"/T/{asked}").status_code == 200
            found.append(time.perf_counter() - at)
        return statistics.median(found)

    took(app, code), took(large, far)
    pairs = [(took(app, code), took(large, far)) for _ in range(ROUNDS)]
    ratio = statistics.median(there / here for here, there in pairs)
    here, there = (statistics.median(times) * 1e3 for times in zip(*pairs, strict=True))
    print(f"\nlook-up on {settings.database_url.split(':')[0]}: {here:.2f} ms of 1,000 stamps, {there:.2f} ms of "
          f"{stamps:,} stamps with {scans:,} scans: "
          f"ratio {ratio:.2f} (goal ≤ 1.1); filled in {filled_s:.0f} s")  # fmt: skip
    with large.app_context():
        for engine in db.engines.values():
            engine.dispose()


def test_no_forged_code_is_accepted() -> None:
    """10⁶ random codes, and 10⁵ real ones with one symbol changed."""
    book, chance = CodeBook(1, bytes(range(32)), "bench"), random.Random(2026)
    letters = np.frombuffer(ALPHABET.encode(), dtype="S1")
    guesses = np.random.default_rng(2026).choice(letters, size=(1_000_000, 16))
    guesses[:, 0] = ALPHABET[1].encode()  # the version that is in use, which stands in clear
    random_codes = np.ascontiguousarray(guesses).view("S16").ravel()
    changed = []
    for real in book.codes(3, 0, 100_000).tolist():
        code, at = real.decode(), chance.randrange(1, 16)
        changed.append(code[:at] + chance.choice(ALPHABET.replace(code[at], "")) + code[at + 1 :])
    began = time.perf_counter()
    accepted = int(book.read_many(random_codes).ours.sum()), int(book.read_many(np.array(changed, "S16")).ours.sum())
    print(f"\nforged codes accepted: {accepted[0]} of 1,000,000 random, {accepted[1]} of 100,000 with one symbol "
          f"changed; {time.perf_counter() - began:.1f} s")  # fmt: skip
    assert accepted == (0, 0)


def test_a_recall_reaches_the_pages_of_two_processes(
    app: Flask, session: Session, settings: Settings, small: Run
) -> None:
    """Two servers of their own, each asked again and again; the recall comes from a third process: this one."""
    code, batch_id = code_of(small, 7), small.ranges[0].batch_id
    session.close()
    told = []
    with gunicorn("trace:create_app()", environment(settings)) as one, \
         gunicorn("trace:create_app()", environment(settings)) as other:  # fmt: skip
        for verdict in (BatchVerdict.RECALLED, BatchVerdict.LIFTED) * 3:
            before = verdict is BatchVerdict.LIFTED
            assert [_says(port, code) for port in (one, other)] == [before, before]  # both have it in memory
            at = time.perf_counter()
            actor = (
                AUDITOR if verdict is BatchVerdict.RECALLED else replace(AUDITOR, person_id=None, pseudonym="second")
            )
            decide(session, session.get_one(Batch, batch_id), verdict, by=actor, now=NOON, reason="mẫu", advice="trả")
            session.commit()
            waiting = {one, other}
            while waiting and time.perf_counter() - at < 10:
                waiting = {port for port in waiting if _says(port, code) == before}
                time.sleep(0.02)
            assert not waiting
            told.append(time.perf_counter() - at)
    print(
        f"\nrecall on {settings.database_url.split(':')[0]} to the pages of two processes: "
        f"median {statistics.median(told):.2f} s, worst {max(told):.2f} s (goal ≤ 5 s)"
    )
    assert max(told) <= 5


def _says(port: int, code: str) -> bool:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/T/{code}") as page:
        head = re.search("<h1>(.*?)</h1>", page.read().decode(), re.DOTALL)
    return head is not None and "thu hồi" in head[1].lower()
