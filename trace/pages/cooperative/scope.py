"""The scope lines of a certificate: product × plot or household × area × expected output."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from ...access import allow, find, own_cooperative, visitor
from ...db import db
from ...records import Certificate, ScopeLine
from ...work.farm import open_plots, present_growers
from ...work.products import all_products
from ...work.scope import ScopeFacts, add_line, change_line, remove_line
from ..choices import RecordField
from ..fields import AreaField, WeightField, needed
from ..forms import Form, finish, show_form
from ..words import now
from .certificates import certificate_page, frozen
from .parts import said

bp = Blueprint("scope", __name__, url_prefix="/my/certificates/<public_id>/scope")


class ScopeForm(Form):
    product = RecordField(lazy_gettext("Product"), [needed()])
    plot = RecordField(lazy_gettext("Plot"))
    grower = RecordField(
        lazy_gettext("Household"),
        description=lazy_gettext("Only where the certificate names the household and not the plot."),
    )
    area_m2 = AreaField(
        lazy_gettext("Area"), [needed()], description=lazy_gettext("As on the certificate, in hectares.")
    )
    expected_g_a_year = WeightField(
        lazy_gettext("Expected output a year"),
        [needed()],
        unit="tấn",
        description=lazy_gettext("As on the certificate; a bare number means tonnes."),
    )

    def offer(self, line: ScopeLine | None = None) -> "ScopeForm":
        own = own_cooperative()
        plots = open_plots(db.session, own, also=line.plot_id if line else None)
        growers = present_growers(db.session, own, also=line.grower_id if line else None)
        self.product.offer(all_products(db.session, own), lambda product: product.name_vi, blank=gettext("– choose –"))
        self.plot.offer(plots, lambda plot: plot.called, blank="–")
        self.grower.offer(growers, lambda grower: grower.name, blank="–")
        return self

    def facts(self) -> ScopeFacts:
        return ScopeFacts(
            product=self.product.record,
            plot=self.plot.record,
            grower=self.grower.record,
            area_m2=said(self.area_m2),
            expected_g_a_year=said(self.expected_g_a_year),
        )


@bp.route("/new", methods=["GET", "POST"])
@allow("cooperative.write")
def new(public_id: str) -> ResponseReturnValue:
    certificate = find(Certificate, public_id)
    if frozen(certificate):
        return redirect(_back(certificate))
    form = ScopeForm().offer()
    if form.sent():
        with form.refusals():
            add_line(db.session, certificate, form.facts(), actor=visitor().actor, now=now())
            return finish(form, _back(certificate), gettext("Scope line added."))
    return show_form("cooperative/scope_form.html", form, certificate=certificate, line=None)


def _back(certificate: Certificate) -> str:
    return url_for("certificates.show", public_id=certificate.public_id)


def _line(certificate: Certificate, line_id: str) -> ScopeLine:
    line = find(ScopeLine, line_id)
    if line.certificate_id != certificate.id:
        abort(404)
    return line


@bp.route("/<line_id>/edit", methods=["GET", "POST"])
@allow("cooperative.write")
def edit(public_id: str, line_id: str) -> ResponseReturnValue:
    certificate = find(Certificate, public_id)
    line = _line(certificate, line_id)
    if frozen(certificate):
        return redirect(_back(certificate))
    form = ScopeForm(data=_typed(line)).offer(line).watched()
    if form.sent():
        with form.refusals():
            change_line(db.session, line, form.facts(), actor=visitor().actor, now=now())
            return finish(form, _back(certificate), gettext("Saved."))
    return show_form("cooperative/scope_form.html", form, certificate=certificate, line=line)


def _typed(line: ScopeLine) -> dict[str, object]:
    return {
        "product": line.product.public_id,
        "plot": line.plot.public_id if line.plot else "",
        "grower": line.grower.public_id if line.grower else "",
        "area_m2": line.area_m2,
        "expected_g_a_year": line.expected_g_a_year,
    }


@bp.post("/<line_id>/remove")
@allow("cooperative.write")
def remove(public_id: str, line_id: str) -> ResponseReturnValue:
    certificate, form = find(Certificate, public_id), Form()
    if form.sent():
        with form.refusals():
            remove_line(db.session, _line(certificate, line_id), actor=visitor().actor, now=now())
            return finish(form, _back(certificate), gettext("Scope line taken away."))
    return certificate_page(certificate, form)
