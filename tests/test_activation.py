"""A blank roll is printed first and activated later: by two stamps scanned, photographed or typed, and undone."""

import io
import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
import qrcode
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, PASSWORD, Clock, House, code_of, make_batch
from tests.test_issuing import MARKS, at_once, states
from tests.test_keyboards import FRENCH, VNI_MARKS, vietnamese
from tests.test_scans_browser import fits
from trace.accounts import Person
from trace.records import Activation, Batch, BatchVerdict, RangeState, Run, Scan
from trace.service import keyring, numbering
from trace.work.activating import activate
from trace.work.batches import decide
from trace.work.ranges import locked, move
from trace.work.refused import Refused
from trace.work.stamps import issue_stamps, mark_printed, report_lost, void

SignIn = Callable[[Person], FlaskClient]
BY = {"actor": AUDITOR, "now": NOON}


@pytest.fixture
def batch(session: Session, house: House) -> Batch:
    """Of four hundred packs, cleared."""
    batch = make_batch(session, house, packs=400, weight_g=420_000)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    return batch


@pytest.fixture
def roll(session: Session, house: House, batch: Batch) -> Run:
    """Five hundred blank stamps, printed for the product and no batch; 200 is void and 300 to 301 are lost."""
    own = {"product": house.product, **BY}
    roll = issue_stamps(session, keyring(), numbering(), house.cooperative, 500, **own)
    mark_printed(session, roll, [(1, 500)], **BY)
    void(session, roll, 200, 200, "rách", **BY)
    report_lost(session, roll, 300, 301, "mất", **BY)
    session.commit()
    return roll


def photo(*links: str) -> tuple[io.BytesIO, str]:
    """A photograph of stamps side by side."""
    from PIL import Image

    pictures = [qrcode.make(link, border=6).get_image().convert("RGB").resize((420, 420)) for link in links]
    sheet = Image.new("RGB", (440 * len(pictures) + 20, 460), "white")
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (20 + 440 * place, 20))
    out = io.BytesIO()
    sheet.save(out, "JPEG")
    out.seek(0)
    return out, "ảnh.jpg"


def test_two_scanned_stamps_activate_all_between_whatever_the_scanner_gives(
    session: Session, roll: Run, batch: Batch, sign_in: SignIn, house: House
) -> None:
    browser = sign_in(house.member)
    link = f"HTTP://TEM.TEST/T/{code_of(roll, 400)}"
    form = {"mark": MARKS[1], "batch": batch.public_id, "first": link.translate(FRENCH), "last": "hnm-26a-0000151"}

    answer = browser.post("/my/activate", data=form | {"do": "activate"})

    assert answer.status_code == 302, answer.text
    again = browser.post("/my/activate", data=form | {"do": "activate"})
    assert again.location == answer.location, "sent twice, taken once"
    page = browser.get(answer.location).text
    assert "247 tem đã kích hoạt" in page
    assert "HNM-26A-0000200" in page, "the void one between is named"
    assert "HNM-26A-0000300 – HNM-26A-0000301" in page
    assert "Tem cuối được quét trước" in page
    assert "đọc qua bàn phím Pháp" in page
    active = [(first, last) for state, first, last in states(session, roll) if state == "active"]
    assert active == [(151, 199), (201, 299), (302, 400)]


def test_a_stamps_own_page_leads_its_cooperative_to_activation_and_back_after_sign_in(
    session: Session, roll: Run, house: House, client: FlaskClient, app: Flask
) -> None:
    code = code_of(roll, 17)
    page = client.get(f"/T/{code}")
    assert "Dành cho hợp tác xã" in page.text
    assert "Set-Cookie" not in page.headers
    spaced = "-".join(code[n : n + 4] for n in range(0, 16, 4))
    assert f'href="/my/activate?code={spaced}"' in page.text
    asked = client.get(f"/my/activate?code={spaced}")
    assert asked.status_code == 302
    assert "next=" in asked.location

    browser = app.test_client()
    entered = browser.post(asked.location, data={"email": house.member.email, "password": PASSWORD})
    back = browser.get(entered.location)

    assert back.status_code == 200
    assert 'value="HNM-26A-0000017"' in back.text


