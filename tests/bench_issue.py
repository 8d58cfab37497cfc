"""Issuing stamps: how long a run takes and how many rows it writes, whatever its size."""

import statistics
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House
from trace.records import Base, Run
from trace.service import keyring, numbering
from trace.work.stamps import issue_stamps


def rows(session: Session) -> int:
    return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in Base.metadata.sorted_tables)


@pytest.mark.parametrize("count", [1_000, 100_000, 1_000_000])
def test_time_and_rows_of_a_run(session: Session, house: House, settings, count: int) -> None:
    before, seconds = rows(session), []
    for _ in range(20):
        start = time.perf_counter()
        issue_stamps(session, keyring(), numbering(), house.cooperative, count, actor=AUDITOR, now=NOON)
        session.commit()
        seconds.append(time.perf_counter() - start)
    written = (rows(session) - before) / 20
    run = session.scalars(select(Run).limit(1)).one()
    start = time.perf_counter()
    codes = keyring().book(run.key_version).codes(run.number, 0, count)
    made = time.perf_counter() - start
    print(
        f"\n{settings.database_url.split(':')[0]}: a run of {count:,} stamps issued in "
        f"{statistics.median(seconds) * 1000:.1f} ms (median of 20), {written:.0f} rows; "
        f"its {len(codes):,} codes made in {made:.2f} s"
    )
