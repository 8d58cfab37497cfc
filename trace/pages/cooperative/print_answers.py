"""The one question after a print: did all of it come out well?"""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField

from ...access import allow, find
from ...db import db
from ...records import Printing
from ...service import keyring, settings
from ...standards.quantities import show_count
from ...work.print_answers import Answered, Said, answer, print_anew
from ..acting import acting, acting_today
from ..fields import WordsField
from ..forms import Form, finish, show_form
from ..words import language

bp = Blueprint("print_answers", __name__, url_prefix="/my/stamps/printings")


class AnswerForm(Form):
    last_good = WordsField(lazy_gettext("Last good serial before it"), longest=120)
    next_good = WordsField(lazy_gettext("First good serial after it"), longest=120)
    destroyed = BooleanField(lazy_gettext("All spoiled stamps are destroyed: print the same numbers once more"))


@bp.route("/<public_id>/answer", methods=["GET", "POST"])
@allow("stamps")
def ask(public_id: str) -> ResponseReturnValue:
    printing = find(Printing, public_id)
    form = AnswerForm(data={"last_good": request.args.get("last_good", "")[:40]})
    if form.sent():
        with form.refusals():
            said = _said(form)
            done = answer(db.session, printing, said, keyring=keyring(), **acting())
            anew = _anew(printing, said, done) if done.doubtful else None
            return finish(form, _onward(printing, done, anew), _told(done, anew))
    return show_form("cooperative/print_answer.html", form, printing=printing, run=printing.run)


def _said(form: AnswerForm) -> Said:
    if request.form.get("do") == "good":
        return Said(good=True)
    typed = (form.last_good.data or "", form.next_good.data or "")
    return Said(False, *typed, destroyed=bool(form.destroyed.data), reason=str(gettext("Spoiled in print")))


def _anew(printing: Printing, said: Said, done: Answered) -> Printing | None:
    told = {"keyring": keyring(), "public_url": settings().public_url, "destroyed": said.destroyed}
    return print_anew(db.session, printing, done, **told, **acting_today())  # type: ignore[arg-type]


def _onward(printing: Printing, done: Answered, anew: Printing | None) -> str:
    """To what is printed in place of the spoiled ones; where the run has too few, to printing new ones."""
    if anew is not None:
        return url_for("printing.show", public_id=anew.public_id, wait=1)
    if not done.doubtful:
        return url_for("printing.show", public_id=printing.public_id)
    if not done.void:
        return url_for("printing.order", public_id=printing.run.public_id, serials=_listed(done.doubtful))
    if printing.batch is not None:
        return url_for("printing.order_for", public_id=printing.batch.public_id, count=done.void)
    return url_for("runs.new")


def _listed(spans: list[tuple[int, int]]) -> str:
    return ", ".join(f"{first}-{last}" for first, last in spans)


def _told(done: Answered, anew: Printing | None) -> str:
    if done.void:
        count = show_count(done.void, language())
        flash(gettext("%(count)s stamps are void.", count=count), "info")
    if anew is not None:
        flash(gettext("They are printed anew: this is the new print."), "info")
    elif done.doubtful:
        flash(gettext("None could be printed in their place by itself: do it here."), "info")
    if done.active:
        return str(gettext("%(count)s stamps are active.", count=show_count(done.active, language())))
    return str(gettext("Noted. Activate the stamps once their batch is cleared."))
