"""Activating by scanning: two stamps of a roll, with a phone, a hand scanner, a photo, or typed serials."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField

from ...access import OPAQUE, allow, find, own_cooperative, visitor
from ...db import db
from ...records import Activation, Batch, Run, StampRange
from ...service import keyring
from ...standards.keyboards import Keyboard
from ...standards.quantities import show_count
from ...work.activating import UNDO_WITHIN, activate_noted, recent_activations, undo, why_not_undone
from ...work.own_batches import submitted_batches
from ...work.ranges import within
from ...work.refused import Refused, RefusedAll
from ...work.stamp_photos import link_in_photo
from ...work.stamp_reading import StampRead, read_stamp
from ...work.standing import is_cleared
from ..acting import acting
from ..choices import RecordField
from ..fields import UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import language, now, sentence, show_moment
from .stamp_map import bars, counts, shown_range

bp = Blueprint("activation", __name__, url_prefix="/my/activate")

KEYBOARDS = {
    Keyboard.AZERTY: lazy_gettext("read through a French keyboard"),
    Keyboard.QWERTZ: lazy_gettext("read through a German keyboard"),
    Keyboard.TELEX: lazy_gettext("read through Vietnamese typing (Telex)"),
    Keyboard.VNI: lazy_gettext("read through Vietnamese typing (VNI)"),
}


class ScanForm(Form):
    first = WordsField(lazy_gettext("First stamp of the roll"), longest=300)
    first_photo = UploadField(lazy_gettext("Or a photo of it"))
    last = WordsField(lazy_gettext("Last stamp of the roll"), longest=300)
    last_photo = UploadField(lazy_gettext("Or a photo of it"))
    batch = RecordField(lazy_gettext("Stuck on the batch"), validators=[needed()])
    run = HiddenField()
    """In which bare numbers count."""

    def offer(self) -> None:
        self.first.flags.required = True  # by its photo, if not by its words
        cleared = [row for row in submitted_batches(db.session, own_cooperative()) if is_cleared(row)]
        self.batch.offer(cleared, _called, blank=gettext("Choose …"))


def _called(batch: Batch) -> str:
    return f"{batch.code} – {batch.product.name_vi}"


@bp.route("", methods=["GET", "POST"])
@allow("stamps")
def scan() -> ResponseReturnValue:
    form = ScanForm(data={name: request.args.get(name, "")[:300] for name in ("first", "last", "batch", "run")})
    form.offer()
    if request.method == "GET":
        _begin(form)
    elif request.form.get("do") == "read":
        _read_back(form)
    elif form.sent():
        with form.refusals():
            return _activate(form)
    _choose_the_only_batch(form)
    return show_form("cooperative/activate.html", form, picture=_picture(form), **_facts())


def _facts() -> dict[str, object]:
    recent = recent_activations(db.session, own_cooperative(), since=now() - UNDO_WITHIN)
    return {"recent": recent, "own": own_cooperative().public_id}


def _begin(form: ScanForm) -> None:
    """A link from a stamp's own page names it."""
    code = request.args.get("code", "")[:300]
    if code:
        form.first.data = code
    if form.first.data:
        _read_back(form)


def _run_of(form: ScanForm) -> Run | None:
    return find(Run, form.run.data) if OPAQUE.fullmatch(form.run.data or "") else None


def _read(form: ScanForm) -> dict[str, StampRead]:
    """Both stamps as far as they are given; complaints about both at once. Raises `RefusedAll`."""
    found: dict[str, StampRead] = {}
    refusals: list[Refused] = []
    run = _run_of(form)
    for name in ("first", "last"):
        try:
            text = _text(form, name)
            if text:
                found[name] = read_stamp(db.session, keyring(), own_cooperative(), text, field=name, run=run)
                run = found[name].run
        except Refused as refused:
            refusals.append(refused)
    if not found and not refusals:
        refusals.append(Refused("Scan the stamp, or type its serial or code.", field="first"))
    if refusals:
        raise RefusedAll(refusals)
    return found


