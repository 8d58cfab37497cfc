"""Sheets: chosen on a page, read back by an independent decoder, the same tomorrow, without void stamps."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, Clock, House, code_of
from tests.press import fetched, make_waiting
from trace.accounts import Person
from trace.records import Batch, Entry, PartSheet, Printing, Run, StampRange
from trace.service import keyring, numbering
from trace.work.stamps import issue_stamps, void

SignIn = Callable[[Person], FlaskClient]


def order(**changes: Any) -> dict[str, Any]:
    """`first` and `last`, or `serials` as typed."""
    mark = f"{changes.pop('mark', 'a')}" * 32
    first, last = changes.pop("first", "51"), changes.pop("last", "60")
    return {
        "mark": mark,
        "serials": f"{first}-{last}" if first else "",
        "stock": "a4-24",
        "face": "origin",
        "do": "print",
    } | changes


def printed(session: Session, browser: FlaskClient, run: Run, **changes: Any) -> Printing:
    answer = browser.post(f"/my/stamps/{run.public_id}/print", data=order(**changes))
    assert answer.status_code == 302, answer.text
    key = answer.location.partition("?")[0].rpartition("/")[2]
    return session.scalars(select(Printing).where(Printing.public_id == key)).one()


def pdf_of(browser: FlaskClient, printing: Printing) -> pypdfium2.PdfDocument:
    with fetched(browser, printing) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/pdf"
        return pypdfium2.PdfDocument(answer.data)


def links(document: pypdfium2.PdfDocument) -> list[str]:
    """Every symbol of every page at 300 dpi, in order of reading."""
    found = []
    for page in document:
        picture = page.render(scale=300 / 72, grayscale=True).to_pil()
        symbols = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        places = sorted((round(s.position.top_left.y / 40), s.position.top_left.x, s.text) for s in symbols)
        found += [text for _row, _left, text in places]
    return found


def words(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_every_symbol_of_a_printed_sheet_leads_to_its_own_stamp(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run)
    document = pdf_of(browser, printing)

    assert links(document) == [f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in range(51, 61)]
    said = words(document)
    for word in ("Na Chi Lăng", "HTX Na Mẫu", "20/08/2026", "HNM-26A-0000051", "VietGAP-TT"):
        assert word in said
    assert "MẪU" not in said
    session.expire_all()
    assert [(row.state, row.first, row.last) for row in run.ranges][1:] == [("printed", 51, 60), ("made", 61, 100)]


def test_a_reprint_says_what_the_first_print_said_and_leaves_void_stamps_out(
    session: Session, house: House, run: Run, clock: Clock, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run, stock="a4-65", face="code")
    before = pdf_of(browser, printing)
    before_links, before_words = links(before), words(before)
    clock.advance(days=3)
    house.product.name_vi = "Na khác hẳn"
    house.cooperative.name = "HTX Đổi Tên"
    session.commit()
    browser = sign_in(house.member)
    again = pdf_of(browser, printing)
    assert (links(again), words(again)) == (before_links, before_words)

    void(session, run, 55, 55, "rách", actor=AUDITOR, now=NOON)
    session.commit()
    address = f"/my/stamps/printings/{printing.public_id}"
    refused = browser.post(f"{address}/file", data={"mark": "e" * 32, "reason": "máy in hỏng"})
    assert refused.status_code == 409
    assert "đã bị hủy sau đó" in refused.text
    assert browser.post(f"{address}/again", data={"mark": "f" * 32}).status_code == 302
    assert links(pdf_of(browser, printing)) == [link for place, link in enumerate(before_links) if place != 4]
    assert "1 tem đã hủy không được in" in browser.get(address).text


def test_used_places_of_the_first_sheet_stay_empty(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run, stock="a4-24", face="code", used_typed="1-20")
    document = pdf_of(browser, printing)
    assert len(document) == 2, "four places on the first sheet, six stamps on the next"
    assert len(links(document)) == 10


def test_a_run_with_a_gtin_carries_gs1_links(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    house.product.gtin = "08934567890128"
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 3, actor=AUDITOR, now=NOON, batch=batch)
    session.commit()
    browser = sign_in(house.member)
    printing = printed(session, browser, run, first="1", last="3")
    expected = [f"HTTP://TEM.TEST/01/08934567890128/21/{code_of(run, number)}" for number in (1, 2, 3)]
    assert links(pdf_of(browser, printing)) == expected


def test_samples_are_overprinted_and_never_count_as_printed(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    run = issue_stamps(
        session, keyring(), numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON, batch=batch, released=False
    )
    session.commit()
    browser = sign_in(house.member)
    printing = printed(session, browser, run, first="1", last="5")
    assert printing.sample
    assert words(pdf_of(browser, printing)).count("MẪU – KHÔNG SỬ DỤNG") >= 5
    session.expire_all()
    assert [row.state for row in run.ranges] == ["made"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first": ""}, "điền"),
        ({"first": "500"}, "có tem từ số 1 đến 100"),
        ({"stock": "a4-999"}, "chọn trong danh sách"),
        ({"face": "nothing"}, "chọn trong danh sách"),
        ({"used_typed": "25"}, "chỉ có các ô từ 1 đến 24"),
        ({"used_typed": "1-24"}, "đều đã dùng"),
        ({"used_typed": "ô đầu"}, "Hãy gõ các ô"),
        ({"stock": "roll-50x30", "used_typed": "1"}, "chỉ có các ô"),
        ({"format": "zpl"}, "cuộn"),
        ({"format": "docx"}, "chọn trong danh sách"),
        ({"stock": "roll-50x30", "format": "zpl", "dpi": "204"}, "chọn trong danh sách"),
        ({"copies": "0"}, "từ 1 đến 10"),
        ({"divider": "20000"}, "10.000"),
        ({"face": "trademark"}, "nhãn hiệu"),
        ({"face": "origin", "stock": "a5-seal-15"}, "không vừa con tem"),
    ],
)
def test_what_cannot_be_printed_is_refused_before_the_printer(
    session: Session, house: House, run: Run, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    answer = sign_in(house.member).post(f"/my/stamps/{run.public_id}/print", data=order(**changes))
    assert answer.status_code == 422
    assert said in answer.text
    assert session.scalar(select(func.count(Printing.id))) == 0


def test_the_vietgap_words_need_a_vietgap_certificate_that_covers_the_batch(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    blank = issue_stamps(
        session, keyring(), numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON, product=house.product
    )
    full = issue_stamps(session, keyring(), numbering(), house.cooperative, 5, actor=AUDITOR, now=NOON, batch=batch)
    session.commit()
    browser = sign_in(house.member)
    for run, status in ((blank, 422), (full, 302)):
        form = order(first="1", last="5", face="vietgap", mark="b" if run is full else "c")
        assert browser.post(f"/my/stamps/{run.public_id}/print", data=form).status_code == status


def test_the_preview_is_a_picture_that_nobody_can_use_and_it_writes_nothing(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    entries = session.scalar(select(func.count(Entry.index)))
    page = browser.get(f"/my/stamps/{run.public_id}/print").text
    source = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    answer = browser.get(source)
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data.startswith(b"\x89PNG")
    session.expire_all()
    assert session.scalar(select(func.count(Entry.index))) == entries
    assert session.scalar(select(func.count(Printing.id))) == 0
    assert browser.get(source.replace("a4-24", "nothing")).status_code == 404


def test_the_next_print_proposes_the_paper_and_face_of_the_last(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printed(session, browser, run, stock="a4-65", face="code")
    page = browser.get(f"/my/stamps/{run.public_id}/print").text
    assert '<option selected value="a4-65">' in page
    assert "61-100</textarea>" in page, "the first stamps that still wait"


def test_pressing_print_twice_keeps_one_order(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    first, second = (printed(session, browser, run) for _ in range(2))
    assert first is second
    assert session.scalar(select(func.count(Printing.id))) == 1


def test_another_cooperative_sees_no_order_and_no_pdf(
    session: Session, house: House, other_house: House, run: Run, sign_in: SignIn
) -> None:
    printing = printed(session, sign_in(house.member), run)
    stranger = sign_in(other_house.manager)
    assert stranger.get(f"/my/stamps/printings/{printing.public_id}").status_code == 404
    assert stranger.post(f"/my/stamps/printings/{printing.public_id}/file").status_code == 404


def test_stamps_of_several_batches_name_none(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    session.scalars(select(StampRange).where(StampRange.run_id == run.id, StampRange.first == 51)).one().batch_id = None
    session.commit()
    printing = printed(session, browser, run, first="40", last="60", face="code")
    assert printing.batch is None
    assert links(pdf_of(browser, printing)) == [f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in range(40, 61)]


def test_harvests_of_several_days_are_written_as_a_span() -> None:
    from trace.records import IntakeLine
    from trace.work.face_words import harvest_days

    def over(*days: date) -> str:
        return harvest_days(Batch(intake=[IntakeLine(harvested_on=day, weight_g=1) for day in days]))

    first = date(2026, 8, 30)
    assert over(first) == "30/08/2026"
    assert over(first, first + timedelta(days=1)) == "30–31/08/2026"
    assert over(first, first + timedelta(days=2)) == "30/08/2026–01/09/2026"
    assert over() == ""


def test_a_large_sheet_is_sent_from_disk(session: Session, house: House, sign_in: SignIn) -> None:
    made_for = {"product": house.product, "actor": AUDITOR, "now": NOON}
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 3000, **made_for)
    session.commit()
    browser = sign_in(house.member)
    printing = printed(session, browser, run, first="1", last="3000", stock="a4-65", face="code")
    with fetched(browser, printing) as answer:
        document = pypdfium2.PdfDocument(BytesIO(answer.data))
        assert len(document) == 47


def test_a_begun_sheet_is_offered_and_taken_up_where_it_ended(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    first = printed(session, browser, run, stock="a4-24", face="code", first="51", last="57")
    page = browser.get(f"/my/stamps/{run.public_id}/print").text
    assert f"In nốt tờ 1 của {run.label}, còn 17 ô" in page
    part = session.scalars(select(PartSheet).where(PartSheet.printing_id == first.id)).one()
    page = browser.get(f"/my/stamps/{run.public_id}/print?part={part.public_id}").text
    assert len(re.findall(r'name="used" value="\d+"[^>]* checked', page)) == 7

    used = [str(cell) for cell in range(7)]
    more = {"part": part.public_id, "cells_of": "a4-24", "used": used}
    again = printed(session, browser, run, mark="b", stock="a4-24", face="code", first="58", last="60", **more)
    left = session.scalars(select(PartSheet).where(PartSheet.ended_at.is_(None))).one()
    assert (left.printing_id, json.loads(left.used)) == (again.id, list(range(10)))
    page = pdf_of(browser, again)[0].render(scale=1).to_pil().convert("L")
    assert page.crop((0, 35, 595, 190)).getextrema()[0] > 200, "what was used stays empty"

    answer = browser.post(f"/my/stamps/{run.public_id}/print", data=order(mark="c", first="61", last="62", **more))
    assert answer.status_code == 409
    browser.post(f"/my/stamps/part-sheets/{left.public_id}", data={"mark": "d" * 32})
    assert "còn 14 ô" not in browser.get(f"/my/stamps/{run.public_id}/print").text


def test_any_pattern_of_used_places_is_kept(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    ticked = {"cells_of": "a4-24", "used": ["0", "2"], "used_typed": "5, 24"}
    printing = printed(session, browser, run, stock="a4-24", face="code", first="51", last="70", **ticked)
    assert json.loads(printing.words)["sheet"]["used"] == [0, 2, 4, 23]
    assert len(pdf_of(browser, printing)) == 1
    assert "Tờ 1/1" in words(pdf_of(browser, printing))
    other = {"cells_of": "a4-65", "used": ["0", "2"]}
    printing = printed(session, browser, run, mark="b", face="code", first="71", last="72", **other)
    assert json.loads(printing.words)["sheet"]["used"] == [], "ticks on another paper mean nothing here"


@pytest.mark.parametrize(
    ("kind", "name", "begins"),
    [
        ("zpl", ".zpl", b"~DGR:TEMGOC"),
        ("tspl", ".tspl", b"SIZE"),
        ("csv", ".csv", b"\xef\xbb\xbf"),
        ("xlsx", ".xlsx", b"PK"),
        ("labels", ".pdf", b"%PDF"),
        ("pdf", ".pdf", b"%PDF"),
    ],
)
def test_a_print_can_be_any_kind_of_file(
    session: Session, house: House, run: Run, sign_in: SignIn, kind: str, name: str, begins: bytes
) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run, stock="roll-50x30", face="code", format=kind)
    assert browser.get(f"/my/stamps/printings/{printing.public_id}").status_code == 200
    with fetched(browser, printing) as answer:
        assert answer.status_code == 200
        assert answer.data.lstrip().startswith(begins)
        assert answer.headers["Content-Disposition"].endswith(f"{run.serial(51)}_0000060{name}")
        if kind == "csv":
            assert answer.text.count("HTTP://TEM.TEST/T/") == 10
            assert run.serial(60) in answer.text
    if kind == "labels":
        assert len(pdf_of(browser, printing)) == 10


def test_a_number_is_printed_again_only_for_stamps_that_were_destroyed(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printed(session, browser, run)
    answer = browser.post(f"/my/stamps/{run.public_id}/print", data=order(mark="b", first="60", last="61"))
    assert answer.status_code == 409
    assert "đã in rồi" in answer.text
    assert "Đã hủy hết tem in trước" in answer.text
    printed(session, browser, run, mark="c", first="60", last="61", destroyed="y")


def test_what_will_not_scan_is_told_with_what_helps_and_not_printed(
    session: Session, house: House, batch: Batch, sign_in: SignIn
) -> None:
    house.product.gtin = "08934567890128"
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 9, actor=AUDITOR, now=NOON, batch=batch)
    session.commit()
    browser = sign_in(house.member)
    assert "Có quét được không?" in browser.get(f"/my/stamps/{run.public_id}/print").text
    asked = order(first="1", last="9", stock="a5-seal-15", face="symbol", dpi="203")
    answer = browser.post(f"/my/stamps/{run.public_id}/print", data=asked)
    assert answer.status_code == 422
    assert "sẽ không quét được" in answer.text
    assert 'class="fitness-bad"' in answer.text
    assert "0,396" in answer.text
    assert session.scalar(select(func.count(Printing.id))) == 0


def test_a_print_that_came_out_well_is_active_at_once(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run)
    make_waiting()
    address = f"/my/stamps/printings/{printing.public_id}/answer"
    assert "In tốt cả chưa?" in browser.get(f"/my/stamps/printings/{printing.public_id}").text
    assert browser.post(address, data={"mark": "b" * 32, "do": "good"}).status_code == 302
    session.expire_all()
    assert [(row.state, row.last) for row in run.ranges if row.first <= 60 <= row.last] == [("active", 60)]
    assert "In tốt cả chưa?" not in browser.get(f"/my/stamps/printings/{printing.public_id}").text
    assert browser.post(address, data={"mark": "c" * 32, "do": "spoiled"}).status_code == 409


def test_doubtful_stamps_are_void_and_as_many_new_ones_are_printed_at_once(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run, first="50", last="60", serials="51-53, 55-60")
    address = f"/my/stamps/printings/{printing.public_id}/answer"
    wrong = {"mark": "b" * 32, "do": "spoiled", "last_good": "58", "next_good": "53"}
    assert browser.post(address, data=wrong).status_code == 409, "the press has not finished it"
    make_waiting()
    assert browser.post(address, data=wrong).status_code == 422
    assert browser.post(address, data=wrong | {"last_good": "70"}).status_code == 422
    assert browser.post(address, data=wrong | {"last_good": "54"}).status_code == 422, "not in this print"
    scanned = f"HTTP://TEM.TEST/T/{code_of(run, 58)}"
    answer = browser.post(address, data=wrong | {"last_good": "53", "next_good": scanned})
    assert answer.status_code == 302, answer.text
    make_waiting()
    states = {number: row.state for row in run.ranges for number in range(row.first, row.last + 1)}
    assert {number for number, state in states.items() if state == "void"} == {55, 56, 57}
    assert {states[number] for number in (51, 52, 53, 58, 59, 60)} == {"active"}
    newest = session.scalars(select(Printing).order_by(Printing.id.desc())).first()
    assert newest is not None
    assert (newest.first, newest.last, newest.stock, newest.face) == (61, 63, "a4-24", "origin")
    assert len(links(pdf_of(browser, newest))) == 3


def test_the_same_numbers_are_printed_once_more_only_by_who_says_that_all_spoiled_ones_are_destroyed(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printing = printed(session, browser, run)
    make_waiting()
    said = {"mark": "b" * 32, "do": "spoiled", "last_good": "55", "next_good": "", "destroyed": "y"}
    answer = browser.post(f"/my/stamps/printings/{printing.public_id}/answer", data=said)
    newest = session.scalars(select(Printing).order_by(Printing.id.desc())).first()
    assert newest is not None
    assert newest.public_id in answer.location
    assert links(pdf_of(browser, newest)) == [f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in range(56, 61)]
    states = {number: row.state for row in run.ranges for number in range(row.first, row.last + 1)}
    assert [states[number] for number in (51, 55, 56, 60)] == ["active", "active", "printed", "printed"]


def test_one_button_on_a_batch_issues_and_prints_as_last_time(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    address = f"/my/stamps/for/{batch.public_id}"
    assert "In như lần trước" not in browser.get(address).text, "there is no last time yet"
    assert "In như lần trước" not in browser.get(f"/my/batches/{batch.public_id}").text
    printed(session, browser, run, stock="a4-65", face="code")
    assert "In như lần trước" in browser.get(f"/my/batches/{batch.public_id}").text
    runs = session.scalar(select(func.count(Run.id)))
    page = browser.get(address).text
    assert "In như lần trước" in page
    assert 'value="5"' in page, "100 packs and 5 % for spoiling, less the hundred that are issued"
    assert "65 tem" in page
    source = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    picture = browser.get(source)
    assert (picture.status_code, picture.data[:4]) == (200, b"\x89PNG"), "seen before anything is issued"
    assert browser.post(address, data=order(mark="c", count="2.000.000")).status_code == 422
    assert browser.post(address, data=order(mark="c", count="0")).status_code == 422
    too_many = browser.post(address, data=order(mark="d", count="675") | {"do": "preview"})
    assert too_many.status_code in {409, 422}
    assert "preview.png" in too_many.text, "it can be drawn, and is"
    assert "775 tem cho 100 gói" in too_many.text, "but not made, with the hundred before: said now"
    assert session.scalar(select(func.count(Run.id))) == runs
    form = {"mark": "b" * 32, "count": "5", "copies": "1", "stock": "a4-65", "face": "code", "do": "print"}
    answer = browser.post(address, data=form)
    assert answer.status_code == 302, answer.text
    newest = session.scalars(select(Printing).order_by(Printing.id.desc())).first()
    assert newest is not None
    assert (newest.stock, newest.face, newest.first, newest.last) == ("a4-65", "code", 1, 5)
    assert newest.run_id != run.id
    assert len(links(pdf_of(browser, newest))) == 5


def test_several_ranges_with_some_for_spoiling_leave_void_stamps_out_and_say_so(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    void(session, run, 53, 53, "rách", actor=AUDITOR, now=NOON)
    session.commit()
    browser = sign_in(house.member)
    asked = order(serials="51-54, 70", spoil="20", stock="a4-65", face="symbol")
    seen = browser.post(f"/my/stamps/{run.public_id}/print", data=asked | {"do": "preview"}).text
    assert "5 tem trên 1 tờ" in seen
    assert 'Bỏ qua tem đã hủy, mất hoặc thu hồi: <span class="code">53</span>' in " ".join(seen.split())
    printing = printed(session, browser, run, **{k: v for k, v in asked.items() if k != "mark"})
    numbers = [51, 52, 54, 70, 71]
    assert links(pdf_of(browser, printing)) == [f"HTTP://TEM.TEST/T/{code_of(run, number)}" for number in numbers]
    session.expire_all()
    states = {number: row.state for row in run.ranges for number in range(row.first, row.last + 1)}
    assert {number for number, state in states.items() if state == "printed"} == set(numbers)
    again = browser.post(f"/my/stamps/{run.public_id}/print", data=order(mark="d", serials="55-60, 71"))
    assert again.status_code == 409
    assert "0000071" in again.text


@pytest.mark.parametrize(
    ("serials", "said"),
    [
        ("60-51", "viết ngược"),
        ("51-60, 200", "có tem từ số 1 đến 100"),
        ("0-5", "có tem từ số 1 đến 100"),
        ("năm mươi", "Ghi số tem như"),
        ("HLG-26A-0000001", "thuộc đợt khác"),
    ],
)
def test_ranges_that_make_no_sense_are_refused_in_words(
    session: Session, house: House, run: Run, sign_in: SignIn, serials: str, said: str
) -> None:
    answer = sign_in(house.member).post(f"/my/stamps/{run.public_id}/print", data=order(serials=serials))
    assert answer.status_code == 422
    assert said in answer.text
    assert f"{serials}</textarea>" in answer.text, "what was typed is kept"
    assert session.scalar(select(func.count(Printing.id))) == 0
