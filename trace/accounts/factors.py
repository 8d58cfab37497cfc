"""Second factors: codes of an authenticator app (RFC 6238), recovery codes, and passkeys (W3C WebAuthn).

The arithmetic is the libraries' (Flask-Security's TOTP over libpass, py_webauthn); here is what they leave to us: no
code and no challenge is taken twice, secrets are stored encrypted or hashed, and every use is committed at once.
"""

import hashlib
import ipaddress
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, current_app
from flask_security.totp import Totp
from passlib.exc import TokenError  # type: ignore[import-untyped]
from sqlalchemy.orm import Session

from .. import keyfiles
from .apart import apart
from .tables import Office, Person

KEY_FILE: Final = "factors.key"
ISSUER: Final = "Tem Gốc"
WINDOW_SECONDS: Final = 30
"""A phone's clock may be one step off."""
RECOVERY_CODES: Final = 10
RECOVERY_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"


class Codes(Totp):
    """Flask-Security's factory of secrets, asked with our clock and our memory of the last code."""

    def step_of(self, code: str, secret: str, *, after: int | None, now: datetime) -> int | None:
        """The time step a code belongs to; None when it is wrong, or not newer than the step `after`."""
        try:
            found = self._totp.verify(code, secret, time=now.timestamp(), window=WINDOW_SECONDS, last_counter=after)
        except (TokenError, ValueError):
            return None
        return int(found.counter)


def codes() -> Codes:
    found: Codes = current_app.extensions["temgoc.codes"]
    return found


def has_second(person: Person) -> bool:
    return bool(person.totp_secret or person.passkeys)


def must_have_second(person: Person) -> bool:
    """Who holds an office or reads from outside; in a demonstration nobody: its accounts are for anybody to try."""
    staff = person.office in set(Office) or any(access.ended_at is None for access in person.accesses)
    return staff and not current_app.config["SETTINGS"].demo


def take_code(person_id: int, typed: str, *, now: datetime) -> bool:
    """Use up a code of the app, or a recovery code. The row is locked: of two at once, one wins."""
    code = typed.strip().replace(" ", "").casefold()
    with apart() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if code.isdecimal() and len(code) == 6:
            return _take_app_code(person, code, now)
        return _take_recovery_code(person, code)


def _take_app_code(person: Person, code: str, now: datetime) -> bool:
    if person.totp_secret is None:
        return False
    step = codes().step_of(code, person.totp_secret, after=person.totp_counter, now=now)
    if step is None:
        return False
    person.totp_counter = step
    return True


def _take_recovery_code(person: Person, code: str) -> bool:
    kept = (person.recovery_hashes or "").split()
    given = _hash(code.replace("-", ""))
    if given not in kept:
        return False
    person.recovery_hashes = "\n".join(one for one in kept if one != given)
    return True


def new_recovery_codes(person: Person) -> list[str]:
    """Fresh ones, shown once; the ones before no longer count. 60 random bits each."""
    made = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    person.recovery_hashes = "\n".join(map(_hash, made))
    return [f"{one[:4]}-{one[4:8]}-{one[8:]}" for one in made]


def recovery_codes_left(person: Person) -> int:
    return len((person.recovery_hashes or "").split())


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def confirm_app(session: Session, person: Person, secret: str, code: str, *, now: datetime) -> bool:
    """Take the app's secret into use once it has shown one right code."""
    step = codes().step_of(code.strip().replace(" ", ""), secret, after=None, now=now)
    if step is None:
        return False
    person.totp_secret, person.totp_counter = secret, step
    session.flush()
    return True


def remove_app(session: Session, person: Person) -> None:
    person.totp_secret = person.totp_counter = None
    if not person.passkeys:
        person.recovery_hashes = None
    session.flush()


def party() -> tuple[str, str]:
    """The relying party's id and origin: of the confirmed address, never of a header that a visitor sends."""
    parts = urlsplit(current_app.config["SETTINGS"].public_url)
    return parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def passkeys_possible() -> bool:
    """Browsers keep passkeys for names reached by https, and for localhost; never for bare numbers."""
    host, origin = party()
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return origin.startswith("https:") or host == "localhost"
    return False


def init_app(app: Flask) -> None:
    key = keyfiles.read_or_make(app.config["SETTINGS"], KEY_FILE)
    app.extensions["temgoc.codes"] = Codes({"1": key.hex()}, ISSUER)
