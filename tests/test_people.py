"""People come and go: invitations, new passwords, second factors, notices, their own data, and who looks after whom."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from PIL import Image, ImageDraw
from playwright.sync_api import Browser
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.browser import free_port
from tests.conftest import NOON, PASSWORD, TODAY, Clock, House, make_person, make_settings
from trace.accounts import Membership, Office, OneTimeLink, Passkey, Person, Place, factors, privacy
from trace.accounts.links import offer_place, offer_reset
from trace.accounts.mail import send_waiting
from trace.accounts.people import actor_of, change_place, end_place, give_office, places_in
from trace.db import db
from trace.records import Entry, EntrySecret, Notice
from trace.work.actor import Actor
from trace.work.assignments import assign, auditor_of, cooperatives_of, hand_over
from trace.work.history import START_OF_CHAIN, chain_after, leaf_hash
from trace.work.notices import Reader, figures_of, notices_for, notify, seen_to
from trace.work.refused import Refused

OFFICER = Actor(None, "officer-in-tests", "officer")
OPERATOR = Actor(None, "operator-in-tests", "operator")
NEW_PASSWORD = "vườn na nhà tôi bốn mươi cây"
JOINS = {"name": "Vi Thị Lan", "phone": "0912 304 506", "email": "", "password": NEW_PASSWORD}


def link_in(page: str) -> str:
    """The path of the one-time link that a page shows."""
    found = re.search(r"http://tem\.test(/link/[\w-]{43})", page)
    assert found is not None, page
    return found[1]


def invite(sign_in, house: House, place: str = "member") -> str:
    page = sign_in(house.manager).post("/my/people/invite", data={"name": "Chị Lan", "place": place})
    assert page.status_code == 200, page.text
    return link_in(page.text)


def test_a_manager_invites_and_the_invited_one_is_in(app: Flask, session: Session, house: House, sign_in) -> None:
    address = invite(sign_in, house)
    browser = app.test_client()
    assert house.cooperative.name in browser.get(address).text

    answer = browser.post(address, data=JOINS)

    assert answer.status_code == 302
    assert browser.get("/my/people").status_code == 403, "a member manages nobody"
    lan = session.scalars(select(Person).where(Person.phone == "+84912304506")).one()
    assert [place.place for place in lan.memberships] == ["member"]
    assert session.scalars(select(Entry.kind).order_by(Entry.index.desc())).first() == "person.joined"


def test_a_link_works_once_and_looking_at_it_spends_nothing(app: Flask, house: House, sign_in) -> None:
    address = invite(sign_in, house)
    for _ in range(3):
        assert app.test_client().get(address).status_code == 200, "messengers look ahead"
    assert app.test_client().post(address, data=JOINS).status_code == 302
    for again in (
        app.test_client().get(address),
        app.test_client().post(address, data=JOINS | {"phone": "0912304507"}),
    ):
        assert again.status_code == 410


def test_a_link_ends_after_a_week_or_when_taken_back(app, session, clock: Clock, house: House, sign_in) -> None:
    first, second = invite(sign_in, house), invite(sign_in, house)
    link = session.scalars(select(OneTimeLink).order_by(OneTimeLink.made_at, OneTimeLink.token_hash)).first()
    assert link is not None
    sign_in(house.manager).post("/my/people/take-back", data={"link": link.public_id})
    assert sorted(app.test_client().get(one).status_code for one in (first, second)) == [200, 410]
    clock.advance(days=7)
    assert {app.test_client().get(one).status_code for one in (first, second)} == {410}


def test_the_database_knows_only_the_hash_of_a_link(session: Session, house: House, sign_in) -> None:
    token = invite(sign_in, house).rpartition("/")[2]
    link = session.scalars(select(OneTimeLink)).one()
    assert token not in f"{link.token_hash}{link.public_id}{link.name}"


def test_the_page_of_a_link_shows_a_symbol_that_a_phone_reads(house: House, sign_in) -> None:
    page = sign_in(house.manager).post("/my/people/invite", data={"name": "", "place": "manager"}).text
    size = int(re.search(r'class="qr" viewBox="0 0 (\d+)', page)[1])
    picture = Image.new("1", (size * 4, size * 4), 1)
    draw = ImageDraw.Draw(picture)
    for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", page):
        draw.rectangle([int(x) * 4, int(y) * 4, int(x) * 4 + 3, int(y) * 4 + 3], fill=0)
    [symbol] = zxingcpp.read_barcodes(picture.convert("L"))
    assert symbol.text == "http://tem.test" + link_in(page)
    assert "Chép để gửi Zalo" in page


def test_somebody_known_joins_a_second_cooperative_by_the_button_alone(
    app, session, house, other_house, sign_in
) -> None:
    address = invite(sign_in, house)
    browser = sign_in(other_house.manager)
    page = browser.get(address)
    assert 'type="password"' not in page.text
    assert browser.post(address, data={}).status_code == 302
    places = session.scalars(select(Membership).where(Membership.person_id == other_house.manager.id)).all()
    assert {place.cooperative_id for place in places} == {house.cooperative.id, other_house.cooperative.id}
    assert house.cooperative.name in browser.get("/home", follow_redirects=True).text


def test_nobody_joins_twice(house: House, sign_in) -> None:
    address = invite(sign_in, house)
    answer = sign_in(house.member).post(address, data={})
    assert answer.status_code == 409


@pytest.mark.parametrize("wrong", [{"name": ""}, {"phone": "113"}, {"phone": ""}, {"password": "ngắn"}, {"email": "x"}])
def test_an_invitation_filled_in_wrongly_stays_open(app: Flask, house: House, sign_in, wrong: dict[str, str]) -> None:
    address = invite(sign_in, house)
    assert app.test_client().post(address, data=JOINS | wrong).status_code == 422
    assert app.test_client().post(address, data=JOINS).status_code == 302


def test_two_who_open_the_same_invitation_at_once_get_one_place(
    app: Flask, session: Session, house: House, sign_in
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    address = invite(sign_in, house)
    session.commit()

    def join(n: int) -> int:
        return app.test_client().post(address, data=JOINS | {"phone": f"091230460{n}"}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(join, range(4)))
    assert answers == [302, 410, 410, 410]


def test_whoever_leaves_is_out_at_once_and_what_they_did_stays_readable(session, house: House, sign_in) -> None:
    leaving = sign_in(house.member)
    assert leaving.get("/my/people").status_code == 403
    manager = sign_in(house.manager)

    manager.post(f"/my/people/{house.member.public_id}/end", data={})

    assert leaving.get("/account").status_code == 302, "every open session has ended"
    assert sign_in(house.member).get("/my/people").status_code == 403, "a newcomer again"
    page = manager.get("/my/people").text
    assert house.member.name in page.partition("Những người từng làm việc ở đây")[2]


def test_another_cooperatives_people_are_not_there(house: House, other_house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    for deed in ("end", "place"):
        assert browser.post(f"/my/people/{other_house.member.public_id}/{deed}", data={}).status_code == 404


def test_a_cooperative_never_loses_its_last_manager(session: Session, clock: Clock, house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    clock.advance(minutes=1)
    for deed in ("end", "place"):
        answer = browser.post(f"/my/people/{house.manager.public_id}/{deed}", data={})
        assert answer.status_code == 409
    browser.post(f"/my/people/{house.member.public_id}/place", data={})
    assert browser.post(f"/my/people/{house.manager.public_id}/place", data={}).status_code == 302
    here = [place for place in places_in(session, house.cooperative) if place.ended_at is None]
    assert {place.person.public_id: place.place for place in here} == {
        house.manager.public_id: "member",
        house.member.public_id: "manager",
    }


def test_an_officer_gives_a_new_password_in_person_and_the_history_says_so(app, session, house, staff, sign_in) -> None:
    elsewhere = sign_in(house.member)
    desk = sign_in(staff["officer"])
    assert house.member.public_id in desk.get(f"/office/people?q={house.member.email}").text
    address = f"/office/people/{house.member.public_id}"
    assert desk.post(address, data={}).status_code == 422, "only in person"

    link = link_in(desk.post(address, data={"seen": "y"}).text)

    assert elsewhere.get("/account").status_code == 200, "a link made by mistake locks nobody out"
    browser = app.test_client()
    assert house.member.name in browser.get(link).text
    assert browser.post(link, data={"password": "ngắn"}).status_code == 422
    assert browser.post(link, data={"password": NEW_PASSWORD}).location == "/sign-in"
    assert elsewhere.get("/account").status_code == 302
    for password, status in ((PASSWORD, 422), (NEW_PASSWORD, 302)):
        data = {"email": house.member.email, "password": password}
        assert app.test_client().post("/sign-in", data=data).status_code == status
    entries = session.scalars(select(Entry).where(Entry.subject == house.member.public_id).order_by(Entry.index)).all()
    assert [entry.kind for entry in entries] == ["person.reset_offered", "person.reset_used"]
    assert json.loads(entries[0].body)["by"]["pseudonym"] == staff["officer"].public_id


def test_a_newer_link_ends_the_older_one(app: Flask, session: Session, house: House) -> None:
    with app.test_request_context():
        links = [offer_reset(session, house.member, actor=OFFICER, now=NOON) for _ in range(2)]
    session.commit()
    paths = [link.removeprefix("http://tem.test") for link in links]
    assert [app.test_client().get(path).status_code for path in paths] == [410, 200]


def test_an_officer_resets_no_office_and_nobody_themselves(app: Flask, session: Session, staff) -> None:
    officer = staff["officer"]
    with app.test_request_context():
        with pytest.raises(Refused, match="holds an office"):
            offer_reset(session, staff["operator"], actor=OFFICER, now=NOON)
        with pytest.raises(Refused, match="colleague"):
            offer_reset(session, officer, actor=actor_of(officer, "officer"), now=NOON)
        assert offer_reset(session, officer, actor=OPERATOR, now=NOON)


def test_people_in_offices_are_not_found_at_the_officers_desk(staff, sign_in) -> None:
    page = sign_in(staff["officer"]).get("/office/people?q=staff operator").text
    assert staff["operator"].public_id not in page


# ---- second factors


def app_code(page: str, clock: Clock, *, steps: int = 0) -> str:
    """What an authenticator app shows for the key on the set-up page."""
    key = re.search(r"<code>([A-Z2-7]{4}(?:-[A-Z2-7]{1,4})+)</code>", page)[1].replace("-", "")
    return TOTP(key=key, format="base32").generate(time=clock.now.timestamp() + 30 * steps).token


def set_up(browser: FlaskClient, clock: Clock) -> tuple[str, list[str]]:
    """Set up an app; gives its set-up page and the recovery codes."""
    page = browser.get("/account/second-factor").text
    done = browser.post("/account/second-factor/app", data={"code": app_code(page, clock)})
    assert done.status_code == 200, done.text
    return page, re.findall(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", done.text)


@pytest.fixture
def hoa(session: Session) -> Person:
    person = make_person(session, "Lý Thị Hoa")
    session.commit()
    return person


def first_step(app: Flask, person: Person) -> FlaskClient:
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    assert answer.location == "/sign-in/second"
    return browser


def test_with_an_app_the_password_alone_opens_nothing(app: Flask, clock: Clock, hoa: Person, sign_in) -> None:
    page, _ = set_up(sign_in(hoa), clock)
    browser = first_step(app, hoa)
    assert browser.get("/account").status_code == 302
    assert browser.post("/sign-in/second", data={"code": "000000"}).status_code == 422
    clock.advance(seconds=30)
    assert browser.post("/sign-in/second", data={"code": app_code(page, clock)}).location == "/home"
    assert browser.get("/account").status_code == 200


def test_a_code_is_taken_once(app: Flask, clock: Clock, hoa: Person, sign_in) -> None:
    page, _ = set_up(sign_in(hoa), clock)
    same = app_code(page, clock)
    assert first_step(app, hoa).post("/sign-in/second", data={"code": same}).status_code == 422, "used at set-up"
    clock.advance(seconds=30)
    code = app_code(page, clock)
    assert first_step(app, hoa).post("/sign-in/second", data={"code": code}).status_code == 302
    assert first_step(app, hoa).post("/sign-in/second", data={"code": code}).status_code == 422


def test_a_recovery_code_opens_once_and_only_its_hash_is_kept(app, session, clock: Clock, hoa: Person, sign_in) -> None:
    _, codes = set_up(sign_in(hoa), clock)
    assert len(codes) == len(set(codes)) == 10
    session.refresh(hoa)
    assert codes[0].replace("-", "") not in (hoa.recovery_hashes or "")
    assert first_step(app, hoa).post("/sign-in/second", data={"code": codes[0].upper()}).status_code == 302
    assert first_step(app, hoa).post("/sign-in/second", data={"code": codes[0]}).status_code == 422
    session.refresh(hoa)
    assert factors.recovery_codes_left(hoa) == 9


def test_codes_cannot_be_tried_for_ever(app: Flask, clock: Clock, hoa: Person, sign_in) -> None:
    page, _ = set_up(sign_in(hoa), clock)
    browser = first_step(app, hoa)
    answers = [browser.post("/sign-in/second", data={"code": f"{n:06d}"}).status_code for n in range(21)]
    assert answers == [422] * 20 + [429]
    clock.advance(minutes=2)
    assert browser.post("/sign-in/second", data={"code": app_code(page, clock)}).status_code == 429


def test_half_a_sign_in_ends_after_ten_minutes(app: Flask, clock: Clock, hoa: Person, sign_in) -> None:
    page, _ = set_up(sign_in(hoa), clock)
    browser = first_step(app, hoa)
    clock.advance(minutes=11)
    answer = browser.post("/sign-in/second", data={"code": app_code(page, clock)})
    assert answer.location == "/sign-in"


def test_with_an_app_a_dangerous_act_in_real_use_takes_a_code_and_no_password(production: Flask, clock: Clock) -> None:
    browser, page = officer_in(production, clock)
    clock.advance(hours=1)
    address = "https://tem.test/account/second-factor/recovery"
    asked = browser.post(address, data={})
    assert asked.status_code == 403
    assert 'type="password"' not in asked.text
    assert browser.post(address, data={"fresh_password": PASSWORD}).status_code == 422
    assert browser.post(address, data={"fresh_code": app_code(page, clock)}).status_code == 200


@pytest.fixture
def production(settings, tmp_path: Path, clock: Clock, make_app) -> Flask:
    changes = {"mode": "production", "public_url": "https://tem.test", "secrets": tmp_path / "true-secrets"}
    app = make_app(make_settings(tmp_path, settings.database_url, **changes), clock=clock)
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def officer_in(production: Flask, clock: Clock) -> tuple[FlaskClient, str]:
    """An officer of a real installation at the very first sign-in, through the set-up of an app."""
    with production.app_context():
        session = db.get_session("default")
        email = make_person(session, "Cán bộ Thật", office=Office.OFFICER).email
        session.commit()
    browser = production.test_client()
    data = {"email": email, "password": PASSWORD}
    assert browser.post("https://tem.test/sign-in", data=data).location == "/home"
    for address in ("/home", "/office/people", "/account"):
        assert browser.get(f"https://tem.test{address}").location == "/account/second-factor"
    page = browser.get("https://tem.test/account/second-factor").text
    done = browser.post("https://tem.test/account/second-factor/app", data={"code": app_code(page, clock)})
    assert done.status_code == 200
    return browser, page


def test_in_real_use_an_officer_sets_up_a_second_factor_before_anything_else(production: Flask, clock: Clock) -> None:
    browser, _ = officer_in(production, clock)
    assert browser.get("https://tem.test/office/people").status_code == 200
    refused = browser.post("https://tem.test/account/second-factor/remove", data={"which": "app"})
    assert refused.status_code == 422, "an office keeps a second factor"
    assert browser.get("https://tem.test/office/people").status_code == 200


def test_in_the_demonstration_the_password_is_enough(staff, sign_in) -> None:
    browser = sign_in(staff["officer"])
    assert browser.get("/office/people").status_code == 200
    assert "Trong bản dùng thử" in browser.get("/account/second-factor").text


def test_an_officer_can_take_a_lost_phone_off_an_account(app, session, clock, house, staff, sign_in) -> None:
    set_up(sign_in(house.member), clock)
    desk = sign_in(staff["officer"])
    desk.post(f"/office/people/{house.member.public_id}", data={"seen": "y", "without_factors": "y"})
    assert sign_in(house.member).get("/account").status_code == 200


@pytest.mark.parametrize("answer", ["", "{}", "null", "[]", '{"id": "eA", "rawId": "eA"}', "x" * 9999, '{"a":' * 500])
def test_a_passkey_answer_made_up_is_refused(client: FlaskClient, hoa: Person, answer: str) -> None:
    client.get("/sign-in")
    assert client.post("/sign-in/passkey", data={"passkey": answer}).status_code == 422


class Machine:
    """A browser with a lock of its own: Chromium's virtual authenticator."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.context = chromium.new_context(base_url=url)
        self.page = self.context.new_page()
        tools = self.context.new_cdp_session(self.page)
        tools.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | {"isUserVerified": True}})


