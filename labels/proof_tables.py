"""Lists are read back, too: each row's serial and link against the stamp that it should carry."""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import iterparse  # nosec B405 - a workbook that we have just written ourselves

from .files import Progress
from .proof import Proof
from .stamp import Stamp
from .tables import records, safe

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def prove_table(
    path: Path, stamps: Iterable[Stamp], *, copies: int = 1, pins: bool = False, progress: Progress | None = None
) -> Proof:
    """Read a CSV or XLSX list of ours back, row by row. `page` of a fault is the row under the head."""
    proof = Proof()
    rows = _csv_rows(path) if path.suffix == ".csv" else _xlsx_rows(path)
    for number, (wanted, got) in enumerate(zip_longest(records(stamps, copies, pins), rows), 1):
        if wanted is None:
            proof.compare(number, 0, "", "a row too many")
            break
        said = [safe(cell) for cell in wanted[1:]] if path.suffix == ".csv" else wanted[1:]
        proof.compare(number, 0, " ".join([wanted[0], *said]), " ".join(got or []))
        proof.labels += 1
        proof.read += 1
        if progress and number % 1000 == 0:
            progress(number, None)
    return proof


def _csv_rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        next(rows, None)
        yield from rows


def _xlsx_rows(path: Path) -> Iterator[list[str]]:
    with zipfile.ZipFile(path) as book:
        names = [name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name)]
        for name in sorted(names, key=lambda name: int(re.sub(r"\D", "", name))):
            with book.open(name) as sheet:
                yield from _sheet_rows(sheet)


def _sheet_rows(sheet: IO[bytes]) -> Iterator[list[str]]:
    head = True
    for _event, element in iterparse(sheet):  # noqa: S314 # nosec B314 - as above
        if element.tag != f"{MAIN}row":
            continue
        if not head:
            yield [_text(cell) for cell in element]
        head = False
        element.clear()


def _text(cell: object) -> str:
    return "".join(cell.itertext())  # type: ignore[attr-defined]
