"""When things go wrong: pages in two languages that say what to do next, and lead home."""

import re

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from trace.access import allow

CODES = (400, 403, 404, 405, 413, 422, 429, 500, 503)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    @app.get("/wrong/<int:code>")
    @allow("public")
    def wrong(code: int) -> None:
        abort(code)

    return app.test_client()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)  # these pages ask no database
def test_every_error_has_a_page_in_two_languages_that_leads_home(client: FlaskClient) -> None:
    told: set[str] = set()
    for language, word in (("vi", "Lỗi"), ("en", "Error")):
        for code in CODES:
            page = client.get(f"/wrong/{code}", headers={"Accept-Language": language})
            assert page.status_code == code
            assert f'<html lang="{language}"' in page.text
            assert f"{word} {code}" in page.text
            assert 'href="/"' in page.text
            heading = re.search(r"<h1[^>]*>(.+?)</h1>", page.text)
            assert heading is not None
            told.add(heading[1])
            assert ("Số của yêu cầu này" in page.text or "Number of this request" in page.text) == (code >= 500)
    assert len(told) == 2 * len(CODES), "each says what went wrong in its own words"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_an_address_that_is_nothing_says_so_and_leads_home(client: FlaskClient) -> None:
    """A GS1 resolver answers 400 to what is no link (Resolver 1.2.1, conformance 7 and 9)."""
    for language, words in (("vi", "Về trang chủ"), ("en", "To the front page")):
        page = client.get("/nope", headers={"Accept-Language": language})
        assert page.status_code == 400
        assert words in page.text
        assert 'href="/sign-in' in page.text
        assert "<form" in page.text, "a code can be typed in at once"
