"""What people are told: on the home pages, and all of it on a page of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ...access import allow, visitor
from ...db import db
from ...records import Notice
from ...work import notices
from ...work.notices import Reader, figures_of, notices_for
from ...work.refused import Refused
from ..words import now, sentence

bp = Blueprint("my_notices", __name__, url_prefix="/account/notices")


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in the reader's language; `copy` is what goes into a message of Zalo."""

    public_id: str
    text: str
    url: str | None
    at: datetime
    copy: str


def told(notice: Notice) -> Told:
    text = sentence(Refused(notice.message, **figures_of(notice)))
    public_url: str = current_app.config["SETTINGS"].public_url
    copy = f"Tem Gốc: {text}" + (f"\n{public_url}{notice.url}" if notice.url else "")
    return Told(notice.public_id, text, notice.url, notice.created_at, copy)


def _reader() -> Reader:
    asking = visitor()
    assert asking.person is not None  # the pages that ask are for people who have signed in
    cooperative_id = asking.cooperative.id if asking.cooperative else None
    return Reader(asking.person.id, cooperative_id, None if cooperative_id else asking.person.office)


def waiting_notices() -> Sequence[Told]:
    """What waits for the visitor here and now; nothing on a page that has not looked who is there."""
    if "visitor" not in g or visitor().person is None:
        return []
    if "waiting_notices" not in g:
        g.waiting_notices = [told(notice) for notice in notices_for(db.session, _reader())]
    return cast(Sequence[Told], g.waiting_notices)


@bp.get("")
@allow("account")
def show() -> ResponseReturnValue:
    done = [told(notice) for notice in notices_for(db.session, _reader(), done=True)]
    return render_template("accounts/notices.html", done=done)


@bp.post("/done")
@allow("account")
def done() -> ResponseReturnValue:
    notices.seen_to(db.session, _reader(), request.form.get("notice", ""), now=now())
    db.session.commit()
    return redirect(url_for(".show"))
