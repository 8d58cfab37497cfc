"""What work needs from this process and pages hand it: the keys, the numbering, and whether stamps may be released."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g, has_app_context, has_request_context, request
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from . import keyfiles, logs
from .db import READING, db
from .records import Deployment
from .replica import PRIMARY, REPLICA, Sources
from .settings import Settings, StartRefused
from .standards.codes import Place
from .upkeep.keys import fingerprint
from .work import keyring as keyrings
from .work.keyring import Keyring, PinFiles, States
from .work.lookup import Heard, Registry, newest_entry
from .work.refused import Refused
from .work.run_numbers import Numbering


def settings() -> Settings:
    return cast(Settings, current_app.config["SETTINGS"])


def keyring() -> Keyring:
    """This process's keys. Every few seconds, and before anything is written, it is asked whether another process or
    machine has made or retired one."""
    kept: Keys = current_app.extensions["temgoc"]["keys"]
    writing = has_request_context() and request.method not in READING and "keys_asked" not in g
    if kept.ring is None or kept.due() or writing:
        g.keys_asked = True
        with db.sessionmaker(bind=db.get_engine(PRIMARY if writing else public_engine())) as session:
            kept.renew(lambda: keyrings.states(session), lambda: load_keyring(session, settings()))
    assert kept.ring is not None
    return kept.ring


class Keys:
    """The keyring as one process holds it, and the state of the keys it was made of."""

    def __init__(self, ask_every_s: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._ask_every_s, self._clock = ask_every_s, clock
        self._asked_at = float("-inf")
        self._states: States = {}
        self.ring: Keyring | None = None

    def due(self) -> bool:
        return self._clock() - self._asked_at >= self._ask_every_s

    def place(self, code: str) -> Place | None:
        """Where a code of a key in good standing points; None too where the keys' states must be asked for first."""
        if self.ring is None or self.due():
            return None
        place = self.ring.read(code)
        return place if place and place.version not in self.ring.leaked else None

    def renew(self, states: Callable[[], States], load: Callable[[], Keyring]) -> None:
        """Put the keys together anew where their states have changed. While the database is away, what was, holds; and
        where this machine lacks a new key's file, until it is copied here."""
        self._asked_at = self._clock()
        try:
            found = states()
            if self.ring is None or found != self._states:
                self.ring, self._states = load(), found
        except OperationalError:
            if self.ring is None:
                raise
        except StartRefused as missing:
            if self.ring is None:
                raise
            self.ring = replace(self.ring, absent=frozenset(found) - self.ring.books.keys())
            logs.log.error("a key of the database is not in this machine's folder", exc_info=missing)


def sources() -> Sources | None:
    """The choice between primary and replica; None where there is no replica."""
    found: Sources | None = current_app.extensions["temgoc"].get("sources")
    return found


def public_engine() -> str:
    """Where public pages read."""
    kept = sources()
    return PRIMARY if kept is None else kept.choose()


def load_keyring(session: Session, settings: Settings) -> Keyring:
    return keyrings.load(
        session,
        lambda version: keyfiles.read(settings, keyfiles.stamp_key_name(version)),
        PinFiles(partial(_pin_secret, settings), partial(_make_pin_secret, settings)),
    )


def _pin_secret(settings: Settings, version: int) -> bytes:
    try:
        return keyfiles.read(settings, keyfiles.pin_key_name(version))
    except StartRefused as missing:  # in the middle of a day: the pages go on without it
        raise Refused(
            "The file of PIN key %(version)s cannot be read: tell the operator.", version=version
        ) from missing


def _make_pin_secret(settings: Settings, version: int) -> None:
    keyfiles.read_or_make(settings, keyfiles.pin_key_name(version))


def numbering(folder: Path | None = None) -> Numbering:
    folder = folder or settings().secrets
    machine = settings().machine if has_app_context() else None
    return Numbering(partial(keyfiles.highest_run, folder), partial(keyfiles.raise_highest_run, folder), machine)


def key_fingerprint() -> str:
    """Of the key folder as it is now; a copy elsewhere must show the same."""
    return fingerprint(settings().secrets)


def registry() -> Registry:
    """What this process remembers of runs and pages, at most two seconds behind the newest entry."""
    kept: Registry = current_app.extensions["temgoc"]["registry"]
    kept.refresh(_newest_entry)
    return kept


def remembered_for_s() -> float | None:
    """How old what is shown may be, while the primary does not answer; None while it does. Asks nothing."""
    kept: Registry = current_app.extensions["temgoc"]["registry"]
    return kept.away_s


def _newest_entry() -> Heard:
    kept = sources()
    if kept is not None:
        return kept.ask()
    session = db.get_session("read")
    try:
        return Heard(newest_entry(session))
    except OperationalError:
        session.rollback()
        raise


def released(session: Session) -> bool:
    """Whether stamps may leave the house: always in a demonstration, else once the address has been confirmed."""
    if settings().demo:
        return True
    deployment = session.get_one(Deployment, 1)
    return deployment.confirmed_url == settings().public_url


def init_app(app: Flask) -> None:
    own: dict[str, Any] = {"registry": Registry(), "keys": Keys()}
    app.extensions["temgoc"] = own
    with app.app_context():
        if REPLICA in db.engines:
            own["sources"] = Sources(dict(db.engines), db.sessionmaker, app.config["CLOCK"])
