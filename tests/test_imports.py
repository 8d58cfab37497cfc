"""Imports from Excel and CSV: every row looked at, all or nothing, taken back while unused; bombs refused in words."""

import zipfile
import zlib
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOON, House, make_batch
from trace.records import Buyer, Certificate, DiaryEntry, Grower, Import, Plot, Product, ScopeLine
from trace.standards.amounts import parse_amount, show_amount
from trace.standards.day_text import parse_day
from trace.standards.figures import NotAQuantity
from trace.standards.findings import parse_finding, show_finding
from trace.work.imports import KINDS
from trace.work.imports.matching import guess
from trace.work.imports.sheets import Sheet, read_file
from trace.work.refused import Refused


@pytest.fixture
def member(sign_in, house: House) -> FlaskClient:
    browser: FlaskClient = sign_in(house.member)
    return browser


def workbook(*sheets: list[list[Any]]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, day)
                    else:
                        sheet.write(at, column, cell)
    return out.getvalue()


def send(browser: FlaskClient, kind: str, data: bytes, name: str = "bang.xlsx", target: str = "") -> Any:
    return browser.post(
        f"/my/import/new/{kind}?target={target}", data={"file": (BytesIO(data), name)},
        content_type="multipart/form-data",
    )  # fmt: skip


GROWERS = [["Danh sách hộ năm 2026"], [], ["STT", "HỌ VÀ TÊN", "Số điện thoại", "Ghi chú"],
           [1, "Lộc Thị Suối", "0912 345 678", "thôn 1"], [2, "Hứa Văn Núi", 12345, ""], [], ["", ""]]  # fmt: skip


def test_a_list_of_households_is_matched_written_and_taken_back(
    session: Session, member: FlaskClient, house: House
) -> None:
    sent = send(member, "growers", workbook(GROWERS))
    assert sent.status_code == 302, sent.text
    page = member.get(sent.location).text
    assert "dòng bị sai" in page, "12345 is no phone"
    assert member.post(f"{sent.location}/write").status_code == 409
    right = [*GROWERS[:4], [2, "Hứa Văn Núi", "'0912000111", ""]]
    right[-1][2] = "0912000111"
    sent = send(member, "growers", workbook([["Sai trang"]], right))
    assert "Cả 2 dòng đã sẵn sàng" in member.get(sent.location).text
    assert member.post(f"{sent.location}/write").status_code == 302
    assert "Hứa Văn Núi" in member.get("/my/growers").text
    assert session.scalar(select(func.count(Grower.id))) == 3
    assert member.post(f"{sent.location}/write").status_code == 409
    back = member.post(f"{sent.location}/take-back")
    assert back.status_code == 302
    assert "Hứa Văn Núi" not in member.get("/my/growers").text
    assert "Hứa Văn Núi" not in member.get("/my/plots/new").text
    again = send(member, "growers", workbook(right))
    assert "Cả 2 dòng đã sẵn sàng" in member.get(again.location).text, "what was taken back may come again"


def test_an_import_that_is_in_use_stays_as_a_whole(session: Session, member: FlaskClient, house: House) -> None:
    sent = send(member, "growers", workbook([["Tên hộ"], ["Lộc Thị Suối"], ["Hứa Văn Núi"]]))
    member.post(f"{sent.location}/write")
    plots = "Tên vườn\tHộ\tDiện tích\tXã\nVườn Khau Đồn\tLộc Thị Suối\t0,9\tChi Lăng\n"
    pasted = member.post("/my/import/new/plots", data={"pasted": plots})
    assert member.post(f"{pasted.location}/write").status_code == 302
    refused = member.post(f"{sent.location}/take-back")
    assert refused.status_code == 422
    assert "Dòng 2 đang được dùng" in refused.text
    assert session.scalar(select(func.count(Grower.id)).where(Grower.left_on.is_not(None))) == 0
    assert member.post(f"{pasted.location}/take-back").status_code == 302
    assert member.post(f"{sent.location}/take-back").status_code == 302


