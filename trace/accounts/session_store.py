"""Server-side sessions behind Flask's own interface.

As soon as a person is known (password given), the session is a row of `sign_in`: its cookie holds 256 random bits, the
row their hash, so neither a stolen database nor a stolen backup opens anything. Before that there is nothing worth a
row: the token of a form stands in a signed cookie, and strangers cannot fill a table. A page that stores nothing sets
no cookie, and a page that asks nothing (every consumer page) reads none.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Flask, Request, Response, current_app
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.exc import OperationalError

from ..db import db
from ..records import opaque_id
from .apart import apart
from .devices import describe
from .tables import SignIn

IDLE: Final = timedelta(hours=12)
LIFE: Final = timedelta(days=14)
HALF_LIFE: Final = timedelta(minutes=10)
"""How long somebody who has given a password may look for the second factor."""
TOUCH: Final = timedelta(minutes=1)
"""A reading visitor's row is written at most this often."""
FORM_LIFE_SECONDS: Final = 24 * 3600
FORM_KEYS: Final = frozenset({"csrf_token", "_flashes", "challenge"})
"""What a stranger's cookie may bring: nothing that says who somebody is."""
WORDS: Final = TaggedJSONSerializer()


class Held(SessionMixin):
    """A session looked up when first asked for."""

    modified = False
    new = False

    def __init__(self, cookie: str | None) -> None:
        self.cookie = cookie
        self.id_hash: str | None = None
        self.seen_at: datetime | None = None
        self.rotate = False
        self._content: dict[str, Any] | None = None

    @property
    def looked_at(self) -> bool:
        return self._content is not None

    @property
    def content(self) -> dict[str, Any]:
        if self._content is None:
            self._content = self._look_up()
        return self._content

    def _look_up(self) -> dict[str, Any]:
        mark, _, value = (self.cookie or "").partition(".")
        if mark == "s":
            row = _find(id_hash(value))
            if row is not None:
                self.id_hash, self.seen_at = row.id_hash, row.seen_at
                return dict(WORDS.loads(row.content))
        if mark == "a":
            try:
                signed = _signer().loads(value, max_age=FORM_LIFE_SECONDS)
                return {key: signed[key] for key in FORM_KEYS & signed.keys()}
            except BadData:
                return {}
        return {}

    @property
    def half(self) -> bool:
        """A password has been given, the second factor not yet."""
        return "half" in self.content

    @property
    def person_id(self) -> int | None:
        return self.content.get("person")

    def __getitem__(self, key: str) -> Any:
        return self.content[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.content[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.content[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)


def id_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _signer() -> URLSafeTimedSerializer:
    assert current_app.secret_key is not None
    return URLSafeTimedSerializer(current_app.secret_key, salt="form session", serializer=WORDS)


def _now() -> datetime:
    moment: datetime = current_app.config["CLOCK"]()
    return moment


def _find(hashed: str) -> Row[str, datetime, str] | None:
    now = _now()
    alive = (SignIn.id_hash == hashed, SignIn.ends_at > now, SignIn.seen_at > now - IDLE)
    query = select(SignIn.id_hash, SignIn.seen_at, SignIn.content).where(*alive)
    with db.get_engine("read").connect() as connection:
        return connection.execute(query).first()


class Sessions(SessionInterface):
    def open_session(self, app: Flask, request: Request) -> Held:
        return Held(request.cookies.get(self.get_cookie_name(app)))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, Held)
        if not session.looked_at:
            return
        response.vary.add("Cookie")
        if session.person_id is None and not session.half:
            self._save_form(app, session, response)
        elif session.rotate or session.id_hash is None:
            secret = secrets.token_urlsafe(32)
            _write(*_rotation(session, secret))
            self._set(app, response, f"s.{secret}", max_age=int(LIFE.total_seconds()))
        else:
            _touch(session)

    def _save_form(self, app: Flask, session: Held, response: Response) -> None:
        if not session.modified:
            return
        if session.id_hash is not None:
            _write(delete(SignIn).where(SignIn.id_hash == session.id_hash))
        if session.content:
            self._set(
                app,
                response,
                f"a.{_signer().dumps({key: session[key] for key in FORM_KEYS & session.keys()})}",
                max_age=None,
            )
        else:
            response.delete_cookie(self.get_cookie_name(app), secure=self.get_cookie_secure(app), httponly=True)

    def _set(self, app: Flask, response: Response, value: str, *, max_age: int | None) -> None:
        secure = self.get_cookie_secure(app)
        name = self.get_cookie_name(app)
        response.set_cookie(name, value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=secure)


def _rotation(held: Held, secret: str) -> list[Any]:
    """The statements that give a session a new id; the old one dies with them, and what has run out is swept away."""
    now = _now()
    since = datetime.fromtimestamp(held.get("since", now.timestamp()), UTC)
    row = insert(SignIn).values(
        id_hash=id_hash(secret),
        public_id=held.content.setdefault("sign_in", opaque_id()),
        person_id=held.person_id,
        content=WORDS.dumps(held.content),
        device=describe(),
        made_at=since,
        seen_at=now,
        ends_at=since + (HALF_LIFE if held.half else LIFE),
    )
    gone = or_(SignIn.ends_at <= now, SignIn.seen_at <= now - IDLE, SignIn.id_hash == (held.id_hash or ""))
    return [delete(SignIn).where(gone), row]


def _touch(held: Held) -> None:
    now = _now()
    if not held.modified and held.seen_at is not None and now - held.seen_at < TOUCH:
        return
    values: dict[str, Any] = {"seen_at": now}
    if held.modified:
        values["content"] = WORDS.dumps(held.content)
    try:
        _write(update(SignIn).where(SignIn.id_hash == held.id_hash).values(**values))
    except OperationalError:  # read-only or full: the visitor still reads, and writing pages answer for themselves
        current_app.logger.warning("a session could not be touched")


def _write(*statements: Any) -> None:
    with apart() as session:
        for statement in statements:
            session.execute(statement)


def init_app(app: Flask) -> None:
    https: bool = app.config["SETTINGS"].https
    app.config.update(
        SESSION_COOKIE_NAME="__Host-temgoc" if https else "temgoc",
        SESSION_COOKIE_SECURE=https,
        SESSION_PROTECTION=None,  # a phone changes its network all day
    )
    app.session_interface = Sessions()
