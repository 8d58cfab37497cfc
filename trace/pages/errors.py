"""Designed answers for when things go wrong, in words that say what to do next."""

import errno
from contextlib import suppress

from flask import Flask, g, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from ..db import db

READ_ONLY = "25006"
"""read_only_sql_transaction, among PostgreSQL's error codes."""
NO_ROOM = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT})
KEPT_HEADERS = frozenset({"Allow", "Retry-After"})


def show(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:  # an answer that was raised, such as a redirect
        return error.response
    code = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in KEPT_HEADERS}
    return render_template("errors/error.html", code=code, request_id=g.get("request_id")), code, headers


def show_database_away(error: OperationalError) -> ResponseReturnValue:
    """The database is locked, full or gone: nothing was stored, and a later try will do. What was opened while it could
    only be read is let go, or it would stay so."""
    g.pop("visitor", None)  # nothing on the page may ask the database who this is
    for opened in g.get("_sqlalchemy_sessions", {}).values():
        with suppress(SQLAlchemyError):
            opened.rollback()
    if "readonly" in str(getattr(error, "orig", "")):
        for engine in db.engines.values():  # all of them: SQLite's share one view of the file within a process
            engine.dispose()
    page = render_template("errors/error.html", code=503, request_id=g.get("request_id"))
    return page, 503, {"Retry-After": "10"}


def show_read_only(error: InternalError) -> ResponseReturnValue:
    """A database that only reads just now (a standby, or one set so) is away for whoever wants to write."""
    if getattr(error.orig, "sqlstate", None) != READ_ONLY:
        raise error
    return show_database_away(OperationalError(None, None, error))


def show_disk_full(error: OSError) -> ResponseReturnValue:
    """No room for a file that must be on the disk before a change may count, such as the memory of run numbers."""
    if error.errno not in NO_ROOM:
        raise error
    return show_database_away(OperationalError(None, None, error))


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(OperationalError, show_database_away)
    app.register_error_handler(InternalError, show_read_only)
    app.register_error_handler(OSError, show_disk_full)
