"""A cooperative's own data: how to reach it, where it is, what may be shown of it, its logo."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from ..records import Consent, ConsentTo, Cooperative, Upload
from .actor import Actor
from .changes import apply
from .history import record
from .refused import Refused


@dataclass(frozen=True, slots=True)
class ContactFacts:
    contact_name: str
    phone: str
    email: str | None
    zalo_phone: str | None
    commune_code: str
    address: str


def change_contact(
    session: Session, cooperative: Cooperative, facts: ContactFacts, *, actor: Actor, now: datetime
) -> None:
    if apply(cooperative, facts):
        record(session, "cooperative.changed", cooperative, actor=actor, now=now)


def change_logo(
    session: Session, cooperative: Cooperative, logo: Upload | None, *, actor: Actor, now: datetime
) -> None:
    """None takes the logo away."""
    if logo is None and cooperative.logo is None:
        raise Refused("There is no logo to take away.", conflict=True)
    cooperative.logo = logo
    session.flush()
    facts = {"logo": logo.public_id if logo else None}
    record(session, "cooperative.logo_changed", cooperative, actor=actor, now=now, facts=facts)


def agree(
    session: Session, cooperative: Cooperative, what: ConsentTo, day: date, *, today: date, actor: Actor, now: datetime
) -> None:
    """Record that those concerned agreed, on `day`, that consumers may see the contact's name, phone or photos."""
    if cooperative.consents_to(what):
        raise Refused("A consent is recorded already.", conflict=True)
    if day > today:
        raise Refused("This day lies in the future.", field="given_on")
    cooperative.consents.append(Consent(cooperative_id=cooperative.id, what=what, given_on=day, recorded_at=now))
    session.flush()
    facts = {"what": what.value, "given_on": day.isoformat()}
    record(session, "cooperative.consented", cooperative, actor=actor, now=now, facts=facts)


def withdraw(
    session: Session, cooperative: Cooperative, what: ConsentTo, *, today: date, actor: Actor, now: datetime
) -> None:
    """From now on it is shown no more."""
    given = [
        consent
        for consent in cooperative.consents
        if consent.what == what and consent.grower_id is None and consent.withdrawn_on is None
    ]
    if not given:
        raise Refused("There is no consent to withdraw.", conflict=True)
    for consent in given:
        consent.withdrawn_on = today
    session.flush()
    facts = {"what": what.value, "withdrawn_on": today.isoformat()}
    record(session, "cooperative.withdrew", cooperative, actor=actor, now=now, facts=facts)
