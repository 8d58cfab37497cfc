"""Who is asking, and the one table of who may do what.

Every route is denied unless its view names its permission with `allow` (library routes: `LIBRARY_ROUTES`). The
cooperative comes from the sign-in, never from the request; a session opened for a cooperative's person sees that
cooperative's rows and no others, whatever a page asks for.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_security import current_user
from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from werkzeug.wrappers import Response

from .accounts import factors, freshness
from .accounts.tables import Membership, Person
from .db import db
from .records import Base, Cooperative, Owned
from .service import public_engine
from .work.actor import ANONYMOUS, Actor
from .work.days import day_of

OPAQUE = re.compile("[0-9a-z]{12}")
T = TypeVar("T", bound=Base)
View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    CONSUMER = "consumer"
    NEWCOMER = "newcomer"
    """Signed in, but in no cooperative and no office (any more)."""
    MEMBER = "member"
    MANAGER = "manager"
    AUDITOR = "auditor"
    OFFICER = "officer"
    OPERATOR = "operator"
    CERTIFIER = "certifier"
    """From a certification body outside: reads the cooperatives they were let in to, and every view is an entry."""


EVERYONE: Final = frozenset(Role)
SIGNED_IN: Final = EVERYONE - {Role.CONSUMER}
COOPERATIVE: Final = frozenset({Role.MEMBER, Role.MANAGER})
STAFF: Final = frozenset({Role.AUDITOR, Role.OFFICER, Role.OPERATOR})

PERMISSIONS: Final[dict[str, frozenset[Role]]] = {
    "public": EVERYONE,
    "account": SIGNED_IN,
    "cooperative.read": COOPERATIVE,
    "cooperative.write": COOPERATIVE,
    "cooperative.manage": frozenset({Role.MANAGER}),
    "stamps": COOPERATIVE,
    "audit": frozenset({Role.AUDITOR}),
    "office": frozenset({Role.OFFICER}),
    "evidence": frozenset({Role.AUDITOR, Role.OFFICER, Role.CERTIFIER}),
    "certify": frozenset({Role.CERTIFIER}),
    "staff.read": frozenset({Role.AUDITOR, Role.OFFICER}),
    "staff.act": frozenset({Role.AUDITOR, Role.OFFICER}),
    "operate": frozenset({Role.OPERATOR}),
    "proposals": COOPERATIVE | STAFF,
    "uploads": COOPERATIVE | frozenset({Role.AUDITOR, Role.OFFICER, Role.CERTIFIER}),
}

LIBRARY_ROUTES: Final[dict[str, str]] = {
    "static": "public",
    "bootstrap.static": "public",
}
"""Routes that libraries bring, each with its permission."""

ANONYMOUS_FORMS: Final[frozenset[str]] = frozenset({"consumer.scan", "consumer.report", "consumer.pin"})
"""Endpoints whose forms need no sign-in and so carry a signed page token instead of a CSRF one."""

WITHOUT_SECOND: Final = frozenset({"security", "my_factors"})
"""Blueprints open to somebody who still has to set up the second factor."""

OF_THE_PRIMARY: Final = frozenset({"health", "metrics"})
"""Blueprints whose public pages tell of the primary database itself."""

EVERYBODY: Final = None
"""The tenant of a session that may see every cooperative's rows."""


@dataclass(frozen=True, slots=True)
class Visitor:
    person: Person | None
    role: Role
    cooperative: Cooperative | None
    belongs_to: frozenset[int]
    reads: frozenset[int] = frozenset()
    """The cooperatives that a certifier from outside was let in to."""

    def may(self, permission: str) -> bool:
        return self.role in PERMISSIONS[permission]

    @property
    def actor(self) -> Actor:
        if self.person is None:
            return ANONYMOUS
        return Actor(self.person.id, self.person.public_id, self.role.value, self.belongs_to)

    @property
    def tenant(self) -> frozenset[int] | None:
        """Staff and anonymous readers see all, a cooperative's people their own, certifiers those they were let in to,
        newcomers none."""
        if self.cooperative is not None:
            return frozenset({self.cooperative.id})
        return self.reads if self.role in {Role.NEWCOMER, Role.CERTIFIER} else EVERYBODY


def allow(permission: str) -> Callable[[View], View]:
    """Name the permission of a view; a route without one is denied."""
    if permission not in PERMISSIONS:
        raise ValueError(f"no such permission: {permission}")

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def fresh(view: View) -> View:
    """For dangerous acts, under `allow`: ask for a proof of who is there again, good for fifteen minutes.

    A form that was sent meanwhile is carried through the question; see `accounts.freshness`.
    """

    @wraps(view)
    def asking(*args: Any, **kwargs: Any) -> Any:
        question = freshness.ask()
        return view(*args, **kwargs) if question is None else question

    asking.fresh = True  # type: ignore[attr-defined]
    return asking  # type: ignore[return-value]


