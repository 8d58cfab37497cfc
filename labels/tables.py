"""Lists for print houses: number, code, serial, link, and PIN if wanted. No cell can become a formula."""

import csv
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from typing import BinaryIO

from .stamp import Stamp, check_link, code_of, grouped

HEAD = ("No", "Code", "Serial", "Link")
SHEET_ROWS = 1_000_000


def records(stamps: Iterable[Stamp], copies: int, pins: bool) -> Iterator[list[str]]:
    """Each label's cells as texts. Raises LabelError for a bad link."""
    number = 0
    for stamp in stamps:
        check_link(stamp.link)
        for _ in range(copies):
            number += 1
            row = [str(number), grouped(stamp.code or code_of(stamp.link)), stamp.serial, stamp.link]
            yield [*row, stamp.pin or ""] if pins else row


def safe(text: str) -> str:
    """With an apostrophe before it, if a spreadsheet would take it for a formula or for a number and drop its zeros."""
    bare = text.lstrip()
    if (bare[:1] in "=+-@|%\t\r\n" and bare) or (bare.replace(".", "").replace("E", "").replace("e", "").isdigit()):
        return "'" + text
    return text


def write_csv_rows(out: BinaryIO, stamps: Iterable[Stamp], copies: int, pins: bool) -> Iterator[int]:
    """UTF-8 with its mark, so that Excel reads it; yield after every thousand labels."""
    text = TextIOWrapper(out, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*HEAD, "PIN"] if pins else HEAD)
    count = 0
    for count, row in enumerate(records(stamps, copies, pins), 1):
        writer.writerow([row[0], *map(safe, row[1:])])
        if count % 1000 == 0:
            yield 1000
    text.flush()
    text.detach()
    yield count % 1000


def write_xlsx_rows(out: BinaryIO, stamps: Iterable[Stamp], copies: int, pins: bool) -> Iterator[int]:
    """A workbook of text cells; a million rows a sheet."""
    import xlsxwriter

    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
                                     "strings_to_numbers": False})  # fmt: skip
    plain = book.add_format({"num_format": "@"})
    head = [*HEAD, "PIN"] if pins else list(HEAD)
    sheet, line, count = None, 0, 0
    for count, row in enumerate(records(stamps, copies, pins), 1):
        if sheet is None or line > SHEET_ROWS:
            sheet, line = book.add_worksheet(), 1
            for column, title in enumerate(head):
                sheet.write_string(0, column, title)
            sheet.set_column(1, 3, 26, plain)
        sheet.write_number(line, 0, int(row[0]))
        for column, text in enumerate(row[1:], 1):
            sheet.write_string(line, column, text, plain)
        line += 1
        if count % 1000 == 0:
            yield 1000
    book.close()
    yield count % 1000
