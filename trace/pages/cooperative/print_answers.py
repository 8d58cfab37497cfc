"""The one question after a print: did all of it come out well?"""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import Printing
from ...standards.quantities import show_count
from ...work.print_answers import Answered, answer, replacements
from ..acting import acting
from ..fields import WordsField
from ..forms import Form, finish, show_form
from ..words import language

bp = Blueprint("print_answers", __name__, url_prefix="/my/stamps/printings")


class AnswerForm(Form):
    last_good = WordsField(lazy_gettext("Last good serial before it"), longest=40)
    next_good = WordsField(lazy_gettext("First good serial after it"), longest=40)


@bp.route("/<public_id>/answer", methods=["GET", "POST"])
@allow("stamps")
def ask(public_id: str) -> ResponseReturnValue:
    printing, form = find(Printing, public_id), AnswerForm()
    if form.sent():
        with form.refusals():
            typed = {"last_good": form.last_good.data or "", "next_good": form.next_good.data or ""}
            good = request.form.get("do") == "good"
            done = answer(db.session, printing, good=good, reason=gettext("Spoiled in print"), **typed, **acting())
            return finish(form, _onward(printing, done), _told(done))
    return show_form("cooperative/print_answer.html", form, printing=printing, run=printing.run)


def _onward(printing: Printing, done: Answered) -> str:
    """Where stamps are lacking: to printing or issuing as many new ones."""
    if not done.void:
        return url_for("printing.show", public_id=printing.public_id)
    run, spare = printing.run, replacements(db.session, printing, done.void)
    if spare is not None:
        serials = {"first": run.serial(spare[0]), "last": run.serial(spare[1])}
        return url_for("printing.order", public_id=run.public_id, **serials)  # type: ignore[arg-type]  # words all
    batch = printing.batch.public_id if printing.batch else None
    return url_for("runs.new", batch=batch)


def _told(done: Answered) -> str:
    if done.void:
        count = show_count(done.void, language())
        flash(gettext("%(count)s stamps are void. Print as many new ones.", count=count), "info")
    if done.active:
        return str(gettext("%(count)s stamps are active.", count=show_count(done.active, language())))
    return str(gettext("Noted. Activate the stamps once their batch is cleared."))
