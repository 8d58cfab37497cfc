"""Households, plots and buyers by import."""

from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ...records import (
    Buyer,
    Consent,
    DiaryEntry,
    DiaryEntryPlot,
    DiaryPage,
    Dispatch,
    Grower,
    IntakeLine,
    PlaceNumber,
    Plot,
    Product,
    SampleTest,
    ScopeLine,
    SeasonPlot,
)
from ...standards.geography import commune_called
from ...standards.identifiers import area_code, phone
from ...standards.quantities import parse_area
from ...standards.words import fold, tidy
from ..actor import Actor
from ..farm import GrowerFacts, PlotFacts, add_grower, add_plot
from ..history import record
from ..refused import Refused
from .kind import Column, Context, Doing, Kind, Row

LONGEST_NAME = 120


def growers_by_name(context: Context) -> dict[str, list[Grower]]:
    """Households in the cooperative, by folded name."""

    def look_up() -> dict[str, list[Grower]]:
        query = select(Grower).where(Grower.cooperative_id == context.owner.id, Grower.left_on.is_(None))
        found: dict[str, list[Grower]] = {}
        for grower in context.session.scalars(query.order_by(Grower.id)):
            found.setdefault(fold(grower.name), []).append(grower)
        return found

    names: dict[str, list[Grower]] = context.once("growers", look_up)
    return names


def grower_named(context: Context, row: Row, name: str = "grower") -> Grower | None:
    words = row.text(name)
    if words is None:
        return None
    found = growers_by_name(context).get(fold(words), [])
    if not found:
        raise Refused("No household is called %(name)s. Enter it first.", field=name, name=words)
    if len(found) > 1:
        raise Refused("Several households are called %(name)s.", field=name, name=words)
    return found[0]


def named(row: Row, name: str = "name") -> str:
    words = tidy(row.need(name))
    if len(words) > LONGEST_NAME:
        raise Refused("This is too long: at most %(most)s characters.", field=name, most=LONGEST_NAME)
    return words


def _read_grower(context: Context, row: Row) -> GrowerFacts:
    name = named(row)
    if fold(name) in growers_by_name(context):
        raise Refused("%(name)s is a member household already.", field="name", name=name)
    return GrowerFacts(name, row.read("phone", phone), row.text("note"))


def _write_grower(context: Context, facts: GrowerFacts, doing: Doing) -> Grower:
    return add_grower(context.session, context.owner, facts, actor=doing.actor, now=doing.now)


def _take_back_grower(context: Context, subject: str, doing: Doing) -> None:
    session = context.session
    grower = session.scalars(select(Grower).where(Grower.public_id == subject)).one()
    uses = (
        exists().where(Plot.grower_id == grower.id, Plot.taken_back_at.is_(None)),
        exists().where(IntakeLine.grower_id == grower.id),
        exists().where(ScopeLine.grower_id == grower.id),
        exists().where(Consent.grower_id == grower.id),
        exists().where(DiaryPage.grower_id == grower.id),
    )
    refuse_used(session, uses)
    grower.left_on = grower.left_on or context.today
    grower.taken_back_at = doing.now
    note_taken_back(session, grower, doing.actor, doing.now)


def refuse_used(session: Session, uses: tuple[object, ...]) -> None:
    if session.scalar(select(or_(*uses))):  # type: ignore[arg-type]
        raise Refused("Something uses this record already.", conflict=True)


def note_taken_back(session: Session, subject: Grower | Plot | Buyer | Product, actor: Actor, now: datetime) -> None:
    session.flush()
    kind = f"{subject.__tablename__}.taken_back"
    record(session, kind, subject, actor=actor, now=now, facts={"taken_back_at": now.isoformat()})


GROWERS = Kind(
    "growers",
    (
        Column("name", ("ten ho", "ho ten", "ho va ten", "ten ho thanh vien", "ho thanh vien", "chu ho", "ten", "name"),
               needed=True, example="Vi Văn Mẫu"),
        Column("phone", ("dien thoai", "so dien thoai", "sdt", "dt", "phone"), example="0912 000 101"),
        Column("note", ("ghi chu", "note"), example="Thôn Lũng Mây"),
    ),
    _read_grower,
    _write_grower,
    _take_back_grower,
    identity=lambda facts: fold(facts.name),
)  # fmt: skip


def _read_plot(context: Context, row: Row) -> PlotFacts:
    grower = grower_named(context, row)
    name = named(row)
    area_m2 = row.read("area", parse_area, needed=True)
    code = _commune(context, row)
    _refuse_known(context, name, grower)
    return PlotFacts(name, area_m2, code, grower.id if grower else None, row.read("area_code", area_code))


