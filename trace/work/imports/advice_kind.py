"""Advice of earlier years by import: which unit, when, about what, by whom."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ...records import Advice
from ...standards.day_text import parse_day
from ...standards.words import fold, tidy
from ..history import record
from ..programme_units import UnitFacts, advise
from ..refused import Refused, refuse_all
from .kind import NOT_A_DAY, Column, Context, Doing, Kind, Reading, Row
from .unit_cells import UNIT_COLUMNS, let_go, read_unit, unit_for, unit_key, unit_of_row


@dataclass(frozen=True, slots=True)
class AdviceFacts:
    unit: UnitFacts
    on_day: date
    subject: str
    given_by: str

    @property
    def identity(self) -> tuple[str, date, str]:
        return unit_key(self.unit), self.on_day, fold(self.subject)


def _read(context: Context, row: Row) -> AdviceFacts:
    reading = Reading(row)
    unit = read_unit(context, reading)
    day = reading.cell("on_day", parse_day, needed=True, wrong=NOT_A_DAY)
    subject, given_by = tidy(reading.words("subject")), tidy(reading.words("given_by"))
    if day is not None and day > context.today:
        reading.complain(Refused("This day lies in the future.", field="on_day"))
    if not reading.complaints and day is not None and _given(context, unit, day, subject):
        reading.complain(Refused("This advice has been entered already.", field="subject"))
    refuse_all(reading.complaints)
    assert day is not None  # complained of otherwise
    return AdviceFacts(unit, day, subject, given_by)


def _given(context: Context, facts: UnitFacts, day: date, subject: str) -> bool:
    unit = unit_of_row(context.session, facts)
    if unit is None:
        return False
    query = select(Advice.subject).where(Advice.unit_id == unit.id, Advice.on_day == day)
    told = context.session.scalars(query.where(Advice.taken_back_at.is_(None)))
    return fold(subject) in {fold(words) for words in told}


def _write(context: Context, facts: AdviceFacts, doing: Doing) -> Advice:
    unit = unit_for(context.session, facts.unit, doing)
    return advise(context.session, unit, facts.on_day, facts.subject, facts.given_by, actor=doing.actor, now=doing.now,
                  today=context.today)  # fmt: skip


def _take_back(context: Context, subject: str, doing: Doing) -> None:
    advice = context.session.scalars(select(Advice).where(Advice.public_id == subject)).one()
    advice.taken_back_at = doing.now
    record(context.session, "advice.taken_back", advice, actor=doing.actor, now=doing.now)
    let_go(context.session, advice.unit, advice.created_at, doing)


ADVICE = Kind(
    "advice",
    (
        *UNIT_COLUMNS,
        Column("on_day", ("ngay", "ngay tu van", "thoi gian", "day"), needed=True, example="15/03/2019"),
        Column("subject", ("noi dung", "noi dung tu van", "noi dung huong dan", "subject"), needed=True,
               example="Hướng dẫn đăng ký nhãn hiệu"),
        Column("given_by", ("nguoi tu van", "can bo tu van", "can bo", "nguoi huong dan", "advised by"), needed=True,
               example="Tổ giúp việc Ban Chỉ đạo"),
    ),
    _read,
    _write,
    _take_back,
    identity=lambda facts: facts.identity,
    for_office=True,
)  # fmt: skip
