"""The desk's order, its reasons, the random sample that anybody can draw again, and several confirmed in one act."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, Clock, House, make_batch
from trace.accounts import Person
from trace.records import BatchDecision, BatchVerdict, Complaint, CopyCase, DiaryKind, Entry
from trace.work.batches import decide
from trace.work.desk import confirm_green, waiting_batches
from trace.work.diary import DiaryFacts, enter
from trace.work.refused import Refused
from trace.work.risk import POINTS
from trace.work.samples import ResultFacts, SampleFacts, enter_test
from trace.work.sampling import draw, ticket
from trace.work.seasons import Clearance, clear_season

SignIn = Callable[[Person], FlaskClient]
DAY = timedelta(days=1)
ACTING: dict[str, Any] = {"actor": AUDITOR, "now": NOON}


def keep_records(session: Session, house: House) -> None:
    """A diary line and a test in date: with them every check of a batch passes."""
    line = DiaryFacts(DiaryKind.FERTILISER, TODAY - 3 * DAY, (house.plot,), material="Phân hữu cơ")
    enter(session, house.cooperative, line, today=TODAY, **ACTING)
    facts = SampleFacts(
        "Phòng Mẫu", "PTN-1", TODAY - 30 * DAY, TODAY - 20 * DAY, TODAY + 90 * DAY,
        (ResultFacts("Carbendazim", "mg/kg", None, 500_000),), plot=house.plot,
    )  # fmt: skip
    enter_test(session, house.cooperative, facts, None, today=TODAY, **ACTING)


def test_the_riskiest_batch_comes_first_and_says_why(session: Session, house: House, other_house: House) -> None:
    keep_records(session, house)
    keep_records(session, other_house)
    green = make_batch(session, house)
    bad = make_batch(session, other_house, weight_g=20_001_000, packs=1)
    session.add(
        Complaint(
            cooperative_id=other_house.cooperative.id, reference="KN-1", source="call", about="spoiled", words="hỏng",
            received_on=TODAY, due_on=TODAY, created_at=NOON,
        )
    )  # fmt: skip
    session.flush()
    first, last = waiting_batches(session, now=NOON)
    assert (first.batch, last.batch) == (bad, green)
    told = {(reason.key, reason.figures.get("rule")) for reason in first.reasons}
    assert {("failed", "c"), ("warned", "d"), ("complaints", None), ("not_visited", None)} <= told
    assert first.score == sum(reason.points for reason in first.reasons)
    assert last.green
    assert last.score < POINTS["failed"]


def test_a_suspected_copy_adds_to_the_risk_until_it_is_cleared(session: Session, house: House, run: Any) -> None:
    keep_records(session, house)
    make_batch(session, house)
    [before] = waiting_batches(session, now=NOON)
    session.add(
        CopyCase(
            run_id=run.id, number=7, points_milli=12_000, visitor_days=43, reasons="{}",
            cooperative_id=house.cooperative.id, created_at=NOON,
        )
    )  # fmt: skip
    session.flush()
    [after] = waiting_batches(session, now=NOON)
    assert after.score == before.score + POINTS["copies"]


def test_the_sample_of_a_day_is_the_same_for_whoever_draws_it(
    session: Session, house: House, staff: Any, sign_in: SignIn, clock: Clock
) -> None:
    keep_records(session, house)
    wanted = Clearance(house.product, [house.plot], TODAY, TODAY + 40 * DAY, 9_000_000)
    clear_season(session, house.cooperative, wanted, by=AUDITOR, now=NOON, today=TODAY)
    cleared = [make_batch(session, house, weight_g=20_000, packs=10, loss_g=0) for _ in range(25)]
    session.commit()
    assert draw(session, TODAY).population == 0, "only what was cleared before the day began"
    tomorrow = TODAY + DAY
    sample = draw(session, tomorrow)
    assert (sample.population, len(sample.drawn)) == (25, 3)
    tickets = sorted(hashlib.sha256(f"{tomorrow}/{lot.public_id}".encode()).hexdigest() for lot in cleared)
    assert [one.ticket for one in sample.drawn] == tickets[:3]
    assert ticket(tomorrow, "x") != ticket(TODAY, "x")
    decide(session, cleared[0], BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON + 2 * DAY, reason="mẫu")
    session.commit()
    assert draw(session, tomorrow) == sample, "what happens later changes no earlier draw"
    clock.advance(days=3)
    page = sign_in(staff["auditor"]).get(f"/audit/sample?day={tomorrow}")
    assert all(one.batch.code in page.text for one in sample.drawn)


def test_green_batches_are_confirmed_in_one_act_with_an_entry_each(
    session: Session, house: House, staff: Any, sign_in: SignIn
) -> None:
    keep_records(session, house)
    lots = [make_batch(session, house) for _ in range(3)]
    session.commit()
    browser = sign_in(staff["auditor"])
    marked = [f"{lot.public_id}/0" for lot in lots]
    assert marked[0] in browser.get("/audit/").text
    assert browser.post("/audit/confirm", data={"batch": [f"{lots[0].public_id}/1"]}).status_code == 409
    assert browser.post("/audit/confirm", data={"batch": []}).status_code == 422
    assert browser.post("/audit/confirm", data={"batch": marked, "mark": "a" * 32}).status_code == 302
    session.expire_all()
    assert len(session.scalars(select(BatchDecision)).all()) == 3
    subjects = set(session.scalars(select(Entry.subject).where(Entry.kind == "batch.certified")))
    assert subjects == {lot.public_id for lot in lots}


def test_what_is_not_all_green_is_never_confirmed_in_bulk(session: Session, house: House) -> None:
    good, bad = make_batch(session, house), make_batch(session, house, packs=5_000)
    with pytest.raises(Refused):
        confirm_green(session, [(bad, 0)], by=AUDITOR, now=NOON)
    with pytest.raises(Refused):
        confirm_green(session, [(good, 0)], by=AUDITOR, now=NOON)  # no diary, no test: it warns