def _refuse_known(context: Context, name: str, grower: Grower | None) -> None:
    def look_up() -> set[tuple[str, int | None]]:
        query = select(Plot.name, Plot.grower_id).where(
            Plot.cooperative_id == context.owner.id, Plot.taken_back_at.is_(None)
        )
        return {(fold(plot), grower_id) for plot, grower_id in context.session.execute(query)}

    if (fold(name), grower.id if grower else None) in context.once("plots", look_up):
        raise Refused("There is a plot %(plot)s already.", field="name", plot=name)


def _commune(context: Context, row: Row) -> str:
    """By name or code; a blank one is the cooperative's own."""
    words = row.text("commune")
    if words is None:
        return context.owner.commune_code
    found = commune_called(words)
    if found is None:
        raise Refused("No commune or ward of today is called %(name)s.", field="commune", name=words)
    return found.code


def _write_plot(context: Context, facts: PlotFacts, doing: Doing) -> Plot:
    return add_plot(context.session, context.owner, facts, actor=doing.actor, now=doing.now)


def _take_back_plot(context: Context, subject: str, doing: Doing) -> None:
    session = context.session
    plot = session.scalars(select(Plot).where(Plot.public_id == subject)).one()
    told = select(DiaryEntryPlot.entry_id).join(DiaryEntry, DiaryEntry.id == DiaryEntryPlot.entry_id)
    uses = (
        exists().where(IntakeLine.plot_id == plot.id),
        exists().where(ScopeLine.plot_id == plot.id),
        exists().where(SeasonPlot.plot_id == plot.id),
        exists().where(PlaceNumber.plot_id == plot.id),
        exists().where(SampleTest.plot_id == plot.id),
        told.where(DiaryEntryPlot.plot_id == plot.id).exists(),
    )
    refuse_used(session, uses)
    plot.closed_on = plot.closed_on or context.today
    plot.taken_back_at = doing.now
    note_taken_back(session, plot, doing.actor, doing.now)


PLOTS = Kind(
    "plots",
    (
        Column("name", ("ten vuon", "ten thua", "ten vuon thua", "vuon", "thua", "thua dat", "lo dat", "ten", "plot"),
               needed=True, example="Vườn na Lũng Mây 1"),
        Column("grower", ("ho thanh vien", "ten ho", "chu ho", "ho", "ho ten", "ho va ten", "household"),
               example="Vi Văn Mẫu"),
        Column("area", ("dien tich", "dt", "dien tich ha", "area"), needed=True, example="1,2"),
        Column("commune", ("xa", "xa phuong", "phuong xa", "phuong", "commune"), example="Chi Lăng"),
        Column("area_code", ("ma so vung trong", "ma vung trong", "msvt", "puc"), example="VN-LSOR-0101"),
    ),
    _read_plot,
    _write_plot,
    _take_back_plot,
    identity=lambda facts: (fold(facts.name), facts.grower_id),
)  # fmt: skip


def _read_buyer(context: Context, row: Row) -> tuple[str, str | None, str | None]:
    def look_up() -> set[str]:
        query = select(Buyer.folded).where(Buyer.cooperative_id == context.owner.id, Buyer.taken_back_at.is_(None))
        return set(context.session.scalars(query))

    name = named(row)
    if fold(name) in context.once("buyers", look_up):
        raise Refused("Buyer %(name)s is known already.", field="name", name=name)
    return name, row.read("phone", phone), row.text("place")


def _write_buyer(context: Context, facts: tuple[str, str | None, str | None], doing: Doing) -> Buyer:
    name, number, place = facts
    buyer = Buyer(cooperative_id=context.owner.id, name=name, folded=fold(name), phone=number, place=place,
                  created_at=doing.now)  # fmt: skip
    context.session.add(buyer)
    record(context.session, "buyer.added", buyer, actor=doing.actor, now=doing.now)
    return buyer


def _take_back_buyer(context: Context, subject: str, doing: Doing) -> None:
    session = context.session
    buyer = session.scalars(select(Buyer).where(Buyer.public_id == subject)).one()
    refuse_used(session, (exists().where(Dispatch.buyer_id == buyer.id),))
    buyer.taken_back_at = doing.now
    note_taken_back(session, buyer, doing.actor, doing.now)


BUYERS = Kind(
    "buyers",
    (
        Column("name", ("ten nguoi mua", "nguoi mua", "khach hang", "ten khach hang", "ten", "buyer"), needed=True,
               example="Cửa hàng Nông sản (mẫu)"),
        Column("phone", ("dien thoai", "so dien thoai", "sdt", "phone"), example="0205 381 2264"),
        Column("place", ("dia chi", "noi giao", "noi giao hang", "tinh", "place"), example="Hà Nội"),
    ),
    _read_buyer,
    _write_buyer,
    _take_back_buyer,
    identity=lambda facts: fold(facts[0]),
)  # fmt: skip
