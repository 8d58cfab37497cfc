"""One box for everything of one's own: a stamp's code, serial or link opens the stamp; words list what fits."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from ...access import allow, own_cooperative
from ...db import db
from ...records import Run
from ...service import keyring
from ...work.own_search import Found, run_of_code, search_own
from ...work.serials import run_of_serial
from ..words import show_day
from .parts import wanted

bp = Blueprint("my_search", __name__, url_prefix="/my")


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    detail: str
    url: str


@bp.get("/search")
@allow("cooperative.read")
def search() -> ResponseReturnValue:
    q = wanted()
    stamp = _stamp(q) if q else None
    if stamp is not None:
        run, number = stamp
        if number is None:
            return redirect(url_for("runs.show", public_id=run.public_id))
        return redirect(url_for("runs.stamp", public_id=run.public_id, number=number))
    groups = _groups(search_own(db.session, own_cooperative(), q)) if q else []
    return render_template("cooperative/search.html", q=q, groups=[group for group in groups if group[1]])


def _stamp(q: str) -> tuple[Run, int | None] | None:
    """A run, and the number in it, where a code, a link or a serial of our own was typed."""
    found = run_of_code(db.session, own_cooperative(), keyring(), q)
    if found is not None:
        return found
    named = run_of_serial(db.session, q)
    return named if named is not None and named[0].cooperative_id == own_cooperative().id else None


def _groups(found: Found) -> list[tuple[str, list[Line]]]:
    return [
        (gettext("Batches"), [_line(row.code, row.product.name_vi, "batches", row) for row in found.batches]),
        (gettext("Products"), [_line(row.name_vi, row.gtin or "", "products", row) for row in found.products]),
        (gettext("Plots"), [_line(row.name, row.area_code or "", "plots", row) for row in found.plots]),
        (gettext("Growers"), [_line(row.name, "", "growers", row) for row in found.growers]),
        (gettext("Runs of stamps"), [_line(row.label, show_day(row.created_at), "runs", row) for row in found.runs]),
        (gettext("Certificates"), [_line(row.number, row.body, "certificates", row) for row in found.certificates]),
        (gettext("Trademarks"), [_line(row.name, row.owner, "trademarks", row) for row in found.trademarks]),
        (gettext("Dispatch"), [_line(row.number, row.buyer.name, "dispatches", row) for row in found.dispatches]),
    ]


def _line(title: str, detail: str, part: str, row: object) -> Line:
    return Line(title, detail, url_for(f"{part}.show", public_id=row.public_id))  # type: ignore[attr-defined]
