"""Products: what a cooperative sells under its stamps."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import Optional

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import Product
from ...standards.identifiers import gtin14
from ...work.products import ProductFacts, add_product, change_product, drop_photo, products
from ...work.uploads import PICTURES
from ..fields import CountField, IdentifierField, NoteField, UploadField, WeightField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .parts import PICTURE_HINT, kept, page_number, said, wanted
from .past import history_of

bp = Blueprint("products", __name__, url_prefix="/my/products")


class GtinField(IdentifierField):
    def show(self, value: str) -> str:
        return printed(value)


def printed(gtin: str) -> str:
    """As it stands under the barcode: the zero before a GTIN-13 is only ours."""
    return gtin.removeprefix("0")


class ProductForm(Form):
    name_vi = WordsField(lazy_gettext("Name in Vietnamese"), [needed()], longest=120)
    name_en = WordsField(lazy_gettext("Name in English"), longest=120)
    name_zh = WordsField(lazy_gettext("Name in Chinese"), longest=60)
    variety = WordsField(lazy_gettext("Variety"), longest=120)
    pack = WordsField(
        lazy_gettext("What one pack is called"),
        [needed()],
        longest=30,
        description=lazy_gettext("For example túi, hộp, khay."),
    )
    net_weight_g = WeightField(
        lazy_gettext("Net weight of a pack"), [needed()], description=lazy_gettext("For example 1 kg or 500 g.")
    )
    shelf_life_days = CountField(lazy_gettext("Shelf life in days"), [Optional()])
    keeping = NoteField(
        lazy_gettext("How to keep it"), longest=300, description=lazy_gettext("Consumers read it on the stamp's page.")
    )
    gtin = GtinField(
        "GTIN",
        [Optional()],
        reader=gtin14,
        description=lazy_gettext("The number under the barcode, if the product has one: 8, 12, 13 or 14 digits."),
    )
    photo = UploadField(lazy_gettext("Photo of the product"))

    def facts(self) -> ProductFacts:
        return ProductFacts(
            name_vi=said(self.name_vi),
            pack=said(self.pack),
            net_weight_g=said(self.net_weight_g),
            name_en=self.name_en.data,
            name_zh=self.name_zh.data,
            variety=self.variety.data,
            shelf_life_days=self.shelf_life_days.data,
            keeping=self.keeping.data,
            gtin=self.gtin.data,
        )


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    listing = products(db.session, own_cooperative(), wanted(), page_number())
    return render_template("cooperative/products.html", listing=listing, q=wanted())


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = ProductForm()
    if form.sent():
        with form.refusals():
            facts, actor = form.tried(form.facts), visitor().actor
            photo = form.tried(kept, form.photo, PICTURES)
            product = add_product(db.session, own_cooperative(), facts, photo, actor=actor, now=now())
            return finish(form, url_for(".show", public_id=product.public_id), gettext("Product entered."))
    return _form_page(form, None)


def _form_page(form: Form, product: Product | None) -> ResponseReturnValue:
    return show_form("cooperative/product_form.html", form, product=product, picture_hint=PICTURE_HINT)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Product, public_id), Form(formdata=None))


def _page(product: Product, form: Form) -> ResponseReturnValue:
    shown: dict[str, Any] = {"history": history_of(product), "gtin": printed(product.gtin or "")}
    return show_form("cooperative/product.html", form, product=product, **shown)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str) -> ResponseReturnValue:
    product = find(Product, public_id)
    form = ProductForm(data={name: getattr(product, name) for name in ProductFacts.__dataclass_fields__}).watched()
    if form.sent():
        with form.refusals():
            facts, actor = form.tried(form.facts), visitor().actor
            photo = form.tried(kept, form.photo, PICTURES)
            change_product(db.session, product, facts, photo, actor=actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("Saved."))
    return _form_page(form, product)


@bp.post("/<public_id>/drop-photo")
@allow("cooperative.write")
def drop(public_id: str) -> ResponseReturnValue:
    product, form = find(Product, public_id), Form()
    if form.sent():
        with form.refusals():
            drop_photo(db.session, product, actor=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("Photo taken away."))
    return _page(product, form)
