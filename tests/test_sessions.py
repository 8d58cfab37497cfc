"""Open sessions: nothing worth stealing in the database, nothing that outlives its reason, no cookie nobody needs."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, redirect
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD, Clock, House, make_person, make_settings
from trace.accounts import Person, SignIn
from trace.db import db

NEW_PASSWORD = "vườn na nhà tôi bốn mươi cây"


@pytest.fixture
def hoa(session: Session) -> Person:
    person = make_person(session, "Lý Thị Hoa")
    session.commit()
    return person


def cookie_of(browser: FlaskClient, name: str = "temgoc") -> str:
    cookie = browser.get_cookie(name)
    assert cookie is not None
    return cookie.value


def is_in(browser: FlaskClient) -> bool:
    return browser.get("/account").status_code == 200


def test_the_database_holds_only_a_hash_of_the_cookie(app: Flask, session: Session, sign_in, hoa: Person) -> None:
    secret = cookie_of(sign_in(hoa)).removeprefix("s.")
    row = session.scalars(select(SignIn)).one()
    assert len(secret) == 43, "256 bits"
    assert secret not in f"{row.id_hash} {row.public_id} {row.content}"


def test_signing_in_gives_a_new_id_and_ends_the_old_one(client: FlaskClient, hoa: Person) -> None:
    client.get("/sign-in")
    before = cookie_of(client)
    client.post("/sign-in", data={"email": hoa.email, "password": PASSWORD})
    after = cookie_of(client)
    assert before != after
    thief = client.application.test_client()
    thief.set_cookie("temgoc", before)
    assert not is_in(thief)


def test_an_id_somebody_else_chose_is_never_taken_over(client: FlaskClient, hoa: Person) -> None:
    planted = "s." + "A" * 43
    client.set_cookie("temgoc", planted)
    client.post("/sign-in", data={"email": hoa.email, "password": PASSWORD})
    assert cookie_of(client) != planted
    assert is_in(client)


@pytest.mark.parametrize(
    "cookie", ["", "s.", "s", "a.", "a.eyJwZXJzb24iOjF9.x.y", "x" * 3000, "s.\u00e9", "é", "s.%00"]
)
def test_a_cookie_made_up_is_nobody(client: FlaskClient, session: Session, hoa: Person, cookie: str) -> None:
    client.set_cookie("temgoc", cookie)
    assert client.get("/account").status_code == 302
    assert client.get("/sign-in").status_code == 200


def test_a_form_cookie_cannot_claim_to_be_a_person(app: Flask, hoa: Person) -> None:
    """Even one that we signed: only a row makes somebody known."""
    from trace.accounts.session_store import _signer

    browser = app.test_client()
    with app.app_context():
        forged = _signer().dumps({"_user_id": hoa.fs_uniquifier, "person": hoa.id, "fresh_at": 9e9})
    browser.set_cookie("temgoc", f"a.{forged}")
    assert not is_in(browser)


def test_half_a_day_without_a_look_ends_a_session(sign_in, clock: Clock, hoa: Person) -> None:
    browser = sign_in(hoa)
    clock.advance(hours=11, minutes=59)
    assert is_in(browser)
    clock.advance(hours=11, minutes=59)
    assert is_in(browser), "a look keeps it open"
    clock.advance(hours=12, minutes=1)
    assert not is_in(browser)


def test_no_session_lives_longer_than_two_weeks(sign_in, clock: Clock, hoa: Person) -> None:
    browser = sign_in(hoa)
    for _ in range(27):
        clock.advance(hours=11)
        assert is_in(browser)
    clock.advance(hours=11)
    assert clock.now > hoa.created_at + timedelta(days=12)
    for _ in range(3):
        clock.advance(hours=11)
    assert not is_in(browser)


def test_confirming_oneself_gives_a_new_id_but_no_longer_life(
    sign_in, session: Session, clock: Clock, hoa: Person
) -> None:
    browser = sign_in(hoa)
    before, ends_at = cookie_of(browser), session.scalars(select(SignIn.ends_at)).one()
    clock.advance(hours=1)
    assert browser.post("/account/confirm", data={"fresh_password": PASSWORD, "next": "/account"}).status_code == 302
    assert cookie_of(browser) != before
    assert session.scalars(select(SignIn.ends_at)).one() == ends_at
    old = browser.application.test_client()
    old.set_cookie("temgoc", before)
    assert not is_in(old)


def test_reading_writes_the_row_at_most_once_a_minute(sign_in, session: Session, clock: Clock, hoa: Person) -> None:
    browser = sign_in(hoa)
    browser.get("/account")
    first = session.scalars(select(SignIn.seen_at)).one()
    clock.advance(seconds=30)
    browser.get("/account")
    assert session.scalars(select(SignIn.seen_at)).one() == first
    clock.advance(seconds=31)
    browser.get("/account")
    assert session.scalars(select(SignIn.seen_at)).one() > first


def test_signing_out_kills_the_session_and_not_only_the_cookie(sign_in, session: Session, hoa: Person) -> None:
    browser = sign_in(hoa)
    stolen = cookie_of(browser)
    assert browser.get("/sign-out").status_code == 405, "a link cannot sign anybody out"
    assert is_in(browser)
    browser.post("/sign-out")
    browser.set_cookie("temgoc", stolen)
    assert not is_in(browser)
    assert session.scalars(select(SignIn)).all() == []


def test_changing_the_password_ends_every_other_session(app: Flask, sign_in, hoa: Person) -> None:
    here, there = sign_in(hoa), sign_in(hoa)
    old = cookie_of(here)
    answer = here.post("/account/password", data={"old": PASSWORD, "password": NEW_PASSWORD})
    assert answer.status_code == 302
    assert is_in(here)
    assert not is_in(there)
    thief = app.test_client()
    thief.set_cookie("temgoc", old)
    assert not is_in(thief)
    assert app.test_client().post("/sign-in", data={"email": hoa.email, "password": PASSWORD}).status_code == 422
    assert app.test_client().post("/sign-in", data={"email": hoa.email, "password": NEW_PASSWORD}).status_code == 302


def test_a_lost_phone_is_signed_out_from_the_desk(sign_in, session: Session, hoa: Person) -> None:
    desk, phone = sign_in(hoa), sign_in(hoa)
    rows = session.scalars(select(SignIn).order_by(SignIn.made_at)).all()
    assert len(rows) == 2
    mine = {row.public_id for row in rows if row.public_id in desk.get("/account").text}
    assert len(mine) == 1, "the page offers to end the other one only"
    desk.post("/account/devices/end", data={"device": mine.pop()})
    assert is_in(desk)
    assert not is_in(phone)


def test_nobody_ends_another_persons_session(sign_in, session: Session, hoa: Person) -> None:
    other = make_person(session, "người khác")
    session.commit()
    theirs, mine = sign_in(other), sign_in(hoa)
    row = session.scalars(select(SignIn).where(SignIn.person_id == other.id)).one()
    mine.post("/account/devices/end", data={"device": row.public_id})
    mine.post("/account/devices/end-others")
    assert is_in(theirs)
    assert is_in(mine)


def test_sessions_that_ran_out_are_swept_away(sign_in, session: Session, clock: Clock, hoa: Person) -> None:
    sign_in(hoa)
    clock.advance(days=15)
    sign_in(hoa)
    assert len(session.scalars(select(SignIn)).all()) == 1


def test_a_page_that_stores_nothing_sets_no_cookie(client: FlaskClient, sign_in, hoa: Person) -> None:
    for address in ("/", "/privacy", "/T/0000000000000000", "/healthz", "/static/theme.css", "/nowhere"):
        answer = client.get(address)
        answer.close()
        assert not answer.headers.getlist("Set-Cookie"), address
    browser = sign_in(hoa)
    for address in ("/", "/privacy", "/T/0000000000000000"):
        assert not browser.get(address).headers.getlist("Set-Cookie"), address


def test_a_consumer_page_looks_for_no_session_even_where_a_cookie_comes_along(app: Flask, sign_in, hoa: Person) -> None:
    from trace.accounts import session_store

    browser = sign_in(hoa)
    looked = []
    find, session_store._find = session_store._find, looked.append
    try:
        browser.get("/")
        browser.get("/T/0000000000000000")
        assert looked == []
        browser.get("/account")
        assert len(looked) == 1
    finally:
        session_store._find = find


@pytest.fixture
def https_app(settings, tmp_path: Path, clock: Clock, make_app):
    app = make_app(make_settings(tmp_path, settings.database_url, public_url="https://tem.test"), clock=clock)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def test_behind_https_every_cookie_is_tied_to_the_host(https_app: Flask) -> None:
    with https_app.app_context():
        session = db.get_session("default")
        hoa = make_person(session, "Lý Thị Hoa")
        session.commit()
        email = hoa.email
        session.close()
    browser = https_app.test_client()
    answers = [
        browser.get("/sign-in", base_url="https://tem.test"),
        browser.post("/sign-in", base_url="https://tem.test", data={"email": email, "password": PASSWORD}),
    ]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-temgoc", "__Host-device"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
        assert "Domain" not in cookie
    assert browser.get("/account", base_url="https://tem.test").status_code == 200
    out = browser.post("/sign-out", base_url="https://tem.test").headers.getlist("Set-Cookie")
    assert all("Secure" in cookie and "Path=/" in cookie for cookie in out)


def test_over_http_the_cookies_work_too(sign_in, hoa: Person) -> None:
    """`make run` answers on http://127.0.0.1: a Secure cookie would never come back."""
    browser = sign_in(hoa)
    assert {"temgoc", "device"} == {cookie.key for cookie in browser._cookies.values()}
    assert is_in(browser)


