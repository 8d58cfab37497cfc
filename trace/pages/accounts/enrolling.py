"""Enrolling in the programme and registering as one form, for a unit without an account; and the same on paper."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ...access import Role, allow, visitor
from ...db import db
from ...records import Campaign, Cooperative
from ...service import registry, settings
from ...work.actor import Actor
from ...work.enrolments import enrol as enrol_unit
from ...work.programme_lists import campaigns, open_campaign_on, support_kinds
from ...work.programme_rules import terms_on
from ...work.programme_units import unit_of
from ..acting import Acting
from ..enrol_form import asking, offer
from ..enrol_paper import enrol_paper
from ..papers import in_vietnamese, pdf_answer
from ..words import now, today
from .registration import RegistrationForm, come_in
from .sign_in import bp


@bp.route("/programme/enrol", methods=["GET", "POST"])
@allow("public")
def enrol() -> ResponseReturnValue:
    """Whoever has a cooperative here is asked nothing twice, and officers have a form of their own."""
    if visitor().cooperative is not None:
        return redirect(url_for("my_programme.new"))
    if visitor().role is Role.OFFICER:
        return redirect(url_for("programme.index"))
    campaign, terms = open_campaign_on(db.session, today()), terms_on(db.session, today())
    form = offer(asking(RegistrationForm, support_kinds(db.session))())

    def then(cooperative: Cooperative, actor: Actor) -> str:
        if campaign is None:
            abort(404)
        doing: Acting = {"actor": actor, "now": now()}
        unit, plan = unit_of(db.session, cooperative, **doing), form.plan.data or ""
        enrolment = enrol_unit(db.session, campaign, unit, form.asked(), plan, **doing, today=today())
        return url_for("my_programme.show", public_id=enrolment.public_id)

    return come_in(form, "accounts/enrol.html", then, campaign=campaign, terms=terms)


@bp.get("/programme/enrol.pdf")
@allow("public")
def enrol_on_paper() -> ResponseReturnValue:
    """The form to print: of the year that is asked for, else of the newest."""
    year, every = request.args.get("year", type=int), campaigns(db.session)
    campaign = next((one for one in every if year is None or one.year == year), None)
    if campaign is None:
        abort(404)
    key = "enrolment form", campaign.id, today()
    return pdf_answer(registry().remember(key, lambda: _paper(campaign)), f"phieu-dang-ky-{campaign.year}.pdf")


def _paper(campaign: Campaign) -> bytes:
    """Drawn once a day and process until anything changes: anybody may ask for it."""
    address = settings().public_url + url_for(".enrol")
    with in_vietnamese():
        return enrol_paper(campaign, support_kinds(db.session), terms_on(db.session, today()), address, now=now())
