"""The resolver of GS1 Digital Links, point by point (Resolver 1.2.1), through the real server where bytes count."""

import re
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask, json
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, House, code_of, make_batch
from trace.records import Batch, BatchVerdict, Cooperative, CooperativeDecision, Plot, Run, StampKey
from trace.service import Keys, keyring, numbering
from trace.standards.gs1.epc import decompress
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.guesses import WrongCodes
from trace.work.history import record
from trace.work.keys import retire_key
from trace.work.lookup import Answer, Heard, Registry
from trace.work.own_links import LinkFacts, add_link, add_place
from trace.work.refused import Refused
from trace.work.stamps import issue_stamps

GTIN = "09521234543213"
UNKNOWN = "09521234543220"
GLN = "9521234543213"
ROOT = "http://tem.test"
VOCABULARY = "https://gs1.org/voc/"
URL = {"type": "string", "pattern": "^https?://[a-zA-Z0-9./]+"}
LINK = {
    "type": "object",
    "required": ["href", "title"],
    "additionalProperties": False,
    "properties": {
        "href": URL,
        "title": {"type": "string", "minLength": 1},
        "type": {"type": "string", "pattern": r"^\w+/[-+.\w]+$"},
        "hreflang": {"type": "array", "items": {"type": "string", "pattern": r"^\w\w(-\w\w)?$"}},
        "context": {"type": "array"},
        "fwqs": {"type": "boolean"},
        "public": {"type": "boolean"},
    },
}
LINKSET = {
    "type": "object",
    "required": ["linkset"],
    "additionalProperties": False,
    "properties": {
        "linkset": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["anchor", "itemDescription"],
                "additionalProperties": False,
                "properties": {"anchor": URL, "itemDescription": {"type": "string"}},
                "patternProperties": {"^https://gs1.org/voc/[A-Za-z]+$": {"type": "array", "items": LINK}},
            },
        }
    },
}
"""What GS1's closed schema of linksets says, in our words."""
KEYS = "all 00 01 253 255 401 402 410 411 412 413 414 415 417 8003 8004 8006 8010 8013 8017 8018"
NAMESPACE = {"properties": {"namespace": {"format": "uri"}, "prefix": {"pattern": "^[A-Za-z_][A-Za-z0-9_-]*:$"}}}
DESCRIPTION = {
    "type": "object",
    "required": ["resolverRoot", "supportedPrimaryKeys"],
    "properties": {
        "resolverRoot": {"type": "string", "format": "uri"},
        "supportedPrimaryKeys": {"type": "array", "items": {"enum": KEYS.split()}},
        "supportedLinkType": {"type": "array", "items": NAMESPACE},
        "linkTypeDefaultCanBeLinkset": {"type": "boolean"},
        "jsonLdContextLocation": {"type": "string", "format": "uri"},
        "contact": {"type": "object"},
    },
}
"""The same of its schema of description files."""


@pytest.fixture
def lot(session: Session, house: House) -> Batch:
    """A cleared lot of a product with a GTIN."""
    house.product.gtin = GTIN
    batch = make_batch(session, house, code="HNM-26-01")
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    return batch


@pytest.fixture
def stamps(session: Session, house: House, lot: Batch) -> Run:
    cooperative = session.get_one(Cooperative, house.cooperative.id)
    run = issue_stamps(session, keyring(), numbering(), cooperative, 10, actor=AUDITOR, now=NOON, batch=lot)
    activate(session, run, 1, 5, lot, actor=AUDITOR, now=NOON)
    session.commit()
    return run


@pytest.fixture
def product_page(house: House, lot: Batch) -> str:
    return f"{ROOT}/p/{house.product.public_id}"


def linkset_of(client: FlaskClient, path: str, **headers: str) -> list[dict[str, Any]]:
    answer = client.get(path, headers={"Accept": "application/linkset+json", **headers})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/linkset+json"
    Draft7Validator(LINKSET).validate(answer.json)
    return answer.json["linkset"]


def hrefs(entry: dict[str, Any], name: str) -> list[str]:
    return [link["href"] for link in entry.get(VOCABULARY + name, [])]


