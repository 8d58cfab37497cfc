"""People of the offices: who sits where, adding one with a link to start by, ending an office."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from sqlalchemy import inspect
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Email, Optional

from ...access import allow, find, fresh, visitor
from ...accounts import Office, Person
from ...accounts.links import offer_reset
from ...accounts.offices import appoint, end_office, people_in_offices
from ...db import db
from ..fields import PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .vocabulary import ROLES

bp = Blueprint("operate_people", __name__, url_prefix="/operate/people")


class PersonForm(Form):
    name = WordsField(lazy_gettext("Name"), validators=[needed()], longest=100)
    office = RadioField(
        lazy_gettext("Office"),
        choices=[SelectChoice(office.value, ROLES[office.value]) for office in Office],
        validators=[needed(), AnyOf(list(Office), message=lazy_gettext("Please choose from the list."))],
        validate_choice=False,
        description=lazy_gettext("Nobody holds two."),
    )
    phone = PhoneField(lazy_gettext("Phone"))
    email = WordsField(
        lazy_gettext("E-mail"),
        validators=[Optional(), Email(message=lazy_gettext("This is not an e-mail address."))],
        description=lazy_gettext("One of the two is enough; the person signs in with it."),
    )


class EndForm(Form):
    pass


@bp.get("/")
@allow("operate")
def index() -> ResponseReturnValue:
    return _list(EndForm())


@bp.route("/new", methods=["GET", "POST"])
@allow("operate")
@fresh
def new() -> ResponseReturnValue:
    form = PersonForm()
    if form.validate_on_submit():
        with form.refusals():
            return _appoint(form)
    return show_form("staff/operate_person.html", form)


def _appoint(form: PersonForm) -> ResponseReturnValue:
    person = appoint(
        db.session,
        Office(form.office.data),
        name=form.name.data or "",
        email=form.email.data,
        phone=form.phone.data,
        actor=visitor().actor,
        now=now(),
    )
    known = person.password is not None
    link = None if known else offer_reset(db.session, person, actor=visitor().actor, now=now())
    taken = finish(form, url_for(".index"))
    if link is None or not inspect(person).persistent:  # known already, or a second press that came too late
        if known:
            flash(gettext("%(name)s has the office now and signs in as before.", name=form.name.data), "success")
        return taken
    return render_template("staff/operate_link.html", person=person, link=link)


@bp.post("/<public_id>/end")
@allow("operate")
@fresh
def end(public_id: str) -> ResponseReturnValue:
    form = EndForm()
    person = find(Person, public_id)
    if form.validate_on_submit():
        with form.refusals():
            end_office(db.session, person, actor=visitor().actor, now=now())
            return finish(form, url_for(".index"), gettext("The office is ended, and every open session with it."))
    return _list(form)


def _list(form: EndForm) -> ResponseReturnValue:
    rows = [(person, str(ROLES[person.office or ""])) for person in people_in_offices(db.session)]
    return show_form("staff/operate_people.html", form, rows=rows, me=visitor().actor.person_id)
