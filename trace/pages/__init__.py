"""Visitors: the one room that knows requests. Each file shows one subject to one kind of visitor."""

from flask import Flask

from . import (
    accounts,
    away,
    consumer,
    cooperative,
    errors,
    headers,
    health,
    home,
    log,
    menu,
    metrics,
    resolver,
    staff,
    uploads,
    words,
)


def register(app: Flask) -> None:
    words.init_app(app)
    headers.init_app(app)
    menu.init_app(app)
    errors.init_app(app)
    app.register_blueprint(health.bp)
    app.register_blueprint(metrics.bp)
    consumer.register(app)
    resolver.register(app)
    accounts.register(app)
    app.register_blueprint(home.bp)
    app.register_blueprint(away.bp)
    app.register_blueprint(log.bp)
    app.register_blueprint(uploads.bp)
    cooperative.init_app(app)
    staff.init_app(app)
