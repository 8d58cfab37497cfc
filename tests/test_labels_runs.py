"""Runs: none lost, none twice, none larger than the first, and what cannot be printed said in a sentence."""

import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labels import LabelError, Sheet, Stamp, Words, pages, read_picture, stock_named, write_csv, write_pdf
from labels.proof import _matrices
from labels.reading import read
from labels.stamp import check_link, grouped


def many(count: int) -> Iterator[Stamp]:
    return (Stamp(f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX{n:08d}", serial=f"HCL-26A-{n:07d}") for n in range(1, count + 1))


def links_in(data: bytes) -> list[str | None]:
    with pikepdf.open(BytesIO(data)) as pdf:
        return [link for page in pdf.pages for link in read(_matrices(page.Contents.read_bytes(), 29))]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_streamed_run_over_two_processes_has_every_stamp_once_and_in_order(processes: int) -> None:
    out = BytesIO()
    steps: list[int] = []

    done = write_pdf(
        out,
        many(6001),
        stock="a4-65",
        count=6001,
        processes=processes,
        progress=lambda n, _: steps.append(n),
        sheet=Sheet(used=(frozenset(range(64)),)),
    )

    assert links_in(out.getvalue()) == [stamp.link for stamp in many(6001)]
    assert done.labels == steps[-1] == 6001
    assert steps == sorted(steps)
    assert done.sheets == 1 + -(-6000 // 65)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 150), st.lists(st.frozensets(st.integers(0, 23), max_size=23), max_size=3), st.integers(1, 3))
def test_any_used_cells_and_copies_place_each_label_once(count: int, used: list[frozenset[int]], copies: int) -> None:
    out, sheet = BytesIO(), Sheet(used=tuple(used))

    done = write_pdf(out, list(many(count)), stock="a4-24", sheet=sheet, copies=copies)

    assert links_in(out.getvalue()) == [stamp.link for stamp in many(count) for _ in range(copies)]
    assert done.sheets == pages(stock_named("a4-24"), sheet, count * copies)


def test_helpers_work_for_a_caller_whose_main_module_cannot_be_imported_again(tmp_path: Path) -> None:
    script = (
        "from labels import Stamp, write_pdf\n"
        f"stamps = [Stamp(f'HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX{{n:08d}}') for n in range(3000)]\n"
        f"print(write_pdf({str(tmp_path / 'out.pdf')!r}, stamps, stock='a4-65', processes=2).labels)\n"
    )
    done = subprocess.run(
        [sys.executable, "-"],
        input=script,
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent,
    )
    assert (done.stdout.strip(), done.stderr) == ("3000", "")


def test_a_fault_in_a_helper_reaches_the_caller_and_leaves_no_file(tmp_path: Path) -> None:
    stamps = [*many(5000), Stamp("HTTPS://TEM.EXAMPLE.VN/T/" + "X" * 90)]
    with pytest.raises(LabelError, match="began with"):
        write_pdf(tmp_path / "out.pdf", iter(stamps), stock="a4-65", count=5001, processes=2)
    assert not list(tmp_path.iterdir())


def test_a_source_that_breaks_off_leaves_no_half_file(tmp_path: Path) -> None:
    def broken() -> Iterator[Stamp]:
        yield from many(2500)
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        write_pdf(tmp_path / "out.pdf", broken(), stock="a4-65")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("stamps", "said"),
    [
        ([], "no stamp"),
        ([Stamp("HTTPS://TEM.EXAMPLE.VN/T/ABCD")] * 3, None),
        ([Stamp("HTTPS://TEM.EXAMPLE.VN/T/AB CD")], "no space"),
        ([Stamp("HTTPS://TEM.EXAMPLE.VN/T/ABCĐ")], "visible ASCII"),
        ([Stamp("HTTPS:///")], "https://"),
        ([Stamp("HTTPS://TEM.EXAMPLE.VN/T/ABCD", serial="Số 1")], "visible ASCII"),
        ([Stamp("HTTPS://TEM.EXAMPLE.VN/T/ABCD", serial="1\n2")], "visible ASCII"),
    ],
)
def test_stamps_that_cannot_be_printed_are_refused_in_a_sentence(stamps: list[Stamp], said: str | None) -> None:
    if said is None:
        assert write_pdf(BytesIO(), stamps, stock="a4-24").labels == 3
        return
    with pytest.raises(LabelError, match=said):
        write_pdf(BytesIO(), stamps, stock="a4-24")


def test_every_link_of_a_run_is_checked_not_only_the_first() -> None:
    bad = [*many(1500), Stamp("HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX 0000001")]
    for source in (bad, iter(bad)):
        with pytest.raises(LabelError, match="no space"):
            write_pdf(BytesIO(), source, stock="a4-65")
        with pytest.raises(LabelError, match="no space"):
            write_csv(BytesIO(), bad)


def test_two_million_and_one_labels_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(LabelError, match="2000001"):
        write_pdf(BytesIO(), many(2_000_001), stock="a4-65", count=2_000_001)


def test_a_code_is_read_from_the_link_and_grouped() -> None:
    assert grouped("7K3M9QX2WABCD5EF") == "7K3M-9QX2-WABC-D5EF"
    assert grouped("7K3M-9QX2") == "7K3M-9QX2"
    assert grouped("ABC") == "ABC"
    assert check_link("https://t.vn/x") == "https://t.vn/x"


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def test_a_trademark_in_any_common_colours_is_made_opaque_and_printable() -> None:
    cmyk = read_picture(saved(Image.new("CMYK", (30, 20), (0, 200, 200, 0)), "JPEG"))
    clear = read_picture(saved(Image.new("RGBA", (30, 20), (255, 0, 0, 0)), "PNG"))
    grey = read_picture(saved(Image.new("L", (3000, 20), 128), "PNG"))

    assert (cmyk.notes, cmyk.grey, len(cmyk.pixels)) == (("picture-cmyk",), False, 30 * 20 * 3)
    assert clear.notes == ("picture-transparent",)
    assert clear.pixels == b"\xff" * (30 * 20 * 3)
    assert grey.grey
    assert (grey.width, grey.notes) == (1200, ("picture-reduced",))
    out = BytesIO()
    write_pdf(out, many(1), stock="a4-8", face="trademark", words=Words(product="Na", trademark=cmyk))
    with pikepdf.open(out) as pdf:
        assert not pdf.check_pdf_syntax()


def test_a_trademark_that_moves_is_a_bomb_or_no_picture_is_refused() -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    moving = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
    with pytest.raises(LabelError, match="moves"):
        read_picture(moving)
    with pytest.raises(LabelError, match="pixels"):
        read_picture(saved(Image.new("1", (60_000, 6_000)), "PNG"))
    whole = saved(Image.new("RGB", (60, 60)), "PNG")
    for data in (b"", b"no picture", whole[: len(whole) // 2], b"<svg/>"):
        with pytest.raises(LabelError, match="not a picture"):
            read_picture(data)
