"""The growing diary: read, written on a phone, corrected beside, and printed as one book."""

from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import OPAQUE, allow, find, own_cooperative
from ...accounts.offices import names_by_key
from ...db import db
from ...records import DiaryEntry, DiaryKind, Plot
from ...work.diary import correct, enter, withdraw
from ...work.diary_book import Wanted, last_like, late_by, lateness, lines, used_before
from ...work.farm import open_plots
from ...work.intervals import held_back
from ...work.uploads import PICTURES
from ..acting import acting, acting_today
from ..fields import NoteField, needed
from ..forms import Form, finish, show_form
from ..words import show_day, today
from .diary_form import EntryForm, filled_from, offered_from
from .diary_words import ICONS, KINDS, amount_of, plots_in_words, summary
from .parts import kept, page_number

bp = Blueprint("diary", __name__, url_prefix="/my/diary")
TOLD: dict[str, Any] = {
    "kinds": KINDS,
    "icons": ICONS,
    "summary": summary,
    "plots_in_words": plots_in_words,
    "amount_of": amount_of,
}


class WithdrawForm(Form):
    reason = NoteField(lazy_gettext("Why should it not have been written?"), [needed()])


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    wanted = _wanted()
    listing = lines(db.session, own_cooperative(), wanted, page_number())
    plots = open_plots(db.session, own_cooperative())
    late = lateness(db.session, listing.rows)
    asked = {key: request.args.get(key, "") for key in ("plot", "kind")}
    held = {hold.plot.id: hold for hold in held_back(db.session, plots, today())}
    return render_template(
        "cooperative/diary.html", listing=listing, plots=plots, late=late, asked=asked, held=held, **TOLD
    )


def _wanted() -> Wanted:
    plot, kind = request.args.get("plot", ""), request.args.get("kind", "")
    return Wanted(
        plot=find(Plot, plot) if OPAQUE.fullmatch(plot) else None,
        kind=DiaryKind(kind) if kind in set(DiaryKind) else None,
    )


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new() -> ResponseReturnValue:
    kind = _kind()
    like = _like(kind)
    form = EntryForm(data=offered_from(like)).offer(kind, like)
    if plot := request.args.get("plot", ""):
        form.plots.data = [plot] if request.method == "GET" else form.plots.data
    if form.sent():
        with form.refusals():
            photo = kept(form.photo, PICTURES)
            entry = enter(
                db.session, own_cooperative(), form.facts(), photos=[photo] if photo else [], **acting_today()
            )
            _warn(entry)
            return finish(form, _back(form), _said(entry))
    before = used_before(db.session, own_cooperative(), [kind]) if kind in _NAMED else []
    return show_form("cooperative/diary_form.html", form, kind=kind, before=before[:6], entry=None, **TOLD)


_NAMED = (DiaryKind.PESTICIDE, DiaryKind.FERTILISER, DiaryKind.INPUT, DiaryKind.SEED)


def _kind() -> DiaryKind:
    asked = request.args.get("kind", DiaryKind.PESTICIDE.value)
    if asked not in set(DiaryKind):
        abort(404)
    return DiaryKind(asked)


def _like(kind: DiaryKind) -> DiaryEntry | None:
    """The line to begin from: the one that was pressed, else the last of its kind."""
    asked = request.args.get("like", "")
    return find(DiaryEntry, asked) if asked else last_like(db.session, own_cooperative(), kind)


def _back(form: Form) -> str:
    """To the diary; the mark tells the page's script that what it kept has arrived."""
    return url_for(".index", _anchor=f"sent-{form.own_mark}")


def _said(entry: DiaryEntry) -> str:
    if entry.kind == DiaryKind.PESTICIDE and entry.earliest_harvest_on is not None:
        day, plots = show_day(entry.earliest_harvest_on), plots_in_words(entry)
        return str(gettext("Written. %(plots)s: no harvest before %(day)s.", plots=plots, day=day))
    return str(gettext("Written."))


def _warn(entry: DiaryEntry) -> None:
    """Say what looks wrong without refusing it: a diary tells what was done."""
    late = late_by(db.session, entry)
    if late:
        flash(gettext("Written %(days)s days after it was done: an inspector sees that.", days=late), "warning")
    if entry.kind != DiaryKind.HARVEST:
        return
    for held in held_back(db.session, entry.plots, entry.on_day):
        words = gettext(
            "%(plot)s was sprayed on %(sprayed)s: what was cut on %(cut)s came before %(earliest)s and cannot be sold "
            "under the certificate.",
            plot=held.plot.name,
            sprayed=show_day(held.spray.on_day),
            cut=show_day(entry.on_day),
            earliest=show_day(held.earliest_on),
        )
        flash(words, "error")


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    return _page(find(DiaryEntry, public_id), WithdrawForm(formdata=None))


def _page(entry: DiaryEntry, form: Form) -> ResponseReturnValue:
    versions = _versions(entry)
    names = names_by_key(db.session, [each.by_person_id for each in versions])
    late = {each.id: late_by(db.session, each) for each in versions}
    return show_form(
        "cooperative/diary_entry.html", form, entry=entry, versions=versions, names=names, late=late, **TOLD
    )


def _versions(entry: DiaryEntry) -> list[DiaryEntry]:
    """The line and whatever corrected it, the first one first."""
    first = entry
    while first.corrects is not None:
        first = first.corrects
    found = [first]
    while found[-1].corrected_by is not None:
        found.append(found[-1].corrected_by)
    return found


@bp.route("/<public_id>/correct", methods=["GET", "POST"])
@allow("cooperative.write")
def put_right(public_id: str) -> ResponseReturnValue:
    entry = find(DiaryEntry, public_id)
    kind = DiaryKind(entry.kind)
    form = EntryForm(data=filled_from(entry)).offer(kind, entry)
    if form.sent():
        with form.refusals():
            photo = kept(form.photo, PICTURES)
            photos, reason = [photo] if photo else [], form.reason.data
            newer = correct(db.session, entry, form.facts(), reason, photos=photos, **acting_today())
            _warn(newer)
            return finish(form, url_for(".show", public_id=newer.public_id), _said(newer))
    return show_form("cooperative/diary_form.html", form, kind=kind, before=[], entry=entry, **TOLD)


@bp.post("/<public_id>/withdraw")
@allow("cooperative.write")
def take_back(public_id: str) -> ResponseReturnValue:
    entry, form = find(DiaryEntry, public_id), WithdrawForm()
    if form.sent():
        with form.refusals():
            newer = withdraw(db.session, entry, form.reason.data, **acting())
            return finish(form, url_for(".show", public_id=newer.public_id), gettext("Withdrawn."))
    return _page(entry, form)
