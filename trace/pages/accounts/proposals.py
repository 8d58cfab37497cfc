"""What needs a second pair of eyes: the list, one proposal, and the answer by a person or by a signed paper."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import EVERYBODY, allow, find, fresh, visitor
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Answer, Proposal
from ...work import proposals
from ...work.proposals import ACTS, Paper, facts_of
from ...work.refused import Refused
from ...work.uploads import SCANS, keep
from ..acting import acting
from ..fields import DayField, NoteField, UploadField, WordsField, needed
from ..forms import Form, finish, show_form
from ..uploads import answer_with
from ..words import now, sentence, today

bp = Blueprint("proposals", __name__, url_prefix="/proposals")

TELLERS: dict[str, Callable[[Proposal], str]] = {}
"""How a page puts an act into words where its facts alone do not say it: kind → words."""
LEADS: dict[str, Callable[[Proposal], str]] = {}
"""The page of what it is about, to look at before the answer and to go on with once it is done: kind → address."""
ANSWERS: dict[str, tuple[Any, str, str]] = {
    Answer.AGREED: (lazy_gettext("Agreed and done"), "valid", "check"),
    Answer.REFUSED: (lazy_gettext("Not agreed to"), "stop", "close"),
    Answer.WITHDRAWN: (lazy_gettext("Taken back"), "unknown", "close"),
}


class AgreeForm(Form):
    pass


class DeclineForm(Form):
    reason = NoteField(lazy_gettext("Reason"), description=lazy_gettext("Whoever proposed it reads it."))


class PaperForm(Form):
    number = WordsField(
        lazy_gettext("Number of the decision"),
        validators=[needed()],
        longest=60,
        description=lazy_gettext("As on the paper, for example 112/QĐ-SKHCN."),
    )
    signed_on = DayField(lazy_gettext("Day it was signed"), validators=[needed()])
    scan = UploadField(
        lazy_gettext("Scan or photograph"),
        validators=[needed()],
        description=lazy_gettext("PDF, JPEG, PNG or WebP; number, day, signature and seal must be readable."),
    )


def told(proposal: Proposal) -> str:
    """What is to be done, in words."""
    teller = TELLERS.get(proposal.kind)
    return teller(proposal) if teller else sentence(Refused(ACTS[proposal.kind].told, **facts_of(proposal)))


def state_of(proposal: Proposal) -> tuple[Any, str, str]:
    """(word, tone, icon) for a badge."""
    if proposal.answer is not None:
        return ANSWERS[proposal.answer.answer]
    if proposal.waits(now()):
        return lazy_gettext("Waits for a second person"), "wait", "clock"
    return lazy_gettext("Lapsed"), "unknown", "clock"


def _found(public_id: str) -> Proposal:
    """A proposal that the visitor has a part in, or 404."""
    proposal, asking = find(Proposal, public_id), visitor()
    if asking.tenant is not EVERYBODY and proposal.cooperative_id not in asking.tenant:
        abort(404)
    if proposal.by_person_id != asking.actor.person_id and not proposals.may_second(proposal, asking.actor):
        abort(404)
    return proposal


@bp.get("")
@allow("proposals")
def index() -> ResponseReturnValue:
    asking = visitor()
    found = proposals.concerning(db.session, asking.actor, asking.tenant)
    rows = [(one, told(one), state_of(one)) for one in found if one.kind in ACTS]
    names = names_by_key(db.session, [one.by_person_id for one in found])
    return render_template("accounts/proposals.html", rows=rows, names=names)


@bp.get("/<public_id>")
@allow("proposals")
def show(public_id: str) -> ResponseReturnValue:
    return _page(_found(public_id), AgreeForm(), DeclineForm())


@bp.post("/<public_id>/agree")
@allow("proposals")
@fresh
def agree(public_id: str) -> ResponseReturnValue:
    proposal, form = _found(public_id), AgreeForm()
    if form.sent():
        with form.refusals():
            proposals.agree(db.session, proposal, **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Agreed, and done."))
    return _page(proposal, form, DeclineForm(formdata=None))


@bp.post("/<public_id>/decline")
@allow("proposals")
def decline(public_id: str) -> ResponseReturnValue:
    proposal, form = _found(public_id), DeclineForm()
    if form.sent():
        with form.refusals():
            proposals.decline(db.session, proposal, form.reason.data, **acting())
            return finish(form, url_for(".show", public_id=public_id), gettext("Noted; nothing was done."))
    return _page(proposal, AgreeForm(formdata=None), form)


@bp.route("/<public_id>/paper", methods=["GET", "POST"])
@allow("proposals")
@fresh
def paper(public_id: str) -> ResponseReturnValue:
    """A signed decision on paper as the second pair of eyes, where the province allows it."""
    proposal, form = _found(public_id), PaperForm()
    if form.sent():
        with form.refusals():
            proposals.agree(db.session, proposal, paper=_paper(form, proposal), **acting())
            said = gettext("Done, with decision %(number)s as the second pair of eyes.", number=form.number.data)
            return finish(form, url_for(".show", public_id=public_id), said)
    return show_form("accounts/proposal_paper.html", form, proposal=proposal, told=told(proposal))


def _paper(form: PaperForm, proposal: Proposal) -> Paper:
    sent, day = form.scan.data, form.signed_on.data
    assert day is not None  # the form has been validated
    owner = proposal.cooperative_id
    scan = keep(db.session, owner, sent.read(), sent.filename, SCANS, field="scan", **acting())
    return Paper(form.number.data or "", day, scan)


@bp.get("/<public_id>/scan")
@allow("proposals")
def scan(public_id: str) -> ResponseReturnValue:
    answer = _found(public_id).answer
    if answer is None or answer.paper is None:
        abort(404)
    return answer_with(answer.paper)


def _page(proposal: Proposal, agreeing: Form, declining: Form) -> ResponseReturnValue:
    asking, tried = visitor(), agreeing if agreeing.complained else declining
    answer = proposal.answer
    page: dict[str, Any] = {
        "told": told(proposal),
        "state": state_of(proposal),
        "waits": proposal.waits(now()),
        "own": proposal.by_person_id == asking.actor.person_id,
        "may_second": proposals.may_second(proposal, asking.actor),
        "papers": proposals.papers_stand_in(db.session, today()),
        "names": names_by_key(db.session, [proposal.by_person_id, answer.by_person_id if answer else None]),
        "lead": LEADS[proposal.kind](proposal) if proposal.kind in LEADS else "",
    }
    return show_form("accounts/proposal.html", tried, proposal=proposal, agreeing=agreeing, declining=declining, **page)