@pytest.fixture
def localhost(settings, tmp_path: Path, make_app) -> Iterator[str]:
    """The service at a name that browsers keep passkeys for, with a true clock."""
    port = free_port()
    app = make_app(make_settings(tmp_path, settings.database_url, public_url=f"http://localhost:{port}"))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.mark.browser
def test_a_passkey_is_made_and_opens_the_account_without_a_password(chromium, localhost: str, session, hoa) -> None:
    email = hoa.email
    session.commit()
    machine = Machine(chromium, localhost)
    page = machine.page
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda line: trouble.append(line.text) if line.type == "error" else None)
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:not([data-passkey]) button.btn-primary")
    page.goto("/account/second-factor")
    page.fill("[name=name]", "Điện thoại của Hoa")
    page.click("form[data-passkey] button")
    page.wait_for_selector("li .code")
    assert page.locator("li .code").count() == 10, "recovery codes, shown once"
    page.context.clear_cookies()

    page.goto("/sign-in")
    page.click("form[data-passkey] button")

    page.wait_for_url("**/home")
    page.goto("/account")
    assert "Lý Thị Hoa" in page.content()
    session.rollback()
    key = session.scalars(select(Passkey)).one()
    assert key.name == "Điện thoại của Hoa"
    assert key.used_at is not None
    assert trouble == []
    machine.context.close()


