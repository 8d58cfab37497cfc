"""Signing in: by phone or e-mail, without telling strangers who is known, and without letting them lock anybody out."""

import re
import statistics
import time
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import NOON, PASSWORD, TRUE_COST, Clock, House, make_person
from trace.accounts import ARGON2, Office, Person, limits
from trace.accounts.passwords import is_common, refuse_weak
from trace.db import db
from trace.records import Bucket, Notice
from trace.work.limits import Limit, give_back, seconds_until_free, sweep, take
from trace.work.refused import Refused

WRONG = "một câu khác hẳn"


def try_to_enter(browser: FlaskClient, email: str | None, password: str, network: str = "203.0.113.7", **more):
    return browser.post(
        "/sign-in", data={"email": email, "password": password} | more, environ_overrides={"REMOTE_ADDR": network}
    )


@pytest.fixture
def hoa(session: Session) -> Person:
    person = make_person(session, "Lý Thị Hoa", phone="+84987123465", email="hoa@example.vn")
    session.commit()
    return person


@pytest.mark.parametrize(
    "typed",
    ["hoa@example.vn", " HOA@Example.VN ", "0987123465", "0987 123 465", "+84 987 123 465", "84987123465"],
)
def test_one_signs_in_by_phone_or_e_mail_however_it_is_written(client: FlaskClient, hoa: Person, typed: str) -> None:
    answer = try_to_enter(client, typed, PASSWORD)

    assert answer.status_code == 302
    assert answer.location == "/home"
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "typed", ["hoa@example.vn", "nobody@example.vn", "0987123465", "0987000111", "x" * 300, "\x00"]
)
def test_a_wrong_password_and_an_unknown_account_answer_alike(client: FlaskClient, hoa: Person, typed: str) -> None:
    pages = {}
    for account in ("nobody.at.all@example.vn", typed[:255]):
        answer = try_to_enter(client, account, WRONG)
        assert answer.status_code == 422
        pages[account] = re.sub(r'(value|data-passkey-options)="[^"]*"', "", answer.text)
    first, second = pages.values()
    assert first == second


