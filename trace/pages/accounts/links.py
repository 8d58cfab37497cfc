"""Where one-time links lead: into a cooperative, or to a new password."""

from typing import Any

from flask import make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import inspect
from wtforms import PasswordField
from wtforms.validators import Email, Optional

from ...access import Role, allow, visitor
from ...accounts import LinkPurpose, OneTimeLink, devices, links, sessions
from ...accounts.people import actor_of, new_person
from ...db import db
from ..fields import PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .registration import EmailField
from .sign_in import bp


class JoinForm(Form):
    """For somebody who is signed in already, the button alone is left of it."""

    name = WordsField(lazy_gettext("Your name"), [needed()], longest=100)
    phone = PhoneField(lazy_gettext("Phone number"), [needed()])
    email = EmailField(lazy_gettext("E-mail"), [Optional(), Email(lazy_gettext("This is not an e-mail address."))])
    password = PasswordField(lazy_gettext("Password"), [needed()])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if visitor().person is not None:
            del self.name, self.phone, self.email, self.password


WHO = ("name", "phone", "email", "password")


class ResetForm(Form):
    password = PasswordField(lazy_gettext("New password"), [needed()])


@bp.route("/link/<token>", methods=["GET", "POST"], endpoint="link")
@allow("public")
def open_link(token: str) -> ResponseReturnValue:
    found = links.find_link(db.session, token, now=now(), lock=request.method == "POST")
    if found is None:
        return render_template("accounts/link_spent.html"), 410
    return _reset(found) if found.purpose == LinkPurpose.RESET else _join(found, token)


def _reset(found: OneTimeLink) -> ResponseReturnValue:
    form = ResetForm()
    if form.validate_on_submit():
        with form.refusals():
            links.reset(db.session, found, str(form.password.data), now=now())
            sessions.leave()
            return finish(form, url_for(".login"), gettext("Your new password is set. Sign in with it."))
    return show_form("accounts/reset.html", form, person=found.person)


def _join(found: OneTimeLink, token: str) -> ResponseReturnValue:
    form = JoinForm(data={"name": found.name})
    if form.sent():
        with form.refusals():
            return _accept(form, found)
    sign_in = url_for(".login", next=url_for(".link", token=token))
    return show_form("accounts/join.html", form, cooperative=found.cooperative, place=found.place, sign_in=sign_in)


def _accept(form: JoinForm, found: OneTimeLink) -> ResponseReturnValue:
    cooperative = found.cooperative
    assert cooperative is not None  # an invitation always has one: the table's rule
    known = visitor().person
    person = known or new_person(db.session, now=now(), **{key: form.data[key] for key in WHO})
    links.accept(db.session, found, person, actor=actor_of(person, Role.NEWCOMER), now=now())
    message = gettext("Welcome to %(name)s.", name=cooperative.name)
    answer = make_response(finish(form, url_for("home.show"), message))
    if inspect(person).persistent:  # not the second press of a button
        if known is None:
            sessions.enter(person, now=now())
        session["place"] = cooperative.public_id
        devices.remember(answer, person.public_id)
    return answer