@pytest.mark.browser
def test_a_passkey_answer_is_taken_once(chromium, localhost: str, session, hoa) -> None:
    """The very bytes of an honest sign-in, sent again, open nothing."""
    email = hoa.email
    session.commit()
    machine = Machine(chromium, localhost)
    page = machine.page
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:not([data-passkey]) button.btn-primary")
    page.goto("/account/second-factor")
    page.fill("[name=name]", "khóa")
    page.click("form[data-passkey] button")
    page.wait_for_selector("li .code")
    page.context.clear_cookies()
    page.goto("/sign-in")
    cookies = machine.context.cookies()
    with page.expect_request("**/sign-in/passkey") as sent:
        page.click("form[data-passkey] button")
    page.wait_for_url("**/home")
    machine.context.clear_cookies()
    machine.context.add_cookies(cookies)

    again = machine.context.request.post(
        "/sign-in/passkey",
        data=sent.value.post_data,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        max_redirects=0,
    )

    assert again.status == 422
    machine.context.close()


# ---- notices and mail


def test_a_notice_waits_on_the_page_until_somebody_has_seen_to_it(session: Session, house: House, sign_in) -> None:
    notify(
        session, "Welcome to %(name)s.", cooperative_id=house.cooperative.id, now=NOON, url="/my/people", name="<Na>"
    )
    session.commit()
    browser = sign_in(house.member)
    page = browser.get("/account/notices").text
    assert "Chào mừng đến với &lt;Na&gt;." in page
    assert "Tem Gốc: Chào mừng đến với <Na>.\nhttp://tem.test/my/people" in unescape(page), "ready for Zalo"
    notice = session.scalars(select(Notice)).one()
    browser.post("/account/notices/done", data={"notice": notice.public_id})
    assert "Chép để gửi Zalo" not in sign_in(house.manager).get("/account/notices").text


