"""Complaints: entered from a call, answered in time, seen by the offices, printed as a book."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, Clock, House
from trace.records import Batch, Complaint, ComplaintAbout, ComplaintSource, Entry, Notice
from trace.work.complaints import ComplaintFacts, answer_complaint, enter_complaint
from trace.work.deployments import change_setting
from trace.work.refused import Refused, RefusedAll


@pytest.fixture
def facts(batch: Batch) -> ComplaintFacts:
    return ComplaintFacts(
        ComplaintSource.CALL, ComplaintAbout.WEIGHT, "Thiếu 100 g", TODAY, complainant="Chị Lan 0912345678", batch=batch
    )


@pytest.fixture
def member(sign_in, house: House) -> FlaskClient:
    browser: FlaskClient = sign_in(house.member)
    return browser


def entered(session: Session, house: House, facts: ComplaintFacts) -> Complaint:
    complaint = enter_complaint(session, house.cooperative, facts, actor=AUDITOR, now=NOON)
    session.commit()
    return complaint


def test_a_call_is_entered_answered_and_printed(
    session: Session, member: FlaskClient, house: House, batch: Batch
) -> None:
    form = {"received_on": "20/08/2026", "source": "call", "about": "weight", "batch": batch.public_id,
            "words": "Thiếu 100 g", "complainant": "Chị Lan"}  # fmt: skip
    sent = member.post("/my/complaints/new", data=form)
    assert sent.status_code == 302, sent.text
    complaint = session.scalars(select(Complaint)).one()
    assert complaint.reference == "HNM-KN26-001"
    assert complaint.due_on == TODAY + timedelta(days=7)
    assert "27/08/2026" in member.get(sent.location).text
    note = member.post(f"{sent.location}/answer", data={"words": "đang hỏi tổ đóng gói"})
    assert note.status_code == 302
    session.expire_all()
    assert complaint.state == "open", "a note is no answer"
    member.post(f"{sent.location}/answer", data={"words": "Đã bù 100 g", "final": "y"})
    session.expire_all()
    assert complaint.state == "answered"
    book = member.get("/my/complaints/book?year=2026").text
    for words in ("Sổ giải quyết khiếu nại năm 2026", "HNM-KN26-001", "Thiếu 100 g", "Đã bù 100 g", "Chị Lan"):
        assert words in book


def test_a_suspected_copy_goes_to_the_offices_at_once(
    session: Session, house: House, facts: ComplaintFacts, sign_in, staff
) -> None:
    told = enter_complaint(session, house.cooperative, replace(facts, copies_suspected=True), actor=AUDITOR, now=NOON)
    enter_complaint(session, house.cooperative, facts, actor=AUDITOR, now=NOON)
    session.commit()
    assert set(session.scalars(select(Notice.office))) == {"officer", "auditor"}
    officer = sign_in(staff["officer"])
    assert told.reference in officer.get("/home", follow_redirects=True).text
    assert officer.get("/staff/complaints").text.count("nghi tem giả") == 1


def test_a_complaint_names_a_lot_or_a_slip_and_no_future_day(
    session: Session, house: House, facts: ComplaintFacts
) -> None:
    wrong = ComplaintFacts(facts.source, facts.about, " ", TODAY + timedelta(days=1))
    with pytest.raises(RefusedAll) as refused:
        enter_complaint(session, house.cooperative, wrong, actor=AUDITOR, now=NOON)
    assert {each.field for each in refused.value.refusals} == {"received_on", "words", "batch"}


def test_another_cooperatives_lot_cannot_be_named(
    session: Session, member: FlaskClient, other_house: House, batch: Batch
) -> None:
    from tests.conftest import make_batch

    theirs = make_batch(session, other_house)
    session.commit()
    form = {"received_on": "20/08/2026", "source": "call", "about": "weight", "batch": theirs.public_id, "words": "x"}
    assert member.post("/my/complaints/new", data=form).status_code == 422


def test_the_province_sets_the_days(session: Session, house: House, facts: ComplaintFacts) -> None:
    change_setting(session, "complaint_answer_days", 3, from_on=TODAY, actor=AUDITOR, now=NOON)
    assert entered(session, house, facts).due_on == TODAY + timedelta(days=3)


def test_what_is_late_is_told_as_late(
    session: Session, house: House, facts: ComplaintFacts, member: FlaskClient, clock: Clock, staff, sign_in
) -> None:
    entered(session, house, facts)
    assert "quá hạn" not in member.get("/my/complaints").text
    clock.advance(days=8)
    assert "quá hạn" in sign_in(house.member).get("/my/complaints").text
    seen = sign_in(staff["officer"]).get("/staff/complaints").text
    assert "HNM-KN26-001" in seen
    assert "quá hạn" in seen


def test_answered_once_and_for_all(session: Session, house: House, facts: ComplaintFacts) -> None:
    complaint = entered(session, house, facts)
    answer_complaint(session, complaint, "Đã bù", final=True, actor=AUDITOR, now=NOON)
    session.commit()
    with pytest.raises(Refused, match="already"):
        answer_complaint(session, complaint, "Lại nữa", final=True, actor=AUDITOR, now=NOON)


def test_the_history_names_nobody(session: Session, house: House, facts: ComplaintFacts) -> None:
    entered(session, house, facts)
    body = session.scalars(select(Entry.body).where(Entry.kind == "complaint.entered")).one()
    assert b"HNM-KN26-001" in body
    assert b"Lan" not in body


def test_the_numbers_of_a_year_are_counted_through(session: Session, house: House, facts: ComplaintFacts) -> None:
    assert [entered(session, house, facts).reference for _ in range(3)] == [f"HNM-KN26-00{n}" for n in (1, 2, 3)]


def test_a_neighbour_sees_nothing_of_it(
    session: Session, house: House, facts: ComplaintFacts, other_house: House, sign_in
) -> None:
    complaint = entered(session, house, facts)
    browser = sign_in(other_house.manager)
    assert browser.get(f"/my/complaints/{complaint.public_id}").status_code == 404
    assert "Thiếu 100 g" not in browser.get("/my/complaints").text
    assert "Thiếu 100 g" not in browser.get("/my/complaints/book?year=2026").text


def test_what_was_complained_about_stays(session: Session, house: House, facts: ComplaintFacts) -> None:
    complaint = entered(session, house, facts)
    complaint.words = "không có gì"
    with pytest.raises((IntegrityError, OperationalError)):
        session.flush()
    session.rollback()