def _text(form: ScanForm, name: str) -> str:
    photo = form[f"{name}_photo"].data
    if isinstance(photo, FileStorage) and photo.filename:
        return link_in_photo(photo.read(), f"{name}_photo")
    return str(form[name].data or "")


def _read_back(form: ScanForm) -> None:
    """Write what was read into the fields, as serials, with a word about the keyboard that bent it."""
    try:
        found = _read(form)
    except RefusedAll as several:
        for each in several.refusals:
            form.complain(each)
        return
    for name, stamp in found.items():
        form[name].data = stamp.serial
        form[name].raw_data = None
        form[name].understood = _understood(stamp)
        form.run.data = stamp.run.public_id
    if not form.batch.data and found:
        form.batch.data = _meant_for(next(iter(found.values())))


def _understood(stamp: StampRead) -> str:
    bent = KEYBOARDS.get(stamp.keyboard)
    return f"{stamp.serial} ({bent})" if bent else stamp.serial


def _range_of(stamp: StampRead) -> StampRange:
    return within(db.session, stamp.run, stamp.number, stamp.number)[0]


def _meant_for(stamp: StampRead) -> str:
    batch = _range_of(stamp).batch
    return batch.public_id if batch else ""


def _choose_the_only_batch(form: ScanForm) -> None:
    if not form.batch.data and len(form.batch.offered) == 1:
        form.batch.data = next(iter(form.batch.offered))


def _picture(form: ScanForm) -> dict[str, object] | None:
    """The run's map, once a stamp of it is known."""
    run = _run_of(form)
    if run is None:
        return None
    ranges = [shown_range(row) for row in run.ranges]
    return {"run": run, "bars": bars(run, ranges), "counts": counts(ranges)}


def _activate(form: ScanForm) -> ResponseReturnValue:
    found = _read(form)
    first = found.get("first") or found["last"]
    last = found.get("last") or first
    if first.run.id != last.run.id:
        raise Refused(
            "These two stamps are of two runs, %(one)s and %(other)s: activate each roll by itself.",
            field="last",
            one=first.run.label,
            other=last.run.label,
        )
    low, high = sorted((first.number, last.number))
    done = activate_noted(db.session, first.run, low, high, form.batch.record, **acting())
    answer = finish(form, url_for(".done", public_id=done.done.public_id))
    if first.number > last.number:
        flash(gettext("The last stamp was scanned first; taken the right way round."), "info")
    for name, stamp in found.items():
        if stamp.keyboard is not Keyboard.PLAIN:
            flash(f"{form[name].label.text}: {_understood(stamp)}", "info")
    return answer


@bp.get("/<public_id>")
@allow("cooperative.read")
def done(public_id: str) -> ResponseReturnValue:
    return _done(find(Activation, public_id), Form(formdata=None))


def _done(activation: Activation, form: Form) -> ResponseReturnValue:
    no = why_not_undone(db.session, activation, actor=visitor().actor, now=now())
    inside = range(activation.first, activation.last + 1)
    gaps = [row for row in activation.run.ranges if row.first in inside or row.last in inside or row.first < inside[0]]
    out = [row for row in gaps if row.state in {"void", "lost"} and row.last >= inside[0] and row.first <= inside[-1]]
    ranges = [shown_range(row) for row in activation.run.ranges]
    return show_form(
        "cooperative/activated.html",
        form,
        done=activation,
        run=activation.run,
        gaps=[(max(row.first, activation.first), min(row.last, activation.last), row.state) for row in out],
        bars=bars(activation.run, ranges),
        counts=counts(ranges),
        may_undo=no is None,
        until=show_moment(activation.created_at + UNDO_WITHIN),
        why_not=sentence(no) if no is not None and activation.undone_at is None else "",
    )


@bp.post("/<public_id>/undo")
@allow("stamps")
def take_back(public_id: str) -> ResponseReturnValue:
    activation, form = find(Activation, public_id), Form()
    if form.sent():
        with form.refusals():
            undo(db.session, activation, **acting())
            count = show_count(activation.count, language())
            message = gettext("Taken back: %(count)s stamps wait again.", count=count)
            return finish(form, url_for("runs.show", public_id=activation.run.public_id), message)
    return _done(activation, form)
