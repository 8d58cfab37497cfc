"""Batches: listed, drafted, changed, handed in, corrected, and each on one page."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import Batch
from ...work.batch_photos import add_photo
from ...work.batches import copy_batch, correct, submit
from ...work.drafts import change_draft, draft_batch, latest_batch
from ...work.own_batches import listed_batches
from ...work.refused import Refused
from ...work.uploads import PICTURES
from ..acting import acting, acting_today
from ..fields import NoteField, UploadField, needed
from ..forms import Form, finish, show_form
from ..words import today
from .batch_form import BatchForm, filled_from
from .batch_shown import badge_of, shown_batch
from .parts import kept, page_number, wanted
from .print_screen import printed_before

bp = Blueprint("batches", __name__, url_prefix="/my/batches")


class CorrectionForm(Form):
    text = NoteField(lazy_gettext("What is to be corrected"), validators=[needed()])


class PhotoForm(Form):
    photo = UploadField(lazy_gettext("Photo"), validators=[needed()])


class PressForm(Form):
    """A single button that does something once."""


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    q, drafts = wanted(), "drafts" in request.args
    listing = listed_batches(db.session, own_cooperative(), q, page_number(), drafts_only=drafts)
    return render_template(
        "cooperative/batches.html",
        listing=listing,
        q=q,
        drafts=drafts,
        badge_of=badge_of,
        form=PressForm(),
        latest=latest_batch(db.session, own_cooperative()),
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    form = BatchForm(data={"product": request.args.get("product", ""), "packed_on": today()})
    form.offer()
    return _edit(form, None)


@bp.route("/<public_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str) -> ResponseReturnValue:
    batch = find(Batch, public_id)
    if request.method == "GET" and batch.submitted_at is not None:
        return redirect(url_for(".show", public_id=public_id))
    form = filled_from(batch)
    form.watched()
    form.offer()
    return _edit(form, batch)


def _edit(form: BatchForm, batch: Batch | None) -> ResponseReturnValue:
    """A draft is saved, or saved and handed in, by the button that was pressed; a third only adds a line."""
    if form.asks_for_a_line:
        form.add_line()
        form.offer_lines()
    elif form.sent():
        with form.refusals():
            return _save(form, batch)
    return show_form("cooperative/batch_form.html", form, batch=batch)


def _save(form: BatchForm, batch: Batch | None) -> ResponseReturnValue:
    if batch is None:
        batch = draft_batch(db.session, own_cooperative(), form.draft(), **acting_today())
    else:
        change_draft(db.session, batch, form.draft(), **acting_today())
    if request.form.get("do") != "submit":
        return finish(form, url_for(".show", public_id=batch.public_id), gettext("Draft saved."))
    cleared = submit(db.session, batch, **acting_today())
    return finish(form, url_for(".show", public_id=batch.public_id), _submitted(cleared is not None))


def _submitted(cleared: bool) -> str:
    if cleared:
        return str(gettext("Handed in and cleared by rule: its stamps can be activated."))
    return str(gettext("Handed in. An auditor looks at it; you can already issue and print stamps."))


@bp.post("/yesterday")
@allow("cooperative.write")
def copy_latest() -> ResponseReturnValue:
    """Today's batch from the one handed in last, in one press."""
    latest = latest_batch(db.session, own_cooperative())
    return redirect(url_for(".new")) if latest is None else _copy(latest)


@bp.post("/<public_id>/copy")
@allow("cooperative.write")
def copy(public_id: str) -> ResponseReturnValue:
    return _copy(find(Batch, public_id))


def _copy(source: Batch) -> ResponseReturnValue:
    form = PressForm()
    if not form.validate_on_submit():
        abort(400)
    draft = copy_batch(db.session, source, **acting_today())
    message = gettext("Copied from %(batch)s: look over the weights, then hand it in.", batch=source.code)
    return finish(form, url_for(".edit", public_id=draft.public_id), message)


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _show(find(Batch, public_id))


def _show(batch: Batch, **forms: Form) -> ResponseReturnValue:
    forms = {"correction": CorrectionForm(), "photo": PhotoForm(), "press": PressForm()} | forms
    context = {"batch": batch, "shown": shown_batch(db.session, batch), "forms": forms}
    context["printed_before"] = printed_before()
    asked = next((form for form in forms.values() if form.complained), forms["press"])
    return show_form("cooperative/batch.html", asked, **context)


@bp.post("/<public_id>/submit")
@allow("cooperative.write")
def hand_in(public_id: str) -> ResponseReturnValue:
    batch, form = find(Batch, public_id), PressForm()
    if form.sent():
        with form.refusals():
            cleared = submit(db.session, batch, **acting_today())
            return finish(form, url_for(".show", public_id=public_id), _submitted(cleared is not None))
    return _show(batch, press=form)


@bp.post("/<public_id>/corrections")
@allow("cooperative.write")
def add_correction(public_id: str) -> ResponseReturnValue:
    batch, form = find(Batch, public_id), CorrectionForm()
    if form.sent():
        with form.refusals():
            correct(db.session, batch, form.text.data or "", **acting())
            return finish(
                form, url_for(".show", public_id=public_id), gettext("The correction stands beside the batch.")
            )
    return _show(batch, correction=form)


@bp.post("/<public_id>/photos")
@allow("cooperative.write")
def photograph(public_id: str) -> ResponseReturnValue:
    batch, form = find(Batch, public_id), PhotoForm()
    if form.sent():
        with form.refusals():
            photo = kept(form.photo, PICTURES)
            if photo is None:
                raise Refused("Choose a photo.", field="photo")
            add_photo(db.session, batch, photo, **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Photo added."))
    return _show(batch, photo=form)
