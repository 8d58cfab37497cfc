"""Runs of stamps: listed, issued, looked at, one stamp looked at."""

from collections.abc import Container

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative
from ...db import db
from ...records import WAITING, Batch, BatchVerdict, Product, RangeState, Run
from ...service import keyring, numbering, released, settings
from ...work.formats import FORMATS
from ...work.hand_overs import MAY_GO
from ...work.own_batches import submitted_batches
from ...work.own_lists import listed_runs, own_products, printings_of, stamps_made_for
from ...work.print_choices import printed_stock
from ...work.refused import Refused
from ...work.remaining import left_on_certificates
from ...work.sheets import PRINTABLE
from ...work.stamps import issue_stamps, orders_on, stamp_link
from ...work.standing import StampVerdict, stamp_verdict
from ..acting import acting
from ..choices import RecordField
from ..fields import CountField, needed
from ..forms import Form, finish, show_form
from ..words import today
from .approval import approval_words
from .batch_shown import stamp_url
from .certificates_left import shown_left
from .events import events_about
from .parts import page_number
from .print_form import paper_name
from .stamp_map import bars, counts, shown_range
from .wanted import spoil_percent, wanted_for

bp = Blueprint("runs", __name__, url_prefix="/my/stamps")
MOST_QUOTAS = 4
NOT_WORTH_STAMPS = frozenset({BatchVerdict.REFUSED, BatchVerdict.RECALLED})


class IssueForm(Form):
    batch = RecordField(lazy_gettext("For the batch"))
    product = RecordField(lazy_gettext("Or in advance, for the product"))
    count = CountField(lazy_gettext("How many stamps"), validators=[needed()])

    def offer(self) -> None:
        batches = submitted_batches(db.session, own_cooperative())
        worth = [batch for batch in batches if batch.verdict not in NOT_WORTH_STAMPS]
        self.batch.offer(worth, lambda row: f"{row.code} – {row.product.name_vi}", blank=gettext("No batch yet"))
        products = own_products(db.session, own_cooperative())
        self.product.offer(products, lambda row: row.name_vi, blank=gettext("Choose …"))
        for either in (self.batch, self.product):  # one of them is needed, so neither is called optional
            either.flags.alternative = True


@bp.get("")
@allow("cooperative.read")
def index() -> ResponseReturnValue:
    listing = listed_runs(db.session, own_cooperative(), page_number(), size=20)
    shown = [
        (run, counts(map(shown_range, run.ranges)), bars(run, map(shown_range, run.ranges))) for run in listing.rows
    ]
    ordering = orders_on(db.session, today())
    return render_template("cooperative/runs.html", listing=listing, shown=shown, address=_address(), ordering=ordering)


@bp.route("/new", methods=["GET", "POST"])
@allow("stamps")
def new() -> ResponseReturnValue:
    form = IssueForm(data={key: request.args.get(key, "")[:12] for key in ("batch", "product")})
    form.offer()
    batch = form.batch.record
    if orders_on(db.session, today()):
        return redirect(url_for("stamp_orders.new", product=batch.product.public_id if batch else form.product.data))
    if request.method == "GET" and batch is not None:
        form.count.data = wanted_for(batch) or None
    if form.sent():
        with form.refusals():
            run = _issue(form)
            message = gettext("Run %(run)s is issued. Print it next.", run=run.label)
            return finish(form, url_for(".show", public_id=run.public_id), message)
    facts: dict[str, object] = {"batch": batch, "spoil": spoil_percent(), "made": _made(batch)}
    facts |= {"address": _address(batch), "quota": _quota(batch, form.product.record)}
    return show_form("cooperative/run_new.html", form, waiting=approval_words(own_cooperative()), **facts)


def _issue(form: IssueForm) -> Run:
    batch, product = form.batch.record, form.product.record
    if batch is None and product is None:
        raise Refused("Choose a batch, or the product that the stamps are for.", field="batch")
    return issue_stamps(
        db.session,
        keyring(),
        numbering(),
        own_cooperative(),
        form.count.data or 0,
        batch=batch,
        product=product,
        released=released(db.session),
        **acting(),
    )


def _made(batch: Batch | None) -> int:
    return stamps_made_for(db.session, batch) if batch else 0


def _quota(batch: Batch | None, product: Product | None) -> list[dict[str, object]]:
    """What is left on the certificates that the stamps would draw on: kilograms, and stamps at one a pack."""
    wanted = batch.product if batch is not None else product
    lines = {line.scope_line_id for line in batch.intake} if batch is not None else None
    rows = left_on_certificates(db.session, own_cooperative(), today())
    if wanted is not None:
        rows = [row for row in rows if row.line.product_id == wanted.id]
    if lines is not None:
        rows = [row for row in rows if row.line.id in lines]
    return [shown_left(row) for row in rows[:MOST_QUOTAS]]


def _address(batch: Batch | None = None) -> dict[str, object]:
    """What will stand in every symbol, and whether an operator has vouched for it."""
    path = f"/01/{batch.product.gtin}/21/…" if batch and batch.product.gtin else "/T/…"
    return {"url": settings().public_url.upper() + path, "confirmed": released(db.session), "demo": settings().demo}


@bp.get("/<public_id>")
@allow("cooperative.read")
def show(public_id: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    shown = [shown_range(row) for row in run.ranges]
    printings = printings_of(db.session, run)
    return render_template(
        "cooperative/run.html",
        run=run,
        shown=shown,
        bars=bars(run, shown),
        counts=counts(shown),
        waiting=_in(run, WAITING),
        printable=_in(run, PRINTABLE),
        may_be_handed=_in(run, MAY_GO),
        ordered=_in(run, {RangeState.ORDERED}),
        printings=printings,
        papers={row.public_id: paper_name(printed_stock(row)) for row in printings if FORMATS[row.format].drawn},
        events=events_about(db.session, [run.public_id]),
        link=stamp_link(settings().public_url, run, "…"),
    )


def _in(run: Run, states: Container[str]) -> int:
    """How many of its stamps are in one of the states."""
    return sum(row.count for row in run.ranges if row.state in states)


@bp.get("/<public_id>/<int:number>")
@allow("cooperative.read")
def stamp(public_id: str, number: int) -> ResponseReturnValue:
    """One stamp: what holds for it, its code, and where its link leads."""
    run = find(Run, public_id)
    row = next((row for row in run.ranges if row.first <= number <= row.last), None)
    if row is None:
        abort(404)
    verdict = stamp_verdict(row, today())
    link = stamp_url(run, number)
    code = link.rpartition("/")[2]
    shown = shown_range(row)
    return render_template(
        "cooperative/run_stamp.html",
        run=run, number=number, shown=shown, verdict=verdict.value, link=link, code=code,
        valid=verdict is StampVerdict.VALID,
    )  # fmt: skip
