"""The second factor: an app that shows codes, passkeys, and recovery codes for the day both are lost."""

from flask import Blueprint, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from ...access import allow, fresh
from ...accounts import factors, passkeys
from ...accounts.factors import codes
from ...db import db
from ...work.refused import Refused
from ..fields import WordsField, needed
from ..forms import Form, finish
from ..words import now
from .account import me
from .qr import drawn

bp = Blueprint("my_factors", __name__, url_prefix="/account/second-factor")


class AppForm(Form):
    code = StringField(lazy_gettext("Code the app shows now"), [needed(), Length(max=10)])


class PasskeyForm(Form):
    name = WordsField(lazy_gettext("Name of this passkey"), [needed()], longest=60)
    passkey = HiddenField()


class PlainForm(Form):
    """A button."""


@bp.get("")
@allow("account")
def show() -> ResponseReturnValue:
    return _page(AppForm(formdata=None), PasskeyForm(formdata=None))


def _page(app_form: AppForm, passkey_form: PasskeyForm) -> ResponseReturnValue:
    person = me()
    if "new_app" not in session:
        session["new_app"] = codes().generate_totp_secret()
    secret: str = session["new_app"]
    uri = codes().get_totp_uri(person.email or person.phone or person.name, secret)
    page = render_template(
        "accounts/second_factor.html",
        person=person,
        app_form=app_form,
        passkey_form=passkey_form,
        must=factors.must_have_second(person),
        has_second=factors.has_second(person),
        recovery_left=factors.recovery_codes_left(person),
        symbol=drawn(uri, gettext("QR code for the app")),
        key=codes().get_totp_pretty_key(secret),
        making_options=passkeys.making_options(person),
    )
    return page, 422 if app_form.complained or passkey_form.complained else 200


@bp.post("/app")
@allow("account")
@fresh
def add_app() -> ResponseReturnValue:
    form = AppForm()
    if form.validate_on_submit():
        with form.refusals():
            person, first = me(), not factors.has_second(me())
            secret = session.get("new_app", "")
            if not secret or not factors.confirm_app(db.session, person, secret, form.code.data, now=now()):
                raise Refused("This code does not fit. Look at the app again: codes change every 30 seconds.",
                              field="code")  # fmt: skip
            session.pop("new_app")
            return _done(form, first=first)
    return _page(form, PasskeyForm(formdata=None))


@bp.post("/passkeys")
@allow("account")
@fresh
def add_passkey() -> ResponseReturnValue:
    form = PasskeyForm()
    if form.validate_on_submit():
        with form.refusals():
            person, first = me(), not factors.has_second(me())
            passkeys.add(db.session, person, form.passkey.data or "", name=str(form.name.data), now=now())
            return _done(form, first=first)
    return _page(AppForm(formdata=None), form)


def _done(form: Form, *, first: bool) -> ResponseReturnValue:
    """With the first factor come the recovery codes, shown this once."""
    person = me()
    made = factors.new_recovery_codes(person) if first else []
    hashes = person.recovery_hashes
    taken = finish(form, url_for(".show"), gettext("Your second factor is set up."))
    if not made or person.recovery_hashes != hashes:  # a second press that came too late keeps the first one's codes
        return taken
    return render_template("accounts/recovery_codes.html", codes=made)


@bp.post("/recovery")
@allow("account")
@fresh
def new_codes() -> ResponseReturnValue:
    if not factors.has_second(me()):
        return _page(AppForm(formdata=None), PasskeyForm(formdata=None))
    made = factors.new_recovery_codes(me())
    db.session.commit()
    return render_template("accounts/recovery_codes.html", codes=made)


@bp.post("/remove")
@allow("account")
@fresh
def remove() -> ResponseReturnValue:
    """Give up the app (an empty name) or one passkey. Who needs a second factor keeps at least one."""
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            person, which = me(), request.form.get("which", "")
            if which == "app":
                factors.remove_app(db.session, person)
            else:
                passkeys.remove(db.session, person, which)
            if factors.must_have_second(person) and not factors.has_second(person):
                raise Refused("In an office a second factor is needed: set up another one first.")
            return finish(form, url_for(".show"), gettext("Removed."))
    app_form = AppForm(formdata=None)
    app_form.form_errors.extend(form.general)
    return _page(app_form, PasskeyForm(formdata=None))
