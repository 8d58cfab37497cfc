"""Every form that any page shows, sent empty, over-long, with control characters and with absurd numbers.

The forms are found by opening every page of the URL map as each role. Whatever is wrong must be said at once, each
complaint beside its field, and nothing may be stored.
"""

from collections.abc import Callable, Iterator
from secrets import token_hex

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import Objects, objects_of
from tests.conftest import House, make_batch
from tests.forms_in import FormsIn, FoundForm
from tests.test_permissions import FILES, arguments
from trace.accounts import Person
from trace.records import Base

SignIn = Callable[[Person], FlaskClient]

WRITES_NO_BUSINESS = {"look_day", "bucket", "sign_in", "page_token"}
OTHER_ANSWERS = {
    "security.login": "says one sentence for everything, so that nobody learns which accounts exist",
    "my_account.confirm": "asks again in its own words",
    "imports.new": "a pasted table may be long: what is wrong in it is told line by line on the next page",
    "programme_imports.new": "as with a cooperative's",
}
"""Forms that do not answer beside their fields, and why."""
ANYTHING_GOES = {"consumer.report": {"typed"}}
"""Boxes whose words are looked up whatever they are."""
OVER_LONG, CONTROL, ABSURD = "a" * 5_000, "Na\x00\x1bChi", "999999999999999999999"
TOO_LONG = "Dài quá"


def pages(app: Flask, objects: Objects) -> Iterator[str]:
    """The address of every page that can be opened, with the cast's objects in it."""
    with app.test_request_context():
        adapter = app.url_map.bind("localhost")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and rule.endpoint not in FILES:
                yield adapter.build(rule.endpoint, arguments(rule, objects), method="GET")


def forms_of(browser: FlaskClient, addresses: list[str]) -> dict[str, FoundForm]:
    """Each form once, by where it is sent to."""
    found: dict[str, FoundForm] = {}
    for address in addresses:
        answer = browser.get(address)
        answer.close()
        if answer.status_code == 200 and answer.mimetype == "text/html":
            for form in FormsIn(answer.text, address).forms:
                if form.texts:
                    found.setdefault(form.action.split("?")[0], form)
    return found


def stored(session: Session) -> dict[str, int]:
    session.rollback()
    tables = [table for table in Base.metadata.sorted_tables if table.name not in WRITES_NO_BUSINESS]
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def endpoint_of(app: Flask, address: str) -> str:
    return str(app.url_map.bind("localhost").match(address.split("?", maxsplit=1)[0], method="POST")[0])


def test_what_is_wrong_in_any_form_is_said_at_once_beside_its_field(
    app: Flask, session: Session, house: House, staff: dict[str, Person], sign_in: SignIn, client: FlaskClient
) -> None:
    addresses = list(pages(app, objects_of(session, house)))
    before = stored(session)
    faults, seen = [], set()
    for browser in (client, sign_in(house.manager), *map(sign_in, staff.values())):
        for action, form in forms_of(browser, addresses).items():
            endpoint = endpoint_of(app, action)
            if endpoint in OTHER_ANSWERS or (endpoint, action) in seen:
                continue
            seen.add((endpoint, action))
            faults += [f"{endpoint}: {fault}" for fault in spoil(browser, form, ANYTHING_GOES.get(endpoint, set()))]
    assert not faults, "\n".join(faults)
    assert stored(session) == before
    assert len(seen) > 40


def spoil(browser: FlaskClient, form: FoundForm, free: set[str]) -> Iterator[str]:
    """Send a form in every spoilt way; gives what is wrong with the answers."""
    judged = form.texts - free

    def send(words: str) -> TestResponse:
        mark = {"mark": token_hex(16)}  # a form that was sent before would only lead to where that one led
        return browser.post(form.action, data=form.given | dict.fromkeys(form.texts, words) | mark)

    if form.needed:
        yield from faults_of(send(""), form.needed, "empty")
    long = send(OVER_LONG)
    yield from faults_of(long, judged, "over-long")
    yield from faults_of(send(CONTROL), judged, "control")
    said = FormsIn(long.text, "").wrong
    figures = {name for name in judged - form.secrets if TOO_LONG not in said.get(name, TOO_LONG)}
    if figures:
        absurd = send(ABSURD)
        yield from faults_of(absurd, figures, "absurd")
        if ABSURD not in absurd.text:
            yield "what was typed is not kept"


def faults_of(answer: TestResponse, expected: set[str], how: str) -> Iterator[str]:
    if answer.status_code not in {409, 422}:
        yield f"{how}: answered {answer.status_code} {answer.location or ''}"
    elif silent := expected - FormsIn(answer.text, "").wrong.keys():
        yield f"{how}: nothing is said beside {sorted(silent)}"


def test_what_fields_and_work_find_comes_together(
    session: Session, house: House, staff: dict[str, Person], sign_in: SignIn
) -> None:
    """A field left empty and a rule of work broken: one answer names both, and what was typed is kept."""
    ours, auditor = sign_in(house.manager), sign_in(staff["auditor"])
    season = f"/audit/seasons/new/{house.cooperative.public_id}"
    batch = make_batch(session, house)
    session.commit()
    told = {
        (ours, "/my/dispatches/new"): (
            {
                "on_day": "20/08/2026",
                "buyer": "",
                "market": "domestic",
                "lines-0-batch": batch.public_id,
                "lines-0-weight": "900 tấn",
            },
            {"buyer", "lines-0-weight"},
        ),
        (ours, "/my/batches/new"): (
            {"product": "", "packed_on": "21/08/2026", "packs": "0", "intake-0-weight": "5"},
            {"product", "packed_on", "packs", "intake-0-source"},
        ),
        (ours, "/my/certificates/new"): (
            {"scheme": "vietgap", "number": "", "body": "N/A", "issued_on": "01/08/2026", "expires_on": "01/07/2026"},
            {"number", "body", "expires_on"},
        ),
        (ours, "/my/trademarks/new"): (
            {"kind": "collective", "name": "", "owner": "Hội", "right_number": "12/QĐ"},
            {"name", "filed_on", "right_giver", "right_from"},
        ),
        (ours, "/my/products/new"): (
            {"name_vi": "", "pack": "túi", "net_weight_g": "9 tấn", "shelf_life_days": "9999"},
            {"name_vi", "net_weight_g", "shelf_life_days"},
        ),
        (auditor, season): (
            {"product": house.product.public_id, "from_on": "20/08/2026", "to_on": "01/08/2026", "limit": "0"},
            {"plots", "to_on", "limit"},
        ),
    }
    before = stored(session)
    for (browser, address), (typed, expected) in told.items():
        answer = browser.post(address, data=typed)
        assert answer.status_code == 422, address
        assert FormsIn(answer.text, address).wrong.keys() == expected, address
        assert all(words in answer.text for words in typed.values()), address
    assert stored(session) == before
