"""Lines of the diary by import, as cooperatives keep them in Excel."""

from typing import Any

from sqlalchemy import select

from ...records import DiaryEntry, DiaryKind, DiaryUnit, Plot
from ...standards.amounts import parse_amount
from ...standards.day_text import parse_day
from ...standards.quantities import parse_count
from ...standards.words import fold
from ..diary import DiaryFacts, enter, objections, withdraw
from ..refused import Refused, refuse_all
from .farm_kinds import grower_named
from .kind import NOT_A_DAY, Column, Context, Doing, Kind, Row
from .scope_kind import plot_named

WORK: dict[str, DiaryKind] = {
    "phun": DiaryKind.PESTICIDE, "phun thuoc": DiaryKind.PESTICIDE, "thuoc bvtv": DiaryKind.PESTICIDE,
    "bvtv": DiaryKind.PESTICIDE, "phun thuoc bvtv": DiaryKind.PESTICIDE, "thuoc": DiaryKind.PESTICIDE,
    "bon": DiaryKind.FERTILISER, "bon phan": DiaryKind.FERTILISER, "phan bon": DiaryKind.FERTILISER,
    "thu": DiaryKind.HARVEST, "thu hoach": DiaryKind.HARVEST, "hai": DiaryKind.HARVEST,
    "tuoi": DiaryKind.IRRIGATION, "tuoi nuoc": DiaryKind.IRRIGATION, "mua": DiaryKind.INPUT,
    "mua vat tu": DiaryKind.INPUT, "vat tu": DiaryKind.INPUT, "giong": DiaryKind.SEED, "trong": DiaryKind.SEED,
    "gieo": DiaryKind.SEED, "gieo trong": DiaryKind.SEED, "giong cay con": DiaryKind.SEED,
    "so che": DiaryKind.HANDLING, "bao quan": DiaryKind.HANDLING, "dong goi": DiaryKind.HANDLING,
    "so che bao quan": DiaryKind.HANDLING, "khac": DiaryKind.OTHER, "viec khac": DiaryKind.OTHER,
    "lam co": DiaryKind.OTHER, "cat tia": DiaryKind.OTHER,
}  # fmt: skip
"""How the work is called in people's sheets, without marks; a number as on the paper forms does, too."""
BY_NUMBER = (
    DiaryKind.PESTICIDE, DiaryKind.FERTILISER, DiaryKind.HARVEST, DiaryKind.IRRIGATION, DiaryKind.INPUT, DiaryKind.SEED,
    DiaryKind.HANDLING, DiaryKind.OTHER,
)  # fmt: skip
WORDS = ("material", "active", "dose", "purpose", "done_by", "supplier", "note")
UNITS = {DiaryKind.IRRIGATION: "m3", DiaryKind.SEED: "cay", DiaryKind.PESTICIDE: "l"}


def _work(text: str) -> DiaryKind:
    said = " ".join(fold(text).replace(",", " ").split())
    if said.isdecimal() and 1 <= int(said) <= len(BY_NUMBER):
        return BY_NUMBER[int(said) - 1]
    if said in WORK:
        return WORK[said]
    raise Refused("We do not know this work: write phun thuốc, bón phân, thu hoạch, tưới nước …", field="work")


def _plots(context: Context, row: Row) -> tuple[Plot, ...]:
    """Several names are parted by semicolons; a household alone means all of its plots."""
    grower, words = grower_named(context, row), row.text("plots")
    if words is None:
        return tuple(grower.open_plots) if grower else ()
    return tuple(plot_named(context, part, grower, "plots") for part in map(str.strip, words.split(";")) if part)


def _read(context: Context, row: Row) -> DiaryFacts:
    kind = _work(row.need("work"))
    on_day = row.read("on_day", parse_day, needed=True, wrong=NOT_A_DAY)
    amount: Any = row.read("quantity", lambda text: parse_amount(text, UNITS.get(kind, "kg")))
    milli, unit = amount or (None, None)
    words: dict[str, Any] = {name: row.text(name) for name in WORDS}
    facts = DiaryFacts(
        kind,
        on_day,
        _plots(context, row),
        phi_days=row.read("phi_days", parse_count),
        quantity_milli=milli,
        unit=DiaryUnit(unit) if unit else None,
        **words,
    ).only_of_its_kind
    refuse_all(objections(facts, context.today))
    return facts


def _write(context: Context, facts: DiaryFacts, doing: Doing) -> DiaryEntry:
    return enter(context.session, context.owner, facts, actor=doing.actor, now=doing.now, today=context.today)


def _take_back(context: Context, subject: str, doing: Doing) -> None:
    entry = context.session.scalars(select(DiaryEntry).where(DiaryEntry.public_id == subject)).one()
    if entry.corrected_by is not None and entry.corrected_by.withdraws:
        return
    withdraw(context.session, entry, "Thu hồi lần nhập từ tệp", actor=doing.actor, now=doing.now)


DIARY = Kind(
    "diary",
    (
        Column("on_day", ("ngay", "ngay thang", "ngay thuc hien", "thoi gian", "ngay thang nam", "date"), needed=True,
               example="18/08/2026"),
        Column("work", ("viec", "cong viec", "noi dung cong viec", "noi dung", "hoat dong", "loai viec", "work"),
               needed=True, example="phun thuốc"),
        Column("grower", ("ho thanh vien", "ten ho", "chu ho", "ho", "ho ten", "ho va ten"), example="Vi Văn Mẫu"),
        Column("plots", ("vuon", "thua", "ten vuon", "lo dat", "thua dat", "plot"), example="Vườn na Lũng Mây 1"),
        Column("material", ("ten thuoc", "ten vat tu", "ten phan bon", "ten thuong pham", "vat tu", "ten san pham",
                            "ten tren bao bi"), example="Abatin 1.8EC"),
        Column("active", ("hoat chat", "thanh phan"), example="Abamectin 1,8 %"),
        Column("dose", ("lieu luong", "lieu", "lieu dung", "cach dung"), example="10 ml/bình 16 lít"),
        Column("purpose", ("muc dich", "doi tuong", "sau benh", "dich hai", "ly do"), example="rệp sáp"),
        Column("phi_days", ("thoi gian cach ly", "cach ly", "so ngay cach ly", "tgcl", "phi"), example="7"),
        Column("quantity", ("so luong", "luong dung", "khoi luong", "san luong", "quantity"), example="1,5 lít"),
        Column("done_by", ("nguoi lam", "nguoi phun", "nguoi thuc hien", "nguoi thuc hien cong viec"),
               example="Vi Văn Mẫu"),
        Column("supplier", ("noi mua", "mua o dau", "nha cung cap", "nguon goc"), example=""),
        Column("note", ("ghi chu", "note"), example=""),
    ),
    _read,
    _write,
    _take_back,
)  # fmt: skip
