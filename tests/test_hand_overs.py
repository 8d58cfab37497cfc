"""Stamps in growers' hands: handed over, counted back, lost and found, and accounted for in every list."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, code_of
from tests.test_issuing import MARKS, states
from trace.accounts import Person
from trace.records import Batch, CopyCase, Entry, HandOver, Run
from trace.service import keyring, numbering
from trace.work.activating import activate
from trace.work.stamps import issue_stamps, mark_printed

SignIn = Callable[[Person], FlaskClient]
BY = {"actor": AUDITOR, "now": NOON}


@pytest.fixture
def roll(session: Session, house: House, batch: Batch) -> Run:
    roll = issue_stamps(session, keyring(), numbering(), house.cooperative, 100, product=house.product, **BY)
    mark_printed(session, roll, [(1, 80)], **BY)
    session.commit()
    return roll


def handed(browser: FlaskClient, house: House, roll: Run, mark: str = MARKS[1], **more: str) -> str:
    form = {"mark": mark, "grower": house.grower.public_id, "first": "1", "last": "40", "expected_g": "50 kg",
            "handed_on": "20/08/2026"} | more  # fmt: skip
    answer = browser.post(f"/my/stamps/{roll.public_id}/hand-over", data=form)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_household_takes_a_roll_signs_for_it_and_brings_some_back(
    session: Session, house: House, roll: Run, batch: Batch, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    place = handed(browser, house, roll)
    page = browser.get(place).text
    for words in ("PHIẾU BÀN GIAO TEM", "Vi Văn Mẫu", "HNM-26A-0000040", "50 kg", "Người nhận"):
        assert words in page, words
    activate(session, session.get_one(Run, roll.id), 1, 25, session.get_one(Batch, batch.id), **BY)
    session.commit()

    back = browser.post(f"{place}/return", data={"mark": MARKS[2], "serials": "31-35, 38"})

    assert back.status_code == 302
    assert states(session, roll) == [
        ("active", 1, 25), ("handed_over", 26, 30), ("returned", 31, 35), ("handed_over", 36, 37),
        ("returned", 38, 38), ("handed_over", 39, 40), ("printed", 41, 80), ("made", 81, 100),
    ]  # fmt: skip
    assert "Hộ còn giữ: 26-30, 36-37, 39-40" in browser.get(place).text
    again = browser.post(f"{place}/return", data={"mark": MARKS[3], "serials": "35-36"})
    assert again.status_code == 409
    assert "không ở hộ này" in again.text
    assert "Vi Văn Mẫu" in browser.get("/my/stamps/hand-overs").text
    assert browser.get(f"/my/stamps/{roll.public_id}").text.count("Vi Văn Mẫu") == 6, "every range says who had it"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"expected_g": ""}, "điền"),
        ({"expected_g": "0"}, "khối lượng dự kiến"),
        ({"grower": ""}, "điền"),
        ({"handed_on": "21/08/2026"}, "ngày này chưa đến"),
        ({"first": "70", "last": "85"}, "chưa in"),
        ({"first": "101"}, "có tem từ số 1 đến 100"),
    ],
)
def test_a_hand_over_that_cannot_be_is_complained_about_and_leaves_everything_as_it_was(
    session: Session, house: House, roll: Run, sign_in: SignIn, changed: dict[str, str], words: str
) -> None:
    form = {"grower": house.grower.public_id, "first": "1", "last": "40", "expected_g": "50", "handed_on": "20/08/2026"}
    answer = sign_in(house.member).post(f"/my/stamps/{roll.public_id}/hand-over", data=form | changed)
    assert answer.status_code in {409, 422}
    assert words in answer.text
    assert session.scalars(select(HandOver)).all() == []
    assert states(session, roll)[0] == ("printed", 1, 80)


def test_consumers_never_read_the_household_and_staff_do_in_a_doubt_case(
    session: Session, house: House, roll: Run, batch: Batch, sign_in: SignIn, client: FlaskClient,
    staff: dict[str, Person],
) -> None:  # fmt: skip
    handed(sign_in(house.member), house, roll, note="Nhận ở nhà ông Mẫu")
    activate(session, session.get_one(Run, roll.id), 1, 25, session.get_one(Batch, batch.id), **BY)
    case = CopyCase(
        cooperative_id=roll.cooperative_id, run_id=roll.id, number=7, batch_id=batch.id, points_milli=9_000,
        visitor_days=9, reasons="{}", created_at=NOON,
    )  # fmt: skip
    session.add(case)
    session.commit()
    assert "Vi Văn Mẫu" not in client.get(f"/T/{code_of(roll, 7)}").text
    assert "Vi Văn Mẫu" in sign_in(staff["officer"]).get(f"/staff/cases/{case.public_id}").text
    told = b"".join(entry.body for entry in session.scalars(select(Entry)))
    assert "nhà ông Mẫu".encode() not in told, "the public history holds a commitment only"


def test_lost_stamps_warn_whoever_scans_them_till_they_are_found(
    session: Session, house: House, roll: Run, sign_in: SignIn, client: FlaskClient
) -> None:
    browser, place = sign_in(house.member), f"/my/stamps/{roll.public_id}"
    code = code_of(roll, 12)
    lost = browser.post(f"{place}/lost", data={"mark": MARKS[1], "serials": "11-20", "reason": "rơi ở chợ Đồng Bành"})
    assert lost.status_code == 302
    page = client.get(f"/T/{code}").text
    assert "Tem này đã được báo mất" in page
    assert "Đồng Bành" not in page
    assert "Đồng Bành".encode() not in b"".join(entry.body for entry in session.scalars(select(Entry)))
    assert "rơi ở chợ Đồng Bành" in browser.get(f"{place}/lost").text
    assert browser.post(f"{place}/found", data={"mark": MARKS[2], "first": "11"}).status_code == 302
    assert browser.post(f"{place}/found", data={"mark": MARKS[3], "first": "11"}).status_code == 409
    assert "Tem chưa kích hoạt" in client.get(f"/T/{code}").text


def test_the_variance_report_adds_up_and_no_cell_of_it_is_a_formula(
    session: Session, house: House, roll: Run, batch: Batch, sign_in: SignIn
) -> None:
    session.get_one(type(house.product), house.product.id).name_vi = '=HYPERLINK("http://x","na")'
    browser = sign_in(house.member)
    handed(browser, house, roll)
    activate(session, session.get_one(Run, roll.id), 1, 25, session.get_one(Batch, batch.id), **BY)
    session.commit()
    browser.post(f"/my/stamps/{roll.public_id}/lost", data={"mark": MARKS[5], "serials": "39-40", "reason": "mất"})

    text = browser.get("/my/stamps/variance.csv").get_data().decode("utf-8-sig")
    [headings, line] = list(csv.reader(io.StringIO(text), delimiter=";"))
    figures = dict(zip(headings, line, strict=True))

    assert figures["Sản phẩm"].startswith("'=HYPERLINK"), "words, never a formula"
    assert [figures[name] for name in ("Đã đặt", "Đã in", "Đã kích hoạt", "Đã báo mất", "Trong kho", "Chưa rõ")] == [
        "100", "80", "25", "2", "40", "13",
    ]  # fmt: skip
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser.get("/my/stamps/variance.xlsx").get_data()))
    assert book.get_sheet_by_index(0).to_python()[1][3] == 100
    plan = browser.get(f"/my/stamps/{roll.public_id}/map.csv").get_data().decode("utf-8-sig")
    assert "Vi Văn Mẫu" in plan
    assert len(plan.splitlines()) == 1 + len(states(session, roll))
