"""Products by import."""

from sqlalchemy import exists, select

from ...records import Batch, Product, ProductLink, Run, SampleTest, ScopeLine, Season, StampOrder
from ...standards.identifiers import gtin14
from ...standards.quantities import parse_count, parse_weight
from ...standards.words import fold
from ..products import ProductFacts, add_product, standing_of
from ..refused import Refused
from .farm_kinds import named, note_taken_back, refuse_used
from .kind import Column, Context, Doing, Kind, Row

USES = (Batch, ScopeLine, Run, ProductLink, SampleTest, Season, StampOrder)


def _read(context: Context, row: Row) -> ProductFacts:
    facts = ProductFacts(
        name_vi=named(row, "name_vi"),
        pack=row.need("pack"),
        net_weight_g=row.read("net_weight_g", parse_weight, needed=True),
        name_en=row.text("name_en"),
        name_zh=row.text("name_zh"),
        variety=row.text("variety"),
        shelf_life_days=row.read("shelf_life_days", parse_count),
        keeping=row.text("keeping"),
        gtin=row.read("gtin", gtin14),
    )
    if _identity(facts) in context.once("products", lambda: _known(context)):
        raise Refused("There is a product %(name)s in such packs already.", field="name_vi", name=facts.name_vi)
    return facts


def _identity(facts: ProductFacts | Product) -> tuple[str, str, int]:
    return fold(facts.name_vi), fold(facts.variety or ""), facts.net_weight_g


def _known(context: Context) -> set[tuple[str, str, int]]:
    return {_identity(row) for row in context.session.scalars(select(Product).where(standing_of(context.owner)))}


def _write(context: Context, facts: ProductFacts, doing: Doing) -> Product:
    return add_product(context.session, context.owner, facts, None, actor=doing.actor, now=doing.now)


def _take_back(context: Context, subject: str, doing: Doing) -> None:
    session = context.session
    product = session.scalars(select(Product).where(Product.public_id == subject)).one()
    refuse_used(session, tuple(exists().where(kind.product_id == product.id) for kind in USES))
    product.taken_back_at, product.gtin = doing.now, None  # the number may be entered again
    note_taken_back(session, product, doing.actor, doing.now)


PRODUCTS = Kind(
    "products",
    (
        Column("name_vi", ("ten san pham", "san pham", "ten hang", "ten", "product"), needed=True,
               example="Na Chi Lăng"),
        Column("variety", ("giong", "variety"), example="Na dai"),
        Column("pack", ("quy cach", "bao goi", "don vi", "dong goi", "pack"), needed=True, example="túi"),
        Column("net_weight_g", ("khoi luong tinh", "khoi luong", "trong luong", "net weight"), needed=True,
               example="1 kg"),
        Column("shelf_life_days", ("han dung ngay", "han dung", "han su dung ngay", "han su dung", "hsd"), example="7"),
        Column("keeping", ("bao quan", "cach bao quan", "keeping"), example="Nơi khô mát"),
        Column("gtin", ("gtin", "ma vach", "ma gtin", "barcode")),
        Column("name_en", ("ten tieng anh", "tieng anh", "english"), example="Chi Lang custard apple"),
        Column("name_zh", ("ten tieng trung", "tieng trung", "chinese"), example="支棱番荔枝"),
    ),
    _read,
    _write,
    _take_back,
    identity=_identity,
)  # fmt: skip
