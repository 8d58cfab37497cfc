"""One enrolment's overview, and every move from received to closed; approval and payment take a second officer."""

from datetime import date
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow
from ...db import db
from ...records import Cooperative, Enrolment, EnrolmentState, Proposal
from ...work.enrolment_steps import HAS_CONTRACT, close_contract, set_contract
from ...work.enrolments import move, propose_approval
from ...work.paying import settle_payments
from ...work.proposals import address
from ..accounts.proposals import LEADS
from ..acting import acting
from ..fields import DayField, NoteField, WordsField, needed
from ..forms import Form, finish, show_form
from ..programme_words import STATES
from ..unread import one_of
from ..words import today
from .enrolment_shown import apart, events, found_enrolment, frame, may_end
from .enrolments import bp
from .programme_units import place_of
from .vocabulary import KINDS

S = EnrolmentState


class OnForm(Form):
    pass


class EndForm(Form):
    reason = NoteField(
        lazy_gettext("Reason"), validators=[needed()], description=lazy_gettext("The unit will read it.")
    )


class ContractForm(Form):
    contract_number = WordsField(lazy_gettext("Number of the contract"), validators=[needed()], longest=60)
    contract_on = DayField(lazy_gettext("Day of the contract"), validators=[needed()])
    consultant = WordsField(lazy_gettext("Consultant"))

    def said(self) -> tuple[str, date, str | None]:
        return self.contract_number.data or "", self.contract_on.data or today(), self.consultant.data


class CloseForm(Form):
    closing_number = WordsField(lazy_gettext("Number of the closing paper"), validators=[needed()], longest=60)
    closing_on = DayField(lazy_gettext("Day it was signed"), validators=[needed()])


FORMS: dict[S, tuple[str, type[Form]]] = {
    S.RECEIVED: ("on", OnForm),
    S.CHECKED: ("on", OnForm),
    S.APPROVED: ("begin", ContractForm),
    S.UNDER_WAY: ("on", OnForm),
    S.ACCEPTED: ("on", OnForm),
    S.PAID: ("close", CloseForm),
}
"""The form that leads on from a state."""


@bp.get("/enrolments/<public_id>")
@allow("office")
def show(public_id: str) -> ResponseReturnValue:
    return _page(found_enrolment(public_id))


def _page(enrolment: Enrolment, **tried: Form) -> ResponseReturnValue:
    forms: dict[str, Form] = dict(tried)
    ahead = FORMS.get(enrolment.state)
    if ahead is not None and ahead[0] not in forms:
        forms[ahead[0]] = ahead[1](formdata=None, data={"contract_on": today(), "closing_on": today()})
    if enrolment.state in HAS_CONTRACT:
        said = {name: getattr(enrolment, name) for name in ("contract_number", "contract_on", "consultant")}
        forms.setdefault("contract", ContractForm(formdata=None, data=said))
    ends = may_end(enrolment)
    for state in ends:
        forms.setdefault(state.value, EndForm(formdata=None))
    for name, form in forms.items():
        apart(name, form)
    unit = enrolment.unit
    page = frame(enrolment, "enrolments.show")
    return show_form(
        "staff/enrolment.html", next(iter(tried.values()), OnForm(formdata=None)), **page, forms=forms, ends=ends,
        kind=str(KINDS[unit.kind]), place=place_of(unit), events=events(enrolment), states=STATES,
        registered=db.session.get(Cooperative, unit.registered_id) if unit.registered_id else None,
    )  # fmt: skip


def _sent(public_id: str, name: str, form: Form, do: Any) -> ResponseReturnValue:
    """Do it with the enrolment that the address names; what it gives is where to go on and what to say."""
    enrolment = found_enrolment(public_id)
    if form.sent():
        with form.refusals():
            location, said = do(enrolment)
            return finish(form, location or _address(public_id), said)
    return _page(enrolment, **{name: form})


def _address(public_id: str) -> str:
    return url_for(".show", public_id=public_id)


@bp.post("/enrolments/<public_id>/check")
@allow("office")
def check(public_id: str) -> ResponseReturnValue:
    def do(enrolment: Enrolment) -> tuple[str, str]:
        move(db.session, enrolment, S.CHECKED, **acting())
        return "", gettext("Checked. Now propose it for approval.")

    return _sent(public_id, "on", OnForm(), do)


@bp.post("/enrolments/<public_id>/approve")
@allow("office")
def approve(public_id: str) -> ResponseReturnValue:
    def do(enrolment: Enrolment) -> tuple[str, str]:
        proposal = propose_approval(db.session, enrolment, **acting())
        return address(proposal), gettext("Proposed. It is approved once a second officer agrees.")

    return _sent(public_id, "on", OnForm(), do)


@bp.post("/enrolments/<public_id>/begin")
@allow("office")
def begin(public_id: str) -> ResponseReturnValue:
    form = ContractForm()

    def do(enrolment: Enrolment) -> tuple[str, str]:
        set_contract(db.session, enrolment, *form.said(), **acting())
        move(db.session, enrolment, S.UNDER_WAY, **acting())
        return url_for(".work", public_id=public_id), gettext("Begun. Now set the days of the steps.")

    return _sent(public_id, "begin", form, do)


@bp.post("/enrolments/<public_id>/contract")
@allow("office")
def put_contract_right(public_id: str) -> ResponseReturnValue:
    form = ContractForm()

    def do(enrolment: Enrolment) -> tuple[str, str]:
        set_contract(db.session, enrolment, *form.said(), again=True, **acting())
        return "", gettext("Stored. What stood before is kept in the history.")

    return _sent(public_id, "contract", form, do)


@bp.post("/enrolments/<public_id>/accept")
@allow("office")
def accept(public_id: str) -> ResponseReturnValue:
    def do(enrolment: Enrolment) -> tuple[str, str]:
        move(db.session, enrolment, S.ACCEPTED, **acting())
        return url_for(".money", public_id=public_id), gettext("Accepted. Support can be paid now.")

    return _sent(public_id, "on", OnForm(), do)


@bp.post("/enrolments/<public_id>/settle")
@allow("office")
def settle(public_id: str) -> ResponseReturnValue:
    def do(enrolment: Enrolment) -> tuple[str, str]:
        proposal = settle_payments(db.session, enrolment, **acting())
        return address(proposal), gettext("Proposed. It counts as paid out once a second officer agrees.")

    return _sent(public_id, "on", OnForm(), do)


@bp.post("/enrolments/<public_id>/close")
@allow("office")
def close(public_id: str) -> ResponseReturnValue:
    form = CloseForm()

    def do(enrolment: Enrolment) -> tuple[str, str]:
        day = form.closing_on.data or today()
        close_contract(db.session, enrolment, form.closing_number.data or "", day, **acting())
        move(db.session, enrolment, S.CLOSED, **acting())
        return "", gettext("Closed.")

    return _sent(public_id, "close", form, do)


@bp.post("/enrolments/<public_id>/end/<any(refused, withdrawn):how>")
@allow("office")
def end(public_id: str, how: str) -> ResponseReturnValue:
    form = EndForm()

    def do(enrolment: Enrolment) -> tuple[str, str]:
        move(db.session, enrolment, one_of(S, how), reason=form.reason.data, **acting())
        return "", str(STATES[how][0])

    return _sent(public_id, how, form, do)


def _lead(proposal: Proposal) -> str:
    return url_for("enrolments.show", public_id=proposal.subject)


LEADS["enrolment.approve"] = LEADS["enrolment.paid"] = _lead