def permission_of(endpoint: str) -> str | None:
    """The permission a route needs; None for a route that has no row and is therefore denied."""
    if endpoint in LIBRARY_ROUTES:
        return LIBRARY_ROUTES[endpoint]
    return getattr(current_app.view_functions.get(endpoint), "permission", None)


def visitor() -> Visitor:
    """Who is asking: worked out once a request."""
    if "visitor" not in g:
        g.visitor = _identify()
    found: Visitor = g.visitor
    return found


def _identify() -> Visitor:
    person: Person | None = current_user._get_current_object() if current_user.is_authenticated else None
    if person is None:
        return Visitor(None, Role.CONSUMER, None, frozenset())
    belongs_to = frozenset(place.cooperative_id for place in person.memberships)
    place = _current_place(person)
    if place is not None:
        return Visitor(person, Role(place.place), place.cooperative, belongs_to)
    if person.office:
        return Visitor(person, Role(person.office), None, belongs_to)
    today = day_of(current_app.config["CLOCK"]())
    reads = frozenset(access.cooperative_id for access in person.accesses if access.holds_on(today))
    return Visitor(person, Role.CERTIFIER if reads else Role.NEWCOMER, None, belongs_to, reads)


def _current_place(person: Person) -> Membership | None:
    """The membership the person now acts under: the one chosen at sign-in or by the switch, else the first; an
    office goes before a membership that was not chosen."""
    places = [place for place in person.memberships if place.ended_at is None]
    chosen = session.get("place")
    for place in places:
        if place.cooperative.public_id == chosen:
            return place
    return None if person.office or not places else places[0]


def guard() -> Response | None:
    """Before every request: the visitor's permission, and the visitor's part of the data."""
    if request.endpoint is None:
        return None  # 404 or 405, answered by the error pages
    permission = permission_of(request.endpoint)
    if permission is None:
        abort(403)
    if permission == "public" and not request.endpoint.startswith("security."):
        _open_for(EVERYBODY)
        if request.blueprint not in OF_THE_PRIMARY:
            g.reads_from = public_engine
        return None  # no look at the sign-in: a consumer page sets no cookie and reads none
    asking = visitor()
    _open_for(asking.tenant)
    if asking.may(permission):
        return _second_factor_first(asking)
    if asking.role is not Role.CONSUMER or request.method != "GET":
        abort(403)
    return redirect(url_for("security.login", next=request.full_path.rstrip("?")))


def _second_factor_first(asking: Visitor) -> Response | None:
    """Whoever needs a second factor and has none yet sees the pages that give one, and no other."""
    if asking.person is None or request.blueprint in WITHOUT_SECOND:
        return None
    if factors.has_second(asking.person) or not factors.must_have_second(asking.person):
        return None
    return redirect(url_for("my_factors.show"))


def _open_for(tenant: frozenset[int] | None) -> None:
    g.session_info = {"tenant": tenant}
    for opened in g.get("_sqlalchemy_sessions", {}).values():
        opened.info["tenant"] = tenant


@event.listens_for(Session, "do_orm_execute")
def _show_own_rows(state: ORMExecuteState) -> None:
    """The second fence: add "of this cooperative" to every statement over a cooperative's records."""
    info = state.session.info
    if "web" not in info or state.is_column_load or state.is_relationship_load:
        return
    if not any(issubclass(mapper.class_, Owned) for mapper in state.all_mappers):
        return
    if "tenant" not in info:
        raise RuntimeError("a page asked for a cooperative's records before anybody was let in")
    tenant = info["tenant"]
    if tenant is not EVERYBODY:
        own = sorted(tenant)
        state.statement = state.statement.options(
            with_loader_criteria(Owned, lambda cls: cls.cooperative_id.in_(own), include_aliases=True)
        )


def find(kind: type[T], public_id: str) -> T:
    """A record by its opaque id, or 404; another cooperative's is 404 too, for its people cannot see it."""
    if not OPAQUE.fullmatch(public_id):  # spares the databases what they choke on, such as NUL
        abort(404)
    record: T | None = db.session.scalars(select(kind).filter_by(public_id=public_id)).first()
    if record is None:
        abort(404)
    g.found_of = getattr(record, "cooperative_id", None)  # whose it is: some must be seen looking
    return record


def own_cooperative() -> Cooperative:
    """The cooperative of the visitor, in the session of this request."""
    cooperative = visitor().cooperative
    if cooperative is None:
        abort(403)
    return cooperative


def init_app(app: Flask) -> None:
    app.before_request(guard)
    app.context_processor(lambda: {"visitor": visitor})
