"""Everything about a batch on one page, and an auditor's word on it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_WORDS
from tests.conftest import AUDITOR, NOON, House, make_batch
from trace.accounts import Membership, Person
from trace.records import Batch, BatchCorrection, BatchDecision, BatchVerdict, Entry, Run
from trace.work.batches import decide

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def waiting(session: Session, house: House) -> Batch:
    lot = make_batch(session, house)
    session.commit()
    return lot


@pytest.fixture
def auditor(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["auditor"])


def say(browser: FlaskClient, batch: Batch, word: str, **form: str) -> Any:
    return browser.post(f"/audit/batches/{batch.public_id}/{word}", data={"seen": "0"} | form)


def verdicts(session: Session, batch: Batch) -> list[str]:
    session.rollback()
    query = select(BatchDecision.verdict).where(BatchDecision.batch_id == batch.id).order_by(BatchDecision.id)
    return list(session.scalars(query))


def test_the_page_tells_everything_about_a_lot(session: Session, run: Run, batch: Batch, auditor: FlaskClient) -> None:
    session.add(BatchCorrection(cooperative_id=batch.cooperative_id, batch_id=batch.id, text="99 túi", at=NOON))
    session.commit()
    page = auditor.get(f"/audit/batches/{batch.public_id}")
    assert page.status_code == 200
    told = (
        "Na Chi Lăng", "Vườn Lũng Than", "Vi Văn Mẫu", "120 kg", "VietGAP-TT-13-09-20", "2 ha",
        f"{run.label}-0000001", f"{run.label}-0000050", "99 túi", "Phát hành đợt tem", "Kích hoạt tem",
        "Gửi lô hàng", "Xác nhận lô đủ điều kiện dán tem", "Đóng gói 100 kg, từ 115 kg còn lại sau phân loại.",
    )  # fmt: skip
    for words in told:
        assert words in page.text, words


def test_an_auditor_confirms_a_lot_fit_for_stamping(session: Session, waiting: Batch, auditor: FlaskClient) -> None:
    page = auditor.get(f"/audit/batches/{waiting.public_id}")
    assert "Xác nhận lô đủ điều kiện dán tem" in page.text
    assert say(auditor, waiting, "certify").status_code == 302
    assert verdicts(session, waiting) == ["certified"]
    decision = session.scalars(select(BatchDecision).where(BatchDecision.batch_id == waiting.id)).one()
    assert decision.by_person_id is not None
    assert '"within_output"' in (decision.checks or "")


@pytest.mark.parametrize("word", ["refuse", "suspend"])
@pytest.mark.parametrize("reason", BAD_WORDS.values(), ids=BAD_WORDS)
def test_an_adverse_word_needs_a_reason_that_can_be_read(
    session: Session, waiting: Batch, auditor: FlaskClient, word: str, reason: str
) -> None:
    page = say(auditor, waiting, word, reason=reason)
    assert page.status_code == 422
    assert "field-error" in page.text
    assert verdicts(session, waiting) == []


def test_a_recall_needs_reason_and_advice(session: Session, batch: Batch, auditor: FlaskClient) -> None:
    for form in ({"advice": "Trả lại"}, {"reason": "dư lượng"}, {"reason": "dư lượng", "advice": " "}):
        assert say(auditor, batch, "recall", seen="1", **form).status_code == 422
    assert verdicts(session, batch) == ["certified"]
    done = say(auditor, batch, "recall", seen="1", reason="dư lượng vượt mức", advice="Trả lại nơi mua")
    assert done.status_code == 302
    assert verdicts(session, batch) == ["certified", "recalled"]
    page = auditor.get(f"/audit/batches/{batch.public_id}").text
    assert "dư lượng vượt mức" in page
    assert "Trả lại nơi mua" in page


def test_a_stop_is_lifted_with_a_reason_by_two(
    session: Session, batch: Batch, auditor: FlaskClient, staff: Any, sign_in: Any
) -> None:
    say(auditor, batch, "suspend", seen="1", reason="chờ kiểm nghiệm")
    assert say(auditor, batch, "lift", seen="2").status_code == 422
    asked = say(auditor, batch, "lift", seen="2", reason="kết quả đạt")
    assert asked.status_code == 302
    assert verdicts(session, batch) == ["certified", "suspended"], "a second person agrees first"
    assert asked.location in auditor.get(f"/audit/batches/{batch.public_id}").text
    assert auditor.post(f"{asked.location}/agree").status_code == 422, "whoever proposed it does not agree to it"
    assert sign_in(staff["officer"]).post(f"{asked.location}/agree").status_code == 302
    assert verdicts(session, batch) == ["certified", "suspended", "lifted"]


@pytest.mark.parametrize("seen", ["1", "", "x", "-1", "9" * 40])
def test_a_word_on_something_not_seen_is_a_conflict_and_stores_nothing(
    session: Session, waiting: Batch, auditor: FlaskClient, seen: str
) -> None:
    page = say(auditor, waiting, "certify", seen=seen)
    assert page.status_code == 409
    assert "hãy xem lại" in page.text
    assert verdicts(session, waiting) == []


def test_two_auditors_on_one_lot_the_slower_one_is_told(session: Session, waiting: Batch, auditor: FlaskClient) -> None:
    decide(session, waiting, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    page = say(auditor, waiting, "suspend", reason="nghi ngờ")  # allowed on a cleared lot, but not what was read
    assert page.status_code == 409
    assert verdicts(session, waiting) == ["certified"]


@pytest.mark.parametrize("word", ["certify", "refuse", "suspend", "recall"])
def test_an_auditor_decides_nothing_where_they_ever_belonged(
    session: Session, waiting: Batch, staff: dict[str, Person], sign_in: SignIn, word: str
) -> None:
    left = Membership(
        person_id=staff["auditor"].id, cooperative_id=waiting.cooperative_id, place="member", since_at=NOON,
        ended_at=NOON,
    )  # fmt: skip
    session.add(left)
    session.commit()
    browser = sign_in(staff["auditor"])
    page = browser.get(f"/audit/batches/{waiting.public_id}").text
    assert "Bạn thuộc hợp tác xã này" in page
    assert f'/{word}"' not in page
    answer = say(browser, waiting, word, reason="lý do", advice="hướng dẫn")
    assert answer.status_code == 422
    assert "Bạn thuộc hợp tác xã này" in answer.text
    assert verdicts(session, waiting) == []


def test_pressing_twice_decides_once(session: Session, waiting: Batch, auditor: FlaskClient) -> None:
    for _ in range(2):
        answer = say(auditor, waiting, "refuse", reason="sai nguồn", mark="a" * 32)
        assert answer.status_code == 302
    assert verdicts(session, waiting) == ["refused"]


def test_the_cooperative_is_told(
    session: Session, waiting: Batch, house: House, auditor: FlaskClient, sign_in: SignIn
) -> None:
    say(auditor, waiting, "refuse", reason="sai nguồn")
    assert f"Lô {waiting.code} bị từ chối" in sign_in(house.manager).get("/account/notices").text


@pytest.mark.parametrize("word", ["certify", "refuse", "suspend", "recall", "lift"])
def test_nobody_else_decides(
    session: Session, waiting: Batch, house: House, staff: dict[str, Person], sign_in: SignIn, client: FlaskClient,
    word: str,
) -> None:  # fmt: skip
    for person in (house.manager, staff["officer"], staff["operator"]):
        assert say(sign_in(person), waiting, word, reason="lý do", advice="x").status_code == 403
    assert say(client, waiting, word, reason="lý do", advice="x").status_code == 403
    assert verdicts(session, waiting) == []


def test_an_officer_reads_the_page_without_the_acts(waiting: Batch, staff: dict[str, Person], sign_in: SignIn) -> None:
    page = sign_in(staff["officer"]).get(f"/audit/batches/{waiting.public_id}")
    assert page.status_code == 200
    assert "Quyết định của bạn" not in page.text


def test_looking_writes_nothing(session: Session, waiting: Batch, auditor: FlaskClient) -> None:
    before = session.scalar(select(func.count(Entry.index)))
    auditor.get(f"/audit/batches/{waiting.public_id}")
    for word in ("certify", "refuse", "suspend", "recall", "lift"):
        assert auditor.get(f"/audit/batches/{waiting.public_id}/{word}").status_code == 405
    session.rollback()
    assert session.scalar(select(func.count(Entry.index))) == before


def test_a_lot_that_does_not_exist_is_not_found(auditor: FlaskClient) -> None:
    assert auditor.get("/audit/batches/000000000000").status_code == 404
    assert auditor.post("/audit/batches/000000000000/certify").status_code == 404
