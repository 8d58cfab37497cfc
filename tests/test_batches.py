"""A batch from its draft to its page: entered line by line, complained about all at once, frozen, corrected, copied."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, Clock, House, make_batch
from trace.accounts import Person
from trace.records import Batch, BatchVerdict, Certificate, Entry, IntakeLine, ScopeLine
from trace.work.batches import decide

SignIn = Callable[[Person], FlaskClient]


def form_of(house: House, **changes: Any) -> dict[str, Any]:
    """What a browser sends for a good draft."""
    return {
        "mark": f"{changes.pop('mark', 'a')}" * 32,
        "product": house.product.public_id,
        "intake-0-source": house.plot.public_id,
        "intake-0-harvested_on": TODAY.isoformat(),
        "intake-0-weight": "1,2 tạ",
        "intake-1-source": "",
        "intake-1-harvested_on": TODAY.isoformat(),
        "intake-1-weight": "",
        "packed_on": TODAY.isoformat(),
        "packs": "110",
        "loss": "5 kg",
        "do": "save",
    } | changes


def only_batch(session: Session) -> Batch:
    session.expire_all()
    return session.scalars(select(Batch)).one()


def test_a_draft_is_entered_with_vietnamese_weights_and_finds_its_certificate(
    session: Session, house: House, sign_in: SignIn
) -> None:
    answer = sign_in(house.member).post("/my/batches/new", data=form_of(house))

    assert answer.status_code == 302
    batch = only_batch(session)
    [line] = batch.intake
    assert (line.weight_g, line.scope_line_id, line.grower_id) == (120_000, house.scope_line.id, house.grower.id)
    assert (batch.code, batch.packs, batch.loss_g) == ("HNM-260820", 110, 5_000)
    assert batch.submitted_at is None


def test_every_complaint_of_a_bad_draft_comes_at_once_beside_its_field(
    session: Session, house: House, sign_in: SignIn
) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    bad = form_of(
        house,
        **{"intake-0-harvested_on": tomorrow, "intake-1-source": house.plot.public_id, "intake-1-weight": "-3 kg"},
        packed_on=tomorrow,
        packs="-5",
    )
    answer = sign_in(house.member).post("/my/batches/new", data=bad)

    assert answer.status_code == 422
    for words in ("Ngày thu hoạch chưa đến", "Ngày đóng gói chưa đến", "không thể âm"):
        assert words in answer.text
    assert answer.text.count("is-invalid") >= 4
    assert "1,2 tạ" in answer.text, "nothing that was typed is lost"
    assert session.scalar(select(func.count(Batch.id))) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"packed_on": (TODAY - timedelta(days=1)).isoformat()}, "Ngày thu hoạch sau ngày đóng gói"),
        ({"loss": "121 kg"}, "Hao hụt nhiều hơn lượng nhận vào"),
        ({"intake-0-weight": "20.000 tấn"}, "Khối lượng này không thể có"),
        ({"intake-0-weight": "0"}, "Khối lượng này không thể có"),
        ({"packs": "99.999.999"}, "Một lô có từ 1 đến"),
        ({"packs": "0"}, "Một lô có từ 1 đến"),
        ({"intake-0-weight": "1,200.5"}, "hai cách"),
        ({"note": "dòng\x00hỏng"}, "không in được"),
        ({"note": "x" * 4001}, "Dài quá"),
        ({"packed_on": "31/02/2026"}, "ngày"),
        ({"product": ""}, "điền"),
        ({"intake-0-weight": ""}, "điền"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    session: Session, house: House, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = sign_in(house.member).post("/my/batches/new", data=form_of(house, **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert session.scalar(select(func.count(Batch.id))) == 0


def test_an_empty_form_is_answered_with_what_is_missing(house: House, sign_in: SignIn) -> None:
    answer = sign_in(house.member).post("/my/batches/new", data={"do": "submit"})
    assert answer.status_code == 422
    assert "Có vài ô cần xem lại" in answer.text


def test_handing_in_an_unfinished_draft_says_what_it_lacks(session: Session, house: House, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    lacking = form_of(house, packed_on="", packs="", do="submit") | {"intake-0-source": "", "intake-0-weight": ""}
    answer = browser.post("/my/batches/new", data=lacking)
    assert answer.status_code == 422
    for words in ("Hãy ghi ngày đóng gói", "Hãy ghi số gói", "ít nhất một dòng"):
        assert words in answer.text
    assert session.scalar(select(func.count(Batch.id))) == 0, "refused as a whole: no half draft"


def test_add_a_line_works_without_a_script(session: Session, house: House, sign_in: SignIn) -> None:
    answer = sign_in(house.member).post("/my/batches/new", data=form_of(house, do="line"))
    assert answer.status_code == 200
    assert 'name="intake-2-source"' in answer.text
    assert "1,2 tạ" in answer.text
    assert session.scalar(select(func.count(Batch.id))) == 0


def test_a_draft_changes_until_it_is_handed_in_and_is_frozen_then(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    place = browser.post("/my/batches/new", data=form_of(house)).location
    browser.post(f"{place}/edit", data=form_of(house, mark="b", packs="100", **{"intake-0-weight": "110 kg"}))
    batch = only_batch(session)
    assert (batch.packs, batch.received_g, len(batch.intake)) == (100, 110_000, 1)

    assert browser.post(f"{place}/submit", data={"mark": "c" * 32}).status_code == 302
    assert only_batch(session).submitted_at == NOON
    late = browser.post(f"{place}/edit", data=form_of(house, mark="d", packs="90"))
    assert late.status_code == 409
    assert only_batch(session).packs == 100
    assert browser.get(f"{place}/edit").status_code == 302


def test_a_correction_stands_beside_the_batch_for_all_to_see(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    browser, place = sign_in(house.member), f"/my/batches/{batch.public_id}"
    assert browser.post(f"{place}/corrections", data={"mark": "a" * 32, "text": "  "}).status_code == 422
    browser.post(f"{place}/corrections", data={"mark": "b" * 32, "text": "Cân lại được 118 kg"})
    assert "Cân lại được 118 kg" in browser.get(place).text
    assert only_batch(session).received_g == 120_000


def test_pressing_twice_makes_one_batch_and_both_presses_lead_to_it(
    session: Session, house: House, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    first, second = (browser.post("/my/batches/new", data=form_of(house)) for _ in range(2))
    assert first.location == second.location
    assert only_batch(session).code == "HNM-260820"


def test_yesterdays_batch_is_todays_draft_in_one_press(
    session: Session, house: House, batch: Batch, clock: Clock, sign_in: SignIn
) -> None:
    clock.advance(days=1)
    browser = sign_in(house.member)
    answer = browser.post("/my/batches/yesterday", data={"mark": "a" * 32})
    copy = session.scalars(select(Batch).where(Batch.id != batch.id)).one()

    assert answer.location.endswith(f"{copy.public_id}/edit")
    assert copy.submitted_at is None
    assert copy.packed_on == TODAY + timedelta(days=1)
    assert [(line.weight_g, line.harvested_on) for line in copy.intake] == [(120_000, TODAY + timedelta(days=1))]
    assert copy.code == "HNM-260821"
    assert batch.code in browser.get(answer.location).text


def test_with_no_batch_before_the_press_leads_to_an_empty_form(house: House, sign_in: SignIn) -> None:
    answer = sign_in(house.member).post("/my/batches/yesterday", data={"mark": "a" * 32})
    assert answer.location.endswith("/my/batches/new")


def test_where_two_certificates_fit_the_form_asks_and_keeps_the_answer(
    session: Session, house: House, sign_in: SignIn
) -> None:
    other = Certificate(
        cooperative_id=house.cooperative.id, scheme="organic", number="HC-77", body="Tổ chức Mẫu",
        issued_on=TODAY - timedelta(days=9), expires_on=TODAY + timedelta(days=900), created_at=NOON,
    )  # fmt: skip
    session.add(other)
    session.flush()
    line = ScopeLine(
        cooperative_id=house.cooperative.id, certificate_id=other.id, product_id=house.product.id,
        plot_id=house.plot.id, area_m2=1, expected_g_a_year=1_000_000,
    )  # fmt: skip
    session.add(line)
    session.commit()
    browser = sign_in(house.member)

    asked = browser.post("/my/batches/new", data=form_of(house))
    assert asked.status_code == 422
    assert "hãy chọn một" in asked.text
    browser.post("/my/batches/new", data=form_of(house, mark="b", **{"intake-0-scope": str(line.id)}))
    assert only_batch(session).intake[0].scope_line_id == line.id


def test_another_cooperatives_ids_are_refused_in_a_form_and_unknown_in_addresses(
    session: Session, house: House, other_house: House, sign_in: SignIn
) -> None:
    theirs = make_batch(session, other_house)
    draft = make_batch(session, other_house, submitted=False)
    session.commit()
    browser = sign_in(house.manager)
    for changes in (
        {"product": other_house.product.public_id},
        {"intake-0-source": other_house.plot.public_id},
        {"intake-0-source": other_house.grower.public_id},
        {"intake-0-scope": str(other_house.scope_line.id)},
        {"trademark": "000000000000"},
    ):
        answer = browser.post("/my/batches/new", data=form_of(house, **changes))
        assert answer.status_code == 422, changes
        assert "chọn trong danh sách" in answer.text
    assert session.scalar(select(func.count(IntakeLine.id))) == 2
    for path in ("", "/edit"):
        assert browser.get(f"/my/batches/{theirs.public_id}{path}").status_code == 404
        assert theirs.code not in browser.get("/my/batches").text
    for path in ("submit", "corrections", "copy", "photos", "edit"):
        answer = browser.post(f"/my/batches/{draft.public_id}/{path}", data=form_of(house))
        assert answer.status_code == 404, path


def test_the_page_says_what_to_put_right_with_a_button_each(session: Session, house: House, sign_in: SignIn) -> None:
    batch = make_batch(session, house, packs=200, weight_g=30_000_000)
    session.commit()
    page = sign_in(house.member).get(f"/my/batches/{batch.public_id}").text
    assert "Cần xử lý" in page
    assert "Xem chứng nhận" in page
    assert "Chờ cán bộ kiểm tra" in page


def test_a_decision_is_told_in_words_with_its_day_and_without_a_name(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    decide(session, batch, BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON, reason="Chờ kết quả kiểm nghiệm")
    session.commit()
    page = sign_in(house.member).get(f"/my/batches/{batch.public_id}").text
    assert "Cán bộ đã kiểm tra ngày 20/08/2026: đủ điều kiện dán tem." in page
    assert "Bị đình chỉ ngày 20/08/2026." in page
    assert "Chờ kết quả kiểm nghiệm" in page


def test_a_photo_is_kept_and_what_is_no_picture_is_refused(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    browser, place = sign_in(house.member), f"/my/batches/{batch.public_id}/photos"
    picture = BytesIO()
    Image.new("RGB", (64, 48), "green").save(picture, "JPEG")
    kept = browser.post(place, data={"mark": "a" * 32, "photo": (BytesIO(picture.getvalue()), "na.jpg")})
    assert kept.status_code == 302
    wrong = browser.post(place, data={"mark": "b" * 32, "photo": (BytesIO(b"<svg/>"), "na.jpg")})
    assert wrong.status_code == 422
    assert browser.post(place, data={"mark": "c" * 32}).status_code == 422
    assert len(only_batch(session).photos) == 1


def test_every_step_of_a_draft_leaves_an_entry(session: Session, house: House, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    place = browser.post("/my/batches/new", data=form_of(house)).location
    browser.post(f"{place}/edit", data=form_of(house, mark="b", do="submit"))
    batch = only_batch(session)
    kinds = session.scalars(select(Entry.kind).where(Entry.subject == batch.public_id).order_by(Entry.index)).all()
    assert kinds == ["batch.drafted", "batch.changed", "batch.submitted"]


def test_lists_search_without_tone_marks_and_page(session: Session, house: House, sign_in: SignIn) -> None:
    for _ in range(60):
        make_batch(session, house)
    session.commit()
    browser = sign_in(house.member)
    assert "Trang 2/2" in browser.get("/my/batches?page=2").text
    assert "HNM-" in browser.get("/my/batches?q=na chi").text
    assert "HNM-" not in browser.get("/my/batches?q=hong").text
    assert browser.get("/my/batches?drafts").status_code == 200
