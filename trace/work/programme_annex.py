"""The annexes of a yearly report: one workbook, whose sheets are the rows that the report's sums are made of."""

from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from ..records import Campaign
from .programme_lists import advice_of
from .programme_numbers import YearNumbers
from .programme_places import by_place
from .support import costs_of, payments_of

Sheet = tuple[str, tuple[str, ...], list[tuple[Any, ...]]]
"""Its name, its headings, its rows."""
LONGEST_SHEET_NAME = 31


def annex(session: Session, numbers: YearNumbers) -> bytes:
    """Texts are written as texts: no cell becomes a formula."""
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    money = book.add_format({"num_format": "#,##0"})
    for name, headings, rows in _sheets(session, numbers):
        page = book.add_worksheet(name[:LONGEST_SHEET_NAME])
        page.write_row(0, 0, headings, bold)
        page.set_column(0, len(headings) - 1, 22)
        page.freeze_panes(1, 0)
        for place, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if hasattr(value, "isoformat"):
                    page.write_datetime(place, column, value, day)
                elif isinstance(value, int):
                    page.write_number(place, column, value, money)
                else:
                    page.write_string(place, column, value or "")
    book.close()
    return made.getvalue()


def _sheets(session: Session, numbers: YearNumbers) -> list[Sheet]:
    campaign = numbers.campaign
    return [
        ("Văn bản", ("Cơ quan", "Loại", "Ngày", "Số"), _letters(campaign, numbers)),
        ("Tư vấn", ("Đơn vị", "Ngày", "Nội dung", "Người tư vấn"), _advice(session, numbers)),
        ("Đăng ký", ("Đơn vị", "Ngày nhận", "Nội dung", "Dự kiến (đồng)", "Tình trạng"), _enrolments(numbers)),
        ("Chi phí", ("Đơn vị", "Nội dung", "Hóa đơn", "Ngày", "Bên bán", "Số tiền", "Được chấp nhận"),
         _costs(session, numbers)),
        ("Hỗ trợ đã trả", ("Đơn vị", "Nội dung", "Ngày", "Số tiền"), _payments(session, numbers)),
        ("Theo xã", ("Địa bàn", "Số đơn vị", "Đã hỗ trợ"), _places(session, numbers, districts=False)),
        ("Theo huyện cũ", ("Địa bàn", "Số đơn vị", "Đã hỗ trợ"), _places(session, numbers, districts=True)),
    ]  # fmt: skip


KINDS = {"letter": "văn bản", "reminder": "đôn đốc", "answer": "trả lời"}
STATES = {
    "received": "đã nhận", "checked": "đã kiểm tra", "approved": "đã duyệt", "under_way": "đang thực hiện",
    "accepted": "đã nghiệm thu", "paid": "đã hỗ trợ", "closed": "đã thanh lý",
}  # fmt: skip


def _letters(campaign: Campaign, numbers: YearNumbers) -> list[tuple[Any, ...]]:
    told = [letter for letter in campaign.letters if letter.on_day <= numbers.up_to]
    return [(letter.authority, KINDS[letter.kind], letter.on_day, letter.number) for letter in told]


def _advice(session: Session, numbers: YearNumbers) -> list[tuple[Any, ...]]:
    told = [one for one in advice_of(session, year=numbers.campaign.year) if one.on_day <= numbers.up_to]
    return [(one.unit.name, one.on_day, one.subject, one.given_by) for one in told]


def _enrolments(numbers: YearNumbers) -> list[tuple[Any, ...]]:
    return [
        (one.unit.name, one.received_on, asked.kind.name, asked.expected_vnd, STATES[one.state])
        for one in numbers.enrolments
        for asked in one.asked
        if asked.dropped_at is None
    ]


def _costs(session: Session, numbers: YearNumbers) -> list[tuple[Any, ...]]:
    return [
        (one.unit.name, cost.kind.name, cost.invoice_number, cost.invoice_on, cost.seller, cost.amount_vnd,
         cost.accepted_vnd if cost.accepted_vnd is not None else "chưa xem")
        for one in numbers.enrolments
        for cost in costs_of(session, one)
        if cost.invoice_on <= numbers.up_to
    ]  # fmt: skip


def _payments(session: Session, numbers: YearNumbers) -> list[tuple[Any, ...]]:
    return [
        (one.unit.name, payment.kind.name, payment.on_day, payment.counted_vnd)
        for one in numbers.enrolments
        for payment in payments_of(session, one)
        if payment.on_day <= numbers.up_to
    ]


def _places(session: Session, numbers: YearNumbers, *, districts: bool) -> list[tuple[Any, ...]]:
    return [(row.name, row.units, row.paid_vnd) for row in by_place(numbers, session, districts=districts)]
