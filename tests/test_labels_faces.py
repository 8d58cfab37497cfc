"""Faces on paper: each design on each stock, placed to the tenth of a millimetre, in letters that are really there."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import cycle
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from numpy.typing import NDArray
from pdftopng import pdftopng
from PIL import Image

from labels import (
    FACES,
    STOCKS,
    Element,
    Face,
    LabelError,
    Sheet,
    Stamp,
    Stock,
    Words,
    fitness,
    fits,
    read_picture,
    ready,
)
from labels import write_pdf as write
from labels.faces import LOGO
from labels.run import Plan
from labels.typefaces import clean, has_han, typeface

LETTERS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵdđ"
STAMP = Stamp("HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WABCD5E", serial="HCL-26A-0000123", pin="K7M2QX")


def picture() -> bytes:
    out = BytesIO()
    Image.linear_gradient("L").save(out, "PNG")
    return out.getvalue()


WORDS = Words(
    product="Na Chi Lăng",
    cooperative="HTX Đồng Mỏ",
    certificate="VietGAP-TT-13-09-20-0096",
    harvest_day="18/08/2026",
    product_2="Chi Lang custard apple",
    cooperative_2="Dong Mo Co-op",
    trademark=read_picture(picture()),
    logo=read_picture(picture()),
    product_zh="芝陵番荔枝",
)


def stamps(count: int) -> list[Stamp]:
    return [
        Stamp(f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WAB{n:04d}", serial=f"HCL-26A-{n:07d}", pin="K7M2QX")
        for n in range(1, count + 1)
    ]


def page(pdf: bytes, dpi: int) -> np.ndarray:
    with pypdfium2.PdfDocument(pdf) as document:
        return (
            document[0]
            .render(scale=dpi / 72, grayscale=True)
            .to_numpy()
            .reshape(-1, round(document[0].get_width() * dpi / 72 + 0.49))
            .copy()
        )


EVERY_FACE = [*FACES, *(f"{name}{LOGO}" for name in FACES if name != "trademark")]


def some_pairs() -> list[tuple[str, str]]:
    """Each face with a stock that holds it, each other stock with a face in turn; `make bench` reads all pairs."""
    pairs, left, turn = [], list(STOCKS), cycle(EVERY_FACE)
    for face in reversed(EVERY_FACE):
        pairs.append((next(stock for stock in left if holds(stock, face)), face))
        left.remove(pairs[-1][0])
    return pairs + [(stock, next(face for face in turn if holds(stock, face))) for stock in left]


def holds(stock: str, face: str) -> bool:
    return isinstance(planned([STAMP], stock, face), Plan)


def test_each_stock_and_each_face_is_placed_to_a_tenth_of_a_millimetre_and_read_at_every_resolution() -> None:
    for stock, face in some_pairs():
        assert placed_and_read(stock, face), (stock, face)


def placed_and_read(stock: str, face: str) -> bool:
    """Draw a row of labels and read it back; False where the face does not fit."""
    kind = STOCKS[stock]
    run = stamps(min(kind.columns, 6))
    made = planned(run, stock, face)
    if isinstance(made, LabelError):
        assert made.code == "words-do-not-fit"
        return False
    out = BytesIO()

    write(out, run, stock=stock, face=face, words=WORDS)

    verdicts = fitness(made, run[0].link, 600)
    assert fits([verdict for verdict in verdicts if verdict.code != "module-small"])
    foot = (kind.page_height_mm - kind.top_mm - kind.height_mm) * 72 / 25.4  # the first row of labels holds the run
    for dpi in (203, 300, 600) if fits(verdicts) else (600,):
        with pypdfium2.PdfDocument(out.getvalue()) as document:
            picture = document[0].render(scale=dpi / 72, grayscale=True, crop=(0, max(0, foot - 3), 0, 0)).to_pil()
        found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCodeModel2)
        assert sorted(code.text for code in found) == [stamp.link for stamp in run]
    box, module = made.drawing.symbol, made.drawing.module
    for code in found:
        index = run.index(next(stamp for stamp in run if stamp.link == code.text))
        left, top = kind.place(index)
        corner = code.position.top_left
        assert corner.x * 25.4 / 600 == pytest.approx(left + box.x + 4 * module, abs=0.1)
        assert corner.y * 25.4 / 600 == pytest.approx(top + box.y + 4 * module, abs=0.1)
    return True


def planned(run: list[Stamp], stock: str, face: str) -> Plan | LabelError:
    try:
        return ready(run, stock=stock, face=face, words=WORDS)[0]
    except LabelError as refusal:
        return refusal


def test_most_faces_fit_most_stocks() -> None:
    fitting = dict.fromkeys(FACES, 0)
    for stock in STOCKS:
        for face in FACES:
            made = planned([STAMP], stock, face)
            fitting[face] += isinstance(made, Plan) and fits(fitness(made, STAMP.link))

    assert fitting["symbol"] == len(STOCKS) - 1  # an A5 sheet of 65 takes shorter addresses only
    assert fitting["seal"] >= len(STOCKS) - 8, fitting
    assert min(fitting.values()) >= 18, fitting


@pytest.mark.parametrize("letters", [LETTERS, LETTERS.upper(), "0123456789 –·&()/%,."])
@pytest.mark.parametrize("weight", ["regular", "medium", "semibold", "bold"])
def test_every_vietnamese_letter_is_there_as_text_and_as_a_drawing(letters: str, weight: str) -> None:
    face = Face(
        name="letters",
        width_mm=99.1,
        height_mm=67.7,
        elements=(
            Element(kind="symbol", x=35, y=1, width=20, height=20),
            Element(
                kind="text",
                x=2,
                y=22,
                width=95,
                height=44,
                text="{product}",
                size_pt=12,
                floor_pt=6,
                weight=weight,
                lines=12,
            ),
        ),
    )
    spaced = " ".join(letters.replace(" ", ""))
    out = BytesIO()

    write(out, [STAMP], stock="a4-8", face=face, words=Words(product=spaced))

    with pypdfium2.PdfDocument(out.getvalue()) as document:
        text = document[0].get_textpage().get_text_bounded()
    assert set(spaced) <= set(text)
    drawn = typeface(weight)
    assert not drawn.lacks(letters)
    with pikepdf.open(BytesIO(out.getvalue())) as pdf:
        assert not pdf.check_pdf_syntax()
        fonts = [
            font
            for font in pdf.objects
            if isinstance(font, pikepdf.Dictionary) and font.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)
    outlines = {drawn.glyphs[ord(letter)] for letter in letters if letter != " "}
    assert len(outlines) == len(set(letters) - {" "})


def test_letters_typed_apart_from_their_marks_are_joined_and_unknown_letters_are_named() -> None:
    assert clean("Mỏ  Đồng\n") == "Mỏ Đồng"
    with pytest.raises(LabelError, match="ก"):
        clean("na ก")


def by_poppler(path: Path, dpi: int) -> NDArray[np.uint8]:
    """Its first page in grey. The wheel draws at 300 dpi and nothing else, so the page is made larger or smaller."""
    scaled, picture, factor = path.with_suffix(".scaled.pdf"), path.with_suffix(".png"), dpi / 300
    with pikepdf.open(path) as pdf:
        [leaf] = pdf.pages
        leaf.contents_add(pikepdf.Stream(pdf, f"{factor} 0 0 {factor} 0 0 cm".encode()), prepend=True)
        for name in ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox"):
            leaf[name] = pikepdf.Array([float(value) * factor for value in leaf[name].as_list()])
        pdf.save(scaled)
    pdftopng.convert(str(scaled), str(picture))
    return np.array(Image.open(picture).convert("L"))


def test_no_hairline_shows_between_the_rows_of_a_symbol(tmp_path: Path) -> None:
    out = tmp_path / "one.pdf"
    write(out, [STAMP], stock="roll-25x25", face="symbol", dpi=0)
    made, _ = ready([STAMP], stock="roll-25x25", face="symbol")
    box, module = made.drawing.symbol, made.drawing.module
    for dpi in (203, 300, 437, 600):
        pictures = [page(out.read_bytes(), dpi)]
        pictures.append(by_poppler(out, dpi))
        for picture in pictures:
            # The left side of the top left finder: seven modules, one above another, all dark.
            scale = dpi / 25.4
            column = round((STOCKS["roll-25x25"].left_mm + box.x + 4.5 * module) * scale)
            first, last = (box.y + 4.4 * module) * scale, (box.y + 10.6 * module) * scale
            assert picture[round(first) : round(last), column].max() < 60


def test_the_quiet_zone_stays_white_and_the_symbol_is_pure_black() -> None:
    out = BytesIO()
    write(out, [STAMP], stock="a4-65", face="vietgap", words=WORDS)
    made, _ = ready([STAMP], stock="a4-65", face="vietgap", words=WORDS)
    picture = page(out.getvalue(), 600)
    box, module = made.drawing.symbol, made.drawing.module
    left, top = STOCKS["a4-65"].place(0)
    scale = 600 / 25.4

    x, y, side, quiet = ((value * scale) for value in (left + box.x, top + box.y, box.width, 4 * module))
    area = picture[round(y) + 1 : round(y + side) - 1, round(x) + 1 : round(x + side) - 1].copy()
    area[round(quiet) - 2 : round(side - quiet) + 1, round(quiet) - 2 : round(side - quiet) + 1] = 255
    assert (area == 255).all()
    with pikepdf.open(BytesIO(out.getvalue())) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
    assert b"0 0 0 1 k" in content
    assert b" rg" not in content


def test_words_that_do_not_fit_are_refused_and_named() -> None:
    long = "Hợp tác xã dịch vụ nông nghiệp tổng hợp và chế biến nông sản xuất khẩu " * 4
    with pytest.raises(LabelError, match="Hợp tác xã dịch vụ") as refusal:
        ready([STAMP], stock="a4-65", face="origin", words=Words(product="Na", cooperative=long[:290]))
    assert refusal.value.code == "words-do-not-fit"
    with pytest.raises(LabelError, match="301"):
        Words(product="x" * 301)
    with pytest.raises(LabelError, match="trademark"):
        ready([STAMP], stock="a4-65", face="trademark", words=Words(product="Na"))


def test_a_ready_face_becomes_an_own_face_travels_as_a_file_and_prints_the_same() -> None:
    made, _ = ready([STAMP], stock="a4-12", face="origin", words=WORDS)
    copied = Face.from_json(made.face.to_json())
    assert copied == made.face
    first, second = BytesIO(), BytesIO()

    write(first, [STAMP], stock="a4-12", face="origin", words=WORDS, title="t")
    write(second, [STAMP], stock="a4-12", face=copied, words=WORDS, title="t")

    assert (page(first.getvalue(), 150) == page(second.getvalue(), 150)).all()


def test_a_face_kept_by_an_earlier_version_is_drawn_as_it_was_then() -> None:
    kept = """{"format": "temgoc-face", "format_version": 1, "name": "origin", "width_mm": 50.0, "height_mm": 30.0,
        "version": 1, "title": "", "elements": [
        {"kind": "symbol", "x": 1.2, "y": 3.0, "width": 22.0, "height": 22.0},
        {"kind": "picture", "x": 25.0, "y": 1.2, "width": 20.0, "height": 7.0},
        {"kind": "text", "text": "{product}", "x": 25.0, "y": 9.0, "width": 21.0, "height": 9.0, "size_pt": 7.0,
         "floor_pt": 5.0, "weight": "bold", "align": "left", "lines": 2, "inverted": false}]}"""
    words = replace(WORDS, product="Na Chi Lăng loại 1")

    made, _ = ready([STAMP], stock="roll-50x30", face=Face.from_json(kept), words=words)

    assert [run.text for run in made.drawing.runs] == ["Na Chi Lăng loại", "1"], "broken as it was then, not balanced"
    assert [round(run.baseline, 2) for run in made.drawing.runs] == [12.93, 15.9]
    assert len(made.drawing.pictures) == 1, "a picture without a name was the trademark's"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("temgoc-face", "other"),
        lambda text: text.replace('"x": ', '"x": "one", "y": ', 1),
        lambda text: text.replace('"kind": "symbol"', '"kind": "text"'),
        lambda text: text[:-3],
        lambda text: "[]",
        lambda text: "null",
        lambda text: text.replace('"width_mm": 63.5', '"width_mm": 10'),
        lambda text: text.replace('"lines": 1', '"lines": 1.5', 1),
        lambda text: text.replace('"name": "code"', '"name": "../x"'),
        lambda text: text.replace('"width_mm": 63.5', '"width_mm": 1e9'),
        lambda text: text.replace('"width_mm": 63.5', '"width_mm": NaN'),
        lambda text: text.replace('"x": ', '"x": 1e999, "old": ', 1),
        lambda text: text.replace('"size_pt": 7.0', '"size_pt": NaN', 1),
        lambda text: text.replace('"lines": 1', '"lines": true', 1),
        lambda text: text.replace('"kind": "code"', '"kind": "picture"').replace('"text": ""', '"text": "/etc/passwd"'),
        lambda text: text.replace('"kind": "code"', '"kind": "text"').replace('"text": ""', '"text": "{secret}"'),
        lambda text: text.replace('"kind": "code"', '"kind": "text"').replace('"text": ""', f'"text": "{"x" * 301}"'),
        lambda text: text.replace('"elements": [', '"elements": [' + '{"kind": "rule"},' * 90),
        lambda text: text.replace('"elements": [', '"elements": 7, "other": ['),
        lambda text: "[" * 60_000,
        lambda text: text + " " * 200_000,
    ],
)  # fmt: skip
def test_a_face_file_that_is_not_sound_is_refused(spoil: Callable[[str], str]) -> None:
    made, _ = ready([STAMP], stock="a4-12", face="code", words=WORDS)
    spoiled = spoil(made.face.to_json())
    assert spoiled != made.face.to_json()
    with pytest.raises(LabelError):
        Face.from_json(spoiled)


def test_under_a_symbol_of_a_goods_link_stands_its_number_for_tills() -> None:
    goods = [Stamp(f"HTTPS://ID.EXAMPLE.VN/01/08931234567894/21/17K3M9QX2WAB{n:04d}", serial=f"{n}") for n in (1, 2)]
    for stock, face in (("a4-24", "origin"), ("a4-12", "vietgap"), ("roll-25x25", "symbol"), ("a4-seal-30", "seal")):
        made, _ = ready(goods, stock=stock, face=face, words=WORDS)
        [number] = [run for run in made.drawing.runs if run.text == "(01) 08931234567894"]
        box = made.drawing.symbol
        assert box.y + box.height <= number.baseline - 0.7 * number.size + 0.5
        assert box.x - 1 <= number.x <= box.x + box.width
        out = BytesIO()
        write(out, goods, stock=stock, face=face, words=WORDS)
        with pypdfium2.PdfDocument(out.getvalue()) as document:
            assert document[0].get_textpage().get_text_bounded().count("(01) 08931234567894") >= 1
            found = zxingcpp.read_barcodes(document[0].render(scale=300 / 72).to_pil())
        assert {code.text for code in found} <= {stamp.link for stamp in goods}
        assert found
    plain, _ = ready([STAMP], stock="a4-24", face="origin", words=WORDS)
    assert not any("(01)" in run.text for run in plain.drawing.runs)


def test_where_the_number_has_no_room_the_fitness_says_so_and_other_goods_do_not_slip_in() -> None:
    goods = [Stamp(f"HTTPS://ID.EXAMPLE.VN/01/08931234567894/21/17K3M9QX2WAB{n:04d}") for n in range(1, 4)]
    narrow = Face(
        name="x", width_mm=50, height_mm=30, elements=(Element(kind="symbol", x=10, y=1, width=28, height=28),)
    )
    made, _ = ready(goods, stock="roll-50x30", face=narrow)
    assert [verdict.code for verdict in fitness(made, goods[0].link) if verdict.grade == "warn"] == ["no-hri"]
    later = iter([*goods * 400, Stamp("HTTPS://ID.EXAMPLE.VN/01/08931234567900/21/17K3M9QX2WAB0009")])
    with pytest.raises(LabelError, match="other goods"):
        write(BytesIO(), later, stock="a4-65", face="symbol", count=1201)


@pytest.mark.parametrize("face", sorted(FACES))
def test_the_goods_number_stands_on_every_face_or_somebody_is_told(face: str) -> None:
    goods = [
        Stamp("HTTPS://ID.EXAMPLE.VN/01/08931234567894/21/17K3M9QX2WABCD01", "17K3M9QX2WABCD01", "HCL-26A-0000123")
    ]
    stood = 0
    for stock in STOCKS.values():
        try:
            made, _ = ready(goods, stock=stock, face=face, words=WORDS)
        except LabelError:  # refused, with the words that do not fit
            continue
        stands = any(run.text.startswith("(01) 08931234567894") for run in made.drawing.runs)
        told = "no-hri" in {verdict.code for verdict in fitness(made, goods[0].link)}
        assert stands != told, stock.name
        stood += stands
    assert stood >= 5


def test_a_round_sticker_of_22_mm_has_room_for_the_symbol_and_one_short_name() -> None:
    short = Stamp("HTTPS://TEM.LANGSON.VN/T/17K3M9QX2WABCD01", "17K3M9QX2WABCD01", "HCL-26A-0000123")
    fruit = Words(product="Na Chi Lăng", cooperative="Hợp tác xã Nông sản Sương Sớm")
    ready([short], stock="a4-round-22", face="symbol")
    made, _ = ready([short], stock="a4-round-22", face="seal", words=fruit)
    assert "".join(run.text for run in made.drawing.runs) == "Na Chi Lăng"
    assert not made.drawing.slots, "neither code nor serial"
    with pytest.raises(LabelError, match="code"):
        ready([short], stock="a4-round-22", face="code")
    with pytest.raises(LabelError, match="Hồng không hạt"):  # and not the cooperative, which would give way
        ready([short], stock="a4-round-22", face="seal", words=replace(fruit, product="Hồng không hạt Bảo Lâm"))


def test_nothing_may_lie_over_the_symbol_and_an_own_face_must_be_of_the_labels_size() -> None:
    symbol = Element(kind="symbol", x=1, y=1, width=20, height=20)
    with pytest.raises(LabelError, match="over the symbol"):
        Face(
            name="x",
            width_mm=50,
            height_mm=30,
            elements=(symbol, Element(kind="picture", x=19, y=5, width=9, height=9)),
        )
    with pytest.raises(LabelError, match="leaves the label"):
        Face(
            name="x", width_mm=50, height_mm=30, elements=(symbol, Element(kind="rule", x=30, y=5, width=25, height=1))
        )
    with pytest.raises(LabelError, match="exactly one symbol"):
        Face(name="x", width_mm=50, height_mm=30, elements=())
    own = Face(name="x", width_mm=50, height_mm=30, elements=(symbol,))
    with pytest.raises(LabelError, match="50 × 30"):
        ready([STAMP], stock="a4-65", face=own)


def test_an_overprinted_sheet_says_so_and_cannot_be_read() -> None:
    for stock in ("a4-65", "a4-12", "a4-round-30", "roll-35x22-3"):
        out = BytesIO()
        write(out, stamps(3), stock=stock, face="code", sheet=Sheet(overprint="MẪU – KHÔNG SỬ DỤNG"))
        with pypdfium2.PdfDocument(out.getvalue()) as document:
            assert "KHÔNG SỬ DỤNG" in document[0].get_textpage().get_text_bounded()
            for dpi in (200, 300, 600):
                assert not zxingcpp.read_barcodes(document[0].render(scale=dpi / 72).to_pil())


def test_an_own_stock_prints_like_any_other() -> None:
    own = Stock(
        name="own",
        page_width_mm=100,
        page_height_mm=70,
        width_mm=40,
        height_mm=30,
        columns=2,
        rows=2,
        left_mm=5,
        top_mm=4,
        pitch_x_mm=45,
        pitch_y_mm=32,
    )
    out = BytesIO()

    write(out, stamps(4), stock=own, face="code")

    assert len(zxingcpp.read_barcodes(page(out.getvalue(), 300))) == 4


def test_chinese_is_drawn_where_its_font_is_installed_and_else_refused_by_its_letters() -> None:
    words = Words(product="Na Chi Lăng", product_2="芝陵番荔枝", harvest_day="18/08/2026", language_2="zh")
    out = BytesIO()
    if not has_han():
        with pytest.raises(LabelError, match="芝") as refusal:
            write(out, [STAMP], stock="a4-8", face="bilingual", words=words)
        assert refusal.value.code == "no-glyph"
        return

    write(out, [STAMP], stock="a4-8", face="bilingual", words=words)

    with pypdfium2.PdfDocument(out.getvalue()) as document:
        page_text = document[0].get_textpage()
        assert "芝陵番荔枝" in page_text.get_text_bounded()
        first = page_text.get_text_range().index("芝")
        left, bottom, right, top = page_text.get_charbox(first)
        high = document[0].get_height()
        crop = (left, bottom, document[0].get_width() - right, high - top)
        drawn = document[0].render(scale=8, grayscale=True, crop=crop).to_numpy()
    assert 0.05 < (drawn < 128).mean() < 0.8
