"""Papers that end: told 90, 30, 7 and 1 days before and once after, as one digest a day, never a storm."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House
from trace.commands.worker import warn_of_endings
from trace.records import AreaCode, Certificate, Notice, SampleTest, Trademark, TrademarkEvent
from trace.work.expiries import endings, warn_all
from trace.work.samples import ResultFacts, SampleFacts, enter_test

PAPER_ENDS = date(2028, 1, 9)


def notices(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.url == "/my/endings").order_by(Notice.id)))


def day_before_end(days: int) -> timedelta:
    return PAPER_ENDS - timedelta(days=days) - TODAY


@pytest.fixture
def ending_test(session: Session, house: House) -> SampleTest:
    facts = SampleFacts("Phòng thử Mẫu", "KN-7", TODAY, TODAY, PAPER_ENDS, (ResultFacts("Chì", "mg/kg"),),
                        product=house.product)  # fmt: skip
    test = enter_test(session, house.cooperative, facts, None, actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    return test


def test_each_step_is_told_once_whatever_the_worker_does(session: Session, house: House) -> None:
    told = []
    for days in range(100, -40, -1):
        before = len(notices(session))
        for hour in (0, 6):
            warn_all(session, now=NOON + day_before_end(days) + timedelta(hours=hour))
        told += [days] * (len(notices(session)) - before)
    assert told == [90, 30, 7, 1, -1]


def test_a_worker_that_stood_still_tells_the_last_step_alone(session: Session, house: House) -> None:
    warn_all(session, now=NOON + day_before_end(5))
    warn_all(session, now=NOON + day_before_end(4))
    assert len(notices(session)) == 1
    warn_all(session, now=NOON + day_before_end(1))
    assert len(notices(session)) == 2


def test_many_papers_make_one_digest(
    session: Session, house: House, other_house: House, ending_test: SampleTest
) -> None:
    warn_of_endings(session, NOON + day_before_end(30))
    mine = [each for each in notices(session) if each.cooperative_id == house.cooperative.id]
    assert len(mine) == 1, "a certificate and a test, one digest"
    figures = json.loads(mine[0].figures)
    assert house.certificate.number in figures["soon"]
    assert "KN-7 (09/01/2028)" in figures["soon"]
    assert other_house.certificate.number not in figures["soon"]


def test_every_kind_of_paper_is_watched_and_what_is_renewed_is_not(session: Session, house: House) -> None:
    own = {"cooperative_id": house.cooperative.id, "created_at": NOON}
    soon = TODAY + timedelta(days=20)
    mark = Trademark(kind="collective", name="Na", folded="na", owner="Hội", filed_on=soon.replace(year=2016),
                     right_giver="Hội", right_number="1", right_from=date(2020, 1, 1),
                     right_to=soon, **own)  # fmt: skip
    pending = Trademark(kind="ordinary", name="Mới", folded="moi", owner="HTX", filed_on=date(2026, 1, 1), **own)
    code = AreaCode(code="VN-LSOR-0001", folded="vn-lsor-0001", holder_id=house.cooperative.id, crop="na",
                    market="china", from_on=date(2025, 1, 1), to_on=soon, created_at=NOON)  # fmt: skip
    session.add_all([mark, pending, code])
    session.flush()
    owner = {"cooperative_id": house.cooperative.id}
    mark.states.append(TrademarkEvent(state="granted", on_day=date(2018, 1, 1), **owner))
    pending.states.append(TrademarkEvent(state="filed", on_day=date(2026, 1, 1), answer_by=soon, **owner))
    session.flush()
    assert {each.what for each in endings(session, house.cooperative, TODAY)} == {
        "term",
        "right",
        "answer",
        "area_code",
    }
    pending.states.append(TrademarkEvent(state="published", on_day=TODAY, **owner))
    session.flush()
    session.expire(pending)
    assert "answer" not in {each.what for each in endings(session, house.cooperative, TODAY)}
    near = PAPER_ENDS - timedelta(days=10)
    assert "certificate" in {each.what for each in endings(session, house.cooperative, near)}
    newer = Certificate(scheme="vietgap", number="M", body="B", issued_on=TODAY, expires_on=date(2030, 1, 1),
                        renews_id=house.certificate.id, **own)  # fmt: skip
    session.add(newer)
    session.flush()
    newer.decisions.append(type(house.certificate.decisions[0])(
        verdict="confirmed", reaches_from=TODAY, at=NOON, **owner
    ))  # fmt: skip
    session.commit()
    assert "certificate" not in {each.what for each in endings(session, house.cooperative, near)}


def test_the_digest_leads_to_a_page_and_home_tells_it_too(
    session: Session, house: House, ending_test: SampleTest, clock, sign_in
) -> None:
    clock.now = NOON + day_before_end(7)
    warn_all(session, now=clock.now)
    session.commit()
    browser: FlaskClient = sign_in(house.member)
    home = browser.get("/my").text
    assert "Giấy tờ sắp hết hạn" in home
    assert "Phiếu kiểm nghiệm KN-7: còn 7 ngày" in home
    page = browser.get("/my/endings").text
    assert house.certificate.number in page
    assert "KN-7" in page


def test_a_test_followed_by_a_newer_one_is_silent(session: Session, house: House, ending_test: SampleTest) -> None:
    facts = SampleFacts("Phòng thử Mẫu", "KN-8", TODAY, TODAY, TODAY + timedelta(days=600),
                        (ResultFacts("Chì", "mg/kg"),), product=house.product)  # fmt: skip
    near = TODAY + timedelta(days=590)
    later = replace(facts, report_number="KN-9", valid_until=TODAY + timedelta(days=900))
    for each in (facts, later):
        enter_test(session, house.cooperative, each, None, actor=AUDITOR, now=NOON, today=TODAY)
    assert "KN-8" not in {each.name for each in endings(session, house.cooperative, near)}
