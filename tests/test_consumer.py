"""What a phone sees when it opens a stamp."""

import gzip
import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, Clock, House, code_of
from trace.records import (
    Batch,
    BatchVerdict,
    CertificateDecision,
    CertificateVerdict,
    Consent,
    Cooperative,
    Run,
    StampKey,
)
from trace.service import Keys, keyring, numbering
from trace.standards.codes import ALPHABET, grouped
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.guesses import WrongCodes
from trace.work.history import record
from trace.work.lookup import Registry
from trace.work.stamps import issue_stamps, void


@pytest.fixture
def code(run: Run) -> str:
    """An active stamp's code."""
    return code_of(run, 7)


def test_a_valid_stamp_tells_its_origin_in_vietnamese(client: FlaskClient, code: str) -> None:
    page = client.get(f"/T/{code}")
    assert page.status_code == 200
    for words in ("Mã tem hợp lệ", "HTX Na Mẫu", "khai báo", "20/08/2026", "HNM-26A-0000007", grouped(code), "VietGAP"):
        assert words in page.text
    for promise in ("an toàn", "hàng thật", "chính hãng"):
        assert promise not in page.text.lower()


def test_the_same_page_in_english(client: FlaskClient, code: str) -> None:
    page = client.get(f"/T/{code}?lang=en")
    assert "This stamp code is valid" in page.text
    assert "Chi Lăng custard apple" in page.text


