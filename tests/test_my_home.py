"""The home of a cooperative and its search: what to do, what waits, what is left; and one box that finds everything."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, code_of, make_batch, make_cooperative, make_person
from trace.accounts import Membership, Person
from trace.db import db
from trace.records import Batch, BatchVerdict, CertificateDecision, Run
from trace.work.batches import decide
from trace.work.remaining import left_on_certificates, stamps_by_state
from trace.work.stamps import mark_printed

SignIn = Callable[[Person], FlaskClient]


def test_a_new_cooperative_sees_three_deeds_a_list_to_begin_with_and_who_decides(
    session: Session, sign_in: SignIn
) -> None:
    waiting = make_cooperative(session, "HTX Mới Tinh", "HMT", approved=False)
    person = make_person(session, "Người Mới")
    session.add(Membership(person_id=person.id, cooperative_id=waiting.id, place="member", since_at=NOON))
    session.commit()
    page = sign_in(person).get("/my").text
    for words in (
        "Lô mới",
        "In tem",
        "Xuất bán",
        "Bắt đầu",
        "Một hộ thành viên",
        "Sở Khoa học và Công nghệ",
        "20/08/2026",
    ):
        assert words in page, words
    assert "Tải toàn bộ dữ liệu" not in page, "that is the manager's"


def test_the_list_ticks_on_real_records_and_goes_when_all_are_there(
    session: Session, house: House, sign_in: SignIn
) -> None:
    page = sign_in(house.manager).get("/my").text
    assert page.count('class="is-done"') == 4, "grower, plot, product, certificate"
    assert "Lô hàng đầu tiên, đã nộp" in page


def test_with_every_step_done_the_list_is_gone(house: House, run: Run, sign_in: SignIn) -> None:
    assert "Bắt đầu" not in sign_in(house.manager).get("/my").text


def test_what_waits_is_told_with_a_button_each(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    draft = make_batch(session, house, submitted=False)
    failing = make_batch(session, house, packs=500)
    recalled = make_batch(session, house)
    decide(session, recalled, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng")
    mark_printed(session, run, [(51, 70)], actor=AUDITOR, now=NOON)
    house.certificate.decisions.append(
        CertificateDecision(
            cooperative_id=house.cooperative.id, verdict="warned", reason="thiếu sổ", reaches_from=TODAY, at=NOON
        )
    )
    session.commit()
    page = sign_in(house.member).get("/my").text
    assert f"Lô {recalled.code} bị thu hồi" in page
    assert f"{failing.code}:" in page
    assert f"Lô {draft.code} còn là bản nháp" in page
    assert "20 tem đợt HNM-26A đã in mà chưa kích hoạt" in page
    assert f"Chứng nhận {house.certificate.number} đang bị cảnh cáo" in page


def test_a_certificate_near_its_end_is_announced(
    session: Session, house: House, sign_in: SignIn, clock: object
) -> None:
    from trace.work.home_tasks import waiting

    near = house.certificate.expires_on - timedelta(days=28)
    kinds = {(one.kind, one.figures.get("days")) for one in waiting(session, house.cooperative, near)}
    assert ("certificate_expires", 28) in kinds


def test_the_weight_left_is_what_is_allowed_less_what_was_handed_in_and_not_refused(
    session: Session, house: House, batch: Batch
) -> None:
    refused = make_batch(session, house)
    decide(session, refused, BatchVerdict.REFUSED, by=AUDITOR, now=NOON, reason="sai")
    make_batch(session, house, submitted=False)
    session.commit()
    [left] = left_on_certificates(session, house.cooperative, TODAY)
    assert (left.allowed_g, left.used_g) == (19_800_000, 120_000), "18 t and a tenth of tolerance; one batch counts"
    assert (left.left_g, left.packs_left) == (19_680_000, 19_680)
    [next_year] = left_on_certificates(session, house.cooperative, TODAY + timedelta(days=300))
    assert next_year.used_g == 0, "a certificate year begins on the day of issue"


def test_stamps_are_counted_by_state(session: Session, house: House, run: Run) -> None:
    counted = stamps_by_state(session, house.cooperative)
    assert counted == {"made": 50, "printed": 0, "active": 50, "void": 0, "recalled": 0}


def test_the_home_does_not_ask_more_of_the_database_as_batches_grow(
    app: object, session: Session, house: House, sign_in: SignIn
) -> None:
    asked: list[str] = []
    event.listen(db.get_engine("read"), "before_cursor_execute", lambda *args: asked.append(args[2]))

    def questions() -> int:
        asked.clear()
        assert sign_in(house.member).get("/my").status_code == 200
        return len(asked)

    for _ in range(15):
        decide(session, make_batch(session, house), BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    few = questions()
    for _ in range(15):
        decide(session, make_batch(session, house), BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    assert questions() <= few + 2


# ---- Search ----


def test_a_code_a_link_or_a_serial_opens_the_stamp(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    code = code_of(run, 7)
    spaced = " ".join(code[start : start + 4] for start in range(0, 16, 4)).lower()
    for typed in (
        code,
        spaced,
        f"http://tem.test/T/{code}",
        f"HTTPS://TEM/01/08934567890128/21/{code}",
        "hnm-26a-0000007",
    ):
        answer = browser.get("/my/search", query_string={"q": typed})
        assert answer.status_code == 302, typed
        assert answer.location.endswith(f"/my/stamps/{run.public_id}/7"), typed
    assert browser.get("/my/search?q=HNM-26A").location.endswith(f"/my/stamps/{run.public_id}")
    assert code[:4] in browser.get(f"/my/stamps/{run.public_id}/7").text


@pytest.mark.parametrize(
    ("q", "title"),
    [("na chi", "Sản phẩm"), ("vi van", "Hộ thành viên"), ("lung than", "Vườn Lũng Than"), ("13-09-20", "Chứng nhận")],
)
def test_words_without_marks_find_ones_own_records(
    house: House, batch: Batch, sign_in: SignIn, q: str, title: str
) -> None:
    page = sign_in(house.member).get("/my/search", query_string={"q": q}).text
    assert title in page.split("<main")[1]


def test_search_shows_nothing_of_others(
    session: Session, house: House, other_house: House, run: Run, sign_in: SignIn
) -> None:
    stranger = sign_in(other_house.member)
    for typed in (code_of(run, 7), "HNM-26A-0000007", "HNM"):
        answer = stranger.get("/my/search", query_string={"q": typed})
        assert answer.status_code == 200
        assert "Không tìm thấy" in answer.text or "Không có kết quả" in answer.text
    assert "HNM-26A-0000007" not in stranger.get("/my/search?q=HNM").text.split("<main")[1].replace('"HNM', "")


@pytest.mark.parametrize(
    "q", ["", " ", "%", "_", "\\", "'; drop table run; --", "\x00", "na" * 500, "9" * 16, "T/" * 40]
)
def test_no_typing_breaks_the_search(house: House, sign_in: SignIn, q: str) -> None:
    assert sign_in(house.member).get("/my/search", query_string={"q": q}).status_code == 200


def test_a_percent_sign_is_a_letter_to_the_search(house: House, batch: Batch, sign_in: SignIn) -> None:
    assert batch.code not in sign_in(house.member).get("/my/search?q=%25").text.split("<main")[1]
