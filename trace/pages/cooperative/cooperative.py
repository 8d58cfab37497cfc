"""A cooperative's own data: contact, address, what may be shown of it, its logo."""

from typing import Any

from flask import Blueprint, abort, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import Optional

from ...access import allow, own_cooperative, visitor
from ...accounts.certifiers import accesses_of
from ...db import db
from ...records import ConsentTo, Cooperative
from ...standards.geography import commune, district
from ...work.contacts import ContactFacts, agree, change_contact, change_logo, withdraw
from ...work.refused import Refused
from ...work.uploads import PICTURES
from ..choices import ChoiceField
from ..fields import DayField, PhoneField, UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..staff.certifiers import views_shown
from ..staff.vocabulary import KINDS
from ..words import now, today
from .parts import PICTURE_HINT, EmailField, commune_choices, kept, said
from .past import history_of

bp = Blueprint("my_cooperative", __name__, url_prefix="/my/cooperative")

CONSENTS: dict[str, Any] = {
    ConsentTo.NAME: lazy_gettext("The contact's name"),
    ConsentTo.PHONE: lazy_gettext("The phone number"),
    ConsentTo.PHOTO: lazy_gettext("Photos with people in them"),
}


class ContactForm(Form):
    contact_name = WordsField(lazy_gettext("Contact person"), [needed()], longest=120)
    phone = PhoneField(lazy_gettext("Phone"), [needed()])
    zalo_phone = PhoneField(lazy_gettext("Zalo number"), [Optional()])
    email = EmailField(lazy_gettext("E-mail"))
    address = WordsField(lazy_gettext("Village, street, number"), [needed()])
    commune_code = ChoiceField(lazy_gettext("Commune of today"), [needed()])

    def facts(self) -> ContactFacts:
        return ContactFacts(
            contact_name=said(self.contact_name),
            phone=said(self.phone),
            email=self.email.data,
            zalo_phone=self.zalo_phone.data,
            commune_code=said(self.commune_code),
            address=said(self.address),
        )


class ConsentForm(Form):
    given_on = DayField(lazy_gettext("Day of the consent"), [needed()])


class LogoForm(Form):
    logo = UploadField(lazy_gettext("Logo"), description=PICTURE_HINT)


@bp.get("")
@allow("cooperative.read")
def show() -> ResponseReturnValue:
    return _page(own_cooperative(), Form(formdata=None))


def _page(cooperative: Cooperative, complained: Form, **sent: Any) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "kind": KINDS[cooperative.kind],
        "commune": commune(cooperative.commune_code),
        "district": district(cooperative.former_district_code or ""),
        "consents": CONSENTS,
        "given": _given(cooperative),
        "consent": ConsentForm(formdata=None),
        "blank": ConsentForm(formdata=None),
        "logo": LogoForm(formdata=None),
        "asked": None,
        "history": history_of(cooperative),
        "certifiers": accesses_of(db.session, cooperative),
        "views": views_shown(cooperative),
    }
    return show_form("cooperative/cooperative.html", complained, cooperative=cooperative, **(shown | sent))


def _given(cooperative: Cooperative) -> dict[str, Any]:
    """For what is agreed to now: the day."""
    own = [consent for consent in cooperative.consents if consent.grower_id is None and not consent.withdrawn_on]
    return {consent.what: consent.given_on for consent in own}


@bp.route("/edit", methods=["GET", "POST"])
@allow("cooperative.manage")
def edit() -> ResponseReturnValue:
    cooperative = own_cooperative()
    form = ContactForm(data={name: getattr(cooperative, name) for name in ContactFacts.__dataclass_fields__})
    form.commune_code.choices = commune_choices()
    form.watched()
    if form.sent():
        with form.refusals():
            change_contact(db.session, cooperative, form.facts(), actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Saved."))
    return show_form("cooperative/cooperative_form.html", form, cooperative=cooperative)


@bp.post("/consents/<what>")
@allow("cooperative.manage")
def consent(what: str) -> ResponseReturnValue:
    cooperative, form, known = own_cooperative(), ConsentForm(), _known(what)
    if form.sent():
        with form.refusals():
            day = said(form.given_on)
            agree(db.session, cooperative, known, day, today=today(), actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Consent recorded."))
    return _page(cooperative, form, consent=form, asked=known)


def _known(what: str) -> ConsentTo:
    if what not in set(ConsentTo):
        abort(404)
    return ConsentTo(what)


@bp.post("/consents/<what>/withdraw")
@allow("cooperative.manage")
def take_back(what: str) -> ResponseReturnValue:
    cooperative, form, known = own_cooperative(), Form(), _known(what)
    if form.sent():
        with form.refusals():
            withdraw(db.session, cooperative, known, today=today(), actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Consent withdrawn."))
    return _page(cooperative, form)


@bp.post("/logo")
@allow("cooperative.manage")
def logo() -> ResponseReturnValue:
    cooperative, form = own_cooperative(), LogoForm()
    if form.sent():
        with form.refusals():
            picture = kept(form.logo, PICTURES)
            if picture is None:
                raise Refused("Choose a file.", field="logo")
            change_logo(db.session, cooperative, picture, actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Saved."))
    return _page(cooperative, form, logo=form)


@bp.post("/logo/drop")
@allow("cooperative.manage")
def drop_logo() -> ResponseReturnValue:
    cooperative, form = own_cooperative(), Form()
    if form.sent():
        with form.refusals():
            change_logo(db.session, cooperative, None, actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Logo taken away."))
    return _page(cooperative, form)
