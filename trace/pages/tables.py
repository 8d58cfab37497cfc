"""Lists as answers: CSV or a workbook, saved under a name."""

from collections.abc import Iterable, Sequence

from flask import Response

from ..work.ledger_tables import Row, write_csv, write_xlsx

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_answer(kind: str, name: str, title: str, headings: Sequence[str], rows: Iterable[Row]) -> Response:
    words = write_csv(headings, rows) if kind == "csv" else write_xlsx(title, headings, rows)
    answer = Response(words, content_type=TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return answer
