"""Logs: one JSON object a line whatever is typed, a request id, no person, no code, no secret."""

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.conftest import House, MakeApp, code_of
from trace import logs
from trace.logs import LineFormatter, redact
from trace.records import Run
from trace.settings import Settings

CANARIES = ("canary-password-9f3b2c", "483920", "Hoàng Thị Mật Khẩu", "canary@example.vn", "0912 999 888")


def _read(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    root, own = logging.getLogger(), logging.getLogger("trace")
    before = root.level, own.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    own.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])
    own.setLevel(before[1])


def test_a_request_leaves_one_line_with_its_id_and_route_but_no_address(
    client: FlaskClient, stream: io.StringIO
) -> None:
    answer = client.get("/healthz?email=canary@example.vn")

    [line] = [line for line in _read(stream) if line["event"] == "request"]
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", str(line["request_id"]))
    assert (line["route"], line["status"], line["method"]) == ("/healthz", 200, "GET")
    assert "canary" not in stream.getvalue()


def test_codes_of_stamps_never_reach_the_log(
    client: FlaskClient, session: Session, run: Run, stream: io.StringIO
) -> None:
    code = code_of(run, 1)
    for address in (f"/T/{code}", f"/t/{code.lower()}", f"/T/{code[:4]}-{code[4:]}", f"/nowhere/{code}"):
        client.get(address)
    logging.getLogger("some.library").warning(
        "looked up %s and %s", code, f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}"
    )
    assert code.lower() not in stream.getvalue().lower().replace("-", "")


def test_what_people_type_never_reaches_the_log(client: FlaskClient, stream: io.StringIO, house: House) -> None:
    password, pin, name, email, phone = CANARIES
    client.post("/sign-in", data={"email": email, "password": password, "name": name, "phone": phone, "pin": pin})
    client.post("/sign-in", data={"email": house.manager.email, "password": password})
    for canary in (*CANARIES, house.manager.email):
        assert str(canary) not in stream.getvalue()


def test_a_broken_page_shows_the_number_that_the_log_has(
    make_app: MakeApp, settings: Settings, stream: io.StringIO
) -> None:
    app = make_app(settings)

    @app.get("/broken")
    def broken() -> str:
        raise ValueError(f"secrets in words: {', '.join(CANARIES)}")

    broken.permission = "public"  # type: ignore[attr-defined]
    answer = app.test_client().get("/broken")

    assert answer.status_code == 500
    [line] = [line for line in _read(stream) if line["level"] == "error"]
    assert str(line["request_id"]) in answer.text
    assert line["kind"] == "ValueError"
    for canary in CANARIES:
        assert canary not in stream.getvalue()
        assert canary not in answer.text


def test_an_exception_tells_where_it_passed_but_not_what_it_said(stream: io.StringIO) -> None:
    from trace.standards.identifiers import gtin14

    try:
        try:
            gtin14("canary")
        except ValueError as first:
            raise KeyError("canary@example.vn") from first
    except KeyError:
        logs.log.exception("failed")
    [line] = _read(stream)
    assert line["kind"] == "KeyError < NotAnIdentifier"
    assert "canary" not in stream.getvalue()


@given(st.text(), st.text())
def test_whatever_is_logged_stays_one_json_object_a_line(event: str, value: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter())
    logger = logging.getLogger("hypothesis-of-logs")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.warning("%s\r\n\x1b[31m%s\u2028{}", event, value)
    finally:
        logger.removeHandler(handler)
    written = stream.getvalue()
    assert written.endswith("}\n")
    assert written.count("\n") == 1
    assert "\x1b" not in written
    assert "\r" not in written
    assert written.isascii()
    json.loads(written)


@pytest.mark.parametrize(
    ("typed", "gone"),
    [
        ("called +84912345678 twice", "912345678"),
        ("called 0912 345 678.", "345 678"),
        ("mail to someone@example.vn failed", "someone"),
        ("stamp 7K3M-9QX2-WABC-D5EF", "9QX2"),
        ("stamp 7k3m9qx2wabcd5ef", "9qx2"),
        ("token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.x", "eyJ"),
        ("key " + "ab" * 32, "abab"),
    ],
)
def test_shapes_of_private_things_are_hidden(typed: str, gone: str) -> None:
    assert gone not in redact(None, "info", {"event": typed})["event"]


@pytest.mark.parametrize("word", ["schema 0001", "batch HCL-261122", "took 120 ms", "job backup failed", "12.345 rows"])
def test_what_an_operator_needs_is_kept(word: str) -> None:
    assert redact(None, "info", {"event": word})["event"] == word


def test_a_request_id_is_taken_from_our_own_proxy_only(app: Flask, settings: Settings, client: FlaskClient) -> None:
    given_id = {"X-Request-ID": "from-the-proxy-1"}
    assert client.get("/healthz", headers=given_id).headers["X-Request-ID"] != "from-the-proxy-1"

    app.config["SETTINGS"] = replace(settings, trusted_proxies=1)
    assert client.get("/healthz", headers=given_id).headers["X-Request-ID"] == "from-the-proxy-1"
    for forged in ("a" * 65, "short", "with blanks in it", "semi;colon;id"):
        assert client.get("/healthz", headers={"X-Request-ID": forged}).headers["X-Request-ID"] != forged
