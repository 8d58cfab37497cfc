"""People of the offices: who sits where, proposing one, the link to start by, ending an office."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, Email, Optional

from ...access import allow, find, fresh, visitor
from ...accounts import Office, Person
from ...accounts.links import is_gone, offer_reset
from ...accounts.offices import end_office, names_of, people_in_offices, propose_office
from ...db import db
from ...records import Proposal
from ...work.proposals import facts_of
from ...work.refused import Refused
from ..accounts.proposals import LEADS, TELLERS
from ..acting import acting
from ..fields import PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..unread import one_of
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
    if form.sent():
        with form.refusals():
            return _propose(form)
    return show_form("staff/operate_person.html", form)


def _propose(form: PersonForm) -> ResponseReturnValue:
    office = one_of(Office, form.office.data)
    name, email, phone = form.name.data or "", form.email.data, form.phone.data
    proposal = propose_office(db.session, office, name=name, email=email, phone=phone, **acting())
    said = gettext("Proposed. The office is given once a second operator agrees.")
    return finish(form, url_for("proposals.show", public_id=proposal.public_id), said)


def _told(proposal: Proposal) -> str:
    names = names_of(db.session, [proposal.subject])
    office = ROLES[facts_of(proposal)["office"]]
    return str(gettext("Give %(name)s the office: %(office)s", name=names.get(proposal.subject, "–"), office=office))


TELLERS["office.give"] = _told
LEADS["office.give"] = lambda _proposal: url_for("operate_people.index")


@bp.post("/<public_id>/link")
@allow("operate")
@fresh
def link(public_id: str) -> ResponseReturnValue:
    """The link to start by, for somebody who was given an office and has no password yet."""
    form = EndForm()
    person = find(Person, public_id)
    if form.sent():
        with form.refusals():
            if person.office is None or person.password is not None:
                raise Refused("%(name)s has started already, or holds no office.", conflict=True, name=person.name)
            address = offer_reset(db.session, person, **acting())
            taken = finish(form, url_for(".index"))
            if is_gone(db.session, address, now=now()):  # a second press that came too late
                return taken
            return render_template("staff/operate_link.html", person=person, link=address)
    return _list(form)


@bp.post("/<public_id>/end")
@allow("operate")
@fresh
def end(public_id: str) -> ResponseReturnValue:
    form = EndForm()
    person = find(Person, public_id)
    if form.sent():
        with form.refusals():
            end_office(db.session, person, actor=visitor().actor, now=now())
            return finish(form, url_for(".index"), gettext("The office is ended, and every open session with it."))
    return _list(form)


def _list(form: EndForm) -> ResponseReturnValue:
    rows = [(person, str(ROLES[person.office or ""])) for person in people_in_offices(db.session)]
    return show_form("staff/operate_people.html", form, rows=rows, me=visitor().actor.person_id)
