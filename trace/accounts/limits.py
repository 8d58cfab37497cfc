"""How often a password may be tried, and by whom.

Four buckets stand before a password (pypi/warehouse's figures where it has them). Tries from one network at one
account: 10 in 5 minutes. Tries from one network at any account: 100 in 5 minutes, since whole communes share a network
of their phone company. Tries at one account from anywhere: 50 in an hour. All strangers' tries: 1,000 in 5 minutes.

A stranger could use up the last two to keep an owner out. So a browser in which the owner has signed in before
(`devices`) passes by all of them and has a bucket of its own for this account; and a passkey asks no bucket at all,
since there is nothing to guess. Buckets are named by keyed hashes: the table tells nobody's address.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from ..work.guesses import network_of
from ..work.limits import Limit, give_back, sweep, take
from .apart import apart

PAIR: Final = Limit("sign-in-pair", 10, timedelta(minutes=5))
NETWORK: Final = Limit("sign-in-network", 100, timedelta(minutes=5))
ACCOUNT: Final = Limit("sign-in-account", 50, timedelta(hours=1))
EVERYBODY: Final = Limit("sign-in-all", 1000, timedelta(minutes=5))
DEVICE: Final = Limit("sign-in-device", 10, timedelta(minutes=5))
SECOND: Final = Limit("second-factor", 20, timedelta(hours=1))
CONFIRM: Final = Limit("confirm", 10, timedelta(minutes=5))
REGISTER: Final = Limit("register", 10, timedelta(hours=1))
ALL: Final = (PAIR, NETWORK, ACCOUNT, EVERYBODY, DEVICE, SECOND, CONFIRM, REGISTER)

Tries = list[tuple[Limit, str]]


def network() -> str:
    return network_of(request.remote_addr or "")


def init_app(app: Flask) -> None:
    """Believe what the proxies before us say about the visitor's address, exactly as many as are known to be there:
    believing one more would let anybody name an address of their own, one fewer would make all visitors one network."""
    known: int = app.config["SETTINGS"].trusted_proxies
    if known:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=known, x_proto=known)  # type: ignore[method-assign]


def hashed(words: str) -> str:
    key = current_app.secret_key
    assert isinstance(key, bytes)
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:32]


def tries_at(account: str, device: str | None) -> Tries:
    """The buckets a try at an account (as typed, in its one form) asks."""
    if device is not None:
        return [(DEVICE, hashed(f"{account} {device}"))]
    where = network()
    return [
        (PAIR, hashed(f"{account} {where}")),
        (NETWORK, hashed(where)),
        (ACCOUNT, hashed(account)),
        (EVERYBODY, "all"),
    ]


def allowed(tries: Tries, *, now: datetime) -> bool:
    """Take a token of each bucket in turn, in a transaction of its own. The first that is empty ends it, so that a
    stranger stopped in the own network's bucket takes nothing from the wider ones."""
    with apart() as session:
        return all(take(session, limit, subject, now=now) for limit, subject in tries)


def was_right(tries: Tries, *, now: datetime) -> None:
    with apart() as session:
        for limit, subject in tries:
            give_back(session, limit, subject, now=now)
    with apart() as session:
        sweep(session, ALL, now=now)