def test_nobody_sees_or_ends_anothers_notice(
    session: Session, house: House, other_house: House, staff, sign_in
) -> None:
    notice = notify(session, "Welcome to %(name)s.", cooperative_id=house.cooperative.id, now=NOON, name="Na")
    session.commit()
    for person in (other_house.manager, staff["auditor"]):
        browser = sign_in(person)
        assert "Na." not in browser.get("/account/notices").text
        browser.post("/account/notices/done", data={"notice": notice.public_id})
    session.refresh(notice)
    assert notice.done_at is None


def test_a_notice_says_days_as_days_and_refuses_what_does_not_fit(session: Session, hoa: Person) -> None:
    notice = notify(session, "until %(day)s", person_id=hoa.id, now=NOON, day=TODAY)
    assert figures_of(notice) == {"day": TODAY}
    reader = Reader(hoa.id, None, None)
    assert list(notices_for(session, reader)) == [notice]
    assert seen_to(session, reader, notice.public_id, now=NOON) is notice
    assert seen_to(session, reader, notice.public_id, now=NOON) is None
    with pytest.raises(KeyError):
        notify(session, "until %(day)s", person_id=hoa.id, now=NOON)
    with pytest.raises(ValueError, match="for a person"):
        notify(session, "x", now=NOON)


