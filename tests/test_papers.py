"""Documents on A4: read back as a reader would, Vietnamese whole, pages numbered, codes readable."""

from io import BytesIO

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from tests.conftest import NOON
from trace.work.papers import Column, Paper


def pages_of(document: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(document)
    return [page.get_textpage().get_text_range() for page in pdf]


@pytest.fixture
def paper() -> Paper:
    return Paper("Sổ nhật ký", foot="HTX Na Mẫu", page_of="Trang %(page)s/%(pages)s", made_at=NOON)


def test_long_tables_run_on_with_their_heads_and_numbers(paper: Paper) -> None:
    paper.title("Sổ nhật ký", "HTX Na Mẫu")
    paper.contents("Mục lục")
    for kind in ("Phun thuốc", "Thu hoạch"):
        paper.heading(kind)
        rows = [[f"dòng {n}", "Nguyễn Thị Đượm, thửa Lũng Thẳm"] for n in range(70)]
        paper.table([Column("Ngày"), Column("Người và thửa", 3)], rows)
    pages = pages_of(paper.finish())
    assert "Phun thuốc" in pages[0]
    assert "Thu hoạch" in pages[0]
    assert all(f"Trang {number}/{len(pages)}" in page.replace("\r\n", "") for number, page in enumerate(pages, 1))
    assert all("Người và thửa" in page for page in pages[1:])
    assert sum(page.count("Nguyễn Thị Đượm, thửa Lũng Thẳm") for page in pages) == 140


def test_a_code_on_paper_leads_where_it_says(paper: Paper) -> None:
    paper.code("https://tem.vn/my/diary/paper/0123456789ab/2026-08")
    paper.title("Nhật ký tháng 8")
    picture = pypdfium2.PdfDocument(paper.finish())[0].render(scale=3).to_pil()
    [read] = zxingcpp.read_barcodes(np.asarray(picture.convert("L")))
    assert read.text == "https://tem.vn/my/diary/paper/0123456789ab/2026-08"


def test_letters_without_a_glyph_and_pictures_do_not_stop_a_document(paper: Paper) -> None:
    photo = BytesIO()
    Image.new("RGB", (900, 1600), "green").save(photo, "JPEG")
    paper.facts([("Ghi chú", "中文 và ₫"), ("Trống", None)])
    paper.picture(photo.getvalue())
    paper.signatures(["Người ghi", "Đại diện HTX"], "(ký, ghi rõ họ tên)")
    [page] = pages_of(paper.finish())
    assert "?? và ₫" in page
    assert "Trống" not in page
    assert "Đại diện HTX" in page