def test_products_are_brought_refused_by_row_and_taken_back_while_unused(
    session: Session, member: FlaskClient, house: House
) -> None:
    head = "Tên sản phẩm\tGiống\tQuy cách\tKhối lượng tịnh\tHạn sử dụng\tGTIN\n"
    wrong = "Na Dai\t\ttúi\t0 kg\t7\t\nNa Bở\t\ttúi\t1 kg\t7\t8938505974190\nNa Lê\t\t\t1 kg\t9999\t\n"
    page = member.get(member.post("/my/import/new/products", data={"pasted": head + wrong}).location).text
    for complaint in ("Một gói chứa từ 1 g", "số kiểm tra không khớp", "Vui lòng điền mục này"):
        assert complaint.lower() in page.lower(), complaint
    rows = "Hồng Vành Khuyên\tvành khuyên\thộp\t1,5 kg\t10\t8938505974194\n"
    sent = member.post("/my/import/new/products", data={"pasted": head + rows})
    assert member.post(f"{sent.location}/write").status_code == 302
    product = session.scalars(select(Product).where(Product.name_vi == "Hồng Vành Khuyên")).one()
    assert (product.net_weight_g, product.shelf_life_days, product.pack) == (1500, 10, "hộp")
    assert product.gtin == "08938505974194"
    twice = member.get(member.post("/my/import/new/products", data={"pasted": head + rows}).location).text
    assert "Đã có sản phẩm Hồng Vành Khuyên" in twice
    assert member.post(f"{sent.location}/take-back").status_code == 302
    session.expire_all()
    assert product.gtin is None, "the number may be entered again"
    assert "Hồng Vành Khuyên" not in member.get("/my/products").text
    assert "Hồng Vành Khuyên" not in member.get("/my/batches/new").text


def test_scope_lines_are_pasted_without_headings_and_tell_row_column_and_reason(
    session: Session, member: FlaskClient, house: House
) -> None:
    certificate = Certificate(cooperative_id=house.cooperative.id, scheme="vietgap", number="VietGAP-TT-1",
                              body="Tổ chức Mẫu", issued_on=date(2026, 1, 1), expires_on=date(2028, 1, 1),
                              created_at=NOON)  # fmt: skip
    session.add(certificate)
    session.commit()
    address = f"/my/import/new/scope_lines?target={certificate.public_id}"
    rows = "Na Chi Lăng\tVườn Lũng Than\tVi Văn Mẫu\t{}\t{}"
    wrong = "\n".join([rows.format("0", "12"), rows.format("100.000", "12"), rows.format("2", "-3")])
    page = member.get(member.post(address, data={"pasted": wrong}).location).text
    listed, _, table = page.partition("import-rows")
    assert listed.count("Diện tích từ 1 m²") == table.count("Diện tích từ 1 m²") == 2, "0 and 100,000 hectares"
    assert "Số lượng không thể âm" in page
    good = member.post(address, data={"pasted": rows.format("2", "18")})
    assert member.post(f"{good.location}/write").status_code == 302
    line = session.scalars(select(ScopeLine).where(ScopeLine.certificate_id == certificate.id)).one()
    assert (line.area_m2, line.expected_g_a_year, line.plot_id) == (20_000, 18_000_000, house.plot.id)
    twice = member.get(member.post(address, data={"pasted": rows.format("1", "9")}).location).text
    assert "sai" in twice, "a line that overlaps one of the certificate"
    assert member.post(f"{good.location}/take-back").status_code == 302
    session.expire_all()
    assert certificate.scope == []


DAYS = ["18/08/2026", "18-8-2026", "2026-08-18", "ngày 18 tháng 8 năm 2026", date(2026, 8, 18), "46252"]


def test_a_diary_from_excel_reads_days_in_all_their_forms(session: Session, member: FlaskClient, house: House) -> None:
    head = ["Ngày thực hiện", "Công việc", "Vườn", "Tên thuốc", "Hoạt chất", "Liều lượng",
            "Thời gian cách ly (ngày)", "Người phun", "Số lượng"]  # fmt: skip
    body = [[day, "Phun thuốc", "Vườn Lũng Than", f"Thuốc {n}", "Abamectin", "10 ml/16 l", 7, "Mẫu", 1.5]
            for n, day in enumerate(DAYS)]  # fmt: skip
    sent = send(member, "diary", workbook([head, *body]))
    assert "Cả 6 dòng đã sẵn sàng" in member.get(sent.location).text
    member.post(f"{sent.location}/write")
    entries = session.scalars(select(DiaryEntry)).all()
    assert {entry.on_day for entry in entries} == {date(2026, 8, 18)}
    assert {(entry.quantity_milli, entry.unit) for entry in entries} == {(1_500, "l")}
    assert member.post(f"{sent.location}/take-back").status_code == 302
    assert "Thuốc 1" not in member.get("/my/diary").text
    wrong = [head, ["08/18/2026", "nhảy múa", "Vườn Lạ", "", "", "", "", "", ""]]
    page = member.get(send(member, "diary", workbook(wrong)).location).text
    assert "Chưa biết việc này" in page
    assert member.get(sent.location).status_code == 200


