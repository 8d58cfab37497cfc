"""Passkeys: registered and used with the device's own lock (user verification), so that one is two factors at once."""

import hashlib
from datetime import datetime

import webauthn
from flask import session as visit
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from ..records import SpentForm
from ..work.refused import Refused
from .apart import apart
from .factors import ISSUER, has_second, party, passkeys_possible
from .tables import Passkey, Person

MOST_PASSKEYS = 10


def asking_options(person: Person | None = None) -> str | None:
    """What `navigator.credentials.get` needs, as JSON text; None where passkeys cannot be. The challenge is kept."""
    if not passkeys_possible() or (person is not None and not person.passkeys):
        return None
    known = [_descriptor(key) for key in person.passkeys] if person else None
    options = webauthn.generate_authentication_options(
        rp_id=party()[0], allow_credentials=known, user_verification=UserVerificationRequirement.REQUIRED
    )
    visit["challenge"] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def making_options(person: Person) -> str | None:
    """What `navigator.credentials.create` needs, as JSON text; None where passkeys cannot be."""
    if not passkeys_possible():
        return None
    options = webauthn.generate_registration_options(
        rp_id=party()[0],
        rp_name=ISSUER,
        user_id=hashlib.sha256(person.public_id.encode()).digest(),
        user_name=person.email or person.phone or person.name,
        user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(key) for key in person.passkeys],
    )
    visit["challenge"] = bytes_to_base64url(options.challenge)
    return options_to_json(options)


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=key.credential_id)


def add(session: Session, person: Person, answer: str, *, name: str, now: datetime) -> Passkey:
    """Keep the public half of a new passkey; raises `Refused`."""
    if len(person.passkeys) >= MOST_PASSKEYS:
        raise Refused("You have many passkeys already. Remove one you no longer use first.")
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(visit.pop("challenge", "")),
            expected_rp_id=party()[0],
            expected_origin=party()[1],
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as wrong:
        raise Refused("The passkey could not be made. Try again.") from wrong
    key = Passkey(name=name[:64], credential_id=made.credential_id, public_key=made.credential_public_key,
                  sign_count=made.sign_count, created_at=now)  # fmt: skip
    person.passkeys.append(key)
    try:
        session.flush()
    except IntegrityError as taken:
        raise Refused("This passkey is already in use.", conflict=True) from taken
    return key


def take(answer: str, *, now: datetime, person_id: int | None = None) -> int | None:
    """Judge a passkey's answer: whose it is (a person's id), or None. A challenge is taken once."""
    challenge = visit.pop("challenge", "")
    with apart() as session:
        key = _key_of(session, answer)
        if key is None or not challenge or person_id not in {None, key.person_id} or _spent(session, challenge, now):
            return None
        count = _signed(key, answer, base64url_to_bytes(challenge))
        if count is None or not key.person.active:
            return None
        key.sign_count, key.used_at = count, now
        return key.person_id


def _key_of(session: Session, answer: str) -> Passkey | None:
    try:
        credential = parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    query = select(Passkey).where(Passkey.credential_id == credential.raw_id).with_for_update()
    return session.scalars(query).first()


def _spent(session: Session, challenge: str, now: datetime) -> bool:
    mark = hashlib.sha256(challenge.encode()).hexdigest()[:32]
    if session.get(SpentForm, mark) is not None:
        return True
    session.add(SpentForm(mark=mark, location="passkey", at=now))
    return False


def _signed(key: Passkey, answer: str, challenge: bytes) -> int | None:
    """The new count of signatures, or None when the signature, the challenge or the address is not ours."""
    try:
        seen = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party()[0],
            expected_origin=party()[1],
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return seen.new_sign_count


def remove(session: Session, person: Person, public_id: str) -> None:
    for key in list(person.passkeys):
        if key.public_id == public_id:
            person.passkeys.remove(key)
    if not has_second(person):
        person.recovery_hashes = None
    session.flush()