def test_one_changes_between_two_cooperatives(sign_in, session: Session, house: House, other_house: House) -> None:
    from trace.accounts import Membership

    with session.no_autoflush:
        both = house.manager
        session.add(
            Membership(
                person_id=both.id, cooperative_id=other_house.cooperative.id, place="member", since_at=both.created_at
            )
        )
    session.commit()
    browser = sign_in(both)
    page = browser.get("/account").text
    assert f"Chuyển sang {other_house.cooperative.name}" in page
    browser.post("/account/place", data={"place": other_house.cooperative.public_id})
    assert f"Chuyển sang {house.cooperative.name}" in browser.get("/account").text
    assert browser.post("/account/place", data={"place": "nowhere00000"}).status_code == 404


def fresh_app(app: Flask) -> None:
    """A dangerous act of its own for these tests."""
    from flask import request

    from trace.access import allow, fresh

    done: list[str] = []
    app.extensions["done"] = done

    @app.route("/dangerous", methods=["GET", "POST"])
    @allow("account")
    @fresh
    def dangerous():
        if request.method == "POST":
            done.append(request.form["reason"])
        return redirect("/home") if request.method == "POST" else "form"


def test_a_dangerous_act_asks_again_after_a_quarter_of_an_hour_and_loses_nothing(app, clock, hoa, sign_in) -> None:
    fresh_app(app)
    browser = sign_in(hoa)
    assert browser.post("/dangerous", data={"reason": "một"}).status_code == 302
    clock.advance(minutes=16)

    asked = browser.post("/dangerous", data={"reason": "dư lượng “cao”"})

    assert asked.status_code == 403
    assert 'name="reason" value="dư lượng “cao”"' in asked.text
    assert app.extensions["done"] == ["một"]
    wrong = browser.post("/dangerous", data={"reason": "hai", "fresh_password": "không phải"})
    assert wrong.status_code == 422
    right = browser.post("/dangerous", data={"reason": "hai", "fresh_password": PASSWORD})
    assert right.status_code == 302
    assert app.extensions["done"] == ["một", "hai"]
    clock.advance(minutes=14)
    assert browser.post("/dangerous", data={"reason": "ba"}).status_code == 302


def test_a_dangerous_page_asks_before_it_shows(app: Flask, clock: Clock, hoa: Person, sign_in) -> None:
    fresh_app(app)
    browser = sign_in(hoa)
    clock.advance(hours=1)
    asked = browser.get("/dangerous?x=1")
    assert asked.location == "/account/confirm?next=/dangerous?x%3D1"
    assert browser.get(asked.location).status_code == 200
    answer = browser.post("/account/confirm", data={"next": "/dangerous?x=1", "fresh_password": PASSWORD})
    assert answer.location == "/dangerous?x=1"
    assert browser.get("/dangerous?x=1").text == "form"


def test_confirming_is_limited_too(clock: Clock, hoa: Person, sign_in) -> None:
    browser = sign_in(hoa)
    clock.advance(hours=1)
    for _ in range(10):
        browser.post("/account/confirm", data={"fresh_password": "đoán mò thôi nhé"})
    assert browser.post("/account/confirm", data={"fresh_password": PASSWORD}).status_code == 422
    clock.advance(minutes=5)
    assert browser.post("/account/confirm", data={"fresh_password": PASSWORD}).status_code == 302
