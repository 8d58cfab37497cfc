"""The chain certificate → plot → batch → activated range → scan, in work."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, code_of, make_batch
from trace.records import Batch, BatchVerdict, Entry, RangeState, Run, StampRange
from trace.service import keyring
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.history import START_OF_CHAIN, chain_after, leaf_hash
from trace.work.refused import Refused
from trace.work.stamps import void
from trace.work.standing import StampVerdict, stamp_verdict


def range_at(session: Session, run: Run, number: int) -> StampRange:
    session.expire_all()
    return next(row for row in run.ranges if row.first <= number <= row.last)


def test_an_activated_stamp_of_a_cleared_batch_is_valid(session: Session, run: Run) -> None:
    assert stamp_verdict(range_at(session, run, 50), TODAY) is StampVerdict.VALID
    assert stamp_verdict(range_at(session, run, 51), TODAY) is StampVerdict.NOT_ACTIVE


def test_a_code_reads_back_to_its_place_in_the_run(session: Session, run: Run) -> None:
    place = keyring().read(code_of(run, 7).lower())
    assert place is not None
    assert (place.run, place.index) == (run.number, 6)


def test_a_recall_turns_every_stamp_of_the_batch_at_once(session: Session, run: Run, batch: Batch) -> None:
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng vượt mức")
    session.commit()
    assert {stamp_verdict(row, TODAY) for row in run.ranges} == {StampVerdict.RECALLED}


def test_two_decisions_on_one_standing_are_one_too_many(session: Session, batch: Batch) -> None:
    decide(session, batch, BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON, reason="chờ kiểm nghiệm")
    with pytest.raises(Refused, match="decided otherwise"):
        decide(session, batch, BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON, reason="chờ kiểm nghiệm")


def test_stamps_of_an_uncleared_batch_cannot_be_activated(session: Session, house: House, run: Run) -> None:
    waiting = make_batch(session, house)
    with pytest.raises(Refused, match="not cleared"):
        activate(session, run, 60, 70, waiting, actor=AUDITOR, now=NOON)


def test_active_stamps_are_not_activated_twice(session: Session, run: Run, batch: Batch) -> None:
    with pytest.raises(Refused, match="active already"):
        activate(session, run, 50, 60, batch, actor=AUDITOR, now=NOON)


def test_ten_void_stamps_leave_a_small_table_and_no_gap(session: Session, run: Run) -> None:
    for number in range(5, 50, 5):
        void(session, run, number, number, "rách", actor=AUDITOR, now=NOON)
    session.commit()
    rows = range_rows(session, run)
    assert len(rows) == 20
    assert [row.first for row in rows[1:]] == [row.last + 1 for row in rows[:-1]]
    assert (rows[0].first, rows[-1].last) == (1, 100)


def range_rows(session: Session, run: Run) -> list[StampRange]:
    return list(session.scalars(select(StampRange).where(StampRange.run_id == run.id).order_by(StampRange.first)))


def test_the_database_itself_refuses_overlapping_ranges(session: Session, run: Run) -> None:
    row = StampRange(
        run_id=run.id, cooperative_id=run.cooperative_id, first=90, last=95, state=RangeState.MADE, since_at=NOON
    )
    session.add(row)
    with pytest.raises(DBAPIError, match="overlap"):
        session.flush()


def test_a_submitted_batch_is_frozen_by_the_database(session: Session, batch: Batch) -> None:
    batch.packs = 5_000
    with pytest.raises(DBAPIError, match="frozen"):
        session.flush()


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET kind = 'x'", "DELETE FROM entry", "DELETE FROM batch_decision"]
)
def test_history_cannot_be_rewritten_through_the_database(session: Session, batch: Batch, statement: str) -> None:
    from sqlalchemy import text

    with pytest.raises(DBAPIError, match="never"):
        session.execute(text(statement))


def test_entries_are_gapless_and_chained(session: Session, run: Run) -> None:
    entries = session.scalars(select(Entry).order_by(Entry.index)).all()
    assert [entry.index for entry in entries] == list(range(len(entries)))
    chain = START_OF_CHAIN
    for entry in entries:
        chain = chain_after(chain, leaf_hash(entry.body))
        assert entry.chain_hash == chain


def test_an_abandoned_change_leaves_no_entry(session: Session, run: Run, batch: Batch) -> None:
    before = session.scalar(select(func.count(Entry.index)))
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="thử")
    session.rollback()
    session.commit()
    assert session.scalar(select(func.count(Entry.index))) == before
