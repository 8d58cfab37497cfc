"""Is it still you? Dangerous acts ask for a proof again, good for fifteen minutes.

What counts: a passkey, a code of the authenticator app, or (where there is neither) the password. In a demonstration
the password always counts, since its accounts are for anybody to try.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from ..db import READING
from . import factors, limits, passkeys, passwords
from .sessions import refresh
from .tables import Person

GOOD_FOR: Final = timedelta(minutes=15)
PROOFS: Final = ("fresh_password", "fresh_code", "fresh_passkey")
"""Fields of the page that asks; never carried along."""


def _now() -> datetime:
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def is_fresh() -> bool:
    proved_at: float = session.get("fresh_at", 0)
    return _now().timestamp() - proved_at <= GOOD_FOR.total_seconds()


def ask() -> ResponseReturnValue | None:
    """None when the visitor has proved who they are lately, or does so with this very request; else the page that asks.

    A form that was sent is carried along in that page, so that nothing typed is lost.
    """
    if is_fresh():
        return None
    if request.method in READING:
        return redirect(url_for("my_account.confirm", next=request.full_path.rstrip("?")))
    complaint = None
    if any(request.form.get(name) for name in PROOFS):
        complaint = prove()
        if complaint is None:
            return None
    carried = [(name, value) for name, value in request.form.items(multi=True) if name not in PROOFS]
    return show(request.full_path.rstrip("?"), carried, complaint, status=403)


def show(
    action: str, carried: Iterable[tuple[str, str]], complaint: str | None, *, status: int = 200
) -> ResponseReturnValue:
    person: Person = current_user._get_current_object()
    page = render_template(
        "accounts/confirm.html",
        action=action,
        carried=list(carried),
        complaint=complaint,
        ways=ways(person),
        passkey_options=passkeys.asking_options(person) if person.passkeys else None,
    )
    return page, 422 if complaint else status


def ways(person: Person) -> frozenset[str]:
    """How this person may prove who they are."""
    strong = {name for name, has in (("passkey", person.passkeys), ("code", person.totp_secret)) if has}
    if current_app.config["SETTINGS"].demo or not strong:
        strong.add("password")
    return frozenset(strong)


def prove() -> str | None:
    """Judge the proof of this request: None when it is good (and the session is fresh again), else what to say."""
    person: Person = current_user._get_current_object()
    tries: limits.Tries = [(limits.CONFIRM, limits.hashed(f"confirm {person.public_id}"))]
    if not limits.allowed(tries, now=_now()):
        return str(gettext("Too many tries. Wait five minutes, then try again."))
    if not _is_good(person):
        return str(gettext("This did not fit. Try again."))
    limits.was_right(tries, now=_now())
    refresh(now=_now())
    return None


def _is_good(person: Person) -> bool:
    allowed = ways(person)
    password, code, passkey = (request.form.get(name, "") for name in PROOFS)
    if passkey and "passkey" in allowed:
        return passkeys.take(passkey, now=_now(), person_id=person.id) is not None
    if code and "code" in allowed:
        return factors.take_code(person.id, code, now=_now())
    return bool(password) and "password" in allowed and passwords.is_right(person, password)
