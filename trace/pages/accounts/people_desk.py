"""The officer's desk for lost passwords: somebody comes in person, and goes with a link that works once."""

from typing import cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField

from ...access import allow, find, fresh, visitor
from ...accounts import Person, links
from ...accounts.people import search_people
from ...db import db
from ..forms import Form, finish, show_form
from ..words import now
from .qr import drawn

bp = Blueprint("people_desk", __name__, url_prefix="/office/people")


class ResetForm(Form):
    seen = BooleanField(lazy_gettext("The person stands before me, and I have seen the identity card"))
    without_factors = BooleanField(lazy_gettext("The phone or key of the second step is lost, too: remove it"))


@bp.get("")
@allow("office")
def show() -> ResponseReturnValue:
    asked = request.args.get("q", "").strip()[:100]
    return render_template("accounts/people_desk.html", asked=asked, found=search_people(db.session, asked))


@bp.route("/<public_id>", methods=["GET", "POST"])
@allow("office")
@fresh
def reset(public_id: str) -> ResponseReturnValue:
    person, form = find(Person, public_id), ResetForm()
    if form.sent():
        with form.refusals():
            return _reset(person, form)
    return show_form("accounts/people_reset.html", form, person=person)


def _reset(person: Person, form: ResetForm) -> ResponseReturnValue:
    if not form.seen.data:
        form.seen.errors = [gettext("Only in person: whoever has this link has the account.")]
        return show_form("accounts/people_reset.html", form, person=person)
    lost = cast(bool, form.without_factors.data)
    address = links.offer_reset(db.session, person, actor=visitor().actor, now=now(), without_factors=lost)
    taken = finish(form, url_for(".show"))
    if links.is_gone(db.session, address, now=now()):  # a second press that came too late
        return taken
    return render_template(
        "accounts/link_made.html",
        address=address,
        text=address,
        symbol=drawn(address, gettext("QR code of the link")),
        title=gettext("New password for %(name)s", name=person.name),
        back=url_for(".show"),
    )
