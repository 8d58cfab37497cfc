"""Designed answers for when things go wrong, in words that say what to do next."""

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

KEPT_HEADERS = frozenset({"Allow", "Retry-After"})


def show(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # an answer that was raised, such as a redirect
        return error.response
    code = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
    return render_template("errors/error.html", code=code, request_id=g.get("request_id")), code, headers


def show_database_away(_error: OperationalError) -> ResponseReturnValue:
    """The database is locked, full or gone: nothing was stored, and a later try will do."""
    page = render_template("errors/error.html", code=503, request_id=g.get("request_id"))
    return page, 503, {"Retry-After": "10"}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(OperationalError, show_database_away)
