"""Telling the office of an enrolment, and a registered unit of every move that concerns it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from ..records import Enrolment, EnrolmentState
from .notices import notify, settle

S = EnrolmentState
TOLD: Mapping[EnrolmentState, str] = {
    S.APPROVED: "Your enrolment in the programme of %(year)s is approved.",
    S.REFUSED: "Your enrolment in the programme of %(year)s is not approved: %(reason)s",
    S.UNDER_WAY: "Your part in the programme of %(year)s has begun: look at the steps and their days.",
    S.ACCEPTED: "What you did in the programme of %(year)s has been accepted.",
    S.PAID: "The support of %(year)s has been paid out.",
    S.WITHDRAWN: "Your enrolment in the programme of %(year)s is withdrawn: %(reason)s",
}
"""Looked up in the catalogue by these very words."""


def office_page(enrolment: Enrolment) -> str:
    return f"/office/programme/enrolments/{enrolment.public_id}"


def unit_page(enrolment: Enrolment) -> str:
    return f"/my/programme/{enrolment.public_id}"


def tell_office(session: Session, enrolment: Enrolment, kinds: Sequence[str], *, now: datetime) -> None:
    words, named = "%(name)s has enrolled in the programme: %(kinds)s.", ", ".join(kinds)
    url = office_page(enrolment)
    notify(session, words, office="officer", url=url, now=now, name=enrolment.unit.name, kinds=named)


def tell_unit(session: Session, enrolment: Enrolment, to: EnrolmentState, reason: str | None, *, now: datetime) -> None:
    """What waited in the office is done; what the unit was told before gives way to this."""
    settle(session, office_page(enrolment), now=now)
    owner = enrolment.unit.registered_id
    if owner is None or to not in TOLD:
        return
    settle(session, unit_page(enrolment), now=now)
    year, url = str(enrolment.campaign.year), unit_page(enrolment)
    notify(session, TOLD[to], cooperative_id=owner, url=url, now=now, year=year, reason=reason or "")
