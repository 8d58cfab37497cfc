"""Sign-in: Flask-Security with our words, our tables and our limits."""

from flask import Flask
from flask_security import FSQLALiteUserDatastore, RoleMixin, Security

from ..db import db
from .tables import LinkPurpose, Membership, Office, OneTimeLink, Passkey, Person, Place, SignIn

__all__ = [
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


def init_app(app: Flask) -> None:
    app.config.update(
        SECURITY_PASSWORD_SALT="argon2 salts by itself",  # noqa: S106 - asked for, unused with argon2
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of a scheme
        SECURITY_PASSWORD_SINGLE_HASH=True,
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/home",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": str.strip, "case_insensitive": True}}],
    )
    security.init_app(app, datastore, register_blueprint=True)
