"""One's own account: name, language, theme, password, open sessions, and the cooperative one acts for."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField, SelectChoice, SelectField

from ...access import allow, visitor
from ...accounts import Person, factors, freshness, limits, passwords, sessions
from ...db import db
from ...work.refused import Refused
from ..fields import WordsField, needed
from ..forms import Form, finish
from ..words import LANGUAGES, now
from .sign_in import way_on

bp = Blueprint("my_account", __name__, url_prefix="/account")

THEMES = ("light", "dark")


class ProfileForm(Form):
    name = WordsField(lazy_gettext("Your name"), [needed()], longest=100)
    language = SelectField(
        lazy_gettext("Language"), [needed()], choices=[SelectChoice("vi", "Tiếng Việt"), SelectChoice("en", "English")]
    )
    theme = SelectField(
        lazy_gettext("Colours"),
        [needed()],
        choices=[
            SelectChoice("auto", lazy_gettext("As the device")),
            SelectChoice("light", lazy_gettext("Light")),
            SelectChoice("dark", lazy_gettext("Dark")),
        ],
    )


class PasswordForm(Form):
    old = PasswordField(lazy_gettext("Password until now"), [needed()])
    password = PasswordField(lazy_gettext("New password"), [needed()])


@dataclass(frozen=True, slots=True)
class PlaceShown:
    public_id: str
    name: str
    current: bool


def places() -> list[PlaceShown]:
    """The cooperatives the visitor may act for; an office counts as one more, with an empty id."""
    asking = visitor()
    if asking.person is None:
        return []
    current = asking.cooperative.public_id if asking.cooperative else ""
    found = [
        PlaceShown(place.cooperative.public_id, place.cooperative.name, place.cooperative.public_id == current)
        for place in asking.person.memberships
        if place.ended_at is None
    ]
    if asking.person.office:
        found.insert(0, PlaceShown("", gettext("My office"), current == ""))
    return found


def me() -> Person:
    person = visitor().person
    if person is None:
        abort(403)
    return person


@bp.route("", methods=["GET", "POST"])
@allow("account")
def show() -> ResponseReturnValue:
    person = me()
    form = _profile(person)
    if form.validate_on_submit():
        person.name = str(form.name.data)
        person.language = form.language.data if form.language.data in LANGUAGES else None
        person.theme = form.theme.data if form.theme.data in THEMES else None
        return finish(form, url_for(".show"), gettext("Saved."))
    return _page(form, PasswordForm(formdata=None))


def _profile(person: Person, **more: Any) -> ProfileForm:
    kept = {"name": person.name, "language": person.language or "vi", "theme": person.theme or "auto"}
    return ProfileForm(data=kept, **more)


def _page(profile: ProfileForm, password: PasswordForm) -> ResponseReturnValue:
    person = me()
    complained = profile.complained or password.complained
    page = render_template(
        "accounts/account.html",
        person=person,
        profile=profile,
        password=password,
        devices=sessions.sign_ins_of(db.session, person, now=now()),
        this_device=session.get("sign_in"),
        has_second=factors.has_second(person),
        recovery_left=factors.recovery_codes_left(person),
    )
    return page, 422 if complained else 200


@bp.post("/password")
@allow("account")
def change_password() -> ResponseReturnValue:
    person = me()
    form = PasswordForm()
    if form.sent():
        with form.refusals():
            if _change_password(person, form):
                return finish(form, url_for(".show"), gettext("Your password is changed. Every other device is out."))
    return _page(_profile(person, formdata=None), form)


def _change_password(person: Person, form: PasswordForm) -> bool:
    """Every open session ends; this browser goes on in a new one."""
    form.tried(passwords.refuse_weak, form.password.data, [person.name, person.phone, person.email])
    tries: limits.Tries = [(limits.CONFIRM, limits.hashed(f"password {person.public_id}"))]
    if not limits.allowed(tries, now=now()):
        raise Refused("Too many tries. Wait five minutes, then try again.", field="old")
    if not passwords.is_right(person, form.old.data):
        raise Refused("This is not your password until now.", field="old")
    limits.was_right(tries, now=now())
    form.end_rehearsal()
    passwords.set_password(person, form.password.data)
    sessions.end_all(db.session, person)
    sessions.enter(person, now=now())
    return True


@bp.post("/devices/end")
@allow("account")
def end_device() -> ResponseReturnValue:
    sessions.end_one(db.session, me(), request.form.get("device", ""))
    db.session.commit()
    return redirect(url_for(".show") + "#devices")


@bp.post("/devices/end-others")
@allow("account")
def end_others() -> ResponseReturnValue:
    person = me()
    sessions.end_all(db.session, person)
    db.session.commit()
    sessions.enter(person, now=now())
    return redirect(url_for(".show") + "#devices")


@bp.post("/place")
@allow("account")
def switch() -> ResponseReturnValue:
    """Act for another of one's cooperatives, or for one's office (an empty id)."""
    chosen = request.form.get("place", "")
    if chosen not in {place.public_id for place in places()}:
        abort(404)
    session["place"] = chosen
    return redirect(url_for("home.show"))


@bp.route("/confirm", methods=["GET", "POST"])
@allow("account")
def confirm() -> ResponseReturnValue:
    """Prove again who is there, then go on."""
    asked = request.values.get("next")
    complaint = None
    if request.method == "POST":
        complaint = freshness.prove()
        if complaint is None:
            return redirect(way_on(asked))
    return freshness.show(url_for(".confirm"), [("next", asked or "")], complaint)
