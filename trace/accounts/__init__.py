"""Sign-in: Flask-Security's passwords and people under our sessions, limits, factors and pages.

Its own routes are switched off: the pages are `trace.pages.accounts`, where every one names its permission.
"""

from typing import Any

from flask import Flask, Request
from flask_login import LoginManager
from flask_login.utils import _user_context_processor
from flask_principal import Principal
from flask_security import FSQLALiteUserDatastore, RoleMixin, Security
from sqlalchemy import select

from ..db import db
from . import factors, limits, passwords, session_store
from .tables import CertifierAccess, LinkPurpose, Membership, Office, OneTimeLink, Passkey, Person, Place, SignIn

__all__ = [
    "CertifierAccess",
    "LinkPurpose",
    "Membership",
    "Office",
    "OneTimeLink",
    "Passkey",
    "Person",
    "Place",
    "SignIn",
    "datastore",
    "init_app",
]


class _NoRole(RoleMixin):
    """Flask-Security asks for a class of roles; who may do what stands in `trace.access`."""


datastore = FSQLALiteUserDatastore(db, Person, _NoRole)
security = Security()
ARGON2 = {"argon2__memory_cost": 19456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""OWASP's first choice for argon2id: 19 MiB a try, so that many tries at once do not take the machine's memory."""


def init_app(app: Flask) -> None:
    session_store.init_app(app)
    app.config.update(
        SECURITY_PASSWORD_SALT="argon2 salts by itself",  # noqa: S106 - asked for, unused with argon2
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=ARGON2,
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_CLI_USERS_NAME=None,  # its commands would make people past our rules and our history
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": str.strip, "case_insensitive": True}}],
    )
    security.init_app(app, datastore, register_blueprint=False)
    app.login_manager.user_loader(_who)  # type: ignore[attr-defined] # Flask-Login puts it there
    app.login_manager.request_loader(_no_tokens)  # type: ignore[attr-defined]
    _look_only_when_asked(app)
    passwords.init_app(app)
    factors.init_app(app)
    limits.init_app(app)


def _look_only_when_asked(app: Flask) -> None:
    """Take out what would look for a session on every page, a consumer's too: Flask-Principal's identity and
    Flask-Login's remember cookie (neither is used here), and `current_user` in every template (`visitor` is)."""

    def stays(hook: Any) -> bool:
        return not (
            isinstance(getattr(hook, "__self__", None), Principal | LoginManager) or hook is _user_context_processor
        )

    tables: list[dict[Any, list[Any]]] = [app.before_request_funcs, app.after_request_funcs]
    for hooks in (*tables, app.template_context_processors):
        hooks[None] = [hook for hook in hooks[None] if stays(hook)]


def _who(uniquifier: str) -> Person | None:
    """Whose session this is; a new `fs_uniquifier` ends all that were open before."""
    return db.session.scalars(select(Person).where(Person.fs_uniquifier == uniquifier, Person.active)).first()


def _no_tokens(_request: Request) -> None:
    """Flask-Security would take a token from a header or an address; nobody is given one here."""
