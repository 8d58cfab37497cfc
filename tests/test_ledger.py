"""The ledger of stamps: which state may follow which, ranges that split and join, and what a phone reads of each."""

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, code_of, make_batch
from tests.ledger_model import Ledger
from trace.records import Batch, BatchVerdict, RangeState, Run, StampRange
from trace.service import keyring, numbering
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.ranges import lift, locked, move
from trace.work.refused import Refused
from trace.work.stamps import issue_stamps, mark_delivered, mark_printed, report_found, report_lost, void

BY = {"actor": AUDITOR, "now": NOON}


def ranges(session: Session, run: Run) -> list[tuple[int, int, str]]:
    session.expire_all()
    query = select(StampRange).where(StampRange.run_id == run.id).order_by(StampRange.first)
    return [(row.first, row.last, row.state) for row in session.scalars(query)]


def test_a_million_stamps_with_ten_voids_are_21_rows(session: Session, house: House) -> None:
    batch = make_batch(session, house, packs=1_000_000, weight_g=1_100_000_000)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 1_000_000, batch=batch, **BY)
    for number in range(50_000, 1_000_000, 100_000):
        void(session, run, number, number, "rách", **BY)
    assert session.scalar(select(func.count(StampRange.id)).where(StampRange.run_id == run.id)) == 21
    activate(session, run, 1, 1_000_000, batch, **BY)
    assert session.scalar(select(func.count(StampRange.id)).where(StampRange.run_id == run.id)) == 21


def test_the_database_itself_refuses_overlapping_ranges(session: Session, run: Run) -> None:
    row = StampRange(run_id=run.id, cooperative_id=run.cooperative_id, first=40, last=60, state="made", since_at=NOON)
    session.add(row)
    with pytest.raises(IntegrityError, match="overlap"):
        session.flush()
    session.rollback()


def test_what_a_phone_reads_of_a_stamp_follows_its_state(
    app: Flask, client: FlaskClient, session: Session, house: House, batch: Batch
) -> None:
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 60, batch=batch, **BY)
    mark_printed(session, run, [(11, 60)], **BY)
    mark_delivered(session, run, 21, 60, **BY)
    activate(session, run, 31, 60, batch, **BY)
    report_lost(session, run, 41, 50, "rơi trên đường", **BY)
    move(session, locked(session, run), 51, 60, RangeState.RECALLED, reason="in nhầm", **BY)
    session.commit()

    read = {number: client.get(f"/T/{code_of(run, number)}").text for number in (1, 11, 21, 31, 41, 51)}

    for number in (1, 11, 21):
        assert "chưa kích hoạt" in read[number], number
    assert "hợp lệ" in read[31]
    assert "đã được báo mất" in read[41]
    assert "rơi trên đường" not in read[41], "how it was lost is the cooperative's own matter"
    assert batch.code in read[31]
    assert batch.code not in read[41], "no origin is lent to what it sticks on"
    assert "in nhầm" in read[51]

    assert report_found(session, run, 41, 50, **BY) == 10
    assert lift(session, locked(session, run), 51, 60, **BY) == 10
    session.commit()
    assert "chưa kích hoạt" in client.get(f"/T/{code_of(run, 41)}").text
    assert "hợp lệ" in client.get(f"/T/{code_of(run, 51)}").text


def test_void_is_for_good_and_lost_stamps_cannot_be_activated_till_they_are_found(
    session: Session, house: House, batch: Batch
) -> None:
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 30, batch=batch, **BY)
    void(session, run, 1, 10, "rách", **BY)
    report_lost(session, run, 5, 20, "mất", **BY)
    assert ranges(session, run) == [(1, 10, "void"), (11, 20, "lost"), (21, 30, "made")]
    with pytest.raises(Refused, match="void or lost"):
        activate(session, run, 1, 20, batch, **BY)
    with pytest.raises(Refused, match="cannot go there"):
        move(session, locked(session, run), 1, 30, RangeState.RECALLED, reason="thử", **BY)
    report_found(session, run, 1, 20, **BY)
    activate(session, run, 1, 30, batch, **BY)
    assert ranges(session, run) == [(1, 10, "void"), (11, 30, "active")], "neighbours that differ in nothing are one"


def test_any_deeds_in_any_order_leave_a_ledger_that_adds_up(session: Session, house: House) -> None:
    """A machine of random deeds, held against a plain list of stamps (see tests/ledger_model.py)."""
    batch = make_batch(session, house, packs=10_000, weight_g=10_100_000)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)

    class Here(Ledger):
        pass

    Here.session, Here.house, Here.batch = session, house, batch
    run_state_machine_as_test(
        Here, settings=hypothesis.settings(max_examples=25, stateful_step_count=25, deadline=None, print_blob=False)
    )
