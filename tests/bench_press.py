"""A million stamps through the press, as a job: drawn, read back, released; time and memory of all its processes."""

import os
import subprocess
import sys
import time

import psutil
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bench_labels import own_memory, relatives, say
from tests.browser import environment
from tests.conftest import AUDITOR, NOON, House
from trace.records import JobState, PrintJob
from trace.service import keyring, numbering
from trace.settings import ROOT, Settings
from trace.work.printing import Order, print_stamps
from trace.work.stamps import issue_stamps

MOST_BYTES = 300 * 2**20
"""The application and its readers take more than the 200 MB that the writer alone keeps to: 194 MB at 1,000 stamps,
242 MB at 100,000 and 245 MB at a million were seen."""


@pytest.mark.parametrize("count", [1_000, 100_000, 1_000_000])
def test_a_job_of_the_press(session: Session, house: House, settings: Settings, count: int) -> None:
    given = {"actor": AUDITOR, "now": NOON}
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, count, product=house.product, **given)
    told = {"keyring": keyring(), "public_url": "https://temgoc.langson.vn", "today": NOON.date()}
    print_stamps(session, run, Order(1, count, "a4-65", "code"), **told, **given)
    session.commit()
    command = [sys.executable, "-m", "flask", "--app", "trace", "press", "--once"]
    start, drawn, peak = time.perf_counter(), 0.0, 0
    press = subprocess.Popen(command, cwd=ROOT, env=environment(settings))
    watch = psutil.Process(press.pid)
    while press.poll() is None:
        peak = max(peak, sum(map(own_memory, [watch, *relatives(watch)])))
        if not drawn and session.scalar(select(PrintJob.file_name)):
            drawn = time.perf_counter() - start
        session.rollback()
        time.sleep(0.2)
    took = time.perf_counter() - start
    job = session.scalars(select(PrintJob)).one()
    say(f"{settings.database_url.split(':')[0]}: a job of {count:,} stamps: drawn after {drawn:.1f} s, released after ")
    print(f"{took:.1f} s with start-up ({job.read or 0:,} read back, {job.checked or 0:,} checked by their modules),")
    print(f"   peak memory {peak / 2**20:.0f} MB, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    assert press.returncode == 0
    assert job.state == JobState.DONE
    assert peak <= MOST_BYTES
