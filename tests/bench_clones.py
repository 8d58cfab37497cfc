"""How well copied stamps are found: recall within a week and false alarms, at 5, 20 and 50 % of packages scanned."""

import statistics
import time
from datetime import UTC, datetime, timedelta

from tests.conftest import TODAY
from trace.work.clone_trial import run_trial, table
from trace.work.clones import Sighting, Usual, score

SHARES = (0.05, 0.2, 0.5)


def test_recall_and_false_alarms() -> None:
    trials = [run_trial(share, seed=2026, genuine=100_000, copied_each=400) for share in SHARES]
    print(f"\n{table(trials)}")
    half = trials[-1]
    print(f"goal at 50 %: ≥ 99 % of stamps copied 20 times or more ({half.recall(20):.2%}), "
          f"≤ 0.01 % false ({half.false_rate:.4%})")  # fmt: skip
    assert half.recall(20) >= 0.99
    assert half.false_rate <= 0.0001


def test_time_of_one_score() -> None:
    start = datetime(2026, 8, 20, tzinfo=UTC)
    seen = [Sighting(TODAY + timedelta(days=n % 7), n, start + timedelta(hours=n), "20") for n in range(40)]
    times = []
    for _ in range(200):
        began = time.perf_counter()
        score(seen, Usual(), frozenset({"20"}))
        times.append(time.perf_counter() - began)
    print(f"\nscore of a stamp with 40 scans: {statistics.median(times) * 1e3:.2f} ms")