# Where a link leads


def test_a_product_leads_to_its_page(client: FlaskClient, product_page: str) -> None:
    answer = client.get(f"/01/{GTIN}")
    assert (answer.status_code, answer.location) == (307, product_page)


def test_the_phones_language_decides_among_the_defaults(client: FlaskClient, product_page: str) -> None:
    for header, expected in (
        ("vi-VN,vi;q=0.9,en;q=0.1", "?lang=vi"),
        ("zh-Hans-CN", "?lang=zh"),
        ("en;q=0.3", "?lang=en"),
    ):
        assert client.get(f"/01/{GTIN}", headers={"Accept-Language": header}).location == product_page + expected
    for header in ("de", "*;q=0", "q=NaN", ",".join(f"x{n:03d}" for n in range(200))):
        assert client.get(f"/01/{GTIN}", headers={"Accept-Language": header}).location == product_page


def test_a_lot_leads_to_its_page_and_an_unknown_one_to_the_product(
    client: FlaskClient, lot: Batch, product_page: str
) -> None:
    assert client.get(f"/01/{GTIN}/10/{lot.code}").location == f"{ROOT}/b/{lot.public_id}"
    assert client.get(f"/01/{GTIN}/10/KL8G").location == product_page
    assert client.get(f"/01/{GTIN}/22/V1").location == product_page
    assert client.get(f"/01/{GTIN}/235/TPX").location == product_page


