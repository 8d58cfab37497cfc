"""The history at size: durable entries a second, a million leaves published and verified, and the memory it takes."""

import resource
import time

from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House
from trace import logkeys
from trace.records import Entry
from trace.settings import Settings
from trace.standards.canonical_json import canonical
from trace.work.history import chain_after, last_of_chain, leaf_hash, record
from trace.work.log import current_shard, origin, publish
from trace.work.log_check import differences

MILLION = 1_000_000


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_durable_entries_a_second(session: Session, house: House) -> None:
    """One entry a transaction, each synced, by one writer that has read what it changes."""
    session.refresh(house.grower)
    session.expunge(house.grower)
    count, started = 2_000, time.perf_counter()
    for number in range(count):
        record(session, "grower.changed", house.grower, actor=AUDITOR, now=NOON, facts={"number": number})
        session.commit()
    rate = count / (time.perf_counter() - started)
    print(f"\n{session.get_bind().dialect.name}: {rate:,.0f} durable entries a second (goal 1,000 on SQLite)")


def _write(session: Session, count: int) -> None:
    """Entries as `record` makes them, in bulk."""
    connection = session.connection()
    index, chain = last_of_chain(connection)
    for start in range(0, count, 10_000):
        rows = []
        for _ in range(start, start + 10_000):
            index += 1
            facts = {"name_vi": "Na Chi Lăng", "net_weight_g": 1000, "number": index}
            body = {"format": 1, "index": index, "kind": "test.made", "facts": facts, "previous": None}
            content = canonical(body | {"at": NOON.isoformat(), "subject": {"kind": "test", "id": f"{index:012}"}})
            leaf = leaf_hash(content)
            chain = chain_after(chain, leaf)
            columns = {"at": NOON, "kind": "test.made", "subject_kind": "test", "subject": f"{index:012}"}
            rows.append(columns | {"index": index, "body": content, "leaf_hash": leaf, "chain_hash": chain})
        connection.execute(insert(Entry), rows)
        session.commit()
        connection = session.connection()


def test_a_million_leaves(session: Session, house: House, settings: Settings) -> None:
    engine = session.get_bind().dialect.name
    _write(session, MILLION)
    before, started, checkpoints = _peak_mb(), time.perf_counter(), 0
    while publish(session, logkeys.publisher(settings), now=NOON):
        session.commit()
        checkpoints += 1
    took, more = time.perf_counter() - started, _peak_mb() - before
    print(f"\n{engine}: a million published in {took:.1f} s, {checkpoints} checkpoints, {more:.0f} MB more at peak")

    key = logkeys.signer(settings, origin(session, current_shard(session))).verifier()
    before, started = _peak_mb(), time.perf_counter()
    assert list(differences(session, key)) == []
    took, more = time.perf_counter() - started, _peak_mb() - before
    print(f"{engine}: a million verified in {took:.1f} s (goal 30), {more:.0f} MB more at peak")
