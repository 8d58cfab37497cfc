"""What people do to stamps: activate a part of a run, make single ones void, report them lost or found."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import ON_PAPER, RangeState, Run, StampRange
from ...standards.quantities import show_count
from ...work.activating import activate_noted
from ...work.own_batches import submitted_batches
from ...work.refused import Refused
from ...work.serials import read_list, read_span
from ...work.stamps import report_found, report_lost, void
from ...work.standing import is_cleared
from ..acting import acting
from ..choices import RecordField
from ..fields import NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..words import language
from .stamp_map import bars, counts, shown_range

bp = Blueprint("run_deeds", __name__, url_prefix="/my/stamps")


class ActivateForm(Form):
    batch = RecordField(lazy_gettext("Stuck on the batch"), validators=[needed()])
    first = WordsField(lazy_gettext("First serial"), validators=[needed()], longest=40)
    last = WordsField(lazy_gettext("Last serial"), longest=40)

    def offer(self, run: Run) -> None:
        """Cleared batches that the stamps may go on."""
        batches = submitted_batches(db.session, own_cooperative(), product_id=run.product_id)
        cleared = [row for row in batches if is_cleared(row)]
        self.batch.offer(cleared, lambda row: f"{row.code} – {row.product.name_vi}", blank=gettext("Choose …"))


class VoidForm(Form):
    serials = NoteField(
        lazy_gettext("Serials"),
        validators=[needed()],
        description=lazy_gettext("One or several: 12, 15-20, or whole serials."),
    )
    reason = WordsField(lazy_gettext("Why"), validators=[needed()])


@bp.route("/<public_id>/activate", methods=["GET", "POST"])
@allow("stamps")
def activate_stamps(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    start = _not_active(run)
    form = ActivateForm(data=_as_meant(run, start))
    form.offer(run)
    if len(form.batch.offered) == 1 and not form.batch.data:
        form.batch.data = next(iter(form.batch.offered))
    if form.sent():
        with form.refusals():
            return _activate(form, run)
    ranges = [shown_range(row) for row in run.ranges]
    strip = {"bars": bars(run, ranges), "counts": counts(ranges)}
    return show_form("cooperative/run_activate.html", form, run=run, start=start, **strip)


def _activate(form: ActivateForm, run: Run) -> ResponseReturnValue:
    typed = form.tried(read_span, run, form.first.data, form.last.data)
    done = activate_noted(db.session, run, typed.first, typed.last, form.batch.record, **acting()).done
    count = show_count(done.count, language())
    message = gettext(
        "%(count)s stamps now tell the origin of batch %(batch)s.", count=count, batch=form.batch.record.code
    )
    answer = finish(form, url_for("activation.done", public_id=done.public_id), message)
    if typed.swapped:
        flash(
            gettext(
                "The serials were typed the wrong way round; taken as %(first)s to %(last)s.",
                first=run.serial(typed.first),
                last=run.serial(typed.last),
            ),
            "info",
        )
    return answer


def _not_active(run: Run) -> StampRange | None:
    """The first stamps that wait: those on paper before those that are not."""
    for states in (ON_PAPER, {RangeState.MADE}):
        for row in run.ranges:
            if row.state in states:
                return row
    return None


def _as_meant(run: Run, start: StampRange | None) -> dict[str, str]:
    if start is None:
        return {}
    batch = start.batch.public_id if start.batch else ""
    return {"first": run.serial(start.first), "last": run.serial(start.last), "batch": batch}


@bp.route("/<public_id>/void", methods=["GET", "POST"])
@allow("stamps")
def void_stamps(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    form = VoidForm(data={"serials": request.args.get("serials", "")[:40]})
    if form.sent():
        with form.refusals():
            spans = form.tried(read_list, run, form.serials.data or "")
            for first, last in spans:
                void(db.session, run, first, last, form.reason.data or "", **acting())
            count = show_count(sum(last - first + 1 for first, last in spans), language())
            message = gettext("%(count)s stamps are void.", count=count)
            return finish(form, url_for("runs.show", public_id=run.public_id), message)
    return show_form("cooperative/run_void.html", form, run=run)


@bp.route("/<public_id>/lost", methods=["GET", "POST"])
@allow("stamps")
def lose_stamps(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    form = VoidForm(data={"serials": request.args.get("serials", "")[:40]})
    if form.sent():
        with form.refusals():
            spans = read_list(run, form.serials.data or "")
            for first, last in spans:
                report_lost(db.session, run, first, last, form.reason.data or "", **acting())
            count = show_count(sum(last - first + 1 for first, last in spans), language())
            message = gettext("%(count)s stamps are reported lost.", count=count)
            return finish(form, url_for("runs.show", public_id=run.public_id), message)
    lost = [row for row in run.ranges if row.state == RangeState.LOST]
    return show_form("cooperative/run_lost.html", form, run=run, lost=lost, found=Form(formdata=None))


@bp.post("/<public_id>/found")
@allow("stamps")
def found(public_id: str) -> ResponseReturnValue:
    """A range that was reported lost has turned up."""
    run, form = find(Run, public_id), Form()
    first = request.form.get("first", type=int)
    row = next((row for row in run.ranges if row.first == first and row.state == RangeState.LOST), None)
    if form.validate_on_submit():
        with form.refusals():
            if row is None:
                raise Refused("None of these stamps is lost.", conflict=True)
            count = show_count(report_found(db.session, run, row.first, row.last, **acting()), language())
            message = gettext("Found again: %(count)s stamps wait to be used.", count=count)
            return finish(form, url_for("runs.show", public_id=run.public_id), message)
    lost = [row for row in run.ranges if row.state == RangeState.LOST]
    blank = VoidForm(formdata=None)
    blank.form_errors = [*form.general]
    blank.conflict = form.conflict
    return show_form("cooperative/run_lost.html", blank, run=run, lost=lost, found=form)