def test_columns_twice_and_missing_ones_are_asked_about(session: Session, member: FlaskClient, house: House) -> None:
    sent = send(member, "buyers", workbook([["Tên", "Tên", "Nơi giao"], ["A", "Siêu thị Mẫu", "Hà Nội"]]))
    assert "Hai cột có vẻ chứa cùng một thứ" in member.get(sent.location).text
    assert member.post(f"{sent.location}/write").status_code == 409
    both = member.post(f"{sent.location}/match", data={"column-0": "name", "column-1": "name"})
    assert both.status_code == 422
    chosen = {"column-0": "", "column-1": "name", "column-2": "place"}
    assert member.post(f"{sent.location}/match", data=chosen).status_code == 302
    assert member.post(f"{sent.location}/write").status_code == 302
    assert session.scalars(select(Buyer)).one().name == "Siêu thị Mẫu"
    strange = send(member, "buyers", workbook([["x", "y"], ["1", "2"]]))
    assert "Thiếu một số cột" in member.get(strange.location).text
    member.post(f"{strange.location}/drop")
    assert member.get(strange.location).status_code == 404


def test_another_cooperatives_import_is_not_there(
    session: Session, member: FlaskClient, house: House, other_house: House, sign_in
) -> None:
    sent = send(member, "growers", workbook([["Tên hộ"], ["Lộc Thị Suối"]]))
    neighbour = sign_in(other_house.member)
    assert neighbour.get(sent.location).status_code == 404
    assert neighbour.post(f"{sent.location}/write").status_code == 404
    paper = other_house.certificate.public_id
    assert member.get(f"/my/import/new/scope_lines?target={paper}").status_code == 404


def test_the_template_can_be_sent_back_as_it_is(member: FlaskClient, house: House) -> None:
    for kind in ("growers", "plots", "products", "diary", "buyers"):
        [sheet] = read_file(member.get(f"/my/import/{kind}/template.xlsx").data, "file")
        found = guess(KINDS[kind], [sheet], pasted=False)
        assert found.heading == 0
        assert list(found.columns.values()) == [column.name for column in KINDS[kind].columns], kind
        assert not found.twice


# ---- what must never be read ----