def test_photographs_are_read_by_the_server_and_not_kept(
    session: Session, roll: Run, batch: Batch, sign_in: SignIn, house: House
) -> None:
    browser = sign_in(house.member)
    links = [f"HTTP://TEM.TEST/T/{code_of(roll, number)}" for number in (1, 100)]

    def send(first: tuple[io.BytesIO, str], last: tuple[io.BytesIO, str], do: str = "activate") -> str:
        form = {"batch": batch.public_id, "first": "", "last": "", "do": do, "first_photo": first, "last_photo": last}
        answer = browser.post("/my/activate", data=form, content_type="multipart/form-data", follow_redirects=True)
        return answer.text

    assert "Ảnh có nhiều tem" in send(photo(*links), photo(links[1]))
    blank = qrcode.make("x").get_image().convert("RGB").resize((8, 8))
    unread = io.BytesIO()
    blank.save(unread, "PNG")
    unread.seek(0)
    assert "Không đọc được mã nào" in send((unread, "mờ.png"), photo(links[1]))
    seen = send(photo(links[0]), photo(links[1]), do="read")
    assert 'value="HNM-26A-0000001"' in seen
    assert 'value="HNM-26A-0000100"' in seen
    assert "100 tem đã kích hoạt" in send(photo(links[0]), photo(links[1]))


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("", "", "Hãy quét tem"),
        ("HNM-26A-0000501", "", "Không tem nào"),
        ("xyz", "HNM-26A-0000003", "Không tem nào"),
        ("HNM-26A-0000003", "0000ZZZZ0000ZZZZ", "không phải tem của hợp tác xã"),
        ("HTTP://TEM.TEST/T/0ÁB", "", "Bộ gõ tiếng Việt"),
    ],
)
def test_what_is_no_stamp_of_ours_is_said_beside_its_field(
    session: Session, roll: Run, batch: Batch, sign_in: SignIn, house: House, first: str, last: str, words: str
) -> None:
    form = {"batch": batch.public_id, "first": first, "last": last, "do": "activate"}
    answer = sign_in(house.member).post("/my/activate", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert first in answer.text, "what was typed is kept"
    assert "active" not in {state for state, *_ in states(session, roll)}


def test_another_cooperatives_stamp_is_as_unknown_as_an_invented_one(
    session: Session, roll: Run, other_house: House, sign_in: SignIn
) -> None:
    browser = sign_in(other_house.member)
    theirs = make_batch(session, other_house)
    decide(session, theirs, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    said = []
    for text in (code_of(roll, 1), "0000ZZZZ0000ZZZZ"):
        form = {"batch": theirs.public_id, "first": text, "do": "activate"}
        answer = browser.post("/my/activate", data=form)
        assert answer.status_code == 422
        said.append(answer.text.count("không phải tem của hợp tác xã"))
    assert said[0] == said[1] > 0


def test_a_code_bent_by_vietnamese_typing_is_read_back(
    session: Session, roll: Run, batch: Batch, sign_in: SignIn, house: House
) -> None:
    bent = next(
        (number, shown)
        for number in range(1, 200)
        if (shown := vietnamese(code_of(roll, number), VNI_MARKS, telex=False)) != code_of(roll, number)
    )
    answer = sign_in(house.member).get("/my/activate", query_string={"first": bent[1]})
    assert f"HNM-26A-{bent[0]:07d} (đọc qua bộ gõ tiếng Việt (VNI))" in answer.text


def test_who_activated_takes_it_back_within_the_hour_and_all_is_as_before(
    session: Session, roll: Run, batch: Batch, sign_in: SignIn, house: House, clock: Clock
) -> None:
    before = states(session, roll)
    browser, other = sign_in(house.member), sign_in(house.manager)
    form = {"mark": MARKS[2], "batch": batch.public_id, "first": "HNM-26A-0000010", "last": "250", "do": "activate"}
    place = browser.post("/my/activate", data=form).location
    clock.advance(minutes=50)
    assert other.post(f"{place}/undo", data={"mark": MARKS[3]}).status_code == 422, "somebody else's"
    assert browser.post(f"{place}/undo", data={"mark": MARKS[4]}).status_code == 302
    assert states(session, roll) == before
    assert {row.batch_id for row in roll.ranges} == {None}
    assert browser.post(f"{place}/undo", data={"mark": MARKS[5]}).status_code == 409


@pytest.mark.parametrize("what", ["late", "scanned", "void since"])
def test_it_is_not_taken_back_late_or_once_something_has_happened(
    session: Session, roll: Run, batch: Batch, sign_in: SignIn, house: House, clock: Clock, what: str
) -> None:
    browser = sign_in(house.member)
    form = {"mark": MARKS[2], "batch": batch.public_id, "first": "HNM-26A-0000010", "last": "20", "do": "activate"}
    place = browser.post("/my/activate", data=form).location
    if what == "late":
        clock.advance(minutes=61)
    elif what == "void since":
        void(session, roll, 12, 12, "rách", actor=AUDITOR, now=NOON + timedelta(minutes=1))
    else:
        scan = Scan(
            cooperative_id=roll.cooperative_id, run_id=roll.id, number=15, day_on=NOON.date(), visitor=b"x" * 16,
            nonce=b"y" * 16, hour_at=NOON, early=False, late=False, after_pin=False, pressed=False,
        )  # fmt: skip
        session.add(scan)
    session.commit()
    answer = browser.post(f"{place}/undo", data={"mark": MARKS[3]})
    assert answer.status_code in {409, 422}
    assert session.scalars(select(Activation)).one().undone_at is None
    assert "active" in {state for state, *_ in states(session, roll)}


def test_of_sixteen_who_activate_overlapping_stamps_and_one_who_recalls_exactly_one_has_each_stamp(
    app: Flask, session: Session, roll: Run, batch: Batch, house: House
) -> None:
    """Every stamp is moved once: sixteen overlapping spans share no stamp, and the recall takes all or nothing."""
    run_id, batch_id = roll.id, batch.id
    session.commit()

    def press(first: int) -> Callable[[], tuple[int, int] | None]:
        def deed() -> tuple[int, int] | None:
            with app.app_context():
                from trace.db import db

                own = db.get_session("default")
                try:
                    run, goods = own.get_one(Run, run_id), own.get_one(Batch, batch_id)
                    activate(own, run, first, first + 9, goods, **BY)
                    own.commit()
                except Refused:
                    own.rollback()
                    return None
                finally:
                    own.close()
                return first, first + 9

        return deed

    def recall() -> bool:
        with app.app_context():
            from trace.db import db

            own = db.get_session("default")
            try:
                run = locked(own, own.get_one(Run, run_id))
                move(own, run, 40, 60, RangeState.RECALLED, reason="in nhầm", **BY)
                own.commit()
            finally:
                own.close()
        return True

    results = at_once(*(press(5 * n + 1) for n in range(16)), recall)

    assert results[-1] is True
    won = sorted(span for span in results[:-1] if span is not None)
    assert won, "somebody wins"
    assert all(one[1] < other[0] for one, other in itertools.pairwise(won)), "no stamp is won twice"
    claimed = {n for first, last in won for n in range(first, last + 1)}
    for state, first, last in states(session, roll):
        for n in range(first, last + 1):
            assert (state == "active") == (n in claimed and not 40 <= n <= 60), n
            assert (state == "recalled") == (40 <= n <= 60), n


def enter(context: BrowserContext, url: str, email: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("main #email", email)
    page.fill("main #password", PASSWORD)
    page.press("main #password", "Enter")
    page.wait_for_url(lambda address: "/sign-in" not in address)
    page.close()


@pytest.fixture
def phone(chromium: Browser, live_server: str, house: House, session: Session) -> BrowserContext:
    context = chromium.new_context(base_url=live_server, viewport={"width": 360, "height": 740}, locale="vi-VN")
    email = house.member.email or ""
    session.rollback()  # lets go of the writer's lock: another process writes now
    enter(context, live_server, email)
    return context


def at_stamp(page: Page, code: str) -> None:
    page.goto(f"/T/{code}")
    page.get_by_text("Dành cho hợp tác xã").click()
    page.wait_for_url("**/my/activate**")


@pytest.mark.browser
def test_a_phone_opens_two_stamps_of_a_blank_roll_and_activates_all_between(
    phone: BrowserContext, session: Session, roll: Run, batch: Batch
) -> None:
    codes, label = [code_of(roll, number) for number in (21, 180)], batch.code
    session.rollback()
    page = phone.new_page()
    at_stamp(page, codes[0])
    assert page.input_value("#first") == "HNM-26A-0000021"
    fits(page)
    at_stamp(page, codes[1])
    assert (page.input_value("#first"), page.input_value("#last")) == ("HNM-26A-0000021", "HNM-26A-0000180")
    assert label in page.locator("#batch option:checked").inner_text()
    page.get_by_role("button", name="Kích hoạt", exact=True).click()
    page.get_by_text("160 tem đã kích hoạt").wait_for()
    fits(page)
    assert ("active", 21, 180) in states(session, roll)
    session.rollback()
    page.locator("summary", has_text="Hoàn tác").click()
    page.get_by_role("button", name="Hoàn tác kích hoạt").click()
    page.get_by_text("160 tem lại chờ kích hoạt").wait_for()


@pytest.mark.browser
def test_a_hand_scanner_fills_both_boxes_and_without_a_network_it_waits_and_is_sent_once(
    phone: BrowserContext, session: Session, roll: Run, batch: Batch
) -> None:
    links = [f"HTTP://TEM.TEST/T/{code_of(roll, number)}" for number in (31, 40)]
    session.rollback()
    page = phone.new_page()
    page.goto("/my/activate")
    box = page.locator("#scan")
    for link, end in zip([links[0], links[0], links[1]], ["Enter", "Enter", "Tab"], strict=True):
        box.fill(link)
        box.press(end)
        assert box.input_value() == "", "it empties itself"
        assert box.evaluate("box => box === document.activeElement"), "and keeps the focus"
    assert (page.input_value("#first"), page.input_value("#last")) == tuple(links)
    phone.set_offline(True)
    page.get_by_role("button", name="Kích hoạt", exact=True).click()
    page.get_by_text("tem chưa được kích hoạt").wait_for()
    assert page.input_value("#first") == "", "the next roll can be scanned"
    assert "active" not in {state for state, *_ in states(session, roll)}
    session.rollback()
    fits(page)

    phone.set_offline(False)
    page.get_by_text("Đã gửi, tem đã kích hoạt").wait_for()
    assert ("active", 31, 40) in states(session, roll)
    session.rollback()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not page.locator("#queue").is_visible()
    assert len(session.scalars(select(Activation)).all()) == 1
    session.rollback()


@pytest.mark.browser
def test_the_page_opens_without_a_network_and_two_rolls_scanned_there_are_both_sent(
    phone: BrowserContext, session: Session, roll: Run, batch: Batch
) -> None:
    """Opened, closed and opened again in a shed without a network: each roll is sent, once."""
    rolls = [tuple(f"HTTP://TEM.TEST/T/{code_of(roll, number)}" for number in pair) for pair in ((51, 60), (71, 80))]
    session.rollback()
    page = phone.new_page()
    page.goto("/my/activate")
    page.locator("html[data-kept]").wait_for(state="attached")
    page.close()
    phone.set_offline(True)
    for first, last in rolls:
        page = phone.new_page()
        page.goto("/my/activate")
        page.fill("#first", first)
        page.fill("#last", last)
        page.get_by_role("button", name="Kích hoạt", exact=True).click()
        page.get_by_text("tem chưa được kích hoạt").wait_for()
        page.close()
    page = phone.new_page()
    page.goto("/my/activate")
    expect(page.locator("#queue li")).to_have_count(2)

    phone.set_offline(False)
    page.get_by_text("Đã gửi, tem đã kích hoạt").nth(1).wait_for()
    assert {("active", 51, 60), ("active", 71, 80)} <= set(states(session, roll))
    session.rollback()
    page.goto("/sign-in")
    page.wait_for_function("caches.has('temgoc-away').then(has => !has)")