def test_notices_are_mailed_once_into_the_outbox(app: Flask, session: Session, settings, house: House) -> None:
    house.member.language = "en"
    notify(session, "Welcome to %(name)s.", cooperative_id=house.cooperative.id, now=NOON, url="/home", name="Na")
    session.commit()
    with app.test_request_context():
        assert send_waiting(session, settings, now=NOON) == 2
        assert send_waiting(session, settings, now=NOON) == 0
    mails = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in (settings.instance / "outbox").iterdir()
    ]
    texts = {mail["To"]: mail.get_content() for mail in mails}
    assert texts[house.member.email] == "Welcome to Na.\n\nhttp://tem.test/home\n"
    assert texts[house.manager.email].startswith("Chào mừng đến với Na.")


def test_stale_notices_are_not_shouted_when_the_mail_server_comes_back(app, session, settings, hoa: Person) -> None:
    notify(session, "Saved.", person_id=hoa.id, now=NOON - timedelta(days=4))
    with app.test_request_context():
        assert send_waiting(session, settings, now=NOON) == 0


# ---- one's own data


def test_a_person_sees_and_takes_everything_kept_about_them(app: Flask, session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    assert house.member.email in browser.get("/account/data").text
    taken = json.loads(browser.get("/account/data/export").data)
    assert taken["person"]["name"] == house.member.name
    assert taken["places"][0]["cooperative"] == house.cooperative.name
    assert len(taken["devices"]) == 1
    browser.post("/account/data/erase", data={"name": house.member.name})
    session.expire_all()
    with app.test_request_context():
        kinds = [deed["kind"] for deed in privacy.everything_about(session, house.member, now=NOON)["done"]]
    assert kinds == ["person.left", "person.erased"]


def test_a_person_is_erased_and_the_history_still_verifies(app: Flask, session: Session, house: House, sign_in) -> None:
    address = invite(sign_in, house)
    browser = app.test_client()
    browser.post(address, data=JOINS)
    assert browser.post("/account/data/erase", data={"name": "ai đó"}).status_code == 422
    lan = session.scalars(select(Person).where(Person.phone == "+84912304506")).one()
    pseudonym = lan.public_id

    assert browser.post("/account/data/erase", data={"name": "Vi Thị Lan"}).location == "/sign-in"

    assert browser.get("/account").status_code == 302
    session.expire_all()
    assert (lan.name, lan.phone, lan.email, lan.password, lan.active) == ("–", None, None, None, False)
    assert app.test_client().post("/sign-in", data={"email": "0912304506", "password": NEW_PASSWORD}).status_code == 422
    kept = "".join(session.scalars(select(EntrySecret.words)))
    assert "Lan" not in kept
    entries = session.scalars(select(Entry).order_by(Entry.index)).all()
    about = [entry for entry in entries if entry.subject == pseudonym]
    assert [entry.kind for entry in about] == ["person.joined", "person.left", "person.erased"]
    assert "private" in json.loads(about[0].body), "the commitment stays"
    chain = START_OF_CHAIN
    for index, entry in enumerate(entries):
        chain = chain_after(chain, leaf_hash(entry.body))
        assert (entry.index, entry.chain_hash) == (index, chain)
    assert "–" in sign_in(house.manager).get("/my/people").text


def test_the_last_manager_and_people_in_offices_are_not_erased(session: Session, house: House, staff) -> None:
    for person in (house.manager, staff["auditor"]):
        with pytest.raises(Refused):
            privacy.erase(session, person, actor=OFFICER, now=NOON)
        session.rollback()
        assert person.erased_at is None


# ---- places and offices, in work


def test_an_office_given_or_taken_ends_the_sessions(session: Session, hoa: Person, sign_in) -> None:
    browser = sign_in(hoa)
    give_office(session, hoa, Office.AUDITOR, actor=OPERATOR, now=NOON)
    session.commit()
    assert browser.get("/account").status_code == 302
    with pytest.raises(Refused, match="meantime"):
        give_office(session, hoa, Office.AUDITOR, actor=OPERATOR, now=NOON)


def test_a_place_ends_once(session: Session, house: House) -> None:
    [place] = [one for one in places_in(session, house.cooperative) if one.person_id == house.member.id]
    end_place(session, place, actor=OFFICER, now=NOON + timedelta(days=1))
    with pytest.raises(Refused, match="already left"):
        end_place(session, place, actor=OFFICER, now=NOON)
    with pytest.raises(Refused, match="meantime"):
        change_place(session, place, Place.MANAGER, actor=OFFICER, now=NOON)


def test_invitations_are_not_made_without_end(app: Flask, session: Session, house: House) -> None:
    with app.test_request_context():
        for _ in range(20):
            offer_place(session, house.cooperative, Place.MEMBER, name=None, actor=OFFICER, now=NOON)
        with pytest.raises(Refused, match="Many invitations"):
            offer_place(session, house.cooperative, Place.MEMBER, name=None, actor=OFFICER, now=NOON)


# ---- who looks after whom

JUNE = date(2026, 6, 1)


def test_the_newest_assignment_holds_from_its_day_on(session: Session, house: House, staff) -> None:
    second = make_person(session, "cán bộ hai", office=Office.AUDITOR)
    first = staff["auditor"]
    assign(session, house.cooperative, first.id, from_on=JUNE, actor=OPERATOR, now=NOON)
    assign(session, house.cooperative, second.id, from_on=JUNE.replace(month=8), actor=OPERATOR, now=NOON)
    session.commit()
    days = [date(2026, 5, 31), JUNE, date(2026, 7, 31), date(2026, 8, 1)]
    assert [auditor_of(session, house.cooperative.id, day) for day in days] == [None, first.id, first.id, second.id]
    told = session.scalars(select(Entry).where(Entry.kind == "cooperative.assigned")).first()
    assert told is not None
    assert json.loads(told.body)["facts"]["auditor"] == first.public_id


def test_during_leave_somebody_stands_in_and_then_all_is_as_before(session, house, other_house, staff) -> None:
    second = make_person(session, "cán bộ hai", office=Office.AUDITOR)
    first = staff["auditor"]
    for one in (house, other_house):
        assign(session, one.cooperative, first.id, from_on=JUNE, actor=OPERATOR, now=NOON)
    days = {"from_on": date(2026, 7, 1), "to_on": date(2026, 7, 14)}
    lines = hand_over(session, first.id, second.id, **days, actor=OPERATOR, now=NOON)
    assert len(lines) == 2
    both = {house.cooperative.name, other_house.cooperative.name}
    for day, person in ((30, first), (1, second), (14, second), (15, first)):
        when = date(2026, 6 if day == 30 else 7, day)
        assert {one.name for one in cooperatives_of(session, person.id, when)} == both
    assert cooperatives_of(session, first.id, date(2026, 7, 7)) == []


def test_a_hand_over_that_makes_no_sense_is_refused(session: Session, house: House, staff) -> None:
    first = staff["auditor"].id
    days = {"from_on": date(2026, 7, 1), "to_on": date(2026, 7, 14)}
    with pytest.raises(Refused, match="Nothing is assigned"):
        hand_over(session, first, staff["officer"].id, **days, actor=OPERATOR, now=NOON)
    assign(session, house.cooperative, first, from_on=JUNE, actor=OPERATOR, now=NOON)
    with pytest.raises(Refused, match="somebody else"):
        hand_over(session, first, first, **days, actor=OPERATOR, now=NOON)
    with pytest.raises(Refused, match="last day"):
        hand_over(session, first, 0, from_on=days["to_on"], to_on=days["from_on"], actor=OPERATOR, now=NOON)


# ---- the first person of a real installation


def test_the_machine_itself_lets_the_first_operator_in(app: Flask, session: Session) -> None:
    said = app.test_cli_runner().invoke(args=["operator", "Nông Văn Máy", "--email", "may@example.vn"])
    assert said.exit_code == 0, said.output
    link = link_in(said.output)
    browser = app.test_client()
    assert browser.post(link, data={"password": NEW_PASSWORD}).location == "/sign-in"
    assert browser.post("/sign-in", data={"email": "may@example.vn", "password": NEW_PASSWORD}).status_code == 302
    assert browser.get("/operate/people/").status_code == 200
    again = app.test_cli_runner().invoke(args=["operator", "Nông Văn Máy", "--email", "may@example.vn"])
    assert "/link/" in again.output, "a lost password and phone of an operator"


@pytest.mark.parametrize("args", [["Máy"], ["Máy", "--phone", "113"]])
def test_the_first_operator_needs_a_way_to_sign_in(app: Flask, session: Session, args: list[str]) -> None:
    said = app.test_cli_runner().invoke(args=["operator", *args])
    assert said.exit_code == 1
    assert session.scalars(select(Person)).all() == []


def test_the_worker_mails(app: Flask, session: Session, settings, hoa: Person) -> None:
    from trace.commands.worker import PLANS

    notify(session, "Saved.", person_id=hoa.id, now=NOON)
    session.commit()
    [mail] = [plan for plan in PLANS if plan.name == "mail"]
    mail.act(session, NOON)
    assert len(list((settings.instance / "outbox").iterdir())) == 1


def test_an_officer_assigns_and_hands_over_on_one_page(session: Session, house, other_house, staff, sign_in) -> None:
    second = make_person(session, "Cán bộ Hai", office=Office.AUDITOR)
    session.commit()
    desk, first = sign_in(staff["officer"]), staff["auditor"]
    both = [house.cooperative.public_id, other_house.cooperative.public_id]
    given = {"cooperatives": both, "auditor": first.public_id, "from_on": TODAY.isoformat()}
    assert desk.post("/office/assignments/assign", data=given).status_code == 302
    days = {"leave-from_on": TODAY.isoformat(), "leave-to_on": (TODAY + timedelta(days=5)).isoformat()}
    leave = {"leave-from_auditor": first.public_id, "leave-to_auditor": second.public_id} | days

    assert desk.post("/office/assignments/leave", data=leave).status_code == 302

    page = desk.get("/office/assignments").text
    assert page.count(f"làm thay {first.name} đến ngày 25/08/2026") == 2
    assert auditor_of(session, house.cooperative.id, TODAY + timedelta(days=6)) == first.id


@pytest.mark.parametrize(
    ("deed", "wrong"),
    [
        ("assign", {}),
        ("assign", {"cooperatives": "zzzzzzzzzzzz", "auditor": "zzzzzzzzzzzz", "from_on": "mai"}),
        ("leave", {}),
        ("leave", {"leave-from_on": "2026-09-02", "leave-to_on": "2026-09-01"}),
    ],
)
def test_an_assignment_that_makes_no_sense_is_refused(session: Session, staff, sign_in, deed: str, wrong) -> None:
    answer = sign_in(staff["officer"]).post(f"/office/assignments/{deed}", data=wrong)
    assert answer.status_code == 422
