"""Growers (hộ thành viên): the households of a cooperative."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import Optional

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import Grower
from ...work.farm import (
    GrowerFacts,
    add_grower,
    agree_to_name,
    change_grower,
    end_grower,
    growers,
    take_back_grower,
    withdraw_name,
)
from ..acting import acting, acting_today
from ..fields import DayField, NoteField, PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .parts import page_number, said, wanted
from .past import history_of

bp = Blueprint("growers", __name__, url_prefix="/my/growers")


class GrowerForm(Form):
    name = WordsField(lazy_gettext("Name of the household"), [needed()], longest=120)
    phone = PhoneField(lazy_gettext("Phone"), [Optional()])
    note = NoteField(lazy_gettext("Note"), description=lazy_gettext("For yourselves; consumers never see it."))

    def facts(self) -> GrowerFacts:
        return GrowerFacts(said(self.name), self.phone.data, self.note.data)


class LeaveForm(Form):
    left_on = DayField(lazy_gettext("Last day as a member"), [needed()])


class ConsentForm(Form):
    given_on = DayField(lazy_gettext("Day of the consent"), [needed()])


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    listing = growers(db.session, own_cooperative(), wanted(), page_number())
    return render_template("cooperative/growers.html", listing=listing, q=wanted())


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = GrowerForm()
    if form.sent():
        with form.refusals():
            grower = add_grower(db.session, own_cooperative(), form.facts(), actor=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=grower.public_id), gettext("Household taken in."))
    return show_form("cooperative/grower_form.html", form, grower=None)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(Grower, public_id))


def _page(grower: Grower, **sent: Any) -> ResponseReturnValue:
    """The page of a household; `sent` holds the form that was just complained about."""
    forms = {"leave": LeaveForm(formdata=None), "consent": ConsentForm(formdata=None)}
    complained: Form = next(iter(sent.values()), forms["leave"])
    shown: dict[str, Any] = forms | sent
    return show_form("cooperative/grower.html", complained, grower=grower, history=history_of(grower), **shown)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str) -> ResponseReturnValue:
    grower = find(Grower, public_id)
    form = GrowerForm(obj=grower).watched()
    if form.sent():
        with form.refusals():
            change_grower(db.session, grower, form.facts(), actor=visitor().actor, now=now())
            return finish(form, url_for(".show", public_id=public_id), gettext("Saved."))
    return show_form("cooperative/grower_form.html", form, grower=grower)


def _deed(public_id: str, name: str, form: Form, message: str, do: Callable[[Grower], None]) -> ResponseReturnValue:
    """What is done on a household's page by the form called `name`: done, or shown again with its complaints."""
    grower = find(Grower, public_id)
    if form.sent():
        with form.refusals():
            do(grower)
            return finish(form, url_for(".show", public_id=public_id), message)
    return _page(grower, **{name: form})


@bp.post("/<public_id>/leave")
@allow("cooperative.write")
def leave(public_id: str) -> ResponseReturnValue:
    form = LeaveForm()
    done = gettext("The household has left.")
    return _deed(
        public_id, "leave", form, done, lambda row: end_grower(db.session, row, said(form.left_on), **acting_today())
    )


@bp.post("/<public_id>/return")
@allow("cooperative.write")
def come_back(public_id: str) -> ResponseReturnValue:
    done = gettext("The household is a member again.")
    return _deed(public_id, "back", Form(), done, lambda row: take_back_grower(db.session, row, **acting()))


@bp.post("/<public_id>/consent")
@allow("cooperative.write")
def consent(public_id: str) -> ResponseReturnValue:
    form, done = ConsentForm(), gettext("Consent recorded.")
    return _deed(
        public_id,
        "consent",
        form,
        done,
        lambda row: agree_to_name(db.session, row, said(form.given_on), **acting_today()),
    )


@bp.post("/<public_id>/withdraw")
@allow("cooperative.write")
def withdraw(public_id: str) -> ResponseReturnValue:
    done = gettext("Consent withdrawn. The name is shown no more.")
    return _deed(public_id, "back", Form(), done, lambda row: withdraw_name(db.session, row, **acting_today()))
