"""Every route × every role × own and another cooperative's object, built from the URL map, library routes included."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.cast import Objects, objects_of, turn_orders_on
from tests.conftest import AUDITOR, NOON, TODAY, House, make_person
from trace.access import COOPERATIVE, PERMISSIONS, Role, permission_of
from trace.accounts.certifiers import Certifier, let_in

ENDS_THE_SESSION = {"security.logout", "my_account.end_others", "my_account.end_device", "my_people.erase"}
"""Routes after which a browser has to sign in again."""

MAY_BE_ABSENT = {
    ("my_account.switch", "POST"): "no place was named",
    ("printing.picture", "GET"): "nothing was ordered in the address",
    ("printing.picture_for", "GET"): "nothing was ordered in the address",
    ("proposals.scan", "GET"): "nobody has entered a paper yet",
    ("scope.edit", "GET"): "a confirmed certificate's lines are frozen",
    ("scope.edit", "POST"): "a confirmed certificate's lines are frozen",
    ("scope.remove", "POST"): "a confirmed certificate's lines are frozen",
    ("security.link", "GET"): "a link that nobody was given",
    ("security.link", "POST"): "a link that nobody was given",
}
"""Routes whose own object may honestly be absent in this cast, and why."""

FILES = {"static": {"filename": "theme.css"}, "bootstrap.static": {"filename": "css/bootstrap.min.css"}}


@dataclass(frozen=True)
class Ask:
    endpoint: str
    method: str
    own: str
    others: str | None
    """The same address with another cooperative's ids; None where the address has no ids."""


def asks(app: Flask, own: Objects, others: Objects) -> Iterator[Ask]:
    """Every route and method. An argument without a row in `tests.cast` fails here: a new route needs one."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            mine = FILES.get(rule.endpoint) or arguments(rule, own)
            foreign = FILES.get(rule.endpoint) or arguments(rule, others)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                address = adapter.build(rule.endpoint, mine, method=method)
                other = adapter.build(rule.endpoint, foreign, method=method) if foreign != mine else None
                yield Ask(rule.endpoint, method, address, other)


def arguments(rule: Rule, objects: Objects) -> dict[str, str]:
    fixed = rule.defaults or {}
    return {name: objects.value(rule.endpoint, name) for name in rule.arguments - fixed.keys()}


def test_every_route_names_its_permission(app: Flask) -> None:
    with app.app_context():
        unnamed = [rule.endpoint for rule in app.url_map.iter_rules() if permission_of(rule.endpoint) is None]
    assert not unnamed, "deny by default: these routes answer nobody"


@pytest.fixture
def browsers(
    session: Session, house: House, staff, sign_in: Callable[..., FlaskClient], client: FlaskClient
) -> dict[Role, Callable[[], FlaskClient]]:
    """For each role, a way to a signed-in browser."""
    newcomer, certifier = make_person(session, "người mới"), make_person(session, "người chứng nhận")
    who = Certifier(certifier.name, "Tổ chức chứng nhận", certifier.email, None, TODAY)
    let_in(session, house.cooperative, who, actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    people = {
        Role.MEMBER: house.member,
        Role.MANAGER: house.manager,
        Role.AUDITOR: staff["auditor"],
        Role.OFFICER: staff["officer"],
        Role.OPERATOR: staff["operator"],
        Role.NEWCOMER: newcomer,
        Role.CERTIFIER: certifier,
    }
    return {Role.CONSUMER: lambda: client} | {
        role: (lambda person=person: sign_in(person)) for role, person in people.items()
    }


@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_of_routes_roles_and_objects(
    app: Flask, session: Session, house: House, other_house: House, browsers, role: Role
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a page that breaks is one wrong line, not the end of the list
    own, others = objects_of(session, house), objects_of(session, other_house)
    turn_orders_on(session)
    browser = browsers[role]()
    wrong = []
    for ask in asks(app, own, others):
        wrong += list(judge(app, browser, role, ask))
        if ask.endpoint in ENDS_THE_SESSION:
            browser = browsers[role]()
    assert not wrong, "\n".join(wrong)


def judge(app: Flask, browser: FlaskClient, role: Role, ask: Ask) -> Iterator[str]:
    with app.app_context():
        permission = permission_of(ask.endpoint)
    allowed = permission is not None and role in PERMISSIONS[permission]
    told = f"{role}: {ask.method} {ask.endpoint}"
    if ask.others is not None and role in COOPERATIVE | {Role.CERTIFIER} and allowed and permission != "public":
        status = browser.open(ask.others, method=ask.method).status_code
        if status != 404:
            yield f"{told}: another cooperative's object answers {status}"
    answer = browser.open(ask.own, method=ask.method)
    answer.close()  # a static file's, too
    absent = answer.status_code == 404 and (ask.endpoint, ask.method) not in MAY_BE_ABSENT
    if allowed and (absent or answer.status_code in {403, 405} or answer.status_code >= 500):
        yield f"{told} {ask.own}: allowed, but answers {answer.status_code}"
    if not allowed and not denied(answer, role, ask.method):
        yield f"{told}: denied, but answers {answer.status_code} {answer.location or ''}"


def denied(answer, role: Role, method: str) -> bool:
    if role is Role.CONSUMER and method == "GET":
        return answer.status_code == 302 and answer.location.startswith("/sign-in")
    return answer.status_code == 403


def test_a_form_without_its_token_is_refused(app: Flask, session: Session, house: House, other_house: House) -> None:
    """Every unsafe route, without a CSRF token: refused before anything is read or written."""
    app.config["WTF_CSRF_ENABLED"] = True
    from trace.access import ANONYMOUS_FORMS

    objects = objects_of(session, house)
    for ask in asks(app, objects, objects_of(session, other_house)):
        if ask.method != "GET" and ask.endpoint not in ANONYMOUS_FORMS:
            assert app.test_client().open(ask.own, method=ask.method).status_code in {400, 403}, ask


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"}]
)
def test_a_form_sent_from_elsewhere_is_refused(
    app: Flask, session: Session, house: House, other_house: House, headers: dict[str, str]
) -> None:
    objects = objects_of(session, house)
    for ask in asks(app, objects, objects_of(session, other_house)):
        if ask.method != "GET":
            assert app.test_client().open(ask.own, method=ask.method, headers=headers).status_code == 403, ask
