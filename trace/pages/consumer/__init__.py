"""What anybody may open: the page of a stamp, the front door, the privacy notice. No sign-in, no cookie, no script."""

from flask import Flask

from . import front, stamps
from .frame import bp

__all__ = ["front", "register", "stamps"]


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    stamps.init_app(app)
