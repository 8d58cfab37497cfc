"""What work needs from this process and pages hand it: the keys, the numbering, and whether stamps may be released."""

from functools import partial
from pathlib import Path
from typing import cast

from flask import Flask, current_app
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from . import keyfiles
from .db import db
from .records import Deployment
from .settings import Settings, StartRefused
from .upkeep.keys import fingerprint
from .work import keyring as keyrings
from .work.keyring import Keyring, PinFiles
from .work.lookup import Registry, newest_entry
from .work.refused import Refused
from .work.stamps import Numbering


def settings() -> Settings:
    return cast(Settings, current_app.config["SETTINGS"])


def keyring() -> Keyring:
    """This process's keys, put together at first use; a rotation is followed by a restart of the processes."""
    kept: dict[str, Keyring] = current_app.extensions["temgoc"]
    if "keyring" not in kept:
        with db.sessionmaker(bind=db.get_engine("read")) as session:
            kept["keyring"] = load_keyring(session, settings())
    return kept["keyring"]


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
    return Numbering(partial(keyfiles.highest_run, folder), partial(keyfiles.raise_highest_run, folder))


def key_fingerprint() -> str:
    """Of the key folder as it is now; a copy elsewhere must show the same."""
    return fingerprint(settings().secrets)


def registry() -> Registry:
    """What this process remembers of runs and pages, at most two seconds behind the newest entry."""
    kept: Registry = current_app.extensions["temgoc"]["registry"]
    kept.refresh(_newest_entry)
    return kept


def _newest_entry() -> int | None:
    session = db.get_session("read")
    try:
        return newest_entry(session)
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
    app.extensions["temgoc"] = {"registry": Registry()}
