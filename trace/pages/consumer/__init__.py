"""What anybody may open: stamps, the front door, the privacy notice, reports, recalls. No sign-in, no cookie."""

from flask import Flask

from ...standards import province_map
from . import cards, data, front, pins, places, programme, recalls, report, scanning, stamps
from .frame import bp

__all__ = [
    "cards",
    "data",
    "front",
    "pins",
    "places",
    "programme",
    "recalls",
    "register",
    "report",
    "scanning",
    "stamps",
]


def register(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["province"] = {"outline": province_map.OUTLINE, "height": province_map.HEIGHT}
    stamps.init_app(app)
    scanning.init_app(app)
    report.init_app(app)
    pins.init_app(app)
