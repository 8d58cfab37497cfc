"""A cooperative registers itself, with its first manager; then it waits for an officer, and may enter everything."""

from collections.abc import Callable
from typing import Any

from flask import make_response, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, PasswordField, RadioField, SelectField
from wtforms.validators import Email, Optional

from ...access import Role, allow, visitor
from ...accounts import Person, Place, devices, limits, sessions
from ...accounts.passwords import refuse_weak
from ...accounts.people import actor_of, join, new_person
from ...db import db
from ...records import ConsentTo, Cooperative, CooperativeKind
from ...standards import identifiers
from ...work.actor import Actor
from ...work.cooperatives import Registration, refuse_unfit, register
from ..fields import IdentifierField, PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..unit_choices import KINDS, communes, old_districts
from ..unread import one_of
from ..words import now, today
from .sign_in import bp, way_on


class EmailField(WordsField):
    """An e-mail address in small letters."""

    longest = 255

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data.casefold() if self.data else None


SAID = ("name", "tax_code", "personal_number", "commune_code", "address", "certified_address", "contact_name", "phone",
        "email")  # fmt: skip
"""Fields that go to work as they were read."""


class RegistrationForm(Form):
    kind = RadioField(lazy_gettext("Kind"), [needed()], choices=KINDS, default=CooperativeKind.COOPERATIVE.value)
    name = WordsField(lazy_gettext("Name of the cooperative"), [needed()])
    tax_code = IdentifierField(lazy_gettext("Tax code"), reader=identifiers.tax_code)
    personal_number = IdentifierField(
        lazy_gettext("Personal number of the head (12 digits)"), reader=identifiers.personal_number
    )
    commune_code = SelectField(lazy_gettext("Commune or ward of today"), [needed()])
    address = WordsField(lazy_gettext("Hamlet, street, number"), [needed()])
    certified_address = WordsField(lazy_gettext("Address as it stands on your certificate"))
    former_district_code = SelectField(lazy_gettext("Old district on the certificate"))
    contact_name = WordsField(lazy_gettext("Who is in charge"), [needed()], longest=100)
    phone = PhoneField(lazy_gettext("Phone number"), [needed()])
    email = EmailField(lazy_gettext("E-mail"), [Optional(), Email(lazy_gettext("This is not an e-mail address."))])
    consent_name = BooleanField(lazy_gettext("The name of the person in charge may be shown to consumers"))
    consent_phone = BooleanField(lazy_gettext("The phone number may be shown, so that consumers can call"))
    consent_photo = BooleanField(lazy_gettext("Photos of people that we upload may be shown"))
    password = PasswordField(lazy_gettext("Password"), [needed()])

    def __init__(self) -> None:
        super().__init__()
        self.commune_code.choices = communes()
        self.former_district_code.choices = old_districts()
        if visitor().person is not None:
            del self.password

    def said(self) -> Registration:
        boxes = {
            ConsentTo.NAME: self.consent_name,
            ConsentTo.PHONE: self.consent_phone,
            ConsentTo.PHOTO: self.consent_photo,
        }
        given: dict[str, Any] = self.data
        return Registration(
            kind=one_of(CooperativeKind, given["kind"]),
            former_district_code=given["former_district_code"] or None,
            consents=frozenset(what for what, box in boxes.items() if box.data),
            **{key: given[key] for key in SAID},
        )


@bp.route("/register", methods=["GET", "POST"], endpoint="register")
@allow("public")
def register_cooperative() -> ResponseReturnValue:
    return come_in(RegistrationForm(), "accounts/register.html", lambda *_: way_on(None))


def come_in(
    form: RegistrationForm, template: str, then: Callable[[Cooperative, Actor], str], **shown: Any
) -> ResponseReturnValue:
    """The page of a form with which a cooperative registers; `then` does what comes with it and says where to go on."""
    if form.sent():
        if form.complained:
            return _judged(form, template, shown)
        if not limits.allowed([(limits.REGISTER, limits.hashed(limits.network()))], now=now()):
            form.general.append(gettext("Many have registered from your network within the hour. Try again later."))
            return make_response(render_template(template, form=form, **shown), 429, {"Retry-After": "3600"})
        with form.refusals():
            return _register(form, then)
    return show_form(template, form, **shown)


def _judged(form: RegistrationForm, template: str, shown: dict[str, Any]) -> ResponseReturnValue:
    """What else is wrong with it. Whether a phone is known is told within the limit only, to forms that are whole."""
    with form.refusals():
        if "password" in form:
            own = (form.contact_name.data, form.phone.data, form.email.data)
            form.tried(refuse_weak, form.password.data or "", own)
        refuse_unfit(form.said())
    return show_form(template, form, **shown)


def _register(form: RegistrationForm, then: Callable[[Cooperative, Actor], str]) -> ResponseReturnValue:
    """The first manager, the cooperative, and the manager's place in it, all together; then sign in."""
    known = visitor().person
    person = known or _first_manager(form)
    actor = actor_of(person, Role.MANAGER)
    cooperative = register(db.session, form.said(), actor=actor, now=now(), today=today())
    join(db.session, person, cooperative, Place.MANAGER, actor=actor, now=now())
    location = then(cooperative, actor)
    message = gettext("Registered. An officer looks at it; meanwhile enter everything else.")
    answer = make_response(finish(form, location, message))
    if cooperative in db.session:  # not the second press of a button
        _go_in(person, cooperative, new=known is None)
        devices.remember(answer, person.public_id)
    return answer


def _first_manager(form: RegistrationForm) -> Person:
    given: dict[str, Any] = form.data
    about = {"name": given["contact_name"], "phone": given["phone"], "email": given["email"]}
    return new_person(db.session, password=given["password"], now=now(), **about)


def _go_in(person: Person, cooperative: Cooperative, *, new: bool) -> None:
    if new:
        sessions.enter(person, now=now())
    session["place"] = cooperative.public_id
