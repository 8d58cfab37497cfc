"""The people of a cooperative, for its managers: who works here, inviting somebody, somebody leaves."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import RadioField, SelectChoice

from ...access import allow, fresh, own_cooperative, visitor
from ...accounts import Membership, Place, links
from ...accounts.people import change_place, end_place, places_in
from ...db import db
from ..fields import WordsField, needed
from ..forms import Form, finish, show_form
from ..unread import one_of
from ..words import now
from .qr import drawn

bp = Blueprint("my_people", __name__, url_prefix="/my/people")

PLACES = [
    SelectChoice(Place.MEMBER.value, lazy_gettext("Member: enters batches, prints and activates stamps")),
    SelectChoice(Place.MANAGER.value, lazy_gettext("Manager: all that, and decides who works here")),
]


class InvitationForm(Form):
    name = WordsField(lazy_gettext("For whom"), longest=100)
    place = RadioField(lazy_gettext("As what"), [needed()], choices=PLACES, default=Place.MEMBER.value)


class PlainForm(Form):
    """A button."""


@bp.get("")
@allow("cooperative.manage")
def show() -> ResponseReturnValue:
    return _page(InvitationForm(formdata=None), PlainForm(formdata=None))


def _page(form: InvitationForm, button: PlainForm) -> ResponseReturnValue:
    cooperative = own_cooperative()
    every = places_in(db.session, cooperative)
    form.form_errors.extend(button.form_errors)
    form.conflict = form.conflict or button.conflict
    return show_form(
        "accounts/people.html",
        form,
        cooperative=cooperative,
        here=[place for place in every if place.ended_at is None],
        left=[place for place in every if place.ended_at is not None],
        invitations=links.open_invitations(db.session, cooperative, now=now()),
        me=visitor().person,
    )


@bp.post("/invite")
@allow("cooperative.manage")
@fresh
def invite() -> ResponseReturnValue:
    form = InvitationForm()
    if form.sent():
        with form.refusals():
            return _invite(form)
    return _page(form, PlainForm(formdata=None))


def _invite(form: InvitationForm) -> ResponseReturnValue:
    cooperative = own_cooperative()
    address = links.offer_place(
        db.session, cooperative, one_of(Place, form.place.data), name=form.name.data, actor=visitor().actor, now=now()
    )
    taken = finish(form, url_for(".show"))
    if links.is_gone(db.session, address, now=now()):  # a second press that came too late
        return taken
    words = gettext(
        "%(cooperative)s invites you to work on its stamps. Open this link within 7 days; it works once:",
        cooperative=cooperative.name,
    )
    return render_template(
        "accounts/link_made.html",
        address=address,
        text=f"{words}\n{address}",
        symbol=drawn(address, gettext("QR code of the link")),
        title=gettext("Invitation for %(name)s", name=form.name.data or gettext("a new member")),
        back=url_for(".show"),
    )


@bp.post("/take-back")
@allow("cooperative.manage")
def take_back() -> ResponseReturnValue:
    form = PlainForm()
    if form.validate_on_submit():
        links.take_back(db.session, own_cooperative(), request.form.get("link", ""), actor=visitor().actor, now=now())
        return finish(form, url_for(".show"), gettext("The invitation no longer works."))
    return _page(InvitationForm(formdata=None), form)


def _place_of(public_id: str) -> Membership:
    """The open place of a person in the visitor's own cooperative; 404 for anybody else."""
    every = places_in(db.session, own_cooperative())
    found = [place for place in every if place.person.public_id == public_id and place.ended_at is None]
    if not found:
        abort(404)
    return found[0]


@bp.post("/<public_id>/end")
@allow("cooperative.manage")
@fresh
def end(public_id: str) -> ResponseReturnValue:
    place, form = _place_of(public_id), PlainForm()
    if form.sent():
        with form.refusals():
            end_place(db.session, place, actor=visitor().actor, now=now())
            message = gettext("%(name)s no longer works here. What was done stays readable.", name=place.person.name)
            return finish(form, url_for("home.show" if place.person is visitor().person else ".show"), message)
    return _page(InvitationForm(formdata=None), form)


@bp.post("/<public_id>/place")
@allow("cooperative.manage")
@fresh
def change(public_id: str) -> ResponseReturnValue:
    place, form = _place_of(public_id), PlainForm()
    if form.sent():
        with form.refusals():
            other = Place.MEMBER if place.place == Place.MANAGER else Place.MANAGER
            change_place(db.session, place, other, actor=visitor().actor, now=now())
            return finish(form, url_for(".show"), gettext("Changed."))
    return _page(InvitationForm(formdata=None), form)
