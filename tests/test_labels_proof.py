"""What will not scan is said, what was printed is read back, and a printer's error is taken out."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels import (
    Calibration,
    LabelError,
    Note,
    Sheet,
    Stamp,
    Stock,
    Words,
    fitness,
    fits,
    from_readings,
    marks_on,
    prove,
    read_pdf,
    read_picture,
    ready,
    stock_named,
    write_calibration_page,
    write_pdf,
)
from labels.pdf_contents import contents

STAMPS = [Stamp(f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WAB{n:04d}", serial=f"HCL-26A-{n:07d}") for n in range(1, 301)]
LINK = STAMPS[0].link
GS1 = "HTTPS://TEMGOC.LANGSON.VN/01/08930000000011/21/17K3M9QX2WABCD5E"


def graded(stock: str | Stock, face: str = "symbol", link: str = LINK, **options: object) -> dict[str, str]:
    made, _ = ready([Stamp(link, serial="HCL-26A-0000001")], stock=stock, face=face)
    return {verdict.code: verdict.grade for verdict in fitness(made, link, **options)}  # type: ignore[arg-type]


def test_a_small_seal_is_good_for_a_consumers_phone_and_too_small_for_a_shops_till() -> None:
    assert graded("a4-seal-15")["module-mm"] == "good"
    assert graded("a4-seal-15", link=GS1)["module-small"] == "bad"
    assert graded("a4-seal-20", link=GS1)["module-mm"] == "good"


def test_a_thermal_label_is_judged_in_whole_dots() -> None:
    assert graded("roll-35x22-3")["dots"] == "good"
    tiny = replace(stock_named("roll-25x15-3"), width_mm=10.0, height_mm=10.0, page_height_mm=10.0)
    assert graded(tiny)["dots-few"] == "bad"
    assert graded("a4-65", dpi=203)["dots-broken"] == "warn"


def test_every_verdict_can_be_said_in_words_and_names_what_would_help() -> None:
    made, _ = ready(STAMPS[:1], stock="a5-65", face="symbol", sheet=Sheet(note=Note("J")))
    verdicts = fitness(made, LINK, 203, "#804020")

    assert not fits(verdicts)
    assert [verdict.grade for verdict in verdicts] == sorted(
        (v.grade for v in verdicts), key=["bad", "warn", "good"].index
    )
    for verdict in verdicts:
        assert "%" not in str(verdict).replace(" %", "")
        assert verdict.fix or verdict.grade == "good"


def test_coloured_paper_labels_at_the_edge_and_coarse_pictures_are_warned_of() -> None:
    assert graded("a4-40")["edge"] == "warn"
    assert graded("a4-65", paper="#303030")["contrast-low"] == "bad"
    assert graded("a4-65", paper="#ff0000")["contrast"] == "good"  # red paper is white to a red scanner light
    from PIL import Image

    out = BytesIO()
    Image.new("L", (20, 20)).save(out, "PNG")
    words = Words(product="Na", trademark=read_picture(out.getvalue()))
    made, _ = ready(STAMPS[:1], stock="a4-8", face="trademark", words=words)
    assert "picture-coarse" in {verdict.code for verdict in fitness(made, LINK)}


def test_a_quiet_zone_that_runs_over_a_round_edge_is_bad() -> None:
    from labels import Element, Face

    face = Face(name="x", width_mm=22, height_mm=22, elements=(Element(kind="symbol", x=1, y=1, width=20, height=20),))
    made, _ = ready(STAMPS[:1], stock="a4-round-22", face=face)
    assert "quiet-zone-cut" in {verdict.code for verdict in fitness(made, LINK) if verdict.grade == "bad"}


@pytest.mark.parametrize(
    "sheet",
    [Sheet(), Sheet(used=(frozenset({3, 4}), frozenset({0}))), Sheet(calibration=Calibration(1.5, -1, 1.01, 0.99))],
)
def test_a_run_is_read_back_label_by_label(tmp_path: Path, sheet: Sheet) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS, stock="a4-65", face="code", sheet=sheet)

    proof = prove(out, STAMPS, stock="a4-65", face="code", sheet=sheet)

    assert proof.ok
    assert (proof.every, proof.read, proof.labels) == (True, 300, 300)


def test_a_large_run_is_sampled_and_every_symbol_checked_by_its_modules(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS, stock="roll-50x30", face="code", sheet=Sheet(leader=True))

    proof = prove(out, STAMPS, stock="roll-50x30", face="code", sheet=Sheet(leader=True), every=100, seed=1)

    assert proof.ok
    assert not proof.every
    assert 2 <= proof.read < 30
    assert proof.checked == 300


@pytest.mark.parametrize("every", [10_000, 100])
def test_a_label_that_says_something_else_is_found_and_named(tmp_path: Path, every: int) -> None:
    out = tmp_path / "run.pdf"
    other = [*STAMPS[:70], Stamp(STAMPS[0].link, serial=STAMPS[70].serial), *STAMPS[71:]]
    write_pdf(out, other, stock="a4-65", face="code")

    proof = prove(out, STAMPS, stock="a4-65", face="code", every=every)

    assert not proof.ok
    [fault, *_] = proof.faults
    assert (fault.page, fault.cell, fault.wanted, fault.got) == (2, 6, STAMPS[70].link, STAMPS[0].link)


@pytest.mark.parametrize("every", [10_000, 100])
def test_a_page_that_is_missing_or_too_many_is_found(tmp_path: Path, every: int) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS[:130], stock="a4-65", face="code")

    assert not prove(out, STAMPS[:195], stock="a4-65", face="code", every=every).ok
    assert not prove(out, STAMPS[:65], stock="a4-65", face="code", every=min(every, 64)).ok
    assert prove(out, STAMPS[:130], stock="a4-65", face="code", every=every).ok


def test_a_page_with_nothing_on_it_is_found_also_where_no_picture_of_it_is_read(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS[:195], stock="a4-65", face="code")
    with pikepdf.open(out, allow_overwriting_input=True) as pdf:
        pdf.pages[1].Contents = pdf.make_stream(b"q Q")
        pdf.save(out)

    assert prove(out, STAMPS[:195], stock="a4-65", face="code", every=100, seed=1).faults


def test_pages_are_taken_out_of_a_file_as_another_reader_takes_them(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS[:250], stock="roll-50x30", face="code")  # three nodes of the tree of pages

    with pikepdf.open(out) as pdf:
        theirs = [page.Contents.read_bytes() for page in pdf.pages]

    assert list(contents(out)) == theirs


@pytest.mark.parametrize("part", [b"startxref", b"/Contents", b"/Root", b"/Kids", b" 0 obj"])
def test_a_large_file_that_is_damaged_is_refused(tmp_path: Path, part: bytes) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS[:130], stock="a4-65", face="code")
    out.write_bytes(part[::-1].join(out.read_bytes().rsplit(part, 1)))

    with pytest.raises(LabelError, match="could not be read"):
        prove(out, STAMPS[:130], stock="a4-65", face="code", every=100)


def test_a_page_whose_content_is_damaged_is_not_sound(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS[:195], stock="a4-65", face="code")
    with pikepdf.open(out) as pdf:
        middle = pdf.pages[1].Contents.read_raw_bytes()
    out.write_bytes(out.read_bytes().replace(middle, middle[:200] + b"\0" * 40 + middle[240:]))

    with pytest.raises(LabelError, match="content of object"):
        prove(out, STAMPS[:195], stock="a4-65", face="code", every=100, seed=1)


def test_an_overprinted_run_is_proven_unreadable(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    sheet = Sheet(overprint="MẪU – KHÔNG SỬ DỤNG")
    write_pdf(out, STAMPS[:20], stock="a4-24", sheet=sheet)
    assert prove(out, STAMPS[:20], stock="a4-24", sheet=sheet).ok

    write_pdf(out, STAMPS[:20], stock="a4-24")
    assert not prove(out, STAMPS[:20], stock="a4-24", sheet=sheet).ok


def test_any_pdf_can_be_read_and_what_is_none_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "run.pdf"
    write_pdf(out, STAMPS[:66], stock="a4-65", face="code")

    assert [link for page in read_pdf(out) for link in page] == [stamp.link for stamp in STAMPS[:66]]
    out.write_text("nothing")
    with pytest.raises(LabelError, match="could not be read"):
        list(read_pdf(out))
    with pytest.raises(LabelError, match="could not be read"):
        list(read_pdf(tmp_path / "none.pdf"))


@given(
    st.floats(-6, 6), st.floats(-6, 6), st.floats(0.985, 1.015), st.floats(0.985, 1.015),
    st.floats(-2, 2), st.floats(0.99, 1.01), st.sampled_from([(210.0, 297.0), (148.0, 210.0)]),
)  # fmt: skip
def test_two_readings_take_a_printers_error_out_whatever_was_in_force(
    dx: float, dy: float, sx: float, sy: float, shift: float, scale: float, page: tuple[float, float]
) -> None:
    def printed(point: tuple[float, float], now: Calibration) -> tuple[float, float]:
        return dx + sx * (now.scale_x * point[0] + now.dx_mm), dy + sy * (now.scale_y * point[1] + now.dy_mm)

    before = Calibration(shift, -shift, scale, 2 - scale)
    after = from_readings(*(printed(mark, before) for mark in marks_on(page)), page, before)

    for point in ((0.0, 0.0), (30.0, 200.0), page):
        assert printed(point, after) == pytest.approx(point, abs=0.01)


def test_readings_that_no_printer_gives_are_refused() -> None:
    a, b = marks_on((210, 297))
    with pytest.raises(LabelError, match="swapped"):
        from_readings(b, a, (210, 297))
    with pytest.raises(LabelError, match="100 %"):
        from_readings(a, (170, 250), (210, 297))
    with pytest.raises(LabelError, match="measure again"):
        from_readings((55, 25), (215, 272), (210, 297))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_calibration_page_says_how_to_measure_and_has_its_marks_in_place(language: str) -> None:
    out = BytesIO()

    write_calibration_page(out, language=language)

    with pypdfium2.PdfDocument(out.getvalue()) as pdf:
        picture = pdf[0].render(scale=600 / 72, grayscale=True).to_numpy()
        text = pdf[0].get_textpage().get_text_bounded()
    assert "25" in text
    assert ("Đo từ mép trái" if language == "vi" else "Measure from the left") in text
    for x, y in marks_on((210, 297)):
        row, column = round(y * 600 / 25.4), round(x * 600 / 25.4)
        assert picture[row - 3 : row + 4, column + 60].min() < 100
        assert picture[row + 60, column - 3 : column + 4].min() < 100
