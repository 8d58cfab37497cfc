"""The variance report and a run's stamp map, on screen and as lists to take away."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, find, own_cooperative
from ...accounts.offices import names_by_key
from ...db import db
from ...records import Run
from ...work.ledger_tables import Row
from ...work.variance import Variance, own_runs, variance_of
from ..stamp_words import FINER
from ..tables import table_answer
from ..words import language

bp = Blueprint("variance", __name__, url_prefix="/my/stamps")


@bp.get("/variance")
@allow("cooperative.read")
def show() -> ResponseReturnValue:
    rows = variance_of(db.session, own_runs(db.session, own_cooperative(), most=200))
    return render_template("cooperative/variance.html", rows=rows)


@bp.get("/variance.<any(csv, xlsx):kind>")
@allow("cooperative.read")
def take(kind: str) -> ResponseReturnValue:
    headings = [
        gettext("Run"), gettext("Product"), gettext("Issued on"), gettext("Ordered"), gettext("Printed"),
        gettext("Activated"), gettext("Void"), gettext("Lost"), gettext("Came back"), gettext("Recalled"),
        gettext("Not printed yet"), gettext("In store"), gettext("Unaccounted"), gettext("Scanned"),
    ]  # fmt: skip
    rows = [_line(one) for one in variance_of(db.session, own_runs(db.session, own_cooperative()))]
    return table_answer(kind, "tem", gettext("Variance report"), headings, rows)


def _line(one: Variance) -> Row:
    run = one.run
    product = run.product.name_in(language()) if run.product else ""
    return (
        run.label, product, run.created_at, one.ordered, one.ever_printed, one.ever_active, one.void, one.lost,
        one.returned, one.recalled, one.not_printed, one.in_store, one.unaccounted, one.scanned,
    )  # fmt: skip


@bp.get("/<public_id>/map.<any(csv, xlsx):kind>")
@allow("cooperative.read")
def take_map(public_id: str, kind: str) -> ResponseReturnValue:
    run = find(Run, public_id)
    headings = [
        gettext("From"), gettext("To"), gettext("Count"), gettext("State"), gettext("Since"), gettext("By"),
        gettext("Batch"), gettext("Household"), gettext("Activated on"), gettext("Why"),
    ]  # fmt: skip
    names = names_by_key(db.session, [row.by_person_id for row in run.ranges])
    rows: list[tuple[str | int | datetime | None, ...]] = [
        (
            run.serial(row.first), run.serial(row.last), row.count, str(FINER[row.state]), row.since_at,
            names.get(row.by_person_id or 0, ""), row.batch.code if row.batch else "",
            row.hand_over.grower.name if row.hand_over else "", row.active_at, row.reason or "",
        )
        for row in run.ranges
    ]  # fmt: skip
    return table_answer(kind, run.label, gettext("Stamp map"), headings, rows)