@pytest.fixture
def true_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they cost outside of tests."""
    for name, cost in TRUE_COST.items():
        monkeypatch.setitem(ARGON2, name, cost)


def test_a_password_costs_what_owasp_asks_for(true_cost: None, app: Flask) -> None:
    """https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html: 19 MiB, two rounds."""
    with app.app_context():
        assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_an_unknown_account_takes_the_time_of_a_known_one(true_cost: None, app: Flask, hoa: Person) -> None:
    from trace.accounts.passwords import is_right

    def milliseconds(person: Person | None) -> float:
        start = time.process_time()  # the work that was done, however busy the machine is
        assert not is_right(person, WRONG)
        return (time.process_time() - start) * 1000

    hoa.password  # noqa: B018 - read before the clock runs
    known = [milliseconds(hoa) for _ in range(9)]
    unknown = [milliseconds(None) for _ in range(9)]
    assert 0.5 < statistics.median(known) / statistics.median(unknown) < 2


def test_someone_put_out_of_the_house_cannot_come_back_in(client: FlaskClient, session: Session, hoa: Person) -> None:
    hoa.active = False
    assert try_to_enter(client, hoa.email, PASSWORD).status_code == 422


@pytest.mark.parametrize("password", ["\x00" * 12, "x" * 100_000, "\ud800".encode("utf-8", "surrogatepass")])
def test_a_strange_password_is_only_wrong(client: FlaskClient, hoa: Person, password: str) -> None:
    assert try_to_enter(client, hoa.email, password).status_code == 422


def test_an_empty_form_says_what_is_missing(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_on_after_signing_in_never_leads_elsewhere(client: FlaskClient, hoa: Person, away: str) -> None:
    assert try_to_enter(client, hoa.email, PASSWORD, next=away).location == "/home"


def test_the_way_on_leads_to_the_page_one_wanted(client: FlaskClient, hoa: Person) -> None:
    asked = client.get("/account/notices?x=1")
    assert asked.status_code == 302
    page = client.get(asked.location)
    assert 'name="next"' in page.text
    assert try_to_enter(client, hoa.email, PASSWORD, next="/account/notices?x=1").location == "/account/notices?x=1"


def test_the_eleventh_try_within_five_minutes_has_to_wait(client: FlaskClient, clock: Clock, hoa: Person) -> None:
    answers = [try_to_enter(client, hoa.email, WRONG).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]

    refused = try_to_enter(client, hoa.email, PASSWORD)
    assert refused.status_code == 429, "the right password is not looked at either"
    assert refused.headers["Retry-After"] == "300"
    clock.advance(minutes=5)
    assert try_to_enter(client, hoa.email, PASSWORD).status_code == 302


def test_right_passwords_use_up_no_tries(client: FlaskClient, app: Flask, hoa: Person) -> None:
    for _ in range(15):
        assert try_to_enter(app.test_client(), hoa.email, PASSWORD).status_code == 302


def test_strangers_everywhere_cannot_lock_the_owner_out(app: Flask, hoa: Person) -> None:
    at_home = app.test_client()
    assert try_to_enter(at_home, hoa.email, PASSWORD, "198.51.100.9").status_code == 302
    at_home.post("/sign-out")

    strangers = [try_to_enter(app.test_client(), hoa.email, WRONG, f"10.0.{n}.1").status_code for n in range(60)]

    assert strangers.count(422) == 50, "the account's own limit stops the rest"
    assert try_to_enter(app.test_client(), hoa.email, PASSWORD, "10.9.9.9").status_code == 429
    assert try_to_enter(at_home, hoa.email, PASSWORD, "198.51.100.9").status_code == 302, "the owner's browser is known"


def test_a_thousand_wrong_tries_at_fifty_people_stay_within_the_limits(app: Flask, session: Session) -> None:
    """From one address, and from fifty: never more tries are judged than the limits allow."""
    people = [make_person(session, f"người {n}", email=f"p{n}@example.vn", password="x").email for n in range(50)]
    session.commit()
    with app.app_context():
        for networks, most in ((1, 100), (50, 1000)):
            judged = 0
            for n in range(1000):
                tries = limits_at(app, people[n % 50], f"192.0.{n % networks}.1")
                judged += limits.allowed(tries, now=NOON + timedelta(hours=networks))
            assert judged <= most


def limits_at(app: Flask, account: str, address: str):
    with app.test_request_context(environ_overrides={"REMOTE_ADDR": address}):
        return limits.tries_at(account, None)


def test_limits_hold_across_processes_and_tell_nobodys_address(app: Flask, session: Session, hoa: Person) -> None:
    for _ in range(10):
        try_to_enter(app.test_client(), hoa.email, WRONG)

    kept = " ".join(session.scalars(select(Bucket.key)))

    assert session.scalar(select(func.count()).select_from(Bucket)) == 4
    assert "hoa" not in kept
    assert "203.0.113" not in kept


LIMIT = Limit("test", 3, timedelta(minutes=3))


def test_a_bucket_fills_again_evenly(session: Session) -> None:
    taken = [take(session, LIMIT, "a", now=NOON) for _ in range(4)]
    assert taken == [True, True, True, False]
    assert seconds_until_free(session, LIMIT, "a", now=NOON) == pytest.approx(60, abs=1)
    assert not take(session, LIMIT, "a", now=NOON + timedelta(seconds=59))
    assert take(session, LIMIT, "a", now=NOON + timedelta(seconds=61))
    assert take(session, LIMIT, "b", now=NOON), "another subject has a bucket of its own"


def test_a_bucket_never_holds_more_than_it_can(session: Session) -> None:
    for _ in range(9):
        give_back(session, LIMIT, "a", now=NOON)
    assert sum(take(session, LIMIT, "a", now=NOON + timedelta(days=9)) for _ in range(9)) == 3


def test_a_clock_that_steps_back_gives_no_tokens(session: Session) -> None:
    for _ in range(3):
        take(session, LIMIT, "a", now=NOON)
    assert not take(session, LIMIT, "a", now=NOON - timedelta(hours=1))


def test_full_buckets_are_forgotten(session: Session) -> None:
    take(session, LIMIT, "a", now=NOON)
    sweep(session, [LIMIT], now=NOON + timedelta(minutes=4))
    assert session.scalar(select(func.count()).select_from(Bucket)) == 0


@pytest.mark.parametrize(
    "password",
    [
        "matkhau123", "Matkhau@123", "Mật khẩu 123", "password2024!", "P@ssw0rd123", "1234567890", "langson12345",
        "anhyeuem1998", "qwertyuiop12", "1q2w3e4r5t", "aaaaaaaaaaaa", "iloveyou!!!", "0987 123 465", "Lý Thị Hoa 1990",
    ],
)  # fmt: skip
def test_what_everybody_takes_is_refused(password: str) -> None:
    with pytest.raises(Refused, match="first that others would try"):
        refuse_weak(password, ["Lý Thị Hoa", "+84987123465", "hoa@example.vn"])


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "con trâu đi trước cái cày", "chợ Kỳ Lừa họp phiên hai bảy", "xK9#mQ2vLp", "我喜欢吃很多水果和蔬菜呀"],
)
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    assert not is_common(password, ["Lý Thị Hoa"])
    refuse_weak(password, ["Lý Thị Hoa"])


@pytest.mark.parametrize(
    ("password", "said"), [("chín chữ", "at least 10"), ("", "at least 10"), ("à" * 201, "at most")]
)
def test_short_and_endless_passwords_are_refused(password: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        refuse_weak(password)


def test_the_same_password_from_another_keyboard_is_the_same(client: FlaskClient, hoa: Person) -> None:
    """Some keyboards send a letter and its tone apart (NFD)."""
    import unicodedata

    apart = unicodedata.normalize("NFD", PASSWORD)
    assert apart != PASSWORD
    assert try_to_enter(client, hoa.email, apart).status_code == 302


def test_the_old_password_is_asked_before_a_new_one(sign_in, hoa: Person) -> None:
    browser = sign_in(hoa)
    answer = browser.post("/account/password", data={"old": WRONG, "password": "vườn na nhà tôi bốn mươi cây"})
    assert answer.status_code == 422
    assert "mật khẩu" in answer.text


def test_a_weak_new_password_is_refused_in_a_sentence(sign_in, hoa: Person) -> None:
    browser = sign_in(hoa)
    answer = browser.post(
        "/account/password", data={"old": PASSWORD, "password": "matkhau123"}, headers={"Accept-Language": "en"}
    )
    assert answer.status_code == 422


def test_signing_in_on_a_new_device_is_told_to_the_person(
    client: FlaskClient, clock: Clock, session: Session, hoa: Person
) -> None:
    clock.advance(days=2)
    client.post(
        "/sign-in",
        data={"email": hoa.email, "password": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) AppleWebKit Chrome/109.0 Mobile Safari"},
    )
    told = session.scalars(select(Notice).where(Notice.person_id == hoa.id)).one()
    assert "Chrome · Android" in told.figures
    client.post("/sign-out")
    try_to_enter(client, hoa.email, PASSWORD)
    assert session.scalar(select(func.count()).select_from(Notice)) == 1, "the second time the device is known"


def test_everybody_is_led_to_the_home_of_their_work(app: Flask, session: Session, house: House, staff, sign_in) -> None:
    newcomer = make_person(session, "người mới")
    session.commit()
    page = sign_in(newcomer).get("/home")
    assert page.status_code == 200
    assert "/register" in page.text
    for person in (house.manager, *staff.values()):
        answer = sign_in(person).get("/home")
        assert answer.status_code in {200, 302}
        assert "/sign-in" not in (answer.location or "")


def test_one_chooses_language_and_colours(sign_in, hoa: Person) -> None:
    browser = sign_in(hoa)
    answer = browser.post("/account", data={"name": "Lý Hoa", "language": "en", "theme": "dark"})
    assert answer.status_code == 302
    page = browser.get("/account").text
    assert 'lang="en"' in page
    assert 'data-bs-theme="dark"' in page
    assert "Lý Hoa" in page


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 101}, {"name": "a\x07b"}, {"theme": "pink"}, {"language": "tlh"}]
)
def test_a_profile_that_makes_no_sense_is_refused(sign_in, hoa: Person, wrong: dict[str, str]) -> None:
    answer = sign_in(hoa).post("/account", data={"name": "Hoa", "language": "vi", "theme": "auto"} | wrong)
    assert answer.status_code == 422


def test_pages_of_the_account_carry_no_inline_script_or_style(sign_in, client: FlaskClient, hoa: Person) -> None:
    pages = [client.get("/sign-in").text, client.get("/register").text, sign_in(hoa).get("/account").text]
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", page)


def test_the_common_words_are_written_as_they_are_compared() -> None:
    import trace.accounts.passwords as module

    lines = Path(module.__file__).with_name("common_passwords.txt").read_text().splitlines()
    words = [word for line in lines if not line.startswith("#") for word in line.split()]
    assert len(words) > 400
    assert all(re.fullmatch("[a-z0-9]+", word) for word in words)


def test_two_at_once_do_not_share_a_token(app: Flask, settings) -> None:
    """Sixteen tries at the same moment against a bucket of three: three pass."""
    from concurrent.futures import ThreadPoolExecutor

    def one(_: int) -> bool:
        with app.app_context():
            return limits.allowed([(LIMIT, "together")], now=NOON)

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(one, range(16))) == 3
    with app.app_context():
        db.get_engine("default").dispose()


def test_a_demonstration_offers_its_people_by_one_button(app: Flask, client: FlaskClient, session: Session) -> None:
    from flask_security import hash_password

    from trace.demo import PASSWORD as SAMPLE

    make_person(session, "Cán bộ Mẫu", office=Office.AUDITOR, demo=True, password=hash_password(SAMPLE))
    make_person(session, "Người Thật")
    session.commit()
    page = client.get("/sign-in").text
    assert "Cán bộ Mẫu" in page
    assert "Người Thật" not in page
    [email] = re.findall(r'type="hidden" name="email" value="([^"]+)"', page)
    [password] = re.findall(r'type="hidden" name="password" value="([^"]+)"', page)
    assert try_to_enter(client, email, password).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "network"),
    [
        (0, "10.1.1.1", "127.0.0.0/24"),
        (1, "10.1.1.1", "10.1.1.0/24"),
        (1, "6.6.6.6, 10.1.1.1", "10.1.1.0/24"),
        (2, "10.2.2.2, 10.1.1.1", "10.2.2.0/24"),
    ],
)
def test_only_known_proxies_say_where_somebody_comes_from(
    make_app, settings, clock, proxies, forwarded, network
) -> None:
    from dataclasses import replace

    from trace.access import allow

    app = make_app(replace(settings, trusted_proxies=proxies), clock=clock)

    @app.get("/where")
    @allow("public")
    def where() -> str:
        return limits.network()

    assert app.test_client().get("/where", headers={"X-Forwarded-For": forwarded}).text == network
