"""Everything a cooperative entered, as one ZIP that opens anywhere and in which nothing can run."""

import zipfile
from collections.abc import Callable
from io import BytesIO

from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from trace.accounts import Person
from trace.records import Batch, Buyer, DiaryEntry, DiaryEntryPlot, DiaryKind, Run, SampleResult, SampleTest, Upload
from trace.work.dispatches import Leaving, dispatch
from trace.work.goods_left import Going
from trace.work.stamps import void

SignIn = Callable[[Person], FlaskClient]
ADDRESS = "/my/export/tem-goc.zip"


def taken(browser: FlaskClient) -> zipfile.ZipFile:
    with browser.get(ADDRESS) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "application/zip"
        return zipfile.ZipFile(BytesIO(answer.data))


def rows(archive: zipfile.ZipFile, sheet: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(archive.read("tem-goc.xlsx"))).get_sheet_by_name(sheet).to_python()


def keep_file(session: Session, house: House, name: str, content: bytes) -> Upload:
    upload = Upload(
        cooperative_id=house.cooperative.id, name=name, media_type="application/pdf", sha256="0" * 64,
        size_bytes=len(content), content=content, created_at=NOON,
    )  # fmt: skip
    session.add(upload)
    session.commit()
    return upload


def test_the_workbook_holds_every_record_under_vietnamese_headings(
    session: Session, house: House, batch: Batch, run: Run, sign_in: SignIn
) -> None:
    void(session, run, 60, 60, "rách", actor=AUDITOR, now=NOON)
    leaving = Leaving(TODAY, "Cô Sáu")
    going = [Going(batch, weight_g=12_500)]
    dispatch(session, house.cooperative, leaving, going, actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    archive = taken(sign_in(house.manager))

    batches = rows(archive, "Lô hàng")
    assert batches[0][:3] == ["Lô hàng", "Sản phẩm", batches[0][2]]
    assert batches[1][0] == batch.code
    assert 120.0 in batches[1]
    states = sorted((row[1], row[3]) for row in rows(archive, "Tem theo trạng thái")[1:])
    assert states == [(1.0, "đã kích hoạt"), (51.0, "chưa in"), (60.0, "đã hủy"), (61.0, "chưa in")]
    assert rows(archive, "Người mua")[1][0] == "Cô Sáu"
    assert rows(archive, "Hàng trên phiếu")[1][:3] == ["HNM-X260820-01", batch.code, 12.5]
    assert rows(archive, "Hộ thành viên")[1][0] == "Vi Văn Mẫu"


def test_no_cell_can_become_a_formula_and_numbers_of_papers_stay_text(
    session: Session, house: House, sign_in: SignIn
) -> None:
    wicked = '=HYPERLINK("http://x","y")'
    house.product.name_vi, house.product.gtin, house.grower.phone = wicked, "08934567890128", "+84912345678"
    session.add(Buyer(cooperative_id=house.cooperative.id, name="@SUM(A1)", folded="x", place="+1+1", created_at=NOON))
    session.commit()
    archive = taken(sign_in(house.manager))
    product = rows(archive, "Sản phẩm")[1]
    assert wicked in product
    assert "08934567890128" in product, "its zero in front is kept"
    assert rows(archive, "Người mua")[1][0] == "@SUM(A1)"
    with zipfile.ZipFile(BytesIO(archive.read("tem-goc.xlsx"))) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet or b"<f " in sheet or b"hyperlink" in sheet for sheet in sheets)


def test_every_file_comes_along_byte_for_byte_under_a_harmless_name(
    session: Session, house: House, sign_in: SignIn
) -> None:
    content = b"%PDF-1.4 " + bytes(range(256))
    upload = keep_file(session, house, "../../chứng nhận 1.pdf", content)
    archive = taken(sign_in(house.manager))
    [name] = [name for name in archive.namelist() if name.startswith("files/")]
    assert archive.read(name) == content
    assert name.startswith(f"files/{upload.public_id}-")
    assert ".." not in name
    assert name.count("/") == 1


def test_outlines_open_in_any_map_program(session: Session, house: House, sign_in: SignIn) -> None:
    house.plot.outline = '{"type":"Polygon","coordinates":[[[106.5,21.5],[106.6,21.5],[106.6,21.6],[106.5,21.5]]]}'
    session.commit()
    archive = taken(sign_in(house.manager))
    assert '"FeatureCollection"' in archive.read("plots.geojson").decode()


def test_nothing_of_another_cooperative_is_in_it(
    session: Session, house: House, other_house: House, batch: Batch, sign_in: SignIn
) -> None:
    theirs = make_batch(session, other_house)
    keep_file(session, other_house, "bi mat.pdf", b"%PDF-1.4 bi mat")
    archive = taken(sign_in(house.manager))
    book = zipfile.ZipFile(BytesIO(archive.read("tem-goc.xlsx")))
    everything = b"".join(book.read(name) for name in book.namelist())
    assert theirs.code.encode() not in everything
    assert "HTX Láng Giềng".encode() not in everything
    assert not [name for name in archive.namelist() if name.startswith("files/")]


def test_only_a_manager_takes_it_all(house: House, client: FlaskClient, sign_in: SignIn) -> None:
    member = sign_in(house.member)
    assert member.get(ADDRESS).status_code == 403
    assert member.get("/my/export").status_code == 403
    assert client.get(ADDRESS).status_code == 302
    assert sign_in(house.manager).get("/my/export").status_code == 200


def test_an_empty_cooperative_gets_an_empty_but_whole_workbook(session: Session, house: House, sign_in: SignIn) -> None:
    archive = taken(sign_in(house.manager))
    assert archive.testzip() is None
    assert len(rows(archive, "Lô hàng")) == 1


def test_the_farms_own_books_come_along(session: Session, house: House, batch: Batch, sign_in: SignIn) -> None:
    """Diary, laboratory reports, internal audits and complaints: all that was entered, each on a sheet of its own."""
    entry = DiaryEntry(
        cooperative_id=house.cooperative.id, kind=DiaryKind.PESTICIDE, on_day=TODAY, material="Trừ bệnh Mẫu",
        phi_days=7, withdraws=False, created_at=NOON,
    )  # fmt: skip
    report = SampleTest(
        cooperative_id=house.cooperative.id, laboratory="Phòng thử Mẫu", report_number="KN-7", batch_id=batch.id,
        sampled_on=TODAY, reported_on=TODAY, valid_until=TODAY, created_at=NOON,
    )  # fmt: skip
    report.results = [
        SampleResult(
            cooperative_id=house.cooperative.id, analyte="chì", found_micro=20_000, limit_micro=100_000, unit="mg/kg"
        )
    ]
    session.add_all([entry, report])
    session.flush()
    session.add(DiaryEntryPlot(cooperative_id=house.cooperative.id, entry_id=entry.id, plot_id=house.plot.id))
    session.commit()
    archive = taken(sign_in(house.manager))

    diary = rows(archive, "Nhật ký")[1]
    assert (diary[1], diary[2], diary[3]) == ("Phun thuốc", house.plot.name, "Trừ bệnh Mẫu")
    assert rows(archive, "Phiếu kiểm nghiệm")[1][0] == "KN-7"
    assert rows(archive, "Kết quả kiểm nghiệm")[1][:4] == ["KN-7", "chì", "", 0.02]
