"""Clearing a season before harvest, what clears by rule under it, and ending it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_QUANTITIES, BAD_WORDS, NOBODYS, rows
from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from trace.accounts import Membership, Person
from trace.records import BatchVerdict, Market, Notice, Season
from trace.work.area_codes import AreaCodeFacts, register_code
from trace.work.batches import decide
from trace.work.clearing import clear_waiting, may_clear
from trace.work.refused import RefusedAll
from trace.work.samples import ResultFacts, SampleFacts, enter_test
from trace.work.seasons import Clearance, batches_under, clear_season
from trace.work.standing import is_cleared

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def auditor(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["auditor"])


def form_for(house: House, **changes: str) -> dict[str, Any]:
    return {
        "product": house.product.public_id,
        "plots": house.plot.public_id,
        "from_on": TODAY.isoformat(),
        "to_on": (TODAY + timedelta(days=40)).isoformat(),
        "limit": "0,3",
        "note": "Đã xem vườn",
    } | changes


def address(house: House) -> str:
    return f"/audit/seasons/new/{house.cooperative.public_id}"


def clear(session: Session, house: House, limit_g: int = 300_000) -> Season:
    wanted = Clearance(house.product, [house.plot], TODAY, TODAY + timedelta(days=40), limit_g)
    season = clear_season(session, house.cooperative, wanted, by=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    return season


def test_an_auditor_clears_a_season_and_lots_then_clear_by_rule(
    session: Session, house: House, auditor: FlaskClient
) -> None:
    assert house.cooperative.name in auditor.get("/audit/seasons/new", query_string={"q": "na mau"}).text
    assert "18.000 kg" in auditor.get(address(house)).text, "what the certificate allows stands beside"
    answer = auditor.post(address(house), data=form_for(house))
    assert answer.status_code == 302
    session.rollback()
    [season] = session.scalars(select(Season)).all()
    assert (season.limit_g, [plot.id for plot in season.plots]) == (300_000, [house.plot.id])

    first, second = make_batch(session, house), make_batch(session, house)
    beyond = make_batch(session, house)
    session.commit()
    assert [is_cleared(lot) for lot in (first, second, beyond)] == [True, True, False]
    assert set(batches_under(session, season)) == {first, second}
    page = auditor.get(answer.location).text
    assert first.code in page
    assert beyond.code not in page
    assert "240 kg trên 300 kg" in page


def test_a_lot_with_a_failed_check_waits_even_in_a_cleared_season(session: Session, house: House) -> None:
    clear(session, house)
    assert not is_cleared(make_batch(session, house, packs=5_000))


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", value) for value in BAD_QUANTITIES.values()]
    + [("from_on", value) for value in BAD_DAYS.values()]
    + [("to_on", value) for value in BAD_DAYS.values()]
    + [("to_on", "2026-08-19"), ("to_on", "2027-12-31"), ("from_on", "2026-12-01")]
    + [("product", ""), ("product", NOBODYS), ("plots", ""), ("plots", NOBODYS)]
    + [("note", BAD_WORDS["NUL"]), ("note", BAD_WORDS["over-long"])],
)
def test_a_season_that_cannot_be_is_refused_beside_its_field(
    session: Session, house: House, auditor: FlaskClient, field: str, value: str
) -> None:
    answer = auditor.post(address(house), data=form_for(house, **{field: value}))
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert rows(session, Season) == 0


def test_days_that_have_passed_are_not_cleared(session: Session, house: House, auditor: FlaskClient) -> None:
    form = form_for(house, from_on="2026-07-01", to_on="2026-08-01")
    assert auditor.post(address(house), data=form).status_code == 422
    assert rows(session, Season) == 0


def test_another_cooperatives_plot_or_product_is_none_of_this_season(
    session: Session, house: House, other_house: House, auditor: FlaskClient
) -> None:
    for changes in ({"plots": other_house.plot.public_id}, {"product": other_house.product.public_id}):
        assert auditor.post(address(house), data=form_for(house, **changes)).status_code == 422
    wanted = Clearance(house.product, [other_house.plot], TODAY, TODAY, 1)
    with pytest.raises(Exception, match="plots"):
        clear_season(session, house.cooperative, wanted, by=AUDITOR, now=NOON, today=TODAY)
    assert rows(session, Season) == 0


def test_every_complaint_is_told_at_once(session: Session, house: House) -> None:
    wanted = Clearance(None, [], TODAY - timedelta(days=3), TODAY - timedelta(days=5), 0)
    with pytest.raises(RefusedAll) as told:
        clear_season(session, house.cooperative, wanted, by=AUDITOR, now=NOON, today=TODAY)
    assert {refusal.field for refusal in told.value.refusals} == {"product", "plots", "to_on", "limit"}


def test_an_ended_clearance_clears_nothing_more_and_keeps_what_was_cleared(
    session: Session, house: House, auditor: FlaskClient
) -> None:
    season = clear(session, house)
    before = make_batch(session, house)
    session.commit()
    end = f"/audit/seasons/{season.public_id}/end"
    for reason in BAD_WORDS.values():
        assert auditor.post(end, data={"reason": reason}).status_code == 422
    assert auditor.post(end, data={"reason": "mưa đá"}).status_code == 302
    assert auditor.post(end, data={"reason": "mưa đá"}).status_code == 409
    session.expire_all()
    after = make_batch(session, house)
    assert is_cleared(before)
    assert not is_cleared(after)
    assert "mưa đá" in auditor.get(f"/audit/seasons/{season.public_id}").text


def test_an_auditor_clears_no_season_of_their_own_cooperative(
    session: Session, house: House, staff: dict[str, Person], sign_in: SignIn
) -> None:
    season = clear(session, house)
    place = Membership(
        person_id=staff["auditor"].id, cooperative_id=house.cooperative.id, place="member", since_at=NOON,
        ended_at=NOON,
    )  # fmt: skip
    session.add(place)
    session.commit()
    browser = sign_in(staff["auditor"])
    assert browser.post(address(house), data=form_for(house)).status_code == 422
    assert browser.post(f"/audit/seasons/{season.public_id}/end", data={"reason": "x"}).status_code == 422
    session.expire_all()
    assert rows(session, Season) == 1
    assert session.get_one(Season, season.id).ended_at is None


def test_pressing_twice_clears_one_season(session: Session, house: House, auditor: FlaskClient) -> None:
    for _ in range(2):
        assert auditor.post(address(house), data=form_for(house, mark="b" * 32)).status_code == 302
    assert rows(session, Season) == 1


def test_seasons_are_the_auditors_alone(
    session: Session, house: House, staff: dict[str, Person], sign_in: SignIn, client: FlaskClient
) -> None:
    season = clear(session, house)
    pages = ["/audit/seasons/", "/audit/seasons/new", address(house), f"/audit/seasons/{season.public_id}"]
    for person in (house.manager, staff["officer"], staff["operator"]):
        browser = sign_in(person)
        assert {browser.get(page).status_code for page in pages} == {403}
        assert browser.post(address(house), data=form_for(house)).status_code == 403
    assert client.post(address(house), data=form_for(house)).status_code == 403
    assert rows(session, Season) == 1


def test_a_lot_that_waits_is_cleared_by_rule_once_what_it_lacked_is_there(
    session: Session, house: House, other_house: House
) -> None:
    house.plot.area_code = "VN-LSOR-0037"
    clear(session, house)
    lot, over = make_batch(session, house), make_batch(session, house, packs=5_000)
    session.commit()
    assert clear_waiting(session, now=NOON) == []

    facts = AreaCodeFacts("VN-LSOR-0037", house.cooperative, "Na", Market.CHINA, TODAY - timedelta(days=30))
    register_code(session, facts, actor=AUDITOR, now=NOON)
    assert clear_waiting(session, now=NOON) == [lot]
    session.commit()
    assert is_cleared(lot)
    assert not is_cleared(over), "a failed check waits for a person"
    told = session.scalars(select(Notice).order_by(Notice.id.desc())).first()
    assert told is not None
    assert (told.cooperative_id, told.url) == (house.cooperative.id, f"/my/batches/{lot.public_id}")
    assert may_clear(session)
    assert clear_waiting(session, now=NOON) == []


def test_a_lot_that_a_person_decided_on_is_not_cleared_over_their_head(session: Session, house: House) -> None:
    lot = make_batch(session, house)
    decide(session, lot, BatchVerdict.REFUSED, by=AUDITOR, now=NOON, reason="Nhãn không khớp")
    clear(session, house)
    assert not may_clear(session)
    assert clear_waiting(session, now=NOON) == []


def test_a_laboratorys_bad_result_waits_for_a_person_whatever_the_province_asks_for(
    session: Session, house: House
) -> None:
    clear(session, house)
    bad = ResultFacts("Abamectin", "mg/kg", found_micro=90_000, limit_micro=20_000)
    facts = SampleFacts("Phòng thử", "KN-9", TODAY, TODAY, TODAY + timedelta(days=90), (bad,), plot=house.plot)
    enter_test(session, house.cooperative, facts, None, actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    assert not is_cleared(make_batch(session, house))