def _zip(**changes: bytes) -> bytes:
    """A workbook with parts replaced or added."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(workbook([["Tên hộ"], ["A"]]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, changes.pop(part, old.read(part)))
        for part, content in changes.items():
            new.writestr(part, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def _bomb() -> bytes:
    """500 MB of zeros in half a megabyte."""
    return _zip(**{SHEET: HEAD + b"0" * 500_000_000})


def _lying() -> bytes:
    """A part that declares ten bytes and unpacks to more."""
    data = bytearray(_zip())
    with zipfile.ZipFile(BytesIO(bytes(data))) as archive:
        part = archive.getinfo(SHEET)
    central = data.index(b"PK\x01\x02", part.header_offset)
    while data[central + 46 : central + 46 + len(SHEET)] != SHEET.encode():
        central = data.index(b"PK\x01\x02", central + 4)
    for at in (part.header_offset + 22, central + 24):
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def _rows(count: int, *, filled: bool) -> bytes:
    cells = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(1, count))
    last = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>A</t></is></c></row>' % (count, count) if filled else b""
    return HEAD + cells + last + b"</sheetData></worksheet>"


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">]>' + HEAD + b"</sheetData></worksheet>"
FORMULA = HEAD + b'<row r="1"><c r="A1"><f>SUM(B1:B9)</f><v>1</v></c></row></sheetData></worksheet>'
FAR = HEAD + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_bomb, "larger than 50 MB"),
        (_lying, "lies about its own size"),
        (lambda: _zip(**{SHEET: ENTITIES}), "instructions"),
        (lambda: _zip(**{SHEET: FORMULA}), "Cell A1 holds a formula"),
        (lambda: _zip(**{SHEET: FAR}), "1048576 rows"),
        (lambda: _zip(**{SHEET: _rows(300_000, filled=True)}), "300000 rows"),
        (lambda: _zip(**{f"xl/extra{n}.xml": b"<x/>" for n in range(250)}), "too many parts"),
        (lambda: _zip()[:400], "damaged"),
        (lambda: b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "old Excel"),
        (lambda: b"%PDF-1.7", "no Excel"),
        (lambda: b"", "empty"),
        (lambda: "Tên\nVũ".encode("cp1258", "replace") + b"\xff\xfe", "letters"),
        (lambda: zlib.compress(b"x"), "letters"),
        (lambda: b"x" * (11 * 1024 * 1024), "more than 10 MB"),
        (lambda: b"A\n" * 6_000, "rows"),
        (lambda: b"," * 200, "columns|empty"),
    ],
)
def test_hostile_and_broken_files_are_refused_in_a_sentence(make: Any, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        read_file(make(), "file")
    assert refused.value.field == "file"


def test_a_million_styled_blank_rows_are_passed_over() -> None:
    [sheet] = read_file(_zip(**{SHEET: _rows(1_048_576, filled=False).replace(
        b'<row r="1"><c r="A1" s="1"/></row>', b'<row r="1"><c r="A1" t="inlineStr"><is><t>Ho</t></is></c></row>', 1
    )}), "file")  # fmt: skip
    assert sheet.rows == (("Ho",),)


def test_a_refused_file_answers_422_and_stores_nothing(session: Session, member: FlaskClient, house: House) -> None:
    answer = send(member, "growers", _zip(**{SHEET: FORMULA}))
    assert answer.status_code == 422
    assert "Ô A1 chứa công thức" in answer.text
    assert session.scalars(select(Import)).all() == []
    assert send(member, "growers", b"", "").status_code == 422


# ---- the readers ----


@pytest.mark.parametrize("text", ["31/02/2026", "8/20/2026", "2026", "hôm qua", "99/99/9999", "1/1/0001", "00000"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(NotAQuantity):
        parse_day(text)


@given(st.dates(date(1955, 1, 1), date(2145, 1, 1)))
def test_every_form_of_a_day_is_the_same_day(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = [f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day.day}.{day.month}.{day.year}", f"{day:%Y-%m-%d} 00:00:00",
             f"Ngày {day.day} tháng {day.month} năm {day.year}", str(serial),
             f"{day.day} thg {day.month}, {day.year}"]  # fmt: skip
    assert {parse_day(form) for form in forms} == {day}


@given(st.integers(1, 10**10), st.sampled_from(["kg", "l", "m3", "piece", "bag", "bottle", "hour"]))
def test_amounts_are_read_back_as_written(milli: int, unit: str) -> None:
    assert parse_amount(show_amount(milli, unit, "vi")) == (milli, unit)


@given(st.none() | st.integers(0, 10**12))
def test_findings_are_read_back_as_written(micro: int | None) -> None:
    assert parse_finding(show_finding(micro, "vi")) == micro


@settings(max_examples=200)
@given(st.text(max_size=20))
def test_readers_answer_in_their_own_words(text: str) -> None:
    for reader in (parse_day, parse_amount, parse_finding):
        try:
            reader(text)
        except NotAQuantity:
            continue


@given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=6), st.booleans())
def test_any_sheet_can_be_matched(rows: list[list[str]], pasted: bool) -> None:
    for kind in KINDS.values():
        found = guess(kind, [Sheet("", tuple(map(tuple, rows)))], pasted=pasted)
        assert len(set(found.columns.values())) == len(found.columns)


def test_a_plot_that_a_batch_names_keeps_its_import(session: Session, member: FlaskClient, house: House) -> None:
    sent = member.post("/my/import/new/plots", data={"pasted": "Tên vườn\tDiện tích\nVườn Mới\t1 ha\n"})
    member.post(f"{sent.location}/write")
    plot = session.scalars(select(Plot).where(Plot.name == "Vườn Mới")).one()
    batch = make_batch(session, house, submitted=False)
    batch.intake[0].plot_id = plot.id
    session.commit()
    assert member.post(f"{sent.location}/take-back").status_code == 422
