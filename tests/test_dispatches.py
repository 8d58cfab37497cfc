"""Goods that leave: one form, never more than a batch holds, never a stamp twice, a slip that anybody can check."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from trace.accounts import Person
from trace.pages.cooperative.dispatches import drawn
from trace.records import Batch, BatchVerdict, Buyer, Dispatch, DispatchLine, Entry, EntrySecret, Market, Run
from trace.work.area_codes import AreaCodeFacts, register_code
from trace.work.batches import decide

SignIn = Callable[[Person], FlaskClient]
NEW = "/my/dispatches/new"


def going(batch: Batch, **changes: Any) -> dict[str, Any]:
    mark = f"{changes.pop('mark', 'a')}" * 32
    return {
        "mark": mark,
        "on_day": TODAY.isoformat(),
        "buyer": "Cô Sáu chợ Kỳ Lừa",
        "place": "Lạng Sơn",
        "market": "domestic",
        "lines-0-batch": batch.public_id,
        "lines-0-weight": "50",
        "seen": NOON.isoformat(),
        "do": "save",
    } | changes


def slips(session: Session) -> list[Dispatch]:
    session.expire_all()
    return list(session.scalars(select(Dispatch).order_by(Dispatch.id)))


def test_a_weight_and_a_buyer_are_enough(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    answer = browser.post(NEW, data=going(batch))
    [slip] = slips(session)
    assert answer.location.endswith(slip.public_id)
    assert (slip.number, slip.weight_g, slip.buyer.name) == ("HNM-X260820-01", 50_000, "Cô Sáu chợ Kỳ Lừa")
    page = browser.get(answer.location).text
    for word in ("HNM-X260820-01", "Cô Sáu chợ Kỳ Lừa", "50 kg", batch.code, "<svg"):
        assert word in page


def test_goods_leave_for_china_only_from_plots_whose_code_was_given_for_china(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    browser, days = sign_in(house.member), timedelta(days=30)
    refused = browser.post(NEW, data=going(batch, market="china"))
    assert refused.status_code == 422
    assert "chưa có mã số vùng trồng cho thị trường này" in refused.text
    assert browser.post(NEW, data=going(batch, market="other", mark="b")).status_code == 302, "no code, none asked for"
    house.plot.area_code = "VN-LSOR-0037"
    own = ("VN-LSOR-0037", house.cooperative, "Na")
    register_code(session, AreaCodeFacts(*own, Market.DOMESTIC, TODAY - days), actor=AUDITOR, now=NOON)
    session.commit()
    assert browser.post(NEW, data=going(batch, market="china", mark="c")).status_code == 422
    assert browser.post(NEW, data=going(batch, market="other", mark="d")).status_code == 422
    register_code(session, AreaCodeFacts(*own, Market.CHINA, TODAY - days), actor=AUDITOR, now=NOON)
    session.commit()
    sent = browser.post(NEW, data=going(batch, market="china", mark="e") | {"lines-0-weight": "10"})
    assert sent.status_code == 302
    assert "Trung Quốc" in browser.get(sent.location).text
    assert slips(session)[-1].market == "china"


def test_packs_or_stamps_give_the_weight(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    browser.post(NEW, data=going(batch, **{"lines-0-weight": "", "lines-0-packs": "20"}))
    stamps = {"lines-0-weight": "", "lines-0-first": "HNM-26A-0000011", "lines-0-last": "20"}
    browser.post(NEW, data=going(batch, mark="b", **stamps))
    lines = [slip.lines[0] for slip in slips(session)]
    assert [(line.weight_g, line.packs) for line in lines] == [(20_000, 20), (10_000, 10)]
    assert (lines[1].run_id, lines[1].first, lines[1].last) == (run.id, 11, 20)


def test_a_buyer_is_kept_once_and_offered_again(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    browser.post(NEW, data=going(batch, **{"lines-0-weight": "5"}))
    browser.post(NEW, data=going(batch, mark="b", buyer="co sau  cho ky lua", **{"lines-0-weight": "5"}))
    assert session.scalar(select(func.count(Buyer.id))) == 1
    assert '<option value="Cô Sáu chợ Kỳ Lừa">' in browser.get(NEW).text


def test_what_leaves_never_exceeds_what_the_batch_holds(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    """120 kg came in and 5 kg were lost: 115 kg are there."""
    browser = sign_in(house.member)
    browser.post(NEW, data=going(batch, **{"lines-0-weight": "100 kg", "seen": ""}))
    refused = browser.post(NEW, data=going(batch, mark="b", **{"lines-0-weight": "20 kg", "seen": ""}))
    assert refused.status_code == 422
    assert f"Lô {batch.code} còn 15 kg, mà phiếu ghi 20 kg." in refused.text
    packs = {"lines-0-weight": "1 kg", "lines-0-packs": "101", "seen": ""}
    assert "còn 100 gói, mà phiếu ghi 101 gói" in browser.post(NEW, data=going(batch, mark="c", **packs)).text
    assert len(slips(session)) == 1


def test_two_lines_of_one_batch_count_together(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    form = going(batch, **{"lines-0-weight": "100", "lines-1-batch": batch.public_id, "lines-1-weight": "16"})
    answer = sign_in(house.member).post(NEW, data=form | {"seen": ""})
    assert answer.status_code == 422
    assert "còn 15 kg" in answer.text
    assert slips(session) == []


def test_of_two_people_dispatching_the_same_rest_one_is_told_that_the_other_was_faster(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    people = [sign_in(house.member), sign_in(house.manager)]
    forms = [going(batch, mark=mark, **{"lines-0-weight": "100 kg"}) for mark in "de"]
    session.commit()
    statuses: list[int] = []
    start = threading.Barrier(2)

    def press(browser: FlaskClient, form: dict[str, Any]) -> None:
        start.wait()
        statuses.append(browser.post(NEW, data=form).status_code)

    threads = [threading.Thread(target=press, args=pair) for pair in zip(people, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 409]
    assert sum(slip.weight_g for slip in slips(session)) == 100_000


def test_a_stamp_leaves_once(session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    stamps = {"lines-0-weight": "", "lines-0-first": run.serial(1), "lines-0-last": run.serial(20)}
    browser.post(NEW, data=going(batch, **stamps))
    again = browser.post(
        NEW, data=going(batch, mark="b", **stamps | {"lines-0-first": run.serial(20), "lines-0-last": ""})
    )
    assert again.status_code == 409
    assert "HNM-X260820-01" in again.text
    not_active = browser.post(
        NEW, data=going(batch, mark="c", **stamps | {"lines-0-first": "45", "lines-0-last": "55"})
    )
    assert not_active.status_code == 422
    assert "đã kích hoạt cho lô" in not_active.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"buyer": ""}, "điền"),
        ({"buyer": "x" * 201}, "Dài quá"),
        ({"buyer": "Cô\x07Sáu"}, "không in được"),
        ({"on_day": (TODAY + timedelta(days=1)).isoformat()}, "Ngày này chưa đến"),
        ({"on_day": "1950-01-01"}, "quá lâu"),
        ({"on_day": "hôm qua"}, "31/12/2026"),
        ({"lines-0-weight": "-5 kg"}, "không thể âm"),
        ({"lines-0-weight": "0"}, "lớn hơn 0"),
        ({"lines-0-weight": ""}, "khối lượng, số gói hoặc số tem"),
        ({"lines-0-weight": "999.999 tấn"}, "còn 115 kg"),
        ({"lines-0-packs": "0"}, "ít nhất là một"),
        ({"lines-0-batch": ""}, "điền"),
        ({"lines-0-batch": "", "lines-0-weight": ""}, "Hãy ghi hàng xuất"),
        ({"lines-0-first": "mười"}, "cả số tem"),
        ({"on_day": (TODAY - timedelta(days=1)).isoformat()}, "đóng gói ngày 20/08/2026"),
    ],
)
def test_what_cannot_leave_is_refused_in_words(
    session: Session, house: House, batch: Batch, sign_in: SignIn, changes: dict[str, str], words: str
) -> None:
    answer = sign_in(house.member).post(NEW, data=going(batch, seen="", **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert slips(session) == []
    assert session.scalar(select(func.count(Buyer.id))) == 0, "a refused slip keeps no buyer either"


def test_recalled_and_suspended_goods_stay(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    decide(session, batch, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng")
    other = make_batch(session, house)
    session.commit()
    browser = sign_in(house.member)
    assert batch.code not in browser.get(NEW).text
    assert other.code in browser.get(NEW).text
    answer = browser.post(NEW, data=going(batch))
    assert answer.status_code == 422
    assert slips(session) == []


def test_a_void_slip_gives_its_goods_back_and_stays_readable(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    place = browser.post(NEW, data=going(batch, **{"lines-0-weight": "115"})).location
    assert browser.post(f"{place}/void", data={"mark": "b" * 32, "reason": ""}).status_code == 422
    assert browser.post(f"{place}/void", data={"mark": "c" * 32, "reason": "khách trả lại"}).status_code == 302
    assert "khách trả lại" in browser.get(place).text
    assert browser.post(f"{place}/void", data={"mark": "d" * 32, "reason": "lần nữa"}).status_code == 409
    assert browser.post(NEW, data=going(batch, mark="e", **{"lines-0-weight": "115"})).status_code == 302
    assert [slip.number for slip in slips(session)] == ["HNM-X260820-01", "HNM-X260820-02"]


def test_pressing_twice_makes_one_slip(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    first, second = (browser.post(NEW, data=going(batch)) for _ in range(2))
    assert first.location == second.location
    assert len(slips(session)) == 1


def test_add_another_batch_works_without_a_script(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    answer = sign_in(house.member).post(NEW, data=going(batch, do="line"))
    assert answer.status_code == 200
    assert 'name="lines-1-batch"' in answer.text
    assert slips(session) == []


def test_anybody_with_the_slip_can_check_it_without_learning_the_buyer(
    session: Session, house: House, batch: Batch, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(house.member).post(NEW, data=going(batch, note="gọi trước 5 giờ"))
    [slip] = slips(session)
    answer = client.get(f"/S/{slip.public_id}")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    for word in (slip.number, "20/08/2026", batch.code, "50 kg", "HTX Na Mẫu"):
        assert word in answer.text
    for word in ("Cô Sáu", "gọi trước", "Kỳ Lừa"):
        assert word not in answer.text
    slip.voided_reason = "nhầm"
    session.commit()
    assert "Phiếu đã hủy" in client.get(f"/S/{slip.public_id}").text
    assert client.get("/S/000000000000").status_code == 404


def test_the_symbol_on_the_slip_leads_to_its_check(tmp_path: Any) -> None:
    drawing = drawn("https://tem.langson.example/S/abc123abc123")
    size, cells = drawing["size"], str(drawing["path"])
    picture = Image.new("L", (size, size), 255)
    for cell in cells.removeprefix("M").split("zM"):
        x, y = cell.split("h1v1h-1")[0].split(" ")
        picture.putpixel((int(x), int(y)), 0)
    [symbol] = zxingcpp.read_barcodes(picture.resize((size * 6, size * 6), Image.Resampling.NEAREST))
    assert symbol.text == "https://tem.langson.example/S/abc123abc123"


def test_another_cooperatives_ids_open_and_take_nothing(
    session: Session, house: House, other_house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    sign_in(house.member).post(NEW, data=going(batch))
    [slip] = slips(session)
    theirs = make_batch(session, other_house)
    session.commit()
    stranger = sign_in(other_house.manager)
    assert stranger.get(f"/my/dispatches/{slip.public_id}").status_code == 404
    assert stranger.post(f"/my/dispatches/{slip.public_id}/void", data={"reason": "x"}).status_code == 404
    assert slip.number not in stranger.get("/my/dispatches").text
    assert "Cô Sáu" not in stranger.get(NEW).text
    assert stranger.post(NEW, data=going(batch, mark="b")).status_code == 422
    stamps = {"lines-0-weight": "", "lines-0-first": run.serial(1), "lines-0-last": run.serial(2)}
    assert stranger.post(NEW, data=going(theirs, mark="c", **stamps)).status_code == 422
    assert len(slips(session)) == 1


def test_the_public_history_never_holds_the_buyers_name(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    sign_in(house.member).post(NEW, data=going(batch, note="nhà cô Sáu"))
    bodies = b"".join(session.scalars(select(Entry.body)))
    assert "Sáu".encode() not in bodies
    assert any("Sáu" in words for words in session.scalars(select(EntrySecret.words)))
    assert session.scalar(select(func.count(DispatchLine.id))) == 1


def test_a_dispatch_in_waiting_needs_no_clearing_but_a_draft_cannot_leave(
    session: Session, house: House, sign_in: SignIn
) -> None:
    waiting, draft = make_batch(session, house), make_batch(session, house, submitted=False)
    session.commit()
    page = sign_in(house.member).get(NEW).text
    assert waiting.code in page
    assert draft.code not in page


def test_with_nothing_left_the_page_says_the_next_step(house: House, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    assert "Không còn lô nào có hàng" in browser.get(NEW).text
    assert "Chưa xuất hàng lần nào" in browser.get("/my/dispatches").text
