"""Visitors: the one room that knows requests. Each file shows one subject to one kind of visitor."""

from flask import Flask

from . import consumer, errors, headers, health, words


def register(app: Flask) -> None:
    words.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    app.register_blueprint(health.bp)
    consumer.register(app)
