"""The diary as a cooperative's people use it: on a phone, from paper, and printed for the certifier."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, Clock, House
from trace.records import DiaryEntry, DiaryPage, Grower, Plot
from trace.work.diary import DiaryFacts, enter

SPRAY = {"on_day": "18/08/2026", "material": "Abatin 1.8EC", "active": "Abamectin", "dose": "15 ml/bình 16 lít",
         "phi_days": "7", "done_by": "Vi Văn Mẫu", "purpose": "rệp sáp", "quantity": "1,5 lít"}  # fmt: skip


@pytest.fixture
def member(sign_in, house: House) -> FlaskClient:
    browser: FlaskClient = sign_in(house.member)
    return browser


@pytest.fixture
def second_plot(session: Session, house: House) -> Plot:
    plot = Plot(name="Vườn Giáp Thượng", folded="vuon giap thuong", grower_id=house.grower.id, area_m2=9_000,
                commune_code="06463", cooperative_id=house.cooperative.id, created_at=NOON)  # fmt: skip
    session.add(plot)
    session.commit()
    return plot


def jpeg() -> BytesIO:
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_spray_tells_the_first_harvest_day_at_once_and_on_the_plots_page(
    session: Session, member: FlaskClient, house: House, second_plot: Plot
) -> None:
    form = SPRAY | {"plots": [house.plot.public_id, second_plot.public_id]}
    sent = member.post("/my/diary/new?kind=pesticide", data=form)
    assert sent.status_code == 302, sent.text
    diary = member.get(sent.location).text
    assert "không thu hoạch trước ngày 25/08/2026" in diary
    assert "Abatin 1.8EC (Abamectin)" in diary
    assert "Vườn Giáp Thượng" in diary
    assert "Không thu hoạch trước ngày 25/08/2026" in member.get(f"/my/plots/{second_plot.public_id}").text
    entry = session.scalars(select(DiaryEntry)).one()
    assert (entry.quantity_milli, entry.unit, len(entry.plots)) == (1_500, "l", 2)
    again = member.get("/my/diary/new?kind=pesticide").text
    assert "Abatin 1.8EC" in again
    assert "rệp sáp" in again
    assert again.count("checked") == 2, "the plots of the last line are offered"
    assert 'value="1,5 lít"' not in again, "a quantity is never taken over"


def test_a_batch_cut_too_early_is_refused_on_its_form(session: Session, member: FlaskClient, house: House) -> None:
    member.post("/my/diary/new?kind=pesticide", data=SPRAY | {"plots": [house.plot.public_id]})
    batch = {"product": house.product.public_id, "intake-0-source": house.plot.public_id, "packs": "10",
             "intake-0-harvested_on": "20/08/2026", "intake-0-weight": "100 kg", "packed_on": "20/08/2026",
             "do": "submit"}  # fmt: skip
    answer = member.post("/my/batches/new", data=batch)
    assert answer.status_code == 422
    assert "thu hoạch ngày 20/08/2026 là sớm hơn ngày 25/08/2026" in answer.text


def test_complaints_stand_beside_their_fields_and_nothing_is_stored(
    session: Session, member: FlaskClient, house: House
) -> None:
    wrong = SPRAY | {"on_day": "31/02/2026", "phi_days": "9999", "quantity": "3 thúng", "dose": ""}
    answer = member.post("/my/diary/new?kind=pesticide", data=wrong)
    assert answer.status_code == 422
    for words in ("Đây chưa phải là ngày", "Chưa biết đơn vị này", "Abatin 1.8EC"):
        assert words in answer.text, words
    answer = member.post("/my/diary/new?kind=pesticide", data=SPRAY | {"phi_days": "9999", "dose": ""})
    for words in ("Thời gian cách ly từ 0 đến 365 ngày", "Ghi liều lượng đã dùng", "Chọn ít nhất một vườn"):
        assert words in answer.text, words
    assert session.scalars(select(DiaryEntry)).all() == []


def test_a_correction_is_added_and_both_lines_are_read(session: Session, member: FlaskClient, house: House) -> None:
    form = SPRAY | {"plots": [house.plot.public_id]}
    member.post("/my/diary/new?kind=pesticide", data=form)
    first = session.scalars(select(DiaryEntry)).one()
    there = f"/my/diary/{first.public_id}"
    assert "Abatin 1.8EC" in member.get(f"{there}/correct").text
    assert member.post(f"{there}/correct", data=form | {"phi_days": "1"}).status_code == 422, "a reason is asked for"
    fixed = member.post(f"{there}/correct", data=form | {"phi_days": "1", "reason": "chép nhầm"})
    page = member.get(fixed.location).text
    assert "chép nhầm" in page
    assert "Không thu hoạch trước ngày 19/08/2026" in page
    assert "đã được đính chính" in member.get(there).text
    assert member.post(f"{there}/correct", data=form | {"reason": "nữa"}).status_code == 409
    gone = member.post(f"{fixed.location}/withdraw", data={"reason": "phun ở vườn khác"})
    assert "Đã rút: phun ở vườn khác" in member.get(gone.location).text
    assert "Abatin" not in member.get("/my/diary?kind=pesticide").text


def test_a_filled_page_is_photographed_by_its_code_then_typed_and_counts_from_the_photo(
    session: Session, member: FlaskClient, house: House, clock: Clock, sign_in
) -> None:
    blank = member.get(f"/my/diary/paper/forms.pdf?month=2026-08&grower={house.grower.public_id}")
    assert blank.mimetype == "application/pdf"
    [sheet] = pypdfium2.PdfDocument(blank.data)
    words = sheet.get_textpage().get_text_range()
    assert "Nhật ký VietGAP tháng 08/2026" in words
    assert "Vi Văn Mẫu" in words
    [code] = zxingcpp.read_barcodes(sheet.render(scale=4).to_numpy())
    address = code.text.removeprefix("http://tem.test")
    sent = member.post(address, data={"photo": (jpeg(), "trang.jpg")}, content_type="multipart/form-data")
    assert sent.status_code == 302, sent.text
    page = session.scalars(select(DiaryPage)).one()
    clock.advance(days=12)
    clerk = sign_in(house.member)
    blank_rows = {f"lines-{n}-on_day": "" for n in range(8)}  # as a browser sends them
    line = blank_rows | {"lines-0-on_day": "16/08/2026", "lines-0-kind": "pesticide", "lines-0-material": "Abatin"}
    wrong = clerk.post(sent.location, data=line | {"do": "save"})
    assert wrong.status_code == 422
    assert wrong.text.count("Ghi liều lượng đã dùng") == 2, "on top and beside the field"
    whole = line | {"lines-0-dose": "15 ml", "lines-0-phi_days": "3", "lines-0-done_by": "Mẫu", "finished": "y",
                    "lines-3-on_day": "17/08/2026", "lines-3-kind": "harvest", "lines-3-quantity": "1 tạ"}  # fmt: skip
    done = clerk.post(sent.location, data=whole | {"do": "save"})
    assert done.status_code == 302, done.text
    entries = session.scalars(select(DiaryEntry).order_by(DiaryEntry.id)).all()
    assert [(entry.kind, entry.page_id, entry.weight_g) for entry in entries] == [
        ("pesticide", page.id, None), ("harvest", page.id, 100_000),
    ]  # fmt: skip
    shown = clerk.get("/my/diary").text
    assert "chép từ giấy" in shown
    assert "muộn" not in shown


def test_a_line_written_too_late_says_so(session: Session, member: FlaskClient, house: House) -> None:
    form = SPRAY | {"plots": [house.plot.public_id], "on_day": "01/08/2026"}
    sent = member.post("/my/diary/new?kind=pesticide", data=form)
    assert "Ghi sau khi làm 19 ngày" in member.get(sent.location).text
    assert "muộn 19 ngày" in member.get("/my/diary").text


def test_the_book_holds_every_version_for_the_certifier(session: Session, member: FlaskClient, house: House) -> None:
    form = SPRAY | {"plots": [house.plot.public_id], "on_day": "01/08/2026"}
    member.post("/my/diary/new?kind=pesticide", data=form)
    entry = session.scalars(select(DiaryEntry)).one()
    member.post(f"/my/diary/{entry.public_id}/correct", data=form | {"phi_days": "5", "reason": "chép nhầm"})
    answer = member.get("/my/diary/book?start=01/01/2026&end=20/08/2026&lang=en")
    assert answer.mimetype == "application/pdf"
    words = "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.data))
    for part in ("Sổ nhật ký VietGAP", "Phun thuốc", "Abatin 1.8EC", "chép nhầm", "đã được thay", "06/08/2026"):
        assert part in words, part
    assert member.get("/my/diary/book?start=01/01/2026&end=20/08/2025").status_code == 422


def test_another_cooperatives_plot_is_not_in_the_list(
    session: Session, member: FlaskClient, house: House, other_house: House
) -> None:
    theirs = enter(
        session, other_house.cooperative, DiaryFacts("irrigation", TODAY, (other_house.plot,)),
        actor=AUDITOR, now=NOON, today=TODAY,
    )  # fmt: skip
    session.commit()
    assert member.get(f"/my/diary/{theirs.public_id}").status_code == 404
    assert member.get(f"/my/diary?plot={other_house.plot.public_id}").status_code == 404
    sent = member.post("/my/diary/new?kind=pesticide", data=SPRAY | {"plots": [other_house.plot.public_id]})
    assert sent.status_code == 422
    answer = member.get(f"/my/diary/paper/forms.pdf?month=2026-08&grower={other_house.grower.public_id}")
    assert answer.status_code == 404


def test_many_households_get_one_page_each(session: Session, member: FlaskClient, house: House) -> None:
    session.add_all(
        Grower(name=f"Hộ số {n}", folded=f"ho so {n}", cooperative_id=house.cooperative.id, created_at=NOON)
        for n in range(4)
    )
    session.commit()
    pdf = pypdfium2.PdfDocument(member.get("/my/diary/paper/forms.pdf?month=2026-09").data)
    assert len(pdf) == 5
    assert member.get("/my/diary/paper/forms.pdf?month=x").status_code == 404
    later = (TODAY + timedelta(days=60)).strftime("%Y-%m")
    answer = member.post(
        f"/my/diary/paper/{house.grower.public_id}/{later}", data={"photo": (jpeg(), "x.jpg")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 422
