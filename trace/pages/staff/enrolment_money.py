"""The money of one enrolment: invoices, what of them counts, the support that follows, advances and payments."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find
from ...db import db
from ...records import Enrolment, PaymentKind, Proposal, SupportCost, SupportKind
from ...standards.quantities import show_money
from ...work.paying import STAGES, give_back, most_payable, propose_payment
from ...work.programme_lists import support_kinds
from ...work.proposals import address, facts_of
from ...work.support import COSTS_IN, Invoice, accept_cost, add_cost, costs_of, payments_of, working
from ...work.uploads import SCANS
from ..accounts.proposals import LEADS, TELLERS
from ..acting import acting, acting_today
from ..choices import ChoiceField, RecordField
from ..fields import DayField, MoneyField, NoteField, UploadField, WordsField, needed, not_ahead
from ..forms import Form, finish, show_form
from ..programme_words import PAYMENTS
from ..unread import one_of
from ..words import language, today
from .enrolment_shown import apart, found_enrolment, frame
from .enrolment_work import kept
from .enrolments import bp


class KindForm(Form):
    kind = RecordField(lazy_gettext("Kind of support"), validators=[needed()])

    def offer(self, enrolment: Enrolment) -> Any:
        kinds = [asked.kind for asked in enrolment.asked]
        self.kind.offer(kinds, lambda kind: str(kind.name), key=lambda kind: str(kind.key))
        return self


class CostForm(KindForm):
    number = WordsField(lazy_gettext("Number of the invoice"), validators=[needed()], longest=60)
    on_day = DayField(lazy_gettext("Day of the invoice"), validators=[needed(), not_ahead()])
    seller = WordsField(lazy_gettext("Who sold it"), validators=[needed()])
    amount = MoneyField(lazy_gettext("Amount"), validators=[needed()])
    file = UploadField(lazy_gettext("The invoice as a file"), description=lazy_gettext("PDF, JPEG, PNG or WebP."))


class PayForm(KindForm):
    what = ChoiceField(lazy_gettext("What is paid"), validators=[needed()])
    amount = MoneyField(lazy_gettext("Amount"), validators=[needed()])


class BackForm(KindForm):
    amount = MoneyField(lazy_gettext("Amount"), validators=[needed()])


class AcceptForm(Form):
    accepted = MoneyField(lazy_gettext("Of it accepted"), validators=[needed()])
    reason = NoteField(
        lazy_gettext("Why less than the invoice"), description=lazy_gettext("Needed wherever less is accepted.")
    )


@bp.get("/enrolments/<public_id>/money")
@allow("office")
def money(public_id: str) -> ResponseReturnValue:
    return _page(found_enrolment(public_id))


def _page(enrolment: Enrolment, **tried: Form) -> ResponseReturnValue:
    payable = payable_now(enrolment)
    most = next((amount for _kind, _what, amount in payable if amount), None)
    forms: dict[str, Any] = {
        "cost": CostForm(formdata=None),
        "pay": PayForm(formdata=None, data={"amount": most}),
        "back": BackForm(formdata=None),
    } | tried
    offer_payments(forms["pay"], enrolment)
    for name, form in forms.items():
        apart(name, form.offer(enrolment))
    workings = [(asked.kind, working(db.session, enrolment, asked.kind, today())) for asked in enrolment.asked]
    payments = payments_of(db.session, enrolment)
    return show_form(
        "staff/enrolment_money.html", next(iter(tried.values()), forms["cost"]), **frame(enrolment, ".money"),
        forms=forms, costs=costs_of(db.session, enrolment), workings=workings, payments=payments, payable=payable,
        costs_open=enrolment.state in COSTS_IN, words=PAYMENTS, paid_vnd=sum(one.counted_vnd for one in payments),
    )  # fmt: skip


def payable_now(enrolment: Enrolment) -> list[tuple[SupportKind, PaymentKind, int]]:
    """What may be proposed in the state it is in, each with the most that can be paid."""
    found = []
    for asked in enrolment.asked:
        shown = working(db.session, enrolment, asked.kind, today())
        ways = (what for what, states in STAGES.items() if enrolment.state in states)
        found += [(asked.kind, what, most_payable(enrolment, asked.kind, what, shown)) for what in ways]
    return found


def offer_payments(form: PayForm, enrolment: Enrolment) -> None:
    ways = [what for what, states in STAGES.items() if enrolment.state in states]
    form.what.choices = [(what.value, PAYMENTS[what.value]) for what in ways]


def _address(public_id: str, part: str = "") -> str:
    return url_for(".money", public_id=public_id) + part


@bp.post("/enrolments/<public_id>/costs")
@allow("office")
def cost(public_id: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    form = CostForm().offer(enrolment)
    if form.sent():
        with form.refusals():
            said = (form.number.data or "", form.on_day.data or today(), form.seller.data or "", form.amount.data)
            invoice = Invoice(*said, form.tried(kept, enrolment, form.file, SCANS))
            add_cost(db.session, enrolment, form.kind.record, invoice, **acting_today())
            return finish(form, _address(public_id, "#costs"), gettext("The invoice is entered."))
    return _page(found_enrolment(public_id), cost=form)


@bp.route("/costs/<public_id>", methods=["GET", "POST"])
@allow("office")
def accept_invoice(public_id: str) -> ResponseReturnValue:
    found = find(SupportCost, public_id)
    looked = found.accepted_vnd is not None
    form = AcceptForm(data={"accepted": found.accepted_vnd if looked else found.amount_vnd, "reason": found.reason})
    if form.watched().sent():
        with form.refusals():
            accept_cost(db.session, found, form.accepted.data or 0, form.reason.data, **acting())
            return finish(form, _address(found.enrolment.public_id, "#costs"), gettext("Kept."))
    return show_form("staff/enrolment_cost.html", form, cost=found, open=found.enrolment.state in COSTS_IN)


@bp.post("/enrolments/<public_id>/payments")
@allow("office")
def pay(public_id: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    form = PayForm().offer(enrolment)
    offer_payments(form, enrolment)
    if form.sent():
        with form.refusals():
            what = one_of(PaymentKind, form.what.data)
            kind, amount = form.kind.record, form.amount.data
            proposal = propose_payment(db.session, enrolment, kind, what, amount, **acting())
            return finish(form, address(proposal), gettext("Proposed. It is paid once a second officer agrees."))
    return _page(found_enrolment(public_id), pay=form)


@bp.post("/enrolments/<public_id>/returned")
@allow("office")
def returned(public_id: str) -> ResponseReturnValue:
    enrolment = found_enrolment(public_id)
    form = BackForm().offer(enrolment)
    if form.sent():
        with form.refusals():
            give_back(db.session, enrolment, form.kind.record, form.amount.data, **acting())
            return finish(form, _address(public_id, "#payments"), gettext("Kept."))
    return _page(found_enrolment(public_id), back=form)


def _told(proposal: Proposal) -> str:
    facts = facts_of(proposal)
    names = {kind.key: kind.name for kind in support_kinds(db.session)}
    return str(
        gettext(
            "%(what)s of %(amount)s to %(unit)s for: %(kind)s",
            what=PAYMENTS[facts["what"]],
            amount=show_money(facts["amount_vnd"], language()),
            unit=facts["unit"],
            kind=names.get(facts["kind"], facts["kind"]),
        )
    )


TELLERS["support.pay"] = _told
LEADS["support.pay"] = lambda proposal: url_for("enrolments.money", public_id=proposal.subject)
