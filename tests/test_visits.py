"""An audit on site: planned, stamps scanned with and without a network, points answered, findings, closed, signed."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, code_of
from trace.accounts import Membership, Person
from trace.records import Batch, BatchVerdict, Finding, Proposal, Run, Visit, VisitScan
from trace.work.batches import decide
from trace.work.checklists import as_lines, first_items, from_lines
from trace.work.visits import Plan, plan_visit

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def auditor(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["auditor"])


@pytest.fixture
def visit(session: Session, house: House, run: Run, batch: Batch) -> Visit:
    plan = Plan(house.cooperative, TODAY, "Kiểm tra kho", 3, batch)
    made = plan_visit(session, plan, by=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    return made


def place(visit: Visit, more: str = "") -> str:
    return f"/audit/visits/{visit.public_id}{more}"


def test_an_audit_is_planned_and_the_cooperative_is_told(
    session: Session, house: House, batch: Batch, auditor: FlaskClient, sign_in: SignIn
) -> None:
    form = {
        "cooperative": house.cooperative.public_id,
        "on_day": "22/08/2026",
        "purpose": "Đếm kho",
        "sample_size": "9",
    }
    for bad in ({"on_day": "19/08/2026"}, {"purpose": " "}, {"sample_size": "99999"}, {"sample_size": "-1"}):
        answer = auditor.post(f"/audit/visits/new?batch={batch.public_id}", data=form | bad)
        assert answer.status_code == 422, bad
    made = auditor.post(f"/audit/visits/new?batch={batch.public_id}", data=form)
    assert made.status_code == 302
    visit = session.scalars(select(Visit)).one()
    assert (visit.number, visit.batch_id) == ("KT-2026-0001", batch.id)
    assert "Đếm kho" in sign_in(house.member).get("/my/findings").text
    assert visit.number in auditor.get("/audit/").text


def test_scans_from_a_phones_queue_are_each_told_and_taken_once(
    session: Session, visit: Visit, run: Run, auditor: FlaskClient
) -> None:
    queue = [
        {"mark": "a" * 32, "text": code_of(run, 1), "at": "2026-08-20T03:00:00Z"},
        {"mark": "b" * 32, "text": run.serial(1), "at": "2026-08-20T03:01:00Z"},
        {"mark": "c" * 32, "text": code_of(run, 99), "at": "gestern"},
        {"mark": "d" * 32, "text": "KHÔNG CÓ", "at": None},
    ]
    told = [auditor.post(place(visit, "/scans"), json={"scans": queue}).json["scans"] for _twice in range(2)]
    assert told[0] == told[1], "sent again after a broken line, answered alike"
    assert [one["tone"] for one in told[0]] == ["valid", "wait", "wait", "stop"]
    assert [one["repeated"] for one in told[0]] == [False, True, False, False]
    assert told[0][0]["serial"] == run.serial(1)
    assert told[0][-1]["count"] == 2, "two different stamps of ours"
    session.expire_all()
    rows = session.scalars(select(VisitScan)).all()
    assert [row.verdict for row in rows] == ["valid", "valid", "not_active", "unknown"]
    for body in ([], {"scans": "x"}, {"scans": [{"mark": "kurz", "text": "x"}]}, {"scans": [3]}):
        assert auditor.post(place(visit, "/scans"), json=body).status_code == 400
    one = auditor.post(place(visit, "/scan"), data={"mark": "e" * 32, "text": code_of(run, 2)})
    assert one.status_code == 302, "without a script, one at a time"
    assert run.serial(2) in auditor.get(place(visit, "/scan")).text


def test_a_stamp_of_another_batch_or_cooperative_is_foreign(
    session: Session, visit: Visit, run: Run, other_house: House, auditor: FlaskClient
) -> None:
    plan = Plan(other_house.cooperative, TODAY, "Kho khác", 3)
    other = plan_visit(session, plan, by=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    scan = {"mark": "a" * 32, "text": code_of(run, 1), "at": "2026-08-20T03:00:00Z"}
    told = auditor.post(place(other, "/scans"), json={"scans": [scan]}).json["scans"]
    assert told[0]["tone"] == "stop"
    assert "Của lô hoặc hợp tác xã khác" in told[0]["word"]


def test_a_visit_ends_with_a_decision_a_record_and_findings_that_are_put_right(
    session: Session, visit: Visit, batch: Batch, house: House, auditor: FlaskClient, sign_in: SignIn
) -> None:
    point = visit.checklist.points[8]
    answers = {"mark": "1" * 32, point.key: "bad", f"{point.key}-note": "thiếu khóa"}
    assert auditor.post(place(visit, "/answers"), data=answers).status_code == 302
    finding = {"grade": "minor", "item": point.key, "text": "Kho chưa khóa", "due_on": "30/08/2026"}
    assert auditor.post(place(visit, "/findings"), data=finding | {"due_on": ""}).status_code == 422
    assert auditor.post(place(visit, "/findings"), data=finding | {"due_on": "01/08/2026"}).status_code == 422
    assert auditor.post(place(visit, "/findings"), data=finding).status_code == 302
    assert auditor.post(place(visit, "/close"), data={"result": "suspended", "seen": "1"}).status_code == 422
    closing = {"result": "suspended", "seen": "1", "note": "chờ kiểm nghiệm"}
    assert auditor.post(place(visit, "/close"), data=closing | {"seen": "0"}).status_code == 409, "decided meanwhile"
    assert auditor.post(place(visit, "/close"), data=closing).status_code == 302
    session.expire_all()
    assert batch.verdict == "suspended"
    assert auditor.post(place(visit, "/findings"), data=finding).status_code == 409

    document = pypdfium2.PdfDocument(BytesIO(auditor.get(place(visit, "/record.pdf")).data))
    words = " ".join(page.get_textpage().get_text_range() for page in document)
    for expected in ("BIÊN BẢN KIỂM TRA", "Kho chưa khóa", "thiếu khóa", "chờ kiểm nghiệm", visit.number):
        assert expected in words

    one = session.scalars(select(Finding)).one()
    member = sign_in(house.member)
    assert member.post(f"/my/findings/{one.public_id}", data={"note": " "}).status_code == 422
    assert member.post(f"/my/findings/{one.public_id}", data={"note": "Đã khóa"}).status_code == 302
    look = f"/audit/findings/{one.public_id}"
    assert auditor.post(look, data={"move": "sent_back", "note": ""}).status_code == 422
    assert auditor.post(look, data={"move": "accepted", "mark": "2" * 32}).status_code == 302
    session.expire_all()
    assert one.closed
    assert "0 đến 7 ngày" in auditor.get("/audit/overview/").text
    assert "Kho chưa khóa" in auditor.get("/audit/findings/?took=0-7").text
    assert "Kho chưa khóa" not in auditor.get("/audit/findings/?took=61-").text
    assert "Kho chưa khóa" not in auditor.get("/audit/findings/?clause=–").text
    assert member.post(f"/my/findings/{one.public_id}", data={"note": "nữa"}).status_code == 409


def test_a_visit_may_warn_about_a_batch_and_propose_to_lift_what_was_stopped(
    session: Session, visit: Visit, batch: Batch, house: House, auditor: FlaskClient, sign_in: SignIn
) -> None:
    assert auditor.post(place(visit, "/close"), data={"result": "warned", "seen": "1"}).status_code == 422
    warning = {"result": "warned", "seen": "1", "note": "Thùng chưa dán nhãn vườn"}
    assert auditor.post(place(visit, "/close"), data=warning).status_code == 302
    session.expire_all()
    assert batch.verdict == "certified", "it stands as it stood"
    assert "Thùng chưa dán nhãn vườn" in sign_in(house.member).get("/home", follow_redirects=True).text

    decide(session, batch, BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON, reason="chờ")
    plan = Plan(house.cooperative, TODAY, "Xem lại", 3, batch)
    second = plan_visit(session, plan, by=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    lifting = {"result": "lifted", "seen": "2", "note": "Đã dán đủ nhãn"}
    assert auditor.post(place(second, "/close"), data=lifting).status_code == 302
    session.expire_all()
    assert batch.verdict == "suspended", "one person alone lifts nothing"
    assert session.scalars(select(Proposal.kind)).all() == ["batch.lift"]


def test_nobody_audits_a_cooperative_of_their_own(
    session: Session, visit: Visit, house: House, staff: Any, auditor: FlaskClient
) -> None:
    session.add(
        Membership(
            person_id=staff["auditor"].id, cooperative_id=house.cooperative.id, place="member", since_at=NOON,
            ended_at=NOON,
        )
    )  # fmt: skip
    session.commit()
    assert auditor.post(place(visit, "/close"), data={"result": "nothing", "seen": "1"}).status_code == 422
    scan = {"mark": "a" * 32, "text": "x", "at": ""}
    assert auditor.post(place(visit, "/scans"), json={"scans": [scan]}).status_code == 422


def test_the_checklist_changes_by_versions(session: Session, visit: Visit, auditor: FlaskClient) -> None:
    items = first_items()
    assert from_lines(as_lines(items)) == items
    assert {item.standard for item in items} == {"TCVN 11892-1:2017", "TCVN 13167:2025"}
    changed = as_lines(items[:2]) + "\nTCVN 11892-1:2017 | Nước | Có sổ ghi tưới."
    form = {"points": changed, "note": "thêm nước", "seen": "1"}
    assert auditor.post("/audit/checklist/", data=form | {"seen": "0"}).status_code == 409
    assert auditor.post("/audit/checklist/", data=form | {"points": "một dòng hỏng"}).status_code == 422
    assert auditor.post("/audit/checklist/", data=form).status_code == 302
    assert "Có sổ ghi tưới" in auditor.get("/audit/checklist/").text
    assert len(visit.checklist.points) == len(items), "a visit keeps the version it began with"
