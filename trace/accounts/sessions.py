"""Signing in and out, and the list of where one is signed in."""

import secrets
from datetime import datetime

from flask import session
from flask_security import login_user
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from .session_store import IDLE, Held
from .tables import Person, SignIn


def held() -> Held:
    """The session of this request, by its true class."""
    found: Held = session._get_current_object()  # type: ignore[attr-defined] # a proxy
    return found


def enter(person: Person, *, now: datetime) -> None:
    """Sign a person in: nothing of the session before survives, its id least of all (no fixation)."""
    opened = held()
    opened.content.clear()
    login_user(person, remember=False)
    opened["person"] = person.id
    opened["since"] = now.timestamp()
    opened["fresh_at"] = now.timestamp()
    opened.rotate = True


def enter_half(person: Person, next_page: str | None) -> None:
    """Remember that the password was right, and nothing more, until the second factor is given."""
    opened = held()
    opened.content.clear()
    opened["half"] = person.id
    opened["next"] = next_page
    opened.rotate = True


def refresh(*, now: datetime) -> None:
    """The visitor has just proved who they are: good for a while, under a new id."""
    opened = held()
    opened["fresh_at"] = now.timestamp()
    opened.rotate = True


def leave() -> None:
    opened = held()
    opened.content.clear()
    opened.modified = True


def end_all(session: Session, person: Person) -> None:
    """End every session of a person, in the transaction of the change that asks for it."""
    person.fs_uniquifier = secrets.token_hex(32)
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def sign_ins_of(session: Session, person: Person, *, now: datetime) -> list[SignIn]:
    """A person's open sessions, the latest seen first."""
    query = select(SignIn).where(SignIn.person_id == person.id, SignIn.ends_at > now, SignIn.seen_at > now - IDLE)
    return list(session.scalars(query.order_by(SignIn.seen_at.desc())))


def end_one(session: Session, person: Person, public_id: str) -> None:
    session.execute(delete(SignIn).where(SignIn.person_id == person.id, SignIn.public_id == public_id))
