"""Printers: a test page, two readings, a second page that proves; the correction stands in the file it was made for."""

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from labels import Calibration
from tests.conftest import House
from tests.test_printing import order, pdf_of, printed
from trace.accounts import Person
from trace.records import Printer, Run
from trace.work.printers import calibration_of

SignIn = Callable[[Person], FlaskClient]
READ = {"a_left": "27", "a_top": "24,0", "b_left": "187", "b_top": "271"}
PROVED = {"a_left": "25", "a_top": "25,2", "b_left": "185", "b_top": "272"}


def added(session: Session, browser: FlaskClient) -> Printer:
    answer = browser.post("/my/printers", data={"mark": "a" * 32, "name": "HP", "tray": "2", "page": "A4"})
    assert answer.status_code == 302, answer.text
    return session.scalars(select(Printer)).one()


def test_a_printer_is_measured_proved_and_chosen(session: Session, house: House, run: Run, sign_in: SignIn) -> None:
    browser = sign_in(house.member)
    printer = added(session, browser)
    address = f"/my/printers/{printer.public_id}"
    assert browser.get(f"{address}/test-page.pdf").data.startswith(b"%PDF")

    assert browser.post(address, data=READ | {"mark": "b" * 32}).status_code == 302
    session.refresh(printer)
    assert calibration_of(printer) == Calibration(-2.0, 1.0, 1.0, 1.0)
    assert "Đã đo" in browser.get(address).text
    assert browser.post(address, data=PROVED | {"mark": "c" * 32}).status_code == 302
    session.refresh(printer)
    assert printer.proved_at is not None
    assert calibration_of(printer) == Calibration(-2.0, 1.0, 1.0, 1.0), "what is proved stays"

    plain = printed(session, browser, run, mark="d", first="51", last="54", face="code")
    moved = printed(session, browser, run, mark="e", first="55", last="58", face="code", printer=printer.public_id)
    assert json.loads(moved.words)["correction"] == [-2000, 1000, 1_000_000, 1_000_000]
    lefts = [min(pdf_of(browser, one)[0].get_textpage().get_charbox(0)) for one in (plain, moved)]
    assert lefts[0] != lefts[1]
    page = browser.get(f"/my/stamps/{run.public_id}/print").text
    assert f'<option selected value="{printer.public_id}">' in page, "remembered"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"a_left": ""}, "điền"),
        ({"a_left": "xa"}, "1,5"),
        ({"a_left": "187", "b_left": "27"}, "dấu A"),
        ({"a_left": "60", "b_left": "220"}, "15"),
        ({"b_left": "150"}, "100"),
    ],
)
def test_readings_that_no_printer_gives_are_refused(
    session: Session, house: House, sign_in: SignIn, changes: dict[str, str], said: str
) -> None:
    browser = sign_in(house.member)
    printer = added(session, browser)
    answer = browser.post(f"/my/printers/{printer.public_id}", data=READ | {"mark": "b" * 32} | changes)
    assert answer.status_code == 422
    assert said in answer.text
    session.refresh(printer)
    assert printer.measured_at is None


def test_a_printer_of_sheets_is_not_taken_for_rolls_and_can_be_removed(
    session: Session, house: House, run: Run, sign_in: SignIn
) -> None:
    browser = sign_in(house.member)
    printer = added(session, browser)
    again = browser.post("/my/printers", data={"mark": "b" * 32, "name": "HP", "tray": "2", "page": "A4"})
    assert again.status_code == 409
    asked = order(mark="d", stock="roll-50x30", face="code", printer=printer.public_id)
    answer = browser.post(f"/my/stamps/{run.public_id}/print", data=asked)
    assert answer.status_code == 422
    assert "tờ A4" in answer.text
    assert browser.post(f"/my/printers/{printer.public_id}/end", data={"mark": "c" * 32}).status_code == 302
    assert printer.public_id not in browser.get(f"/my/stamps/{run.public_id}/print").text
