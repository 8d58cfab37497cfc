"""GS1 links of a cooperative: its own pages about its products, and the GLNs of its places."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import PlaceKind, PlaceNumber, ProductLink
from ...standards.gs1 import LINK_TYPES
from ...standards.identifiers import NotAnIdentifier, gtin14
from ...work.farm import open_plots
from ...work.links import OPEN_TYPES
from ...work.own_links import LinkFacts, add_link, add_place, end_link, end_place, own_links, own_places
from ...work.products import all_products
from ..choices import ChoiceField, RecordField
from ..fields import IdentifierField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .parts import choices_of, said

bp = Blueprint("links", __name__, url_prefix="/my/links")

PLACES = {
    PlaceKind.PARTY: lazy_gettext("The cooperative itself (417)"),
    PlaceKind.PACKHOUSE: lazy_gettext("A packhouse (414)"),
    PlaceKind.PLOT: lazy_gettext("A plot (414)"),
}
LANGUAGES = {"": "–", "vi": "Tiếng Việt", "en": "English", "zh": "中文"}


def gln(text: str) -> str:
    """Thirteen digits, the last of which checks the others."""
    number = gtin14(text)
    if not number.startswith("0") or len("".join(filter(str.isdigit, text))) != 13:
        raise NotAnIdentifier("shape")
    return number[1:]


class LinkForm(Form):
    product = RecordField(lazy_gettext("Product"), [needed()])
    link_type = ChoiceField(
        lazy_gettext("What the page is"),
        [needed()],
        description=lazy_gettext("A GS1 link type: software finds the page by it."),
    )
    href = WordsField(lazy_gettext("Address of the page"), [needed()], longest=500)
    title = WordsField(lazy_gettext("What the link is called"), [needed()], longest=120)
    language = ChoiceField(lazy_gettext("Language of the page"))

    def offer(self) -> "LinkForm":
        products = [product for product in all_products(db.session, own_cooperative()) if product.gtin]
        self.product.offer(products, lambda product: product.name_vi, blank=gettext("– choose –"))
        self.link_type.choices = choices_of({name: LINK_TYPES[name] for name in OPEN_TYPES})
        self.language.choices = list(LANGUAGES.items())
        return self

    def facts(self) -> LinkFacts:
        return LinkFacts(said(self.link_type), said(self.href), said(self.title), self.language.data or None)


class PlaceForm(Form):
    gln = IdentifierField("GLN", [needed()], reader=gln, description=lazy_gettext("13 digits, as GS1 gave it."))
    kind = ChoiceField(lazy_gettext("What it numbers"), [needed()])
    plot = RecordField(lazy_gettext("Plot"), description=lazy_gettext("Only for a plot's number."))

    def offer(self) -> "PlaceForm":
        self.kind.choices = choices_of({str(kind): word for kind, word in PLACES.items()})
        self.plot.offer(open_plots(db.session, own_cooperative()), lambda plot: plot.called, blank="–")
        return self


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    return _page(Form(formdata=None))


def _page(form: Form) -> ResponseReturnValue:
    own = own_cooperative()
    told: dict[str, Any] = {"links": own_links(db.session, own), "numbers": own_places(db.session, own)}
    return show_form("cooperative/links.html", form, kinds=LINK_TYPES, place_kinds=PLACES, **told)


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = LinkForm().offer()
    if form.sent():
        with form.refusals():
            add_link(db.session, form.product.record, form.facts(), actor=visitor().actor, now=now())
            return finish(form, url_for(".index"), gettext("Link added."))
    return show_form("cooperative/link_form.html", form)


@bp.post("/<public_id>/end")
@allow("cooperative.write")
def end(public_id: str) -> ResponseReturnValue:
    link, form = find(ProductLink, public_id), Form()
    if form.sent():
        with form.refusals():
            end_link(db.session, link, actor=visitor().actor, now=now())
            return finish(form, url_for(".index"), gettext("Link taken away."))
    return _page(form)


@bp.route("/places/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new_place() -> ResponseReturnValue:
    form = PlaceForm().offer()
    if form.sent():
        with form.refusals():
            own, actor = own_cooperative(), visitor().actor
            add_place(db.session, own, said(form.gln), said(form.kind), form.plot.record, actor=actor, now=now())
            return finish(form, url_for(".index"), gettext("GLN entered."))
    return show_form("cooperative/place_form.html", form)


@bp.post("/places/<public_id>/end")
@allow("cooperative.write")
def end_of_place(public_id: str) -> ResponseReturnValue:
    place, form = find(PlaceNumber, public_id), Form()
    if form.sent():
        with form.refusals():
            end_place(db.session, place, actor=visitor().actor, now=now())
            return finish(form, url_for(".index"), gettext("GLN taken away."))
    return _page(form)
