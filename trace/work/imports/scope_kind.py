"""The annex of a certificate by import or paste: product × plot or household × area × expected output."""

from sqlalchemy import select

from ...records import Certificate, Grower, Plot, Product, ScopeLine
from ...standards.quantities import parse_area, parse_weight
from ...standards.words import fold
from ..own_lists import own_products
from ..refused import Refused
from ..scope import ScopeFacts, add_line, remove_line
from .farm_kinds import grower_named
from .kind import Column, Context, Doing, Kind, Row


def plots_by_name(context: Context) -> dict[str, list[Plot]]:
    def look_up() -> dict[str, list[Plot]]:
        query = select(Plot).where(Plot.cooperative_id == context.owner.id, Plot.closed_on.is_(None))
        found: dict[str, list[Plot]] = {}
        for plot in context.session.scalars(query.order_by(Plot.id)):
            found.setdefault(fold(plot.name), []).append(plot)
        return found

    names: dict[str, list[Plot]] = context.once("plots by name", look_up)
    return names


def plot_named(context: Context, words: str, grower: Grower | None, name: str = "plot") -> Plot:
    """A plot by its name; where several bear it, the household's."""
    found = plots_by_name(context).get(fold(words), [])
    if grower is not None:
        found = [plot for plot in found if plot.grower_id == grower.id] or found
    if not found:
        raise Refused("No plot is called %(name)s. Enter it first.", field=name, name=words)
    if len(found) > 1:
        raise Refused("Several plots are called %(name)s: name the household, too.", field=name, name=words)
    return found[0]


def _product(context: Context, row: Row) -> Product:
    products: list[Product] = context.once("products", lambda: own_products(context.session, context.owner))
    words = row.text("product")
    if words is None:
        if len(products) == 1:
            return products[0]
        return _no_product(row.need("product"))
    same = [product for product in products if fold(product.name_vi) == fold(words)]
    return same[0] if same else _no_product(words)


def _no_product(words: str) -> Product:
    raise Refused("No product is called %(name)s. Enter it first.", field="product", name=words)


def _read(context: Context, row: Row) -> ScopeFacts:
    product, grower = _product(context, row), grower_named(context, row)
    named = row.text("plot")
    plot = plot_named(context, named, grower) if named else None
    area_m2 = row.read("area", parse_area, needed=True)
    expected = row.read("expected", lambda text: parse_weight(text, "tấn"), needed=True)
    try:
        facts = ScopeFacts(product, plot, grower or (plot.grower if plot else None), area_m2, expected)
    except Refused as refused:
        fields = {"area_m2": "area", "expected_g_a_year": "expected"}
        field = fields.get(refused.field or "", refused.field)
        raise Refused(refused.message, field=field, **refused.figures) from refused
    certificate: Certificate = context.target
    if any((line.product, line.plot, line.grower) == (facts.product, facts.plot, facts.grower)
           for line in certificate.scope):  # fmt: skip
        raise Refused("There is a line for this product and place already: change that one.", field="plot")
    return facts


def _write(context: Context, facts: ScopeFacts, doing: Doing) -> ScopeLine:
    return add_line(context.session, context.target, facts, actor=doing.actor, now=doing.now)


def _take_back(context: Context, subject: str, doing: Doing) -> None:
    line = context.session.scalars(select(ScopeLine).where(ScopeLine.public_id == subject)).first()
    if line is not None:  # removed by hand meanwhile: nothing is left to undo
        remove_line(context.session, line, actor=doing.actor, now=doing.now)


SCOPE_LINES = Kind(
    "scope_lines",
    (
        Column("product", ("san pham", "ten san pham", "cay trong", "product"), example="Na Chi Lăng"),
        Column("plot", ("vuon", "thua", "ten vuon", "dia diem", "lo dat", "plot"), example="Vườn na Lũng Mây 1"),
        Column("grower", ("ho thanh vien", "ten ho", "chu ho", "ho", "ho ten", "ho va ten", "thanh vien"),
               example="Vi Văn Mẫu"),
        Column("area", ("dien tich", "dien tich ha", "area"), needed=True, example="1,2"),
        Column("expected", ("san luong du kien", "san luong", "du kien", "expected"), needed=True, example="12"),
    ),
    _read,
    _write,
    _take_back,
    identity=lambda facts: (facts.product.id, facts.plot and facts.plot.id, facts.grower and facts.grower.id),
    target=Certificate,
)  # fmt: skip
