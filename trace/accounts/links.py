"""One-time links: an invitation into a cooperative or an office, and a new password given in person.

A link carries 256 random bits; the table knows their hash. Looking at its page spends nothing (messengers look ahead);
sending the page's form does, once.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..records import Cooperative
from ..work.actor import Actor
from ..work.history import record
from ..work.refused import Refused
from .passwords import refuse_weak, set_password
from .people import join
from .session_store import id_hash
from .sessions import end_all
from .tables import LinkPurpose, Office, OneTimeLink, Person, Place

INVITATION_LASTS: Final = timedelta(days=7)
RESET_LASTS: Final = timedelta(hours=24)
MOST_OPEN: Final = 20
SPENT: Final = "This link has been used, taken back, or is too old. Ask for a new one."


def offer_place(
    session: Session, cooperative: Cooperative, place: Place, *, name: str | None, actor: Actor, now: datetime
) -> str:
    """Invite somebody into a cooperative; the address to hand on, which is shown this once and kept nowhere."""
    if len(open_invitations(session, cooperative, now=now)) >= MOST_OPEN:
        raise Refused("Many invitations are open already. Take one back first.")
    facts = {"place": str(place)}
    record(session, "cooperative.invited", cooperative, actor=actor, now=now, facts=facts)
    link = OneTimeLink(purpose=LinkPurpose.INVITE, cooperative_id=cooperative.id, place=place, name=name)
    return _make(session, link, INVITATION_LASTS, actor, now)


def offer_reset(session: Session, person: Person, *, actor: Actor, now: datetime, without_factors: bool = False) -> str:
    """Let somebody who stands before the officer set a new password; `without_factors` when the phone is lost, too.

    The password until now stays good until the link is used, so that a link made by mistake locks nobody out. Raises
    `Refused`: nobody helps themselves, and only an operator helps somebody who holds an office.
    """
    if person.id == actor.person_id:
        raise Refused("For your own account, ask a colleague.")
    if person.office is not None and actor.role != Office.OPERATOR:
        raise Refused("This person holds an office: an operator gives the link.")
    if person.erased_at is not None:
        raise Refused("This account has been erased.")
    for older in session.scalars(select(OneTimeLink).where(OneTimeLink.person_id == person.id)):
        older.used_at = older.used_at or now
    if without_factors:
        drop_factors(person)
    record(session, "person.reset_offered", person, actor=actor, now=now, facts={"without_factors": without_factors})
    link = OneTimeLink(purpose=LinkPurpose.RESET, person_id=person.id)
    return _make(session, link, RESET_LASTS, actor, now)


def drop_factors(person: Person) -> None:
    person.totp_secret = person.totp_counter = person.recovery_hashes = None
    person.passkeys.clear()


def _make(session: Session, link: OneTimeLink, lasts: timedelta, actor: Actor, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    link.token_hash, link.by_person_id = id_hash(token), actor.person_id
    link.made_at, link.ends_at = now, now + lasts
    session.add(link)
    session.flush()
    public_url: str = current_app.config["SETTINGS"].public_url
    return f"{public_url}/link/{token}"  # commands make links, too, and they know no routes


def find_link(session: Session, token: str, *, now: datetime, lock: bool) -> OneTimeLink | None:
    """A link that is still good. With `lock`, of two who send it at once one is taken."""
    link = session.get(OneTimeLink, id_hash(token), with_for_update=lock or None)
    if link is None or link.used_at is not None or link.ends_at <= now:
        return None
    return link


def is_gone(session: Session, address: str, *, now: datetime) -> bool:
    """Whether a link just made was not stored after all."""
    return find_link(session, address.rpartition("/")[2], now=now, lock=False) is None


def open_invitations(session: Session, cooperative: Cooperative, *, now: datetime) -> Sequence[OneTimeLink]:
    query = select(OneTimeLink).where(
        OneTimeLink.cooperative_id == cooperative.id, OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now
    )
    return session.scalars(query.order_by(OneTimeLink.made_at)).all()


def take_back(session: Session, cooperative: Cooperative, public_id: str, *, actor: Actor, now: datetime) -> None:
    """End an invitation that has not been used."""
    for link in open_invitations(session, cooperative, now=now):
        if link.public_id == public_id:
            link.used_at, link.name = now, None
            session.flush()
            record(session, "cooperative.invitation_ended", cooperative, actor=actor, now=now, facts={})


def accept(session: Session, link: OneTimeLink, person: Person, *, actor: Actor, now: datetime) -> None:
    """The invited person takes the place."""
    if link.cooperative is None or link.place is None:
        raise Refused(SPENT, conflict=True)
    link.used_at, link.name = now, None
    join(session, person, link.cooperative, Place(link.place), actor=actor, now=now)


def reset(session: Session, link: OneTimeLink, password: str, *, now: datetime) -> Person:
    """Set the new password; every open session ends, the devices of a finder included."""
    person = link.person
    if person is None or person.erased_at is not None:
        raise Refused(SPENT, conflict=True)
    refuse_weak(password, [person.name, person.phone, person.email])
    set_password(person, password)
    end_all(session, person)
    link.used_at = now
    session.flush()
    itself = Actor(person.id, person.public_id, person.office or "member")
    record(session, "person.reset_used", person, actor=itself, now=now, facts={})
    return person
