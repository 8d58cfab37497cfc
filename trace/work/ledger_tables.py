"""A list to take away: CSV or a workbook. No cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from xlsxwriter import Workbook

from .days import VIETNAM

MAY_BE_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = Sequence[Any]
Sheet = tuple[str, Sequence[str], Iterable[Row]]
"""Its name, its headings, its rows."""


def write_csv(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    """UTF-8 with the mark that Excel wants, semicolons as Vietnamese computers expect."""
    out = io.StringIO()
    pen = csv.writer(out, delimiter=";", lineterminator="\r\n")
    pen.writerow(map(_harmless, headings))
    pen.writerows([_harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(title: str, headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    return write_book([(title, headings, rows)])


def write_book(sheets: Iterable[Sheet], *, thousands: bool = False) -> bytes:
    """A workbook of several sheets. `thousands`: whole numbers are amounts, and shown in groups of three digits."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bottom": 1})
        moment, day = (book.add_format({"num_format": f"dd/mm/yyyy{hour}"}) for hour in (" hh:mm", ""))
        number = book.add_format({"num_format": "#,##0"} if thousands else {})
        for title, headings, rows in sheets:
            page = book.add_worksheet(title[:31])
            page.set_column(0, len(headings) - 1, 18)
            page.freeze_panes(1, 0)
            for column, words in enumerate(headings):
                page.write_string(0, column, words, bold)
            for place, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, datetime):
                        page.write_datetime(place, column, cell.astimezone(VIETNAM).replace(tzinfo=None), moment)
                    elif isinstance(cell, date):
                        page.write_datetime(place, column, cell, day)
                    elif isinstance(cell, int):
                        page.write_number(place, column, cell, number)
                    elif cell is not None:
                        page.write_string(place, column, str(cell))
    return out.getvalue()


def _harmless(cell: Any) -> str:
    """A number as it is; words with an apostrophe before what a spreadsheet would take for a formula."""
    if isinstance(cell, datetime):
        return cell.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, int) or cell is None:
        return "" if cell is None else str(cell)
    words = str(cell).replace("\n", " ")
    return f"'{words}" if words.lstrip(" '").startswith(MAY_BE_A_FORMULA) else words