@pytest.mark.parametrize(
    "path",
    [
        f"/01/{GTIN}",
        f"/01/{GTIN}/10/HNM-26-01/",
        f"/01/{GTIN}?linkType=gs1:pip&utm=x",
        f"/01/{GTIN}/10/HNM-26-01?linkType=linkset",
    ],
)
@pytest.mark.parametrize("spoken", ["", "zh-CN,zh;q=0.9"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_answer_from_memory_is_the_one_that_was_made_until_anything_changes(
    app: Flask,
    session: Session,
    lot: Batch,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    spoken: str,
    accept: str,
) -> None:
    app.extensions["temgoc"]["registry"] = Registry(ask_every_s=600)  # a slow machine asks for nothing meanwhile
    client, headers = app.test_client(), {"Accept-Language": spoken, "Accept": accept}
    made = client.get(path, headers=headers)
    with monkeypatch.context() as without_flask:
        without_flask.setattr(Flask, "wsgi_app", None)
        remembered = client.get(path, headers=headers)
        with pytest.raises(TypeError):
            client.get(path, headers={"Accept-Language": "en"})
    assert remembered.status == made.status == ("200 OK" if "linkset" in path else "307 TEMPORARY REDIRECT")
    assert sorted(remembered.headers) == sorted(made.headers)
    assert remembered.data == made.data
    decide(session, lot, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng")
    session.commit()
    app.extensions["temgoc"]["registry"].forget()
    client.get("/")  # hears of the new entry
    with monkeypatch.context() as without_flask:
        without_flask.setattr(Flask, "wsgi_app", None)
        with pytest.raises(TypeError):
            client.get(path, headers=headers)


@pytest.mark.parametrize("query", ["", "?linkType=gs1:traceability&utm=x"])
def test_one_stamps_redirect_from_memory_serves_its_whole_range_until_anything_changes(
    app: Flask, session: Session, lot: Batch, stamps: Run, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    ours = app.extensions["temgoc"]
    ours["registry"], ours["keys"] = Registry(ask_every_s=600), Keys(ask_every_s=600)
    client, plain = app.test_client(), app.test_client()
    first, second, waiting = (f"/01/{GTIN}/10/{lot.code}/21/{code_of(stamps, n)}{query}" for n in (1, 2, stamps.count))
    client.get(first)
    with monkeypatch.context() as without_flask:
        without_flask.setattr(Flask, "wsgi_app", None)
        remembered = client.get(second)
        for other in (waiting, second.replace(GTIN, UNKNOWN), second + ("&" if query else "?") + code_of(stamps, 2)):
            with pytest.raises(TypeError):
                client.get(other)
    ours["registry"].forget()
    made = plain.get(second)
    assert remembered.status == made.status == "307 TEMPORARY REDIRECT"
    assert sorted(remembered.headers) == sorted(made.headers)
    retire_key(session, StampKey, 1, leaked=True, actor=AUDITOR, now=NOON)
    session.commit()
    ours["keys"]._asked_at = float("-inf")
    client.get("/")  # hears of the new entry
    with monkeypatch.context() as without_flask:
        without_flask.setattr(Flask, "wsgi_app", None)
        with pytest.raises(TypeError):
            client.get(second)


def test_a_redirect_worked_out_before_a_change_is_not_kept_after_it() -> None:
    known = Registry(ask_every_s=0)
    known.refresh(lambda: Heard(7))
    since = known.version
    known.refresh(lambda: Heard(8))
    known.keep_answer("lot", Answer("307", (("Location", "/b/recalled-meanwhile"),)), since=since)
    assert known.answered("lot") is None
    now = Answer("307", (("Location", "/b/now"),))
    known.keep_answer("lot", now, since=known.version)
    assert known.answered("lot") == now


def test_links_that_strangers_make_up_push_no_page_out_of_memory() -> None:
    known = Registry()
    known.refresh(lambda: Heard(7))
    known.remember("a stamp's page", lambda: "drawn")
    for number in range(10_000):
        known.keep_answer(number, Answer("307", ()), since=7)
    assert known.remembered("a stamp's page") == "drawn"
    assert known.answered(0) is None, "the memory is bounded"


def test_a_lot_is_looked_up_exactly_as_scanned(client: FlaskClient, lot: Batch, product_page: str) -> None:
    assert client.get(f"/01/{GTIN}/10/{lot.code.lower()}").location == product_page


def test_a_lot_that_waits_for_clearance_has_no_page_yet(
    client: FlaskClient, session: Session, house: House, product_page: str
) -> None:
    waiting = make_batch(session, house, code="HNM-26-02")
    session.commit()
    assert client.get(f"/01/{GTIN}/10/{waiting.code}").location == product_page


def test_a_stamps_serial_opens_its_page_at_once(client: FlaskClient, stamps: Run) -> None:
    code = code_of(stamps, 1)
    for path in (f"/01/{GTIN}/21/{code}", f"/01/{GTIN}/21/{code}/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Mã tem hợp lệ" in page.text
        assert page.headers["Access-Control-Allow-Origin"] == "*"
    assert "HNM-26-01" in client.get(f"/01/{GTIN}/21/{code}?17=271231").text


def test_a_stamp_printed_with_its_lot_leads_to_the_stamp(client: FlaskClient, stamps: Run) -> None:
    code = code_of(stamps, 1)
    for path in (f"/01/{GTIN}/10/HNM-26-01/21/{code}", f"/01/{GTIN}/22/A/10/HNM-26-01/21/{code}"):
        assert client.get(path).location == f"{ROOT}/T/{code}"


def test_a_serial_that_was_never_issued_says_so(client: FlaskClient, product_page: str) -> None:
    for serial in ("0000000000000000", "A/B+C", "123"):
        answer = client.get(f"/01/{GTIN}/21/{quote(serial, safe='')}")
        assert answer.location == f"{product_page}?serial={quote(serial, safe='')}"
        page = client.get(answer.location.removeprefix(ROOT))
        assert page.status_code == 404
        assert "chưa từng được phát hành" in page.text
        assert serial in page.text


def test_a_true_code_under_another_products_number_was_not_issued_there(
    client: FlaskClient, session: Session, other_house: House, stamps: Run
) -> None:
    other_house.product.gtin = UNKNOWN
    session.commit()
    answer = client.get(f"/01/{UNKNOWN}/21/{code_of(stamps, 1)}")
    assert answer.status_code == 307
    assert f"/p/{other_house.product.public_id}?serial=" in answer.location


def test_who_tries_serials_has_to_wait(app: Flask, client: FlaskClient, product_page: str) -> None:
    app.extensions["temgoc"]["wrong_codes"] = WrongCodes(2)
    answers = [client.get(f"/01/{GTIN}/21/000000000000000{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [307, 307, 429]
    assert answers[-1].headers["Access-Control-Allow-Origin"] == "*"


def test_places_and_parties_lead_to_the_cooperative(client: FlaskClient, session: Session, house: House) -> None:
    cooperative = session.get_one(Cooperative, house.cooperative.id)
    add_place(session, cooperative, GLN, "party", None, actor=AUDITOR, now=NOON)
    add_place(
        session, cooperative, "9521234543220", "plot", session.get_one(Plot, house.plot.id), actor=AUDITOR, now=NOON
    )
    session.commit()
    home = f"{ROOT}/c/{house.cooperative.public_id}"
    assert client.get(f"/417/{GLN}").location == home
    assert client.get("/414/9521234543220").location == home
    assert client.get("/414/9521234543220/254/K1").location == home
    assert client.get(f"/414/{GLN}").status_code == 404, "a party is no place"
    assert client.get("/417/9521234543237").status_code == 404


# Errors


@pytest.mark.parametrize(
    "path",
    [
        "/foo",
        "/wp-login.php",
        f"/01/{GTIN}/foo",
        "/01/09521234543214",
        "/01/9521234543213",
        f"/01/{GTIN}/21/A/10/B",
        f"/01/{GTIN}/10/A/10/B",
        f"/01/{GTIN}/10/Na%20Chi",
        f"/01/{GTIN}/10/L%C3%B4",
        f"/01/{GTIN}/10/%00",
        f"/01/{GTIN}/10/%FF",
        f"/01/{GTIN}/10/",
        f"/01/{GTIN}/10//21/A",
        f"//01/{GTIN}",
        "/01",
        "/01/",
        "/17/271231",
        f"/17/271231/01/{GTIN}",
        f"/01/{GTIN}/17/271231",
        f"/01/{GTIN}?10=A",
        f"/01/{GTIN}?17=271331",
        f"/01/{GTIN}?17=271231&17=271231",
        f"/01/{GTIN}?9999=1",
        f"/01/{GTIN}/10/123456789012345678901",
        f"/99/x/01/{GTIN}",
        "/EH30164596F40C0E5CBE991A83",
        "/eh3016",
        "/.gs1",
        "/" + "a" * 9_000,
        "/01/" + "0" * 9_000,
    ],
)
def test_what_is_no_link_is_400(client: FlaskClient, lot: Batch, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "không phải đường dẫn" in answer.text


@pytest.mark.parametrize(
    "path", [f"/01/{UNKNOWN}", f"/01/{UNKNOWN}/10/A", "/00/095212345432100003", f"/414/{GLN}", "/8004/9521ABC"]
)
def test_a_valid_link_to_nothing_is_404(client: FlaskClient, lot: Batch, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_product_of_a_cooperative_that_was_never_let_in_is_unknown(
    client: FlaskClient, session: Session, house: House, lot: Batch
) -> None:
    house.cooperative.decisions.append(CooperativeDecision(verdict="refused", reason="thiếu hồ sơ", at=NOON))
    record(session, "cooperative.refused", house.cooperative, actor=AUDITOR, now=NOON)
    session.commit()
    assert client.get(f"/01/{GTIN}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_other_methods_are_refused_to_every_site_alike(client: FlaskClient, lot: Batch, method: str) -> None:
    answer = client.open(f"/01/{GTIN}", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_pages_of_ours_keep_their_own_answers(client: FlaskClient) -> None:
    for path, status in (
        ("/", 200),
        ("/privacy", 200),
        ("/healthz", 200),
        ("/my/nothing", 404),
        ("/static/none.css", 404),
    ):
        assert client.get(path).status_code == status, path


# Levels, link types, queries


def test_head_has_the_same_headers_and_no_body(client: FlaskClient, product_page: str) -> None:
    got, headed = client.get(f"/01/{GTIN}"), client.head(f"/01/{GTIN}")
    assert headed.data == b""
    assert {name: value for name, value in got.headers if name != "Content-Length"} == {
        name: value for name, value in headed.headers if name != "Content-Length"
    }


def test_options_names_the_methods_and_the_linkset(client: FlaskClient, stamps: Run) -> None:
    for path in (f"/01/{GTIN}", f"/01/{GTIN}/10/HNM-26-01", f"/01/{GTIN}/21/{code_of(stamps, 1)}"):
        answer = client.options(path)
        assert answer.status_code == 204
        for method in ("GET", "HEAD", "OPTIONS"):
            assert method in answer.headers["Access-Control-Allow-Methods"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Link"].startswith(f'<{ROOT}{path}?linkType=linkset>; rel="linkset"')


def test_no_link_header_speaks_of_link_types(client: FlaskClient, lot: Batch) -> None:
    for path in (f"/01/{GTIN}", f"/01/{GTIN}?linkType=linkset"):
        assert 'rel="gs1:' not in str(client.get(path).headers)


@pytest.mark.parametrize("parameter", ["linkType", "linktype", "LINKTYPE"])
@pytest.mark.parametrize(
    "prefix", ["gs1:", "https://gs1.org/voc/", "https://ref.gs1.org/voc/", "https%3A%2F%2Fwww.gs1.org%2Fvoc%2F"]
)
def test_a_link_type_is_followed_by_any_of_its_names(
    client: FlaskClient, product_page: str, parameter: str, prefix: str
) -> None:
    query = f"{parameter}={prefix}pip"
    answer = client.get(f"/01/{GTIN}?{query}", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.location) == (307, f"{product_page}?lang=en&{query}")


def test_a_type_that_is_not_there_is_404_and_lists_what_is(client: FlaskClient, lot: Batch) -> None:
    for name in ("gs1:recipeInfo", "gs1:nothing", "pip"):
        answer = client.get(f"/01/{GTIN}?linkType={name}")
        assert answer.status_code == 404
        assert "Product information page" in answer.text


def test_the_whole_query_is_passed_on_byte_for_byte(client: FlaskClient, product_page: str) -> None:
    query = "z=1;a=2&flag&17=271231&utm=%e1%ba%a3%2f&a=+b&&linkType=gs1:masterData"
    assert client.get(f"/01/{GTIN}?{query}").location == f"{product_page}.jsonld?{query}"
    first = client.get(f"/01/{GTIN}?{query}", headers={"Accept-Language": "vi"}).location
    assert first.endswith(query)


def test_two_links_that_nothing_tells_apart_are_300(
    client: FlaskClient, session: Session, house: House, lot: Batch
) -> None:
    for name in ("mot", "hai"):
        facts = LinkFacts("recipeInfo", f"https://example.vn/{name}", f"Công thức {name}", "vi")
        add_link(session, house.product, facts, actor=AUDITOR, now=NOON)
    session.commit()
    answer = client.get(f"/01/{GTIN}?linkType=gs1:recipeInfo", headers={"Accept": "application/json"})
    assert answer.status_code == 300
    Draft7Validator(LINKSET).validate(answer.json)
    assert client.get(f"/01/{GTIN}?linkType=gs1:recipeInfo", headers={"Accept": "text/html"}).content_type.startswith(
        "text/html"
    )
    assert client.get(f"/01/{GTIN}").status_code == 307, "without a type there is always one answer"


# Linksets


def test_the_linkset_holds_every_level_and_one_default_each(client: FlaskClient, stamps: Run) -> None:
    code = code_of(stamps, 1)
    path = f"/01/{GTIN}/10/HNM-26-01/21/{code}"
    entries = linkset_of(client, path)
    assert [entry["anchor"] for entry in entries] == [
        f"{ROOT}{path}",
        f"{ROOT}/01/{GTIN}/10/HNM-26-01",
        f"{ROOT}/01/{GTIN}",
    ]
    for entry in entries:
        [default] = entry[VOCABULARY + "defaultLink"]
        assert set(default) == {"href", "title"}
        others = [
            link["href"].split("?")[0]
            for name in entry
            if name.startswith(VOCABULARY) and not name.endswith("defaultLink")
            for link in entry[name]
        ]
        assert default["href"] in others, "the default is listed under a type that says what it is"


def test_an_unknown_level_answers_under_the_very_address_asked_for(client: FlaskClient, lot: Batch) -> None:
    [entry] = linkset_of(client, f"/01/{GTIN}/10/KL8G")
    assert entry["anchor"] == f"{ROOT}/01/{GTIN}/10/KL8G"
    [with_query] = linkset_of(client, f"/01/{GTIN}/?17=271231")
    assert with_query["anchor"] == f"{ROOT}/01/{GTIN}"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/linkset+json", "application/linkset+json"),
        ("application/json", "application/json"),
        ("application/ld+json", "application/ld+json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("*/*", "application/linkset+json"),
        ("image/png", "application/linkset+json"),
        (None, "text/html; charset=utf-8"),
        ("a" * 4_000, "application/linkset+json"),
        ("text/html;q=NaN", "application/linkset+json"),
    ],
)
def test_a_linkset_comes_in_the_form_asked_for(client: FlaskClient, lot: Batch, accept: str | None, kind: str) -> None:
    for asked in ("linkset", "all"):
        answer = client.get(f"/01/{GTIN}?linkType={asked}", headers={"Accept": accept} if accept else {})
        assert answer.status_code == 200
        assert answer.content_type == kind
        assert answer.headers["Vary"] == "Accept, Accept-Language"
        link = answer.headers["Link"]
        assert 'rel="http://www.w3.org/ns/json-ld#context"' in link
        assert 'type="application/ld+json"' in link
        assert "," not in link
        if kind.endswith("linkset+json"):
            assert list(answer.json) == ["linkset"]
        if kind == "application/ld+json":
            context = client.get(urlsplit(answer.json["@context"]).path)
            assert context.json["@context"]["anchor"] == "@id"


def test_a_browser_that_likes_pages_better_is_led_on(client: FlaskClient, product_page: str) -> None:
    answer = client.get(f"/01/{GTIN}", headers={"Accept": "text/html, application/linkset+json;q=0.5"})
    assert answer.status_code == 307


def test_the_linkset_page_links_everything_it_names(client: FlaskClient, product_page: str) -> None:
    page = client.get(f"/01/{GTIN}?linkType=linkset", headers={"Accept": "text/html"}).text
    assert f'href="{product_page}?lang=en"' in page
    assert "<script" not in page


def test_every_link_of_ours_opens(client: FlaskClient, stamps: Run) -> None:
    found = linkset_of(client, f"/01/{GTIN}/10/HNM-26-01/21/{code_of(stamps, 1)}")
    links = {link["href"] for entry in found for name in entry if name.startswith(VOCABULARY) for link in entry[name]}
    assert len(links) > 20
    for href in links:
        assert href.startswith(ROOT)
        answer = client.get(href.removeprefix(ROOT).partition("#")[0])
        assert answer.status_code == 200, href
        fragment = href.partition("#")[2]
        assert not fragment or f'id="{fragment}"' in answer.text, href


# Recalls, and the cooperative's own links


def test_only_a_stopped_lot_tells_a_recall_status(
    client: FlaskClient, session: Session, stamps: Run, lot: Batch
) -> None:
    asked = {f"/01/{GTIN}/10/{lot.code}", f"/01/{GTIN}/21/{code_of(stamps, 1)}"}
    for path in asked:
        assert client.get(f"{path}?linkType=gs1:recallStatus").status_code == 404
    decide(session, lot, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng vượt mức")
    session.commit()
    for path in asked:
        answer = client.get(f"{path}?linkType=gs1:recallStatus", headers={"Accept-Language": "vi"})
        assert answer.location.startswith(f"{ROOT}/b/{lot.public_id}?lang=vi")
    assert "thu hồi" in client.get(f"/b/{lot.public_id}").text


def test_nothing_leads_the_holder_of_a_recalled_lot_elsewhere(
    client: FlaskClient, session: Session, house: House, stamps: Run, lot: Batch
) -> None:
    for name in ("homepage", "recipeInfo", "promotion"):
        add_link(
            session, house.product, LinkFacts(name, f"https://shop.example/{name}", "Cửa hàng"), actor=AUDITOR, now=NOON
        )
    session.commit()
    paths = (f"/01/{GTIN}/10/{lot.code}", f"/01/{GTIN}/21/{code_of(stamps, 1)}", f"/01/{GTIN}/22/X/10/{lot.code}/21/1")
    assert "shop.example" in json.dumps(linkset_of(client, paths[0]))
    decide(session, lot, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="dư lượng vượt mức")
    session.commit()
    for path in paths:
        assert "shop.example" not in json.dumps(linkset_of(client, path))
        assert client.get(f"{path}?linkType=gs1:recipeInfo").status_code == 404
        assert client.get(f"{path}?linkType=gs1:promotion", headers={"Accept": "text/html"}).location is None
    assert "shop.example" not in client.get(f"/T/{code_of(stamps, 1)}").text
    assert "shop.example" not in client.get(f"/b/{lot.public_id}").text


@pytest.mark.parametrize(
    "name", ["defaultLink", "pip", "traceability", "recallStatus", "verificationService", "nothing"]
)
def test_what_only_the_service_may_say_is_refused(session: Session, house: House, name: str) -> None:
    with pytest.raises(Refused):
        add_link(session, house.product, LinkFacts(name, "https://example.vn/", "x"), actor=AUDITOR, now=NOON)


@pytest.mark.parametrize(
    "href",
    [
        "http://example.vn/",
        "javascript:alert(1)",
        "https://",
        "https://a b/",
        "https://u:p@x.vn/",
        "/p/x",
        "https://exa mple.vn",
    ],
)
def test_an_address_that_is_none_is_refused(session: Session, house: House, href: str) -> None:
    with pytest.raises(Refused):
        add_link(session, house.product, LinkFacts("recipeInfo", href, "x"), actor=AUDITOR, now=NOON)


# The description file, tags, the raw target


def test_the_description_file_says_what_is_served(client: FlaskClient) -> None:
    answer = client.get("/.well-known/gs1resolver")
    assert answer.content_type == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    Draft7Validator(DESCRIPTION, format_checker=FormatChecker()).validate(answer.json)
    assert answer.json["resolverRoot"] == ROOT
    assert answer.json["supportedPrimaryKeys"] == ["01", "414", "417"]


def test_tags_of_radio_are_read(client: FlaskClient, session: Session, house: House, lot: Batch) -> None:
    house.product.gtin = "09528765123457"
    session.commit()
    for path in ("/eh30164596f40c0e5cbe991a83", "/exMBZFlvQMDly-mRqD"):
        assert decompress(path).path == "/01/09528765123457/21/123456789123"
        answer = client.get(f"{path}?utm=1")
        assert answer.status_code == 307
        assert answer.location == f"{ROOT}/p/{house.product.public_id}?serial=123456789123&utm=1"


def test_a_foreign_host_changes_no_address(client: FlaskClient, product_page: str) -> None:
    answer = client.get(f"/01/{GTIN}", headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert answer.location == product_page
    assert "evil.example" not in client.get(f"/01/{GTIN}?linkType=linkset", headers={"Host": "evil.example"}).text


@dataclass
class Wire:
    """Answers of the production server to the very bytes sent."""

    port: int

    def ask(self, target: bytes, method: bytes = b"GET", *headers: bytes) -> tuple[int, dict[str, str], bytes]:
        with socket.create_connection(("127.0.0.1", self.port), 20) as connection:
            lines = [b"%s %s HTTP/1.1" % (method, target), b"Host: tem.test", b"Connection: close", *headers, b"", b""]
            connection.sendall(b"\r\n".join(lines))
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = received.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        return (
            int(first.split()[1]),
            {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)},
            body,
        )


@pytest.fixture
def wire(lot: Batch, live_server: str) -> Wire:
    return Wire(int(live_server.rsplit(":", 1)[1]))


def test_the_production_server_keeps_every_byte(session: Session, house: House, wire: Wire) -> None:
    slashed = make_batch(session, house, code="A/1+B")
    decide(session, slashed, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    root = f"http://127.0.0.1:{wire.port}"
    own = b"/01/" + GTIN.encode()
    page, lot_page = f"{root}/p/{house.product.public_id}", f"{root}/b/{slashed.public_id}"
    leads = {
        own: page,
        own + b"/": page,
        own + b"?": page,
        own + b"?&&": f"{page}?&&",
        own + b"/10/A%2F1%2BB": lot_page,
        own + b"/10/A%2f1+B": lot_page,
        own + b"/10/A%2F1+B/": lot_page,
        own + b"/10/A%2F1+B?x=a;b&flag": f"{lot_page}?x=a;b&flag",
        own + b"/10/A%2F1?17=271231": f"{page}?17=271231",
        b"http://elsewhere.example" + own: page,
    }
    for target, expected in leads.items():
        status, headers, _body = wire.ask(target)
        assert (status, headers.get("location")) == (307, expected), target
        assert headers["access-control-allow-origin"] == "*"
        assert wire.ask(target, b"HEAD")[:2][0] == 307
    for target in (
        own + b"/10/A/1+B",
        own + b"%2F10%2FA",
        own + b"/10/A%2F1%20B",
        b"//01/" + GTIN.encode(),
        b"/foo",
        own + b"/10/\xff",
        own + b"/10/%ff",
        own + b"/10/%00",
    ):
        assert wire.ask(target)[0] == 400, target
    assert wire.ask(b"/%30%31/" + GTIN.encode())[0] == 400, "an identifier is written as it is"


def test_the_production_server_answers_options_head_and_the_unheard_of(wire: Wire) -> None:
    own = b"/01/" + GTIN.encode()
    status, headers, body = wire.ask(own, b"OPTIONS")
    assert (status, body) == (204, b"")
    assert re.fullmatch(r'<.+>; rel="linkset"; type="application/linkset\+json"', headers["link"])
    status, headers, body = wire.ask(own + b"?linkType=linkset", b"HEAD")
    assert (status, body) == (200, b"")
    assert wire.ask(own, b"BREW")[0] == 405
    status, headers, body = wire.ask(own + b"/10/" + b"A" * 8_000)
    assert (status, headers["access-control-allow-origin"]) == (400, "*")
    assert (
        wire.ask(own, b"GET", b"Accept: " + b"text/" + b"x" * 4_000, b"Accept-Language: " + b",".join([b"vi"] * 200))[0]
        == 307
    )
    assert wire.ask(b"*", b"OPTIONS")[0] in {200, 204, 400}


# Never 500


def paths() -> st.SearchStrategy[str]:
    pieces = st.sampled_from(
        [
            "01",
            GTIN,
            UNKNOWN,
            "10",
            "21",
            "22",
            "235",
            "414",
            "17",
            "eh30",
            "%2F",
            "%00",
            "%",
            "HNM-26-01",
            "T",
            "é",
            "..",
        ]
    )
    wild = st.lists(st.one_of(pieces, st.text(max_size=8)), max_size=8).map(lambda parts: "/" + "/".join(parts))
    return st.one_of(wild, st.text(max_size=60).map(lambda text: "/" + text))


@pytest.fixture
def ready(client: FlaskClient, stamps: Run) -> FlaskClient:
    return client


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=paths(), query=st.text(max_size=40), accept=st.text(max_size=30), language=st.text(max_size=30))
def test_no_request_breaks_the_resolver(ready: FlaskClient, path: str, query: str, accept: str, language: str) -> None:
    target = quote(path, safe="/%:;+!*'(),") + "?" + quote(query, safe="=&;%+:")
    headers = {"Accept": quote(accept, safe=" ,;=*/"), "Accept-Language": quote(language, safe=" ,;=*-")}
    answer = ready.get(target, headers=headers)
    assert answer.status_code < 500
    if 300 < answer.status_code < 400 and answer.status_code not in {304, 308}:
        assert answer.location.startswith(("/", ROOT)), "never anywhere else"
