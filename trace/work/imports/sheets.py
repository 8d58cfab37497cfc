"""A file or a pasted table as sheets of text: read in a child process with limits, refused in words."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..refused import Refused

READER = Path(__file__).with_name("child.py")
MOST_BYTES = 10 * 1024 * 1024
MOST_PASTED = 2_000_000
MOST_SECONDS = 25


def _(words: str) -> str:
    """Marks words for the translators; `Refused` carries them on."""
    return words


COMPLAINTS = {
    "broken": _("This file is damaged, or no Excel file at all. Save it again as .xlsx or CSV."),
    "kind": _("This is no Excel workbook. Save it as .xlsx or CSV."),
    "old": _("This is an old Excel file. Open it and save it as .xlsx."),
    "locked": _("This workbook is locked with a password. Save it without one."),
    "entries": _("This file holds too many parts to be a simple table. Copy the table into a new workbook."),
    "bomb": _("Unpacked, this file would be larger than %(most)s MB. Copy the table into a new workbook."),
    "sizes": _("This file lies about its own size. Copy the table into a new workbook."),
    "entities": _("This file holds instructions that no table needs. Copy the table into a new workbook."),
    "formula": _("Cell %(cell)s holds a formula. Copy the table and paste it as values, then send it again."),
    "rows": _("This sheet has %(rows)s rows; at most %(most)s can be read at once. Split it."),
    "columns": _("This sheet has more than %(most)s columns. Keep those that matter."),
    "letters": _("The letters of this file cannot be read. Save it as CSV UTF-8, or as .xlsx."),
    "slow": _("This file takes too long to read. Copy the table into a new workbook."),
    "large": _("This file has more than %(most)s MB. Split it."),
    "empty": _("This file is empty."),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells as text; rows as a spreadsheet shows them, blank ones between kept so that numbers agree."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def read_file(data: bytes, field: str) -> list[Sheet]:
    """Every sheet of an .xlsx or CSV file. Raises `Refused` beside `field`."""
    if not data:
        raise _no("empty", field)
    if len(data) > MOST_BYTES:
        raise _no("large", field, most=MOST_BYTES // 1024 // 1024)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _no("old", field)
    if data.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG")):
        raise _no("kind", field)
    return _parse(data, "xlsx" if data.startswith(b"PK") else "csv", field)


def read_pasted(text: str, field: str) -> list[Sheet]:
    """What was copied from a spreadsheet: tabs between cells."""
    if not text.strip():
        raise Refused("Paste at least one row.", field=field)
    if len(text) > MOST_PASTED:
        raise _no("large", field, most=MOST_PASTED // 1_000_000)
    return _parse(text.encode(), "csv", field)


def _parse(data: bytes, form: str, field: str) -> list[Sheet]:
    command = [sys.executable, "-I", str(READER), form]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own script, no word of a stranger's in the command
    except subprocess.TimeoutExpired as slow:
        raise _no("slow", field) from slow
    if done.returncode or not done.stdout:  # stopped by a limit: -24 is SIGXCPU
        raise _no("slow" if done.returncode == -24 else "bomb", field, most=50)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "no" in answer:
        raise _no(answer.pop("no"), field, **answer)
    sheets = [Sheet(each["name"], tuple(map(tuple, each["rows"]))) for each in answer["sheets"]]
    if not any(sheet.rows for sheet in sheets):
        raise _no("empty", field)
    return sheets


def _no(code: str, field: str, **figures: Any) -> Refused:
    message = COMPLAINTS[code]
    return Refused(message, field=field, **figures)


def as_json(sheets: list[Sheet]) -> str:
    return json.dumps([{"name": sheet.name, "rows": sheet.rows} for sheet in sheets], ensure_ascii=False)


def from_json(text: str) -> list[Sheet]:
    return [Sheet(each["name"], tuple(map(tuple, each["rows"]))) for each in json.loads(text)]
