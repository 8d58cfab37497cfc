"""What is kept about a person: shown, handed over, erased (PDPL 91/2025/QH15: the rights to know, to a copy, to erase).

The history is never rewritten: its entries name a person by a pseudonym and hold the rest only as salted commitments.
Erasing deletes the salts and words of these commitments, and the person's own row keeps nothing but the pseudonym; so
the chain still verifies, and nobody can tell any more whom an entry was about.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ..records import Entry, EntrySecret, Notice
from ..work.actor import Actor
from ..work.history import record
from ..work.refused import Refused
from .certifiers import end_access
from .links import drop_factors
from .people import end_place
from .sessions import end_all, sign_ins_of
from .tables import CertifierAccess, Membership, OneTimeLink, Person

NOBODY = "–"


def about(session: Session, person: Person, *, now: datetime) -> dict[str, Any]:
    """Everything kept about a person, as plain JSON values; moments as ISO 8601."""
    return {
        "person": {
            "id": person.public_id,
            "name": person.name,
            "phone": person.phone,
            "email": person.email,
            "language": person.language,
            "since": person.created_at.isoformat(),
            "password_changed": _moment(person.password_changed_at),
            "office": person.office,
            "authenticator_app": person.totp_secret is not None,
            "passkeys": [key.name for key in person.passkeys],
        },
        "places": [_place(place) for place in person.memberships],
        "certifies": [_access(access) for access in person.accesses],
        "devices": [
            {"device": one.device, "signed_in": one.made_at.isoformat(), "last_seen": one.seen_at.isoformat()}
            for one in sign_ins_of(session, person, now=now)
        ],
        "history": [_entry(entry, words) for entry, words in _entries_about(session, person)],
    }


def everything_about(session: Session, person: Person, *, now: datetime) -> dict[str, Any]:
    """`about`, and every entry that records a deed of the person's."""
    return about(session, person, now=now) | {"done": list(_entries_by(session, person))}


def _place(place: Membership) -> dict[str, Any]:
    return {
        "cooperative": place.cooperative.name,
        "place": place.place,
        "since": place.since_at.isoformat(),
        "ended": _moment(place.ended_at),
    }


def _access(access: CertifierAccess) -> dict[str, Any]:
    return {
        "cooperative": access.cooperative.name,
        "body": access.body,
        "since": access.created_at.isoformat(),
        "until": access.to_on.isoformat(),
        "ended": _moment(access.ended_at),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _entries_about(session: Session, person: Person) -> list[tuple[Entry, str | None]]:
    query = select(Entry, EntrySecret.words).outerjoin(EntrySecret, EntrySecret.entry_index == Entry.index)
    found = session.execute(query.where(Entry.subject == person.public_id).order_by(Entry.index))
    return [(entry, words) for entry, words in found]


def _entries_by(session: Session, person: Person) -> Iterator[dict[str, Any]]:
    """What the person did. Pseudonyms stand in the bodies alone, so all of them are looked through, a few at a time."""
    pseudonym = person.public_id
    query = select(Entry.index, Entry.at, Entry.kind, Entry.body).order_by(Entry.index)
    for index, at, kind, body in session.execute(query.execution_options(yield_per=500)):
        if pseudonym.encode() in body and json.loads(body)["by"]["pseudonym"] == pseudonym:
            yield {"entry": index, "at": at.isoformat(), "kind": kind}


def _entry(entry: Entry, words: str | None) -> dict[str, Any]:
    return {
        "entry": entry.index,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "private": json.loads(words) if words else None,
    }


def erase(session: Session, person: Person, *, actor: Actor, now: datetime) -> None:
    """Forget who the person was. Raises `Refused` while others depend on them (an office, the last manager)."""
    if person.office is not None:
        raise Refused("You hold an office: an operator ends it first.")
    person.erased_at = now  # from here on nothing about the person enters the history
    for place in [place for place in person.memberships if place.ended_at is None]:
        end_place(session, place, actor=actor, now=now)
    for access in [access for access in person.accesses if access.ended_at is None]:
        end_access(session, access, actor=actor, now=now)
    person.name, person.phone, person.email, person.password = NOBODY, None, None, None
    person.language = person.theme = None
    person.active = False
    drop_factors(person)
    end_all(session, person)
    entries = select(Entry.index).where(Entry.subject == person.public_id)
    session.execute(delete(EntrySecret).where(EntrySecret.entry_index.in_(entries)))
    session.execute(delete(Notice).where(Notice.person_id == person.id))
    session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id))
    session.flush()
    record(session, "person.erased", person, actor=actor, now=now, facts={})
