"""All that a cooperative entered, as one ZIP: a workbook with a sheet for each kind of record, and every file."""

import json
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ..records import Cooperative, Plot, Upload
from .days import VIETNAM
from .export_columns import ExportSheet
from .export_sheets import REFERENCES, SHEETS
from .own_enrolments import own_enrolments

ROWS_AT_ONCE = 500
LONGEST_CELL = 32_000
"""A cell of a workbook holds 32,767 characters."""
IN_MEMORY = 8 * 1024 * 1024
OF_A_COOPERATIVE = (
    ("Name", "name"),
    ("Kind", "kind"),
    ("Tax code", "tax_code"),
    ("Commune code", "commune_code"),
    ("Address", "address"),
    ("Address as certified", "certified_address"),
    ("Contact", "contact_name"),
    ("Phone", "phone"),
    ("Zalo", "zalo_phone"),
    ("E-mail", "email"),
)
OF_AN_ENROLMENT = ("Year", "Received on", "Kind of support", "Expected cost", "Its plan", "Number of the contract")
Words = Callable[[str], str]
Keys = Mapping[tuple[str, str], Mapping[str, object]]
"""By sheet and heading (English): the words for the keys that a column holds."""


def export_all(session: Session, cooperative: Cooperative, out: IO[bytes], words: Words, keys: Keys) -> None:
    """Write the ZIP; `words` translates headings, `keys` what columns hold.

    Memory holds one file and some hundred rows at a time.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with SpooledTemporaryFile(max_size=IN_MEMORY) as book:
            write_workbook(session, cooperative, cast(IO[bytes], book), words, keys)
            book.seek(0)
            with archive.open("tem-goc.xlsx", "w") as entry:
                while block := book.read(1 << 20):
                    entry.write(block)
        _write_outlines(session, cooperative, archive)
        _write_files(session, cooperative, archive)


def write_workbook(session: Session, cooperative: Cooperative, out: IO[bytes], words: Words, keys: Keys) -> None:
    """Text is written as text, whatever it begins with: no cell can become a formula or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        pen = _Pen(book, words, keys)
        _write_cooperative(book.add_worksheet(_title(words("Cooperative"))), cooperative, pen)
        for sheet in SHEETS:
            _write_sheet(session, cooperative, sheet, book.add_worksheet(_title(words(sheet.title))), pen)
        _write_enrolments(session, cooperative, book.add_worksheet(_title(words("Support programme"))), pen)


class _Pen:
    """Writes one value into one cell, each kind in its own way."""

    def __init__(self, book: Workbook, words: Words, keys: Keys) -> None:
        self.words = words
        self.keys = keys
        self.bold = book.add_format({"bold": True, "bottom": 1})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        self.moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})

    def heading(self, page: Worksheet, row: int, column: int, msgid: str) -> None:
        page.write_string(row, column, self.words(msgid), self.bold)

    def read(self, title: str, heading: str, value: Any) -> Any:
        """The word for a key; any other value as it is."""
        words = self.keys.get((title, heading), {})
        return str(words[value]) if isinstance(value, str) and value in words else value

    def write(self, page: Worksheet, row: int, column: int, value: Any) -> None:
        if isinstance(value, datetime):
            page.write_datetime(row, column, value.astimezone(VIETNAM).replace(tzinfo=None), self.moment)
        elif isinstance(value, date):
            page.write_datetime(row, column, value, self.day)
        elif isinstance(value, bool):
            page.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            page.write_number(row, column, value)
        elif value is not None:
            page.write_string(row, column, str(value)[:LONGEST_CELL])


def _title(words: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", words)[:31]


def _write_cooperative(page: Worksheet, cooperative: Cooperative, pen: _Pen) -> None:
    page.set_column(0, 1, 30)
    for row, (heading, attribute) in enumerate(OF_A_COOPERATIVE):
        pen.heading(page, row, 0, heading)
        pen.write(page, row, 1, pen.read("Cooperative", heading, getattr(cooperative, attribute)))


def _write_sheet(session: Session, cooperative: Cooperative, sheet: ExportSheet, page: Worksheet, pen: _Pen) -> None:
    page.set_column(0, len(sheet.columns) - 1, 18)
    page.freeze_panes(1, 0)
    for column, part in enumerate(sheet.columns):
        pen.heading(page, 0, column, part.heading)
    names = _names(session, cooperative, sheet)
    query = select(sheet.kind).where(sheet.kind.cooperative_id == cooperative.id).order_by(sheet.kind.id)
    rows = session.scalars(query.execution_options(yield_per=ROWS_AT_ONCE))
    for row, record in enumerate(rows, 1):
        for column, part in enumerate(sheet.columns):
            value = pen.read(sheet.title, part.heading, part.value(record))
            pen.write(page, row, column, names[part.heading].get(value) if part.heading in names else value)


def _write_enrolments(session: Session, cooperative: Cooperative, page: Worksheet, pen: _Pen) -> None:
    """Its part in the programme, a line for each kind it asked for: units own these records, so no sheet lists them."""
    for column, heading in enumerate(OF_AN_ENROLMENT):
        pen.heading(page, 0, column, heading)
    asked = ((one, each) for one in reversed(own_enrolments(session, cooperative)) for each in one.asked)
    for row, (one, each) in enumerate(asked, 1):
        cells = (one.campaign.year, one.received_on, each.kind.name, each.expected_vnd, one.plan, one.contract_number)
        for column, value in enumerate(cells):
            pen.write(page, row, column, value)


def _names(session: Session, cooperative: Cooperative, sheet: ExportSheet) -> dict[str, dict[Any, str]]:
    """For columns that hold bare keys: the names they stand for."""
    found: dict[str, dict[Any, str]] = {}
    for (title, heading), (kind, name) in REFERENCES.items():
        if title == sheet.title:
            query = select(kind.id, getattr(kind, name)).where(kind.cooperative_id == cooperative.id)
            found[heading] = dict(session.execute(query).all())
    return found


def _write_outlines(session: Session, cooperative: Cooperative, archive: zipfile.ZipFile) -> None:
    """Outlines of plots as one GeoJSON file, which any map program opens."""
    query = select(Plot).where(Plot.cooperative_id == cooperative.id, Plot.outline.is_not(None))
    features = [
        {
            "type": "Feature",
            "properties": {"name": plot.name, "code": plot.area_code},
            "geometry": json.loads(plot.outline or "{}"),
        }
        for plot in session.scalars(query.order_by(Plot.id))
    ]
    if features:
        words = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
        archive.writestr("plots.geojson", words)


def _write_files(session: Session, cooperative: Cooperative, archive: zipfile.ZipFile) -> None:
    keys = session.scalars(select(Upload.id).where(Upload.cooperative_id == cooperative.id).order_by(Upload.id)).all()
    for key in keys:
        upload = session.scalars(select(Upload).where(Upload.id == key).options(undefer(Upload.content))).one()
        entry = zipfile.ZipInfo(f"files/{upload.public_id}-{_file_name(upload.name)}", _zip_time(upload.created_at))
        archive.writestr(entry, upload.content, zipfile.ZIP_STORED)  # pictures and PDFs are packed already
        session.expunge(upload)


def _file_name(name: str) -> str:
    """A name that no unpacking program can take for a path."""
    return re.sub(r"\.{2,}|[^\w.\- ]", "_", name).strip(". ")[-80:] or "file"


def _zip_time(moment: datetime) -> tuple[int, int, int, int, int, int]:
    local = moment.astimezone(VIETNAM)
    return (max(local.year, 1980), local.month, local.day, local.hour, local.minute, local.second)
