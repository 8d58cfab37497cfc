"""Read a stranger's spreadsheet where it can hurt nobody: a process of its own with little memory and little time.

Run as a script (`python -I`), so it imports nothing of ours. Reads the file from standard input; writes one JSON
object: {"sheets": [{"name", "rows": [[text]]}]} or {"no": code, …figures}. Its argument: "xlsx" or "csv".
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
import zlib
from datetime import date, datetime, time
from decimal import Decimal

MOST_MEMORY = 700 * 1024 * 1024
MOST_CPU_SECONDS = 20
MOST_ENTRIES = 200
MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
SMALL_ENOUGH = 256 * 1024
"""Below this an entry may be as compressible as it likes: blank rows are."""
MOST_ROWS = 5_000
MOST_COLUMNS = 60
MOST_SHEETS = 20
LONGEST_CELL = 4_000
CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"(?:[^>/]|/(?!>))*>\s*<(?:\w+:)?(v|is|f)\b')


class No(Exception):  # noqa: N818 - an answer
    def __init__(self, code: str, **figures: object) -> None:
        super().__init__(code)
        self.figures = figures


def confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def look_inside(data: bytes) -> None:
    """Unpack each part once, counting, before any reader of spreadsheets sees it: no declared size is believed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise No("broken") from broken
    parts = archive.infolist()
    if len(parts) > MOST_ENTRIES:
        raise No("entries", most=MOST_ENTRIES)
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise No("kind")
    room = MOST_UNPACKED
    for part in parts:
        if part.flag_bits & 1:
            raise No("locked")
        content = unpack(data, part, room)
        room -= len(content)
        if part.filename.endswith((".xml", ".rels", ".vml")):
            check_words(part.filename, content)


def unpack(data: bytes, part: zipfile.ZipInfo, room: int) -> bytes:
    start = part.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise No("broken")
    names, extra = (int.from_bytes(data[start + at : start + at + 2], "little") for at in (26, 28))
    packed = data[start + 30 + names + extra :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif part.compress_type == zipfile.ZIP_DEFLATED:
        most = min(room, max(MOST_RATIO * len(packed), SMALL_ENOUGH))
        unpacking = zlib.decompressobj(-15)
        try:
            content = unpacking.decompress(packed, most + 1)
        except zlib.error as broken:
            raise No("broken") from broken
        if len(content) > most:
            raise No("bomb", most=MOST_UNPACKED // 1024 // 1024)
    else:
        raise No("broken")
    if len(content) != part.file_size:
        raise No("sizes")
    return content


def check_words(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise No("entities")
    if not name.startswith("xl/worksheets/"):
        return
    rows, columns = 0, 0
    for found in CELL.finditer(content):
        if found[3] == b"f":
            raise No("formula", cell=(found[1] + found[2]).decode())
        rows = max(rows, int(found[2]))
        columns = max(columns, number_of(found[1]))
    if rows > MOST_ROWS:
        raise No("rows", most=MOST_ROWS, rows=rows)
    if columns > MOST_COLUMNS:
        raise No("columns", most=MOST_COLUMNS)


def number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read_workbook(data: bytes) -> list[dict[str, object]]:
    look_inside(data)
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names[:MOST_SHEETS]
        return [
            {"name": name, "rows": tidy(book.get_sheet_by_name(name).to_python(skip_empty_area=False))}
            for name in names
        ]
    except python_calamine.PasswordError as locked:
        raise No("locked") from locked
    except (python_calamine.CalamineError, ValueError, OSError) as broken:
        raise No("broken") from broken


def read_text(data: bytes) -> list[dict[str, object]]:
    """A CSV in whatever form Excel here writes it: UTF-8 or UTF-16, commas, semicolons or tabs."""
    text = decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max("\t;,", key=first.count)
    csv.field_size_limit(LONGEST_CELL * 8)
    try:
        rows = tidy(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    except csv.Error as broken:
        raise No("broken") from broken
    return [{"name": "", "rows": rows}]


def decoded(data: bytes) -> str:
    for start, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(start):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as strange:
                raise No("letters") from strange
    raise No("letters")


def tidy(rows: object) -> list[list[str]]:
    """Cells as text, without blank rows at the end and blank columns at the right."""
    found: list[list[str]] = []
    blank = 0
    for row in rows:  # type: ignore[attr-defined]
        cells = [words_of(cell) for cell in row[: MOST_COLUMNS + 1]]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            blank += 1
            continue
        if len(cells) > MOST_COLUMNS:
            raise No("columns", most=MOST_COLUMNS)
        found += [[] for _ in range(min(blank, MOST_ROWS))]
        blank = 0
        found.append(cells)
        if len(found) > MOST_ROWS:
            raise No("rows", most=MOST_ROWS, rows=len(found))
    return found


def words_of(cell: object) -> str:
    """A cell as a person here would have typed it."""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, int | float):
        return figure(cell)
    return " ".join(str(cell).replace("\x00", "").split())[:LONGEST_CELL]


def figure(number: float) -> str:
    """12 for 12.0, 1,5 for 1.5: an Excel number has no comma of its own, and 0.1 + 0.2 is 0,3."""
    if number != number or abs(number) > 1e15:  # noqa: PLR0124 - not a number
        return str(number)
    plain = f"{Decimal(repr(round(float(number), 9))):f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain).replace(".", ",")


def main() -> None:
    confine()
    data = sys.stdin.buffer.read()
    try:
        sheets = read_workbook(data) if sys.argv[1] == "xlsx" else read_text(data)
        answer: dict[str, object] = {"sheets": sheets}
    except No as no:
        answer = {"no": str(no), **no.figures}
    except (MemoryError, RecursionError, OverflowError):
        answer = {"no": "bomb", "most": MOST_UNPACKED // 1024 // 1024}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))


if __name__ == "__main__":
    main()
