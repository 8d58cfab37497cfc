"""Sheets of stamps: read back from the paper, as a phone would."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from labels import Calibration, LabelError, Note, Sheet, Stamp, Words, stock_named, write_pdf

CODES = [f"17K3M9QX2WABCD{n:02d}" for n in range(70)]
LINKS = [f"HTTPS://TEM.EXAMPLE.VN/T/{code}" for code in CODES]
STAMPS = [Stamp(link, serial=f"HCL-26A-{n:07d}") for n, link in enumerate(LINKS, 1)]
WORDS = Words(
    product="Na Chi Lăng",
    cooperative="HTX Nông nghiệp sạch Đồng Mỏ",
    certificate="VietGAP-TT-13-09-20-0096",
    harvest_day="18/08/2026",
    product_2="Chi Lang custard apple",
)


def read_back(data: bytes | Path, dpi: int = 300) -> list[list[str]]:
    """The links on each page, by an independent decoder."""
    pages = []
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            image = page.render(scale=dpi / 72, grayscale=True).to_pil()
            pages.append([found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)])
    return pages


@pytest.mark.parametrize("stock", ["a4-65", "a4-24", "a5-12", "roll-50x30"])
@pytest.mark.parametrize("face", ["symbol", "code", "origin"])
def test_every_stamp_on_the_paper_is_read_at_300_dpi(tmp_path: Path, stock: str, face: str) -> None:
    out = tmp_path / "run.pdf"

    done = write_pdf(out, STAMPS, stock=stock, face=face, words=WORDS)

    pages = read_back(out)
    assert sorted(link for page in pages for link in page) == LINKS
    assert (done.labels, done.sheets, done.size) == (70, len(pages), out.stat().st_size)
    with pikepdf.open(out) as pdf:
        assert not pdf.check_pdf_syntax()


def test_code_in_fours_and_serial_stand_in_type_beside_the_symbol(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"

    write_pdf(out, STAMPS[:3], stock="a4-12", face="origin", words=WORDS)

    with pypdfium2.PdfDocument(out) as pdf:
        text = pdf[0].get_textpage().get_text_bounded()
    for wanted in ("17K3-M9QX-2WAB-CD00", "HCL-26A-0000003", "Na Chi Lăng", "Đồng Mỏ", "Thu hoạch: 18/08/2026"):
        assert wanted in text


def test_used_cells_stay_empty_and_no_stamp_is_lost() -> None:
    out = BytesIO()

    done = write_pdf(out, STAMPS, stock="a4-65", sheet=Sheet(used=(frozenset({0, 1, 2, 9}),), note=Note("J-12")))

    pages = read_back(out.getvalue())
    assert [len(page) for page in pages] == [61, 9]
    assert done.sheets == 2
    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        note = pdf[0].get_textpage().get_text_bounded()
    assert "Lệnh in J-12 · Tờ 1/2 · HCL-26A-0000001 – HCL-26A-0000061" in note


def test_a_printer_that_errs_gets_a_page_moved_and_stretched() -> None:
    out = BytesIO()

    write_pdf(
        out, STAMPS[:1], stock="a4-24", face="symbol", sheet=Sheet(calibration=Calibration(2.0, -1.0, 1.01, 0.99))
    )

    plain = BytesIO()
    write_pdf(plain, STAMPS[:1], stock="a4-24", face="symbol")
    (left, top), (moved_left, moved_top) = corner(plain), corner(out)
    assert moved_left == pytest.approx(2.0 + 1.01 * left, abs=0.05)
    assert moved_top == pytest.approx(-1.0 + 0.99 * top, abs=0.05)


def corner(pdf: BytesIO) -> tuple[float, float]:
    with pypdfium2.PdfDocument(pdf.getvalue()) as document:
        image = document[0].render(scale=1200 / 72, grayscale=True).to_numpy() < 128
    rows, columns = image.any(axis=1).argmax(), image.any(axis=0).argmax()
    return columns * 25.4 / 1200, rows * 25.4 / 1200


def test_the_command_writes_a_sheet_from_a_file_of_links(tmp_path: Path) -> None:
    links = tmp_path / "links.txt"
    links.write_text("".join(f"{stamp.link}\t{stamp.serial}\n" for stamp in STAMPS), encoding="utf-8")
    out = tmp_path / "sheet.pdf"

    done = subprocess.run(
        [sys.executable, "-m", "labels", "sheet", "--links", links, "--stock", "a4-65", "--out", out],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert sorted(link for page in read_back(out) for link in page) == LINKS


def test_a_stock_that_does_not_exist_is_refused_with_near_names() -> None:
    with pytest.raises(LabelError, match="a4-65") as refusal:
        stock_named("a4-66")
    assert refusal.value.code == "unknown-stock"
