"""What may be said to python -m labels."""

import argparse
from pathlib import Path


def parser() -> argparse.ArgumentParser:
    """All commands; `command` tells which was given."""
    whole = argparse.ArgumentParser(prog="python -m labels", description="Stamps on label paper, from a list of links.")
    commands = whole.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, text in (
        ("stocks", "list the label papers, name first"),
        ("faces", "list the ready faces, name first"),
    ):
        commands.add_parser(name, help=text, description=text)
    sheet = commands.add_parser(
        "sheet", help="write labels", description="Write labels. The file's ending says the format."
    )
    _add_run(sheet)
    sheet.add_argument(
        "--out", required=True, type=Path, help="file to write: .pdf .zpl .tspl .csv .xlsx .png.zip .svg.zip"
    )
    sheet.add_argument("--single", action="store_true", help="PDF with one label a page, for print houses")
    sheet.add_argument("--prove", action="store_true", help="read the PDF back; exit code 1 if a label does not read")
    check = commands.add_parser(
        "check", help="say what will not scan", description="Say what will not scan, and what would help."
    )
    _add_run(check)
    check.add_argument("--paper", default="#ffffff", help="colour of the paper; default %(default)s")
    proof = commands.add_parser(
        "proof", help="list the links that a PDF's symbols hold", description="Read any PDF as a phone would."
    )
    proof.add_argument("file", type=Path)
    proof.add_argument(
        "--dpi", type=int, default=300, help="resolution of the picture that is read; default %(default)s"
    )
    proof.add_argument("--links", type=Path, help="file of the links that should be there, no more and no less")
    calibrate = commands.add_parser(
        "calibrate", help="write a test page for a printer", description="Write a calibration page."
    )
    calibrate.add_argument("--out", required=True, type=Path)
    return whole


def _millimetres(text: str) -> float:
    value = float(text.replace(",", "."))
    if not 0 <= value <= 10:
        raise argparse.ArgumentTypeError("a bleed is 0 to 10 mm")
    return value


def _add_run(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--links",
        required=True,
        type=Path,
        help="text file, a line each: LINK or LINK<tab>SERIAL or LINK<tab>SERIAL<tab>PIN",
    )
    add("--stock", required=True, help="name of the label paper (see: stocks), or a .json file of your own")
    add("--face", help="name of the face (see: faces) or a .json file; default: code, or symbol where code has no room")
    for name in (
        "product",
        "cooperative",
        "certificate",
        "harvest-day",
        "weight",
        "contact",
        "product-2",
        "cooperative-2",
        "product-zh",
    ):
        add(f"--{name}", default="", help=f"the face's words: {name}")
    add("--language", default="vi", help="captions in vi, en or zh; default %(default)s")
    add("--trademark", type=Path, help="picture for faces that show a trademark")
    add("--logo", type=Path, help="picture for faces whose name ends in -logo: any ready face, such as origin-logo")
    add("--bleed", type=_millimetres, default=0.0, metavar="MM", help="paper beyond the label's edge, where it is cut")
    add("--copies", type=int, default=1, help="of each label, one after another")
    add("--used", default="", help="cells of the first sheet that are gone already: 1-5,9")
    add("--job", default="", help="name of the job, for the sheets' margins")
    add("--level", default="M", choices="LMQH", help="error correction; default %(default)s")
    add("--dpi", type=int, default=0, help="dots an inch of the printer: modules become whole dots")
    add("--overprint", default="", help="words over each label, which makes it unusable")
    for name, text in (
        ("outlines", "draw the labels' edges"),
        ("crop-marks", "draw crop marks where something is printed"),
        ("leader", "rolls: begin and end with a label that names the range"),
    ):
        add(f"--{name}", action="store_true", help=text)
