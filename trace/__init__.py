"""Tem Gốc: stamps of origin that can be checked. `create_app` is the whole wiring."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from . import access, accounts, commands, keyfiles, logs, pages, service
from .application import TemGoc
from .db import db, engine_options, prepare
from .settings import ROOT, Settings, from_environment

__all__ = ["create_app"]


def utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: Settings | None = None, *, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The web application. Everything it needs to know comes from `settings` (default: the environment)."""
    settings = settings or from_environment()
    app = TemGoc(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SETTINGS=settings,
        CLOCK=clock,
        SECRET_KEY=keyfiles.read_or_make(settings, keyfiles.SESSION),
        SQLALCHEMY_ENGINES=engine_options(settings.database_url, settings.replica_url),
        BABEL_DEFAULT_LOCALE="vi",
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=24 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch is still honest; the session's end is the limit
    )
    logs.init_app(app)
    db.init_app(app)
    with app.app_context():
        prepare(db.get_engine("default"), read_only=False)
        prepare(db.get_engine("read"), read_only=True)
    service.init_app(app)
    accounts.init_app(app)
    Bootstrap5(app)
    CSRFProtect(app)
    access.init_app(app)
    pages.register(app)
    commands.register(app)
    return app
