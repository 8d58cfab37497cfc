"""The other formats: each read by something that is not ours."""

import csv
import re
import zipfile
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from lxml import etree
from PIL import Image
from python_calamine import CalamineWorkbook
from zplkit import Options, render
from zplkit.rendering import Limits

from labels import (
    STOCKS,
    Calibration,
    LabelError,
    Note,
    Sheet,
    Stamp,
    Words,
    label_png,
    label_svg,
    page_png,
    prove_dots,
    stock_named,
    write_csv,
    write_labels_pdf,
    write_pdf,
    write_pngs,
    write_svgs,
    write_tspl,
    write_xlsx,
    write_zpl,
)

STAMPS = [
    Stamp(f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WABCD{n:02d}", serial=f"HCL-26A-{n:07d}", pin="K7M2QX")
    for n in range(1, 11)
]
LINKS = [stamp.link for stamp in STAMPS]
WORDS = Words(product="Na Chi Lăng", cooperative="HTX Đồng Mỏ", harvest_day="18/08/2026")
ROLL = Sheet(leader=True, divider_every=6, note=Note("J-12", "HCL-0818", "22/11/2026"))


def read(picture: Image.Image | np.ndarray) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCodeModel2)]


def zpl_pictures(data: bytes, dpi: int) -> list[Image.Image]:
    """Each label as an independent renderer draws it; media, speed and deleting draw nothing, and it knows none."""
    bare = re.sub(rb"\^MN[WMN]|\^PR2|\^XA\^ID.*\^XZ\n", b"", data)
    document = render(bare, Options(profile="specification", dpi=dpi), limits=Limits(graphic_bytes=10**7))
    assert not document.warnings
    rasters = [scene.rasterize() for scene in document.labels]
    return [Image.frombytes("L", (raster.width, raster.height), raster.pixels) for raster in rasters]


def tspl_pictures(data: bytes) -> list[Image.Image]:
    """Each printed bitmap, as TSPL describes it: a 0 is black."""
    pictures = []
    for found in re.finditer(rb"BITMAP 0,0,(\d+),(\d+),0,", data):
        wide, high = int(found[1]), int(found[2])
        raw = data[found.end() : found.end() + wide * high]
        assert data[found.end() + wide * high :].startswith(b"\r\nPRINT 1,1\r\n")
        pictures.append(Image.frombytes("1", (8 * wide, high), raw).convert("L"))
    return pictures


@pytest.mark.parametrize("dpi", [203, 300, 600])
@pytest.mark.parametrize("stock", ["roll-35x22-3", "roll-50x30", "roll-50x30-mark"])
def test_zpl_drawn_by_another_renderer_reads_back(stock: str, dpi: int) -> None:
    out = BytesIO()

    done = write_zpl(out, STAMPS, stock=stock, face="origin", words=WORDS, sheet=ROLL, dpi=dpi)

    pictures = zpl_pictures(out.getvalue(), dpi)
    assert sorted(link for picture in pictures for link in read(picture)) == LINKS
    assert len(pictures) == done.sheets + 3  # leader, one divider, end
    assert (b"^MNM" in out.getvalue()) == stock.endswith("mark")


def test_zpl_modules_are_whole_dots() -> None:
    out = BytesIO()
    write_zpl(out, STAMPS[:1], stock="roll-35x22", face="symbol")
    [picture] = zpl_pictures(out.getvalue(), 203)
    dark = np.array(picture) < 128
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    side = rows[-1] - rows[0] + 1
    assert side == columns[-1] - columns[0] + 1
    module, rest = divmod(side, 25 if side % 25 == 0 else 29)
    assert rest == 0
    assert module >= 3
    symbol = dark[rows[0] : rows[0] + side, columns[0] : columns[0] + side]
    small = symbol[::module, ::module]
    assert (small.repeat(module, axis=0).repeat(module, axis=1) == symbol).all()


@pytest.mark.parametrize("stock", ["roll-35x22-3", "roll-100x50"])
def test_tspl_bitmaps_read_back_between_leader_and_end(stock: str) -> None:
    out = BytesIO()

    done = write_tspl(out, STAMPS, stock=stock, face="origin", words=WORDS, sheet=ROLL)

    pictures = tspl_pictures(out.getvalue())
    assert len(pictures) == done.sheets + 3
    assert sorted(link for picture in pictures for link in read(picture)) == LINKS
    assert out.getvalue().startswith(b"SIZE ")


