"""Orders of stamps: no trace of them until the province turns them on; then nothing is made that was not approved."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import turn_orders_on
from tests.conftest import House
from tests.test_issuing import MARKS, at_once, states
from trace.accounts import Person
from trace.records import Batch, Run, StampOrder

SignIn = Callable[[Person], FlaskClient]


def order(browser: FlaskClient, house: House, count: str = "1.000", mark: str = MARKS[1]) -> str:
    form = {"mark": mark, "product": house.product.public_id, "count": count, "note": "Vụ na"}
    answer = browser.post("/my/stamps/orders/new", data=form)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_while_orders_are_off_nothing_on_screen_speaks_of_them(
    house: House, batch: Batch, sign_in: SignIn, staff: dict[str, Person]
) -> None:
    browser, officer = sign_in(house.member), sign_in(staff["officer"])
    for path in ("/my", "/my/stamps", "/my/stamps/new"):
        assert "ặt tem" not in browser.get(path, follow_redirects=True).text, path
    assert "ặt tem" not in officer.get("/office/").text
    for path in ("/my/stamps/orders", "/my/stamps/orders/new"):
        assert browser.get(path).status_code == 404
    assert officer.get("/office/orders/").status_code == 404


def test_an_operator_turns_orders_on_from_a_day_and_from_then_on_stamps_are_ordered(
    session: Session, house: House, batch: Batch, sign_in: SignIn, staff: dict[str, Person]
) -> None:
    operator = sign_in(staff["operator"])
    page = operator.get("/operate/settings").text
    assert "Tem phải được đặt" in page
    form = {
        "mark": MARKS[9], "office_vi": "Sở Khoa học và Công nghệ tỉnh Lạng Sơn",
        "office_en": "Department of Science and Technology of Lạng Sơn", "office_zh": "谅山省科学技术厅",
        "office_phone": "02053812264", "spoil_percent": "5", "output_tolerance_percent": "10",
        "complaint_answer_days": "7", "once_only_above": "5.000", "stamp_orders": "y", "from_on": "20/08/2026",
    }  # fmt: skip
    assert operator.post("/operate/settings", data=form).status_code == 302
    browser = sign_in(house.member)
    assert "Đặt tem" in browser.get("/my/stamps").text
    assert "/my/stamps/orders/new" in browser.get(f"/my/stamps/new?batch={batch.public_id}").location


def test_a_cooperative_orders_an_officer_approves_a_part_and_only_that_can_be_printed(
    session: Session, house: House, sign_in: SignIn, staff: dict[str, Person]
) -> None:
    turn_orders_on(session)
    browser, officer = sign_in(house.member), sign_in(staff["officer"])
    place = order(browser, house)
    run = session.scalars(select(Run)).one()
    assert states(session, run) == [("ordered", 1, 1000)]
    assert "chờ duyệt" in browser.get(place).text.lower()
    assert browser.post(
        f"/my/stamps/{run.public_id}/print", data={"first": "1", "last": "9", "stock": "a4-65", "face": "code"}
    ).status_code in {409, 422}
    assert states(session, run) == [("ordered", 1, 1000)]

    listed = officer.get("/office/orders/").text
    assert house.cooperative.name in listed
    desk = f"/office/orders/{session.scalars(select(StampOrder)).one().public_id}"
    page = officer.get(desk).text
    assert "19.800 kg" in page, "18 t with a tolerance of 10 %"
    assert "20.790" in page, "÷ 1 kg, and 5 % for spoiling"
    fewer = officer.post(desk, data={"mark": MARKS[2], "do": "approve", "count": "600"})
    assert fewer.status_code == 422
    assert "vì sao duyệt ít hơn" in fewer.text
    approved = {"mark": MARKS[3], "do": "approve", "count": "600", "reason": "Theo sản lượng vườn"}
    assert officer.post(desk, data=approved).status_code == 302
    assert states(session, run) == [("made", 1, 600), ("void", 601, 1000)]
    told = browser.get(place).text
    assert "Duyệt một phần" in told
    assert "Theo sản lượng vườn" in told
    assert officer.post(desk, data={"mark": MARKS[4], "do": "refuse", "reason": "muộn"}).status_code == 409


def test_an_order_beyond_what_the_certificates_allow_is_refused_with_the_figure(
    session: Session, house: House, sign_in: SignIn
) -> None:
    turn_orders_on(session)
    browser = sign_in(house.member)
    order(browser, house, "20.000")
    form = {"mark": MARKS[2], "product": house.product.public_id, "count": "791"}
    answer = browser.post("/my/stamps/orders/new", data=form)
    assert answer.status_code == 422
    assert "còn được 790 tem" in answer.text
    assert len(session.scalars(select(Run)).all()) == 1


def test_two_orders_at_once_share_one_limit(session: Session, house: House, sign_in: SignIn) -> None:
    turn_orders_on(session)
    people = [sign_in(house.member), sign_in(house.manager)]
    product = house.product.public_id

    def press(browser: FlaskClient, mark: str) -> Callable[[], int]:
        form = {"mark": mark, "product": product, "count": "15.000"}
        return lambda: browser.post("/my/stamps/orders/new", data=form).status_code

    deeds = press(people[0], MARKS[5]), press(people[1], MARKS[6])
    session.commit()
    assert sorted(at_once(*deeds)) == [302, 422]


def test_a_refused_order_says_why_and_its_stamps_are_void(
    session: Session, house: House, sign_in: SignIn, staff: dict[str, Person]
) -> None:
    turn_orders_on(session)
    browser, officer = sign_in(house.member), sign_in(staff["officer"])
    place = order(browser, house, "50")
    found = session.scalars(select(StampOrder)).one()
    desk = f"/office/orders/{found.public_id}"
    assert officer.post(desk, data={"mark": MARKS[2], "do": "refuse", "count": "50"}).status_code == 422
    refused = {"mark": MARKS[3], "do": "refuse", "count": "50", "reason": "Chưa tới vụ"}
    assert officer.post(desk, data=refused).status_code == 302
    assert "Chưa tới vụ" in browser.get(place).text
    assert states(session, found.run) == [("void", 1, 50)]
    assert "bị từ chối" in browser.get("/home", follow_redirects=True).text


@pytest.mark.parametrize("count", ["0", "", "mười", "1.048.577"])
def test_an_absurd_order_is_refused(session: Session, house: House, sign_in: SignIn, count: str) -> None:
    turn_orders_on(session)
    form = {"product": house.product.public_id, "count": count}
    assert sign_in(house.member).post("/my/stamps/orders/new", data=form).status_code == 422
    assert session.scalars(select(Run)).all() == []