def test_the_browsers_language_is_heard(client: FlaskClient, code: str) -> None:
    page = client.get(f"/T/{code}", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "This stamp code is valid" in page.text


@pytest.mark.parametrize("dress", [str.lower, grouped, lambda code: f" {grouped(code).lower()} "])
def test_case_and_separators_are_forgiven(client: FlaskClient, code: str, dress) -> None:
    assert "Mã tem hợp lệ" in client.get(f"/t/{dress(code)}").text


def test_a_consumer_page_sets_no_cookie_and_loads_nothing_foreign(client: FlaskClient, code: str) -> None:
    for address in ("/", "/privacy", f"/T/{code}", "/T/0000000000000000"):
        page = client.get(address)
        assert "Set-Cookie" not in page.headers
        scripts = re.findall("<script[^>]*>", page.text)
        assert all(re.search(r'src="/static/scan\.js[^"]*" defer', script) for script in scripts)
        allowed = "script-src 'self'" if scripts else "script-src 'none'"
        assert allowed in page.headers["Content-Security-Policy"]
        assert 'style="' not in page.text


def test_a_stamp_page_weighs_at_most_14_kb_compressed(client: FlaskClient, code: str) -> None:
    for language in ("vi", "en"):
        page = client.get(f"/T/{code}?lang={language}", headers={"Accept-Encoding": "gzip"})
        assert len(page.data) <= 14_000


def test_an_unknown_code_is_404_and_says_so(client: FlaskClient) -> None:
    page = client.get("/T/0000000000000000")
    assert page.status_code == 404
    assert "Mã không tồn tại" in page.text


def test_a_changed_symbol_is_never_accepted_and_never_helped(client: FlaskClient, code: str) -> None:
    for position in range(1, 16):
        other = ALPHABET[(ALPHABET.index(code[position]) + 1) % 32]
        page = client.get(f"/T/{code[:position]}{other}{code[position + 1 :]}")
        assert page.status_code == 404
        assert grouped(code) not in page.text


def test_not_yet_active_says_whom_to_ask(client: FlaskClient, run: Run) -> None:
    page = client.get(f"/T/{code_of(run, 51)}")
    assert page.status_code == 200
    assert "chưa kích hoạt" in page.text
    assert "20/08/2026" not in page.text.split("<h2")[0], "an unactivated stamp lends no origin"


def test_a_void_stamp_is_void_and_lends_no_origin(client: FlaskClient, session: Session, run: Run, code: str) -> None:
    void(session, run, 7, 7, "kẹt máy in", actor=AUDITOR, now=NOON)
    session.commit()
    page = client.get(f"/T/{code}")
    assert "đã hủy" in page.text.lower()
    assert "kẹt máy in" not in page.text


@pytest.mark.parametrize(
    ("verdict", "words"), [(BatchVerdict.RECALLED, "thu hồi"), (BatchVerdict.SUSPENDED, "đình chỉ")]
)
def test_an_auditors_word_shows_at_the_next_look(
    client: FlaskClient, session: Session, batch: Batch, code: str, verdict: BatchVerdict, words: str
) -> None:
    assert "Mã tem hợp lệ" in client.get(f"/T/{code}").text
    decide(session, batch, verdict, by=AUDITOR, now=NOON, reason="dư lượng vượt mức")
    session.commit()
    page = client.get(f"/T/{code}")
    assert words in page.text
    assert "Mã tem hợp lệ" not in page.text
    assert "dư lượng vượt mức" in page.text


def test_past_its_shelf_life_is_told_the_day_after(client: FlaskClient, code: str, clock: Clock) -> None:
    clock.advance(days=7)
    assert "Mã tem hợp lệ" in client.get(f"/T/{code}").text
    clock.advance(days=1)
    page = client.get(f"/T/{code}").text
    assert "hạn sử dụng" in page.lower()
    assert "27/08/2026" in page


def test_a_certificate_that_expires_after_the_harvest_leaves_the_stamp_valid(
    client: FlaskClient, session: Session, house: House, code: str, clock: Clock
) -> None:
    house.product.shelf_life_days = None
    record(session, "product.changed", house.product, actor=AUDITOR, now=NOON)
    session.commit()
    clock.now = NOON + timedelta(days=900)
    assert "Mã tem hợp lệ" in client.get(f"/T/{code}").text


def suspend(session: Session, house: House, from_on: date) -> None:
    house.certificate.decisions.append(
        CertificateDecision(
            cooperative_id=house.cooperative.id,
            verdict=CertificateVerdict.SUSPENDED,
            reason="đánh giá giám sát quá hạn",
            reaches_from=from_on,
            at=NOON,
        )
    )
    record(session, "certificate.suspended", house.certificate, actor=AUDITOR, now=NOON)
    session.commit()


def test_a_certificate_suspended_from_a_later_harvest_changes_nothing(
    client: FlaskClient, session: Session, house: House, code: str
) -> None:
    suspend(session, house, date(2026, 8, 21))
    assert "Mã tem hợp lệ" in client.get(f"/T/{code}").text


def test_a_certificate_suspended_on_the_harvest_day_suspends_the_stamp(
    client: FlaskClient, session: Session, house: House, code: str
) -> None:
    suspend(session, house, date(2026, 8, 20))
    page = client.get(f"/T/{code}").text
    assert "đình chỉ" in page
    assert "đánh giá giám sát quá hạn" in page


def test_nobody_is_named_or_called_without_consent(
    client: FlaskClient, session: Session, house: House, code: str
) -> None:
    page = client.get(f"/T/{code}").text
    assert "Vi Văn Mẫu" not in page
    assert "0912 345 678" not in page
    own = {"cooperative_id": house.cooperative.id, "given_on": date(2026, 8, 1), "recorded_at": NOON}
    session.add_all([Consent(what="name", grower_id=house.grower.id, **own), Consent(what="phone", **own)])
    record(session, "consent.given", house.cooperative, actor=AUDITOR, now=NOON, facts={"what": ["name", "phone"]})
    session.commit()
    page = client.get(f"/T/{code}").text
    assert "Vi Văn Mẫu" in page
    assert "tel:+84912345678" in page.replace("tel:0912345678", "tel:+84912345678")


def test_a_code_of_a_lost_run_is_never_called_false(client: FlaskClient, session: Session, run: Run) -> None:
    """After a restore of yesterday's database, today's run is in no row; its codes were ours all the same."""
    lost = keyring().book(1).code(run.number + 1, 0)
    page = client.get(f"/T/{lost}")
    assert page.status_code == 200
    assert "khôi phục" in page.text
    assert "không tồn tại" not in page.text


def test_codes_of_a_leaked_key_say_that_nobody_can_tell(app: Flask, session: Session, code: str) -> None:
    session.get_one(StampKey, 1).leaked_at = NOON
    session.commit()
    app.extensions["temgoc"]["keys"] = Keys(ask_every_s=0)
    assert "không còn xác minh được" in app.test_client().get(f"/T/{code}").text


def test_a_retired_key_reads_for_ever(app: Flask, session: Session, code: str) -> None:
    session.get_one(StampKey, 1).retired_at = NOON
    session.commit()
    app.extensions["temgoc"]["keys"] = Keys(ask_every_s=0)
    assert "Mã tem hợp lệ" in app.test_client().get(f"/T/{code}").text


def test_wrong_codes_slow_a_network_down_while_right_ones_still_answer(
    app: Flask, client: FlaskClient, code: str
) -> None:
    app.extensions["temgoc"]["wrong_codes"] = WrongCodes(3)
    answers = [client.get("/T/0000000000000000").status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert client.get(f"/T/{code}").status_code == 200


def test_another_network_is_not_slowed(app: Flask, client: FlaskClient) -> None:
    app.extensions["temgoc"]["wrong_codes"] = WrongCodes(1)
    addresses = ("203.0.113.5", "203.0.113.77", "198.51.100.9")
    answers = [
        client.get("/T/0000000000000000", environ_base={"REMOTE_ADDR": address}).status_code for address in addresses
    ]
    assert answers == [404, 429, 404]


def test_wrong_codes_of_any_shape_weigh_about_the_same(client: FlaskClient) -> None:
    sizes = {len(client.get(f"/T/{code}").data) // 1000 for code in ("0000000000000000", "7K3M9QX2WABCD5EF")}
    assert len(sizes) == 1


def test_a_typed_code_leads_to_its_page(client: FlaskClient, code: str) -> None:
    answer = client.get("/", query_string={"code": f" {grouped(code).lower()} "})
    assert answer.location == f"/T/{code}"


def test_typing_a_wrong_sign_points_at_it(client: FlaskClient) -> None:
    page = client.get("/?code=7K3M-9QX2-WABC-D5E*")
    assert page.status_code == 422
    assert "“*”" in page.text
    assert "7K3M-9QX2-WABC-D5E*" in page.text


def test_a_gs1_link_reads_only_with_its_own_gtin(
    client: FlaskClient, session: Session, house: House, batch: Batch
) -> None:
    house.product.gtin = "09521234543213"
    session.flush()
    cooperative = session.get_one(Cooperative, house.cooperative.id)
    run = issue_stamps(session, keyring(), numbering(), cooperative, 10, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 10, batch, actor=AUDITOR, now=NOON)
    session.commit()
    code = code_of(run, 1)
    assert "Mã tem hợp lệ" in client.get(f"/01/09521234543213/21/{code}").text
    assert client.get(f"/01/09521234543220/21/{code}").status_code == 404
    assert "Mã tem hợp lệ" in client.get(f"/T/{code}").text


def without_token(page: str) -> str:
    """Each answer has a one-time token of its own."""
    return re.sub('name="token" value="[^"]+"', "", page)


def test_a_phone_that_takes_gzip_gets_the_same_page_in_a_third(client: FlaskClient, code: str) -> None:
    plain = client.get(f"/T/{code}")
    packed = client.get(f"/T/{code}", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert without_token(gzip.decompress(packed.data).decode()) == without_token(plain.text)
    assert len(packed.data) <= 11_000


def test_an_unchanged_page_is_not_sent_twice(client: FlaskClient, code: str) -> None:
    first = client.get(f"/T/{code}")
    again = client.get(f"/T/{code}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("address", ["/T/{code}", "/t/{code}", "/01/09521234543213/21/{code}"])
@pytest.mark.parametrize("spoken", ["vi", "en-GB,en;q=0.9", "zh-CN"])
@pytest.mark.parametrize("packing", ["gzip", "identity"])
def test_a_page_from_memory_is_the_page_that_was_made(
    app: Flask, session: Session, house: House, batch: Batch, monkeypatch, address: str, spoken: str, packing: str
) -> None:
    house.product.gtin = "09521234543213"
    session.flush()
    run = issue_stamps(session, keyring(), numbering(), house.cooperative, 10, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, run, 1, 10, batch, actor=AUDITOR, now=NOON)
    session.commit()
    remembers: dict[str, Any] = {"registry": Registry(ask_every_s=600), "keys": Keys(ask_every_s=600)}
    app.extensions["temgoc"].update(remembers)  # a slow machine asks for nothing meanwhile
    client, path = app.test_client(), address.format(code=code_of(run, 3))
    headers = {"Accept-Language": spoken, "Accept-Encoding": packing, "User-Agent": "Mozilla/5.0 (Linux; Android 13)"}
    made = client.get(path, headers=headers)
    with monkeypatch.context() as without_flask:
        without_flask.setattr(Flask, "wsgi_app", None)
        remembered = client.get(path, headers=headers)
    assert remembered.status == made.status
    assert sorted(remembered.headers) == sorted(made.headers)
    read = gzip.decompress if packing == "gzip" else bytes
    assert without_token(read(remembered.data).decode()) == without_token(read(made.data).decode())


def test_a_look_from_memory_counts_like_any_other(app: Flask, client: FlaskClient, code: str) -> None:
    app.extensions["temgoc"].update(registry=Registry(), keys=Keys())
    for _ in range(3):
        client.get(f"/T/{code}", headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/120"})
    client.get(f"/T/{code}", headers={"User-Agent": "curl/8.0"})
    client.head(f"/T/{code}")
    [count] = app.extensions["temgoc"]["scan_desk"].looks.take().values()
    assert count[:2] == [3, 1]