WRITERS = {"zpl": write_zpl, "tspl": write_tspl}


@pytest.mark.parametrize("language", WRITERS)
@pytest.mark.parametrize("stock", ["roll-35x22-3", "roll-100x50"])
@pytest.mark.parametrize("every", [10_000, 3])
def test_what_goes_to_the_printer_is_proven_dot_by_dot(language: str, stock: str, every: int, tmp_path: Path) -> None:
    """Small runs are read whole from the file; of large ones a few rows, and every symbol's modules."""
    path, options = tmp_path / "run", {"stock": stock, "face": "code", "sheet": ROLL}
    WRITERS[language](path, STAMPS, **options)

    proof = prove_dots(path, STAMPS, every=every, seed=1, **options)

    assert proof.ok, proof.faults
    assert (proof.read, proof.checked) == ((10, 0) if every > 10 else (proof.read, 10))
    assert 0 < proof.read < 10 or every > 10


@pytest.mark.parametrize("language", WRITERS)
@pytest.mark.parametrize("every", [10_000, 3])
def test_a_printers_file_with_one_wrong_dot_row_lost_or_doubled_is_not_released(
    language: str, every: int, tmp_path: Path
) -> None:
    path, options = tmp_path / "run", {"stock": "roll-50x30", "face": "code"}
    WRITERS[language](path, STAMPS, **options)
    whole = path.read_bytes()
    begin, end = {"zpl": (b"^XA^M", b"^XZ\n"), "tspl": (b"CLS\r\n", b"PRINT 1,1\r\n")}[language]
    at = whole.index(begin, len(whole) // 2)
    label = whole[at : whole.index(end, at) + len(end)]
    other = [replace(STAMPS[0], link=STAMPS[0].link[:-1] + "7"), *STAMPS[1:]]

    def proven(data: bytes, stamps: list[Stamp] = STAMPS) -> bool:
        path.write_bytes(data)
        return prove_dots(path, stamps, every=every, seed=1, **options).ok

    assert proven(whole)
    assert not proven(whole.replace(label, b"", 1)), "a label lost"
    assert not proven(whole.replace(label, label * 2, 1)), "a label twice"
    assert not proven(whole, other), "another number"
    with pytest.raises(LabelError, match="printer would not understand"):
        proven(whole[: len(whole) // 2])


def test_an_overprint_spoils_every_format(tmp_path: Path) -> None:
    options = {"stock": "roll-50x30", "face": "code", "sheet": Sheet(overprint="MẪU – KHÔNG SỬ DỤNG")}
    zpl, tspl = BytesIO(), BytesIO()
    write_zpl(zpl, STAMPS[:2], **options)
    write_tspl(tspl, STAMPS[:2], **options)

    for picture in [*zpl_pictures(zpl.getvalue(), 203), *tspl_pictures(tspl.getvalue())]:
        assert not read(picture)
    assert not read(Image.open(BytesIO(label_png(STAMPS[0], **options))))
    assert "rotate(-30)" in label_svg(STAMPS[0], **options)
    for name, data in {"zpl": zpl, "tspl": tspl}.items():
        (tmp_path / name).write_bytes(data.getvalue())
        assert prove_dots(tmp_path / name, STAMPS[:2], **options).ok


def test_a_roll_moved_in_its_printer_is_moved_back() -> None:
    plain, moved = BytesIO(), BytesIO()
    write_tspl(plain, STAMPS[:1], stock="roll-50x30", face="symbol")
    write_tspl(moved, STAMPS[:1], stock="roll-50x30", face="symbol", sheet=Sheet(calibration=Calibration(1.0, 0.5)))

    [first], [second] = tspl_pictures(plain.getvalue()), tspl_pictures(moved.getvalue())

    assert (
        np.argwhere(np.array(second) == 0).min(axis=0).tolist()
        == (np.argwhere(np.array(first) == 0).min(axis=0) + np.array([4, 8])).tolist()
    )


def test_a_label_printer_is_refused_a_sheet() -> None:
    with pytest.raises(LabelError, match="a4-65 is a sheet"):
        write_zpl(BytesIO(), STAMPS, stock="a4-65")


def test_a_roll_as_pdf_has_one_row_a_page_and_tells_its_range() -> None:
    out = BytesIO()

    done = write_pdf(out, STAMPS, stock="roll-35x22-3", face="code", sheet=ROLL)

    stock = stock_named("roll-35x22-3")
    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        sizes = {(round(page.get_width() / 72 * 25.4, 1), round(page.get_height() / 72 * 25.4, 1)) for page in pdf}
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    assert sizes == {(stock.page_width_mm, stock.page_height_mm)}
    assert len(texts) == done.sheets + 3 == 7
    assert "ĐẦU CUỘN" in texts[0]
    assert "Lệnh in J-12" in texts[0]
    assert "ĐÃ ĐỦ 6 TEM" in texts[3]
    assert "HCL-26A-0000001 – HCL-26A-0000010" in texts[-1].replace("\r\n", " ")


def test_one_label_a_page_has_the_label_as_its_trim_box_and_marks_outside_it() -> None:
    out = BytesIO()

    write_labels_pdf(out, STAMPS[:2], stock="a4-round-30", face="symbol", sheet=Sheet(bleed_mm=3, crop_marks=True))

    with pikepdf.open(BytesIO(out.getvalue())) as pdf:
        assert len(pdf.pages) == 2
        page = pdf.pages[0]
        trim, bleed, media = (
            [float(value) * 25.4 / 72 for value in page[box]] for box in ("/TrimBox", "/BleedBox", "/MediaBox")
        )
    assert trim[2] - trim[0] == pytest.approx(30, abs=0.01)
    assert bleed[2] - bleed[0] == pytest.approx(36, abs=0.01)
    assert media[2] > bleed[2]
    assert sorted(link for page in rendered(out.getvalue()) for link in read(page)) == LINKS[:2]


def rendered(data: bytes) -> list[Image.Image]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [page.render(scale=300 / 72, grayscale=True).to_pil() for page in pdf]


def test_a_pdf_says_how_to_print_it_and_passes_qpdf() -> None:
    out = BytesIO()
    write_pdf(out, STAMPS, stock="a4-24", face="origin", words=WORDS, title="Tem na Chi Lăng")

    with pikepdf.open(BytesIO(out.getvalue())) as pdf:
        assert not pdf.check_pdf_syntax()
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        assert str(pdf.docinfo["/Title"]) == "Tem na Chi Lăng"
        assert all(box in pdf.pages[0] for box in ("/MediaBox", "/CropBox", "/TrimBox", "/BleedBox"))
        assert not any(isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image" for thing in pdf.objects)


def test_the_same_job_gives_the_same_pages_again() -> None:
    first, second = BytesIO(), BytesIO()
    for out in (first, second):
        write_pdf(out, STAMPS, stock="a4-24", face="origin", words=WORDS)
    bare = [re.sub(rb"/CreationDate\(.*?\)", b"", out.getvalue()) for out in (first, second)]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_pngs_come_in_a_zip_named_by_serial_in_whole_dots(dpi: int) -> None:
    out = BytesIO()

    write_pngs(out, STAMPS, stock="a4-65", face="origin", words=WORDS, dpi=dpi)

    with zipfile.ZipFile(out) as box:
        assert box.namelist()[0] == "0000001-HCL-26A-0000001.png"
        pictures = [Image.open(BytesIO(box.read(name))) for name in box.namelist()]
    assert [link for picture in pictures for link in read(picture)] == LINKS
    assert pictures[0].info["dpi"] == pytest.approx((dpi, dpi), abs=0.1)
    assert pictures[0].size == (round(38.1 * dpi / 25.4), round(21.2 * dpi / 25.4))


def test_svgs_are_sound_xml_in_millimetres_and_draw_the_symbol() -> None:
    out = BytesIO()
    write_svgs(out, STAMPS, stock="a4-65", face="origin", words=WORDS)

    with zipfile.ZipFile(out) as box:
        svg = etree.fromstring(box.read(box.namelist()[3]))
    assert (svg.get("width"), svg.get("height"), svg.get("viewBox")) == ("38.1mm", "21.2mm", "0 0 38.1 21.2")
    path = next(part for part in svg.iter("{*}path") if part.get("shape-rendering"))
    dark = np.zeros((29, 29), np.uint8)
    for left, top, long in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.get("d")):
        dark[int(top), int(left) : int(left) + int(long)] = 1
    size = 25 if not dark[25:].any() else 29
    picture = np.where(np.pad(dark[:size, :size], 4), np.uint8(0), np.uint8(255)).repeat(4, axis=0).repeat(4, axis=1)
    assert read(picture) == [LINKS[3]]
    assert "17K3-M9QX-2WAB-CD04" in svg.findtext("{*}title")


def test_the_preview_is_the_real_first_page_at_true_scale() -> None:
    many = [Stamp(f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WAB{n:04d}", serial=f"HCL-26A-{n:07d}") for n in range(200)]
    sheet = Sheet(used=(frozenset(range(10)),), note=Note("J-12"))

    picture = Image.open(BytesIO(page_png(many, stock="a4-65", face="code", sheet=sheet, dpi=200)))

    assert picture.info["dpi"] == pytest.approx((200, 200), abs=0.1)
    assert picture.size == (round(210 / 25.4 * 200), round(297 / 25.4 * 200))
    assert sorted(read(picture)) == [stamp.link for stamp in many[:55]]


def test_a_look_at_a_run_hides_every_symbol_leaves_the_words_and_counts_all_its_sheets() -> None:
    begun = [Stamp(f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WAB{n:04d}", serial=f"HCL-26A-{n:07d}") for n in range(24)]
    options: dict[str, Any] = {"stock": "a4-24", "face": "code", "dpi": 200}
    plain = page_png(begun, sheet=Sheet(note=Note("J-12")), labels=500, **options)
    shown = page_png(
        begun, sheet=Sheet(note=Note("J-12"), overprint="MẪU", overprint_symbol_only=True), labels=500, **options
    )
    alone = page_png(begun, sheet=Sheet(note=Note("J-12")), **options)

    assert read(Image.open(BytesIO(shown))) == []
    one, other = (np.asarray(Image.open(BytesIO(data)).convert("L")).astype(int) for data in (plain, shown))
    scale = 200 / 25.4
    for cell in range(24):
        x, y = STOCKS["a4-24"].place(cell)
        words = (
            slice(round(y * scale), round((y + 33.9) * scale)),
            slice(round((x + 36) * scale), round((x + 64) * scale)),
        )
        assert (one[words] < 128).sum() > 500
        assert abs(one[words] - other[words]).max() == 0, "words stand as they will be printed"
    assert plain != alone, "“sheet 1 of 21” stands where “1 of 1” stood"


def test_a_print_houses_list_keeps_zeros_and_holds_no_formula() -> None:
    odd = [
        Stamp("HTTPS://T.VN/T/AAAA", serial="0001"),
        Stamp("HTTPS://T.VN/T/BBBB", serial="=HYPERLINK(1)"),
        Stamp("HTTPS://T.VN/T/CCCC", code="+84", serial="-1"),
        Stamp("HTTPS://T.VN/T/DDDD", code="@SUM", serial='a"b,c', pin="123456"),
    ]
    text, book = BytesIO(), BytesIO()

    write_csv(text, odd, pins=True)
    write_xlsx(book, odd, pins=True)

    assert text.getvalue().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(text.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["No", "Code", "Serial", "Link", "PIN"]
    for row in rows[1:]:
        assert not any(cell[:1] in tuple("=+-@\t\r") for cell in row if cell)
    assert rows[1][2] == "'0001"
    book.seek(0)
    cells = CalamineWorkbook.from_filelike(book).get_sheet_by_index(0).to_python()
    assert cells[1][2] == "0001"
    assert cells[2][2] == "=HYPERLINK(1)"  # a text cell: nothing computes it
    with zipfile.ZipFile(book) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_copies_come_one_after_another_in_every_format() -> None:
    out, table = BytesIO(), BytesIO()

    done = write_zpl(out, STAMPS[:3], stock="roll-50x30", copies=2)
    assert write_csv(table, STAMPS[:3], copies=2).labels == done.labels == 6

    assert [link for picture in zpl_pictures(out.getvalue(), 203) for link in read(picture)] == [
        link for link in LINKS[:3] for _ in range(2)
    ]
