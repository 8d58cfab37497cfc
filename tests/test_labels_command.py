"""python -m labels: what a person at a terminal gets."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from labels import FACES, STOCKS, Face, Stamp, read_pdf, ready, stock_named
from labels.__main__ import main
from labels.inputs import cells

LINES = [f"HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WAB{n:04d}\tHCL-26A-{n:07d}" for n in range(1, 91)]
LINKS = [line.split("\t")[0] for line in LINES]


@pytest.fixture
def links(tmp_path: Path) -> Path:
    path = tmp_path / "links.txt"
    path.write_text("\n".join(LINES) + "\n\n", encoding="utf-8-sig")
    return path


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def test_stocks_and_faces_are_listed_name_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("stocks") == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == list(STOCKS)
    assert run("faces") == 0
    assert [line.split("\t")[0] for line in capsys.readouterr().out.splitlines()] == list(FACES)


@pytest.mark.parametrize("stock", [name for name in STOCKS if name.startswith("a4-")])
def test_a_sheet_of_every_a4_stock_comes_out_and_reads(links: Path, tmp_path: Path, stock: str) -> None:
    out = tmp_path / "out.pdf"

    assert run("sheet", "--links", links, "--stock", stock, "--out", out) == 0

    assert sorted(link for page in read_pdf(out) for link in page) == LINKS


def test_a_sheet_is_proven_and_then_read_by_the_proof_command(
    links: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.pdf"
    assert (
        run(
            "sheet",
            "--links",
            links,
            "--stock",
            "a4-65",
            "--out",
            out,
            "--face",
            "origin",
            "--product",
            "Na Chi Lăng",
            "--used",
            "1-3,10",
            "--job",
            "J-7",
            "--prove",
        )
        == 0
    )
    assert "90 labels read back" in capsys.readouterr().out

    assert run("proof", out, "--links", links) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"1\t{LINKS[0]}"

    short = tmp_path / "short.txt"
    short.write_text("\n".join(LINES[:-1]))
    assert run("proof", out, "--links", short) == 1
    assert "0 links are missing, 1 are strange" in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["zpl", "tspl", "csv", "xlsx", "png.zip", "svg.zip", "pdf"])
def test_the_files_ending_says_the_format(
    links: Path, tmp_path: Path, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / f"out.{ending}"

    assert run("sheet", "--links", links, "--stock", "roll-35x22-3", "--out", out, "--copies", 2, "--leader") == 0

    assert "180 labels" in capsys.readouterr().out
    starts = {"zpl": b"~DG", "tspl": b"SIZE", "csv": b"\xef\xbb\xbf", "pdf": b"%PDF"}
    assert out.read_bytes().startswith(starts.get(ending, b"PK"))
    assert {path.name for path in tmp_path.iterdir()} == {links.name, out.name}


def test_own_stock_and_own_face_come_as_files(links: Path, tmp_path: Path) -> None:
    stock = stock_named("a4-12")
    (tmp_path / "stock.json").write_text(json.dumps({**stock.to_dict(), "name": "ours"}))
    made, _ = ready([Stamp(LINKS[0], serial="HCL-26A-0000001")], stock=stock, face="code")
    (tmp_path / "face.json").write_text(made.face.to_json(), encoding="utf-8")
    assert Face.from_json((tmp_path / "face.json").read_text(encoding="utf-8")) == made.face
    out = tmp_path / "out.pdf"

    assert (
        run(
            "sheet",
            "--links",
            links,
            "--stock",
            tmp_path / "stock.json",
            "--face",
            tmp_path / "face.json",
            "--out",
            out,
        )
        == 0
    )

    assert sorted(link for page in read_pdf(out) for link in page) == LINKS


def test_check_says_what_will_not_scan(links: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--links", links, "--stock", "a4-65") == 0
    assert "good\tA module of the symbol is" in capsys.readouterr().out
    assert run("check", "--links", links, "--stock", "a4-65", "--paper", "#202020") == 1
    assert capsys.readouterr().out.startswith("bad\tBlack on this paper")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "no stamp"),
        ("HTTPS://T.VN/T/ABCD\nHTTPS://T.VN/T/Á", "Line 2"),
        ("HTTPS://T.VN/T/AB CD", "no space"),
        ("ftp://t.vn/x", "https://"),
        ("7K3M9QX2WABCD5EF", "https://"),
        ("https://t.vn/" + "x" * 300, "longer"),
        ("HTTPS://T.VN/T/ABCD\tSố 1", "visible ASCII"),
        ("HTTPS://T.VN/T/ABCD\t" + "1" * 90, "letters"),
    ],
)
def test_a_bad_line_is_named_and_no_file_is_left(
    tmp_path: Path, lines: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "links.txt", tmp_path / "out.pdf"
    path.write_text(lines, encoding="utf-8")

    assert run("sheet", "--links", path, "--stock", "a4-24", "--out", out) == 2

    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--stock", "a4-66"], "a4-65"),
        (["--face", "orgin"], "origin"),
        (["--used", "1-200"], "no cell"),
        (["--used", "5-1"], "no list of cells"),
        (["--used", "²"], "no list of cells"),
        (["--copies", "0"], "between 1"),
        (["--copies", "1000000"], "between 1"),
        (["--trademark", "/nonexistent.png"], "could not be read"),
        (["--links", "/nonexistent.txt"], "could not be read"),
        (["--language", "fr"], "no captions"),
        (["--out", "x.doc"], "ending"),
        (["--out", "/nonexistent/x.pdf"], "could not be written"),
        (["--stock", "/nonexistent.json"], "could not be read"),
        (["--face", "code-logo"], "needs logo"),
    ],
)
def test_wrong_use_is_one_clear_sentence(
    links: Path, tmp_path: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run("sheet", "--links", links, "--stock", "a4-65", "--out", tmp_path / "out.pdf", *arguments)

    assert code == (3 if "written" in said else 2)
    error = capsys.readouterr().err
    assert said in error
    assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == [links]


def test_a_full_disk_leaves_the_old_file_and_no_half_one(links: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.pdf"
    out.write_text("the old one")

    def small_files_only() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8000, 8000))

    done = subprocess.run(
        [sys.executable, "-m", "labels", "sheet", "--links", links, "--stock", "a4-65", "--out", out],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=small_files_only,
    )

    assert done.returncode == 3, done.stderr
    assert "could not be written" in done.stderr
    assert out.read_text() == "the old one"
    assert sorted(path.name for path in tmp_path.iterdir()) == [links.name, out.name]


def test_a_disk_that_is_full_leaves_no_half_file(links: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small disk")
    try:
        command = [
            sys.executable,
            "-m",
            "labels",
            "sheet",
            "--links",
            links,
            "--stock",
            "a4-65",
            "--out",
            small / "o.pdf",
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        left = list(small.iterdir())
    finally:
        subprocess.run(["umount", small], check=True)

    assert done.returncode == 3, done.stderr
    assert "No space left" in done.stderr
    assert left == []


def test_whoever_reads_the_beginning_only_gets_no_traceback(links: Path, tmp_path: Path) -> None:
    assert run("sheet", "--links", links, "--stock", "a4-65", "--out", tmp_path / "o.pdf") == 0
    command = f"{sys.executable} -m labels proof {tmp_path / 'o.pdf'} | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"1\t{LINKS[0]}\n"


def test_a_logo_a_chinese_name_and_a_bleed_can_be_given(links: Path, tmp_path: Path) -> None:
    Image.new("RGB", (200, 100), "green").save(tmp_path / "logo.png")
    out = tmp_path / "o.pdf"
    face = ("--face", "chinese-logo", "--logo", tmp_path / "logo.png", "--product", "Na", "--product-zh", "番荔枝")
    given = ("--links", links, "--stock", "a4-8", *face)
    assert run("sheet", *given, "--out", out, "--single", "--bleed", "3", "--crop-marks") == 0
    assert len(list(read_pdf(out))) == len(LINKS)


@pytest.mark.parametrize("command", [[], ["sheet"], ["stocks"], ["faces"], ["check"], ["proof"], ["calibrate"]])
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*command, "--help")
    assert stopped.value.code == 0
    assert "usage: python -m labels" in capsys.readouterr().out


def test_a_calibration_page_comes_from_the_terminal_too(tmp_path: Path) -> None:
    assert run("calibrate", "--out", tmp_path / "page.pdf") == 0
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_cells_are_read_as_people_write_them() -> None:
    assert cells("1-3, 9") == {0, 1, 2, 8}
