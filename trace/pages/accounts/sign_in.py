"""Signing in with a phone number or an e-mail address; signing out.

The answer and the time it takes are the same for a wrong password and for an account that does not exist.
"""

from typing import NamedTuple, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from ...access import allow, visitor
from ...accounts import Person, devices, factors, limits, passkeys, passwords, sessions
from ...accounts.people import find_person, identity, sample_people
from ...db import db
from ...demo import PASSWORD
from ...service import settings
from ...work.notices import notify
from ..fields import needed
from ..staff.vocabulary import ROLES
from ..words import now

bp = Blueprint("security", __name__)  # the name under which Flask-Security, too, looks for the way in

WAIT_SECONDS = 300


class SignInForm(FlaskForm):
    email = StringField(lazy_gettext("Phone number or e-mail"), [needed(), Length(max=255)])
    """Takes either; named as password managers expect."""
    password = PasswordField(lazy_gettext("Password"), [needed()])
    next = HiddenField()


class SecondForm(FlaskForm):
    code = StringField(lazy_gettext("Code from the app, or a recovery code"), [needed(), Length(max=40)])


class Sample(NamedTuple):
    name: str
    role: str
    email: str
    password: str


def way_on(asked: str | None) -> str:
    """Where to after signing in: a path of ours, or home. Never somewhere else, whatever a link says."""
    if asked and asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable():
        return asked
    return url_for("home.show")


@bp.route("/sign-in", methods=["GET", "POST"])
@allow("public")
def login() -> ResponseReturnValue:
    if visitor().person is not None:
        return redirect(way_on(request.args.get("next")))
    form = SignInForm(next=request.args.get("next"))
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    person = find_person(db.get_session("read"), form.email.data)
    device = devices.knows(person.public_id) if person else None
    tries = limits.tries_at(identity(form.email.data), device)
    if not limits.allowed(tries, now=now()):
        return _too_many(form)
    if not passwords.is_right(person, form.password.data):
        form.password.errors = [gettext("This phone number or e-mail and this password do not fit together.")]
        return _page(form, 422)
    limits.was_right(tries, now=now())
    return _first_factor_given(cast(Person, person), form.next.data)


def _page(form: SignInForm, status: int = 200) -> Response:
    options = passkeys.asking_options()
    page = render_template("accounts/sign_in.html", form=form, passkey_options=options, samples=_samples())
    return make_response(page, status)


def _samples() -> list[Sample]:
    """In a demonstration, one button for each of its people; in real use nobody."""
    if not settings().demo:
        return []
    return [
        Sample(person.name, ROLES[person.works_as], person.email or "", PASSWORD)
        for person in sample_people(db.get_session("read"))
        if person.works_as
    ]


def _too_many(form: SignInForm) -> Response:
    form.password.errors = [gettext("Too many tries. Wait five minutes, then try again.")]
    page = _page(form, 429)
    page.headers["Retry-After"] = str(WAIT_SECONDS)
    return page


def _first_factor_given(person: Person, asked: str | None) -> ResponseReturnValue:
    if factors.has_second(person) and not person.demo:
        sessions.enter_half(person, asked)
        return redirect(url_for(".second"))
    return welcome(person, asked)


def welcome(person: Person, asked: str | None) -> Response:
    """Sign the person in, remember the browser, and tell the person when it is a new one."""
    known = devices.knows(person.public_id) is not None
    if not known and not person.demo and (now() - person.created_at).days >= 1:
        _tell_of_new_device(person)
    sessions.enter(person, now=now())
    answer = make_response(redirect(way_on(asked)))
    devices.remember(answer, person.public_id)
    return answer


def _tell_of_new_device(person: Person) -> None:
    message = "Somebody signed in as you on a new device: %(device)s. If it was not you, change your password."
    writing = db.get_session("default")
    notify(writing, message, person_id=person.id, url="/account#devices", now=now(), device=devices.describe() or "?")
    writing.commit()


@bp.route("/sign-in/second", methods=["GET", "POST"])
@allow("public")
def second() -> ResponseReturnValue:
    """The second step, for whoever has set one up."""
    person = db.get_session("read").get(Person, session.get("half") or 0)
    if person is None:
        return redirect(url_for(".login"))
    form = SecondForm()
    if form.validate_on_submit():
        tries: limits.Tries = [(limits.SECOND, limits.hashed(f"second {person.public_id}"))]
        asked = session.get("next")
        if not limits.allowed(tries, now=now()):
            form.code.errors = [gettext("Too many tries. Wait an hour, or ask the office for help.")]
            return _second_page(form, person, 429)
        if factors.take_code(person.id, form.code.data, now=now()):
            limits.was_right(tries, now=now())
            return welcome(person, asked)
        form.code.errors = [gettext("This code does not fit, or it has been used. Wait for the next one.")]
    return _second_page(form, person, 422 if form.is_submitted() else 200)


def _second_page(form: SecondForm, person: Person, status: int) -> ResponseReturnValue:
    options = passkeys.asking_options(person) if person.passkeys else None
    return render_template("accounts/second.html", form=form, person=person, passkey_options=options), status


@bp.post("/sign-in/passkey")
@allow("public")
def passkey() -> ResponseReturnValue:
    """With a passkey: it is unlocked on the device, so it is both factors at once."""
    asked = session.get("next") or request.form.get("next")
    person_id = passkeys.take(request.form.get("passkey", ""), now=now(), person_id=session.get("half"))
    person = db.get_session("read").get(Person, person_id or 0)
    if person is None:
        form = SignInForm(formdata=None)
        form.email.errors = [gettext("This passkey is not known here. Sign in with your password.")]
        return _page(form, 422)
    return welcome(person, asked)


@bp.post("/sign-out")
@allow("public")
def logout() -> ResponseReturnValue:
    sessions.leave()
    return redirect(url_for(".login"))
