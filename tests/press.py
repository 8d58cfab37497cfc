"""The press of the tests: what waits is made here and now, and fetched as a browser would."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from flask import current_app
from flask.testing import FlaskClient

from trace.commands.press import own_press
from trace.db import db
from trace.records import Printing


def make_waiting() -> int:
    """Make every print that waits. The test's own session must not hold the database meanwhile."""
    db.get_session("default").commit()
    made = replace(own_press(), now=current_app.config["CLOCK"]).make_waiting()
    db.get_session("default").expire_all()
    return made


def fetch_status(browser: FlaskClient, printing: Printing, reason: str = "xem lại") -> int:
    with fetched(browser, printing, reason) as answer:
        return int(answer.status_code)


def fetched(browser: FlaskClient, printing: Printing, reason: str = "xem lại") -> Any:
    """The answer with a print's file, made first if it waits."""
    make_waiting()
    form = {"mark": uuid4().hex, "reason": reason}
    return browser.post(f"/my/stamps/printings/{printing.public_id}/file", data=form, follow_redirects=True)
