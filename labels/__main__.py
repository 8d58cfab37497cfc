"""python -m labels: sheets from a list of links, with no database at all.

Exit codes: 0 done; 1 it will not scan, or did not read back; 2 wrong use, or input that cannot be
printed; 3 the disk said no.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import FACES, STOCKS, LabelError, Note, Sheet, Stamp, Words, check_link, read_picture, ready, write_pdf

OK, UNFIT, WRONG, DISK = 0, 1, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        return int(options.do(options))
    except LabelError as error:
        print(f"labels: {error}", file=sys.stderr)
        return DISK if error.code == "not-written" else WRONG
    except KeyboardInterrupt:
        print("labels: stopped; no file was written", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m labels", description="Stamps on label paper, from a list of links."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    stocks = commands.add_parser("stocks", help="list the label papers, name first")
    stocks.set_defaults(do=_stocks)
    faces = commands.add_parser("faces", help="list the ready faces, name first")
    faces.set_defaults(do=_faces)
    sheet = commands.add_parser("sheet", help="write a PDF of labels")
    _add_run(sheet)
    sheet.add_argument("--out", required=True, type=Path, help="the PDF to write")
    sheet.set_defaults(do=_sheet)
    return parser


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--links", required=True, type=Path, help="text file, a line each: LINK or LINK<tab>SERIAL")
    parser.add_argument("--stock", required=True, help="name of the label paper (see: stocks)")
    parser.add_argument("--face", help="name of the face (see: faces); default: code, or symbol where code has no room")
    for name in (
        "product",
        "cooperative",
        "certificate",
        "harvest-day",
        "weight",
        "contact",
        "product-2",
        "cooperative-2",
    ):
        parser.add_argument(f"--{name}", default="", help=f"the face's words: {name}")
    parser.add_argument("--language", default="vi", help="captions in vi, en or zh; default %(default)s")
    parser.add_argument("--trademark", type=Path, help="picture for faces that show one")
    parser.add_argument("--copies", type=int, default=1, help="of each label, one after another")
    parser.add_argument("--used", default="", help="cells of the first sheet that are gone already: 1-5,9")
    parser.add_argument("--job", default="", help="name of the job, for the sheets' margins")
    parser.add_argument("--level", default="M", choices="LMQH", help="error correction; default %(default)s")
    parser.add_argument("--outlines", action="store_true", help="draw the labels' edges")
    parser.add_argument("--crop-marks", action="store_true", help="draw crop marks where something is printed")


def _stocks(_options: argparse.Namespace) -> int:
    for stock in STOCKS.values():
        print(f"{stock.name}\t{stock.title}\t{stock.maker}".rstrip())
    return OK


def _faces(_options: argparse.Namespace) -> int:
    for design in FACES.values():
        print(f"{design.name}\t{design.title}")
    return OK


def _sheet(options: argparse.Namespace) -> int:
    stamps = read_links(options.links)
    done = write_pdf(
        options.out,
        stamps,
        stock=options.stock,
        face=options.face or _face_with_room(options, stamps),
        words=_words(options),
        sheet=_paper(options),
        level=options.level,
        copies=options.copies,
        progress=_progress,
    )
    print(f"{options.out}: {done.labels} labels on {done.sheets} sheets, {done.size} bytes, sha256 {done.sha256}")
    return OK


def _face_with_room(options: argparse.Namespace, stamps: Sequence[Stamp]) -> str:
    try:
        ready(stamps, stock=options.stock, face="code", level=options.level)
    except LabelError as error:
        if error.code != "words-do-not-fit":
            raise
        print(f"labels: {error} Printing the symbol alone.", file=sys.stderr)
        return "symbol"
    return "code"


def _words(options: argparse.Namespace) -> Words:
    picture = None
    if options.trademark:
        picture = read_picture(_bytes(options.trademark))
    return Words(
        options.product,
        options.cooperative,
        options.certificate,
        options.harvest_day,
        options.weight,
        options.contact,
        options.product_2,
        options.cooperative_2,
        picture,
        options.language,
    )


def _paper(options: argparse.Namespace) -> Sheet:
    used = (frozenset(cells(options.used)),) if options.used else ()
    return Sheet(
        used=used,
        note=Note(options.job, language=options.language),
        outlines=options.outlines,
        crop_marks=options.crop_marks,
    )


def read_links(path: Path) -> list[Stamp]:
    """The stamps of a file of links. Raises LabelError naming the line that is wrong."""
    try:
        text = _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelError("unreadable", "%(path)s is no UTF-8 text.", path=str(path)) from error
    return list(_stamps(text))


def _stamps(text: str) -> Iterator[Stamp]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        link, _, serial = line.rstrip().partition("\t")
        try:
            yield Stamp(check_link(link), serial=serial.strip())
        except LabelError as error:
            raise LabelError("bad-line", "Line %(line)d: %(reason)s", line=number, reason=str(error)) from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LabelError(
            "unreadable", "%(path)s could not be read: %(reason)s.", path=str(path), reason=error.strerror
        ) from error


def cells(text: str) -> set[int]:
    """`1-5,9` as cells counted from 0. Raises LabelError."""
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if (
            not first.isdigit()
            or not (last or first).isdigit()
            or int(last or first) < int(first)
            or int(last or first) > 10_000
        ):
            raise LabelError("bad-cells", "%(text)r is no list of cells such as 1-5,9.", text=text)
        found.update(range(int(first) - 1, int(last or first)))
    return found


def _progress(done: int, total: int | None) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r{done} of {total or '?'} labels", end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
