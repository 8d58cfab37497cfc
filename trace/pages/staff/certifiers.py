"""An officer lets certifiers from outside in to a cooperative, and ends it; what they looked at stands beside."""

import json
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms.validators import Email, Optional

from ...access import allow, find, fresh
from ...accounts import CertifierAccess
from ...accounts.certifiers import Certifier, accesses_of, end_access, let_in, views_of
from ...accounts.links import is_gone, offer_reset
from ...accounts.offices import names_of
from ...db import db
from ...records import Cooperative, Entry
from ..acting import acting, acting_today
from ..cooperative.parts import said
from ..fields import DayField, PhoneField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import now, show_moment
from .entries_told import pseudonyms

bp = Blueprint("certifiers", __name__, url_prefix="/office/cooperatives/<public_id>/certifiers")

LOOKED_AT = {
    "/certifier/cooperatives/": lazy_gettext("the cooperative, its papers and batches"),
    "/certifier/certificates/": lazy_gettext("the renewal file of a certificate"),
    "/audit/batches/": lazy_gettext("a batch with its checks"),
    "/audit/certificates/": lazy_gettext("a certificate with its decisions"),
    "/uploads/": lazy_gettext("a picture or a document"),
}
"""By how its address begins."""


class LetInForm(Form):
    name = WordsField(lazy_gettext("Name"), validators=[needed()], longest=100)
    body = WordsField(lazy_gettext("Certification body"), validators=[needed()], longest=200)
    phone = PhoneField(lazy_gettext("Phone"))
    email = WordsField(
        lazy_gettext("E-mail"),
        validators=[Optional(), Email(message=lazy_gettext("This is not an e-mail address."))],
        description=lazy_gettext("One of the two is enough; the person signs in with it."),
    )
    to_on = DayField(lazy_gettext("May read until"), validators=[needed()])


@bp.get("")
@allow("office")
def index(public_id: str) -> ResponseReturnValue:
    return _page(find(Cooperative, public_id), LetInForm(formdata=None))


@bp.post("")
@allow("office")
@fresh
def add(public_id: str) -> ResponseReturnValue:
    """Somebody new gets a link to start by, shown this once."""
    cooperative, form = find(Cooperative, public_id), LetInForm()
    if form.sent():
        with form.refusals():
            who = Certifier(said(form.name), said(form.body), form.email.data, form.phone.data, said(form.to_on))
            person = let_in(db.session, cooperative, who, **acting_today()).person
            page = url_for(".index", public_id=public_id)
            if person.password is not None:
                return finish(form, page, gettext("%(name)s may read here from now on.", name=person.name))
            address = offer_reset(db.session, person, **acting())
            taken = finish(form, page)
            if is_gone(db.session, address, now=now()):  # a second press that came too late
                return taken
            back = gettext("Certifiers from outside")
            return render_template("staff/operate_link.html", person=person, link=address, back=page, back_to=back)
    return _page(cooperative, form)


@bp.post("/<access_id>/end")
@allow("office")
def end(public_id: str, access_id: str) -> ResponseReturnValue:
    cooperative, access = find(Cooperative, public_id), find(CertifierAccess, access_id)
    if access.cooperative_id != cooperative.id:
        abort(404)
    ending = Form()
    if ending.sent():
        with ending.refusals():
            end_access(db.session, access, **acting())
            return finish(ending, url_for(".index", public_id=public_id), gettext("Ended, from this moment."))
    return _page(cooperative, LetInForm(formdata=None), complained=ending)


def _page(cooperative: Cooperative, form: LetInForm, complained: Form | None = None) -> ResponseReturnValue:
    return show_form(
        "staff/certifiers.html",
        complained or form,
        letting=form,
        ending=Form(formdata=None),
        cooperative=cooperative,
        rows=accesses_of(db.session, cooperative),
        views=views_shown(cooperative),
    )


def views_shown(cooperative: Cooperative) -> list[dict[str, Any]]:
    """Who looked at what, the newest first, as `ui.timeline` draws it."""
    entries = views_of(db.session, cooperative)
    names = names_of(db.session, pseudonyms(entries))
    return [_view(entry, names) for entry in entries]


def _view(entry: Entry, names: dict[str, str]) -> dict[str, Any]:
    body = json.loads(entry.body)
    page, who = body["facts"]["page"], names.get(body["by"]["pseudonym"], "–")
    what = next((words for path, words in LOOKED_AT.items() if page.startswith(path)), page)
    return {"when": show_moment(entry.at), "title": who, "text": str(what), "icon": "eye", "entry": entry.index}
