"""The programme officer: registrations that wait, all cooperatives, one cooperative's page, runs of stamps."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_WORDS
from tests.conftest import AUDITOR, NOON, House, make_cooperative
from trace.accounts import Membership, Person
from trace.records import Cooperative, CooperativeDecision, CooperativeVerdict, Run
from trace.work.cooperatives import decide_cooperative
from trace.work.stafflists import A_PAGE, cooperatives

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def applicant(session: Session) -> Cooperative:
    found = make_cooperative(
        session, "Tổ hợp tác Rau Suối", "TRS", approved=False, kind="group", personal_number="020085001234"
    )
    session.commit()
    return found


@pytest.fixture
def officer(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["officer"])


def address(cooperative: Cooperative, word: str = "") -> str:
    return f"/office/cooperatives/{cooperative.public_id}" + (f"/{word}" if word else "")


def verdicts(session: Session, cooperative: Cooperative) -> list[str]:
    session.rollback()
    query = select(CooperativeDecision.verdict).where(CooperativeDecision.cooperative_id == cooperative.id)
    return list(session.scalars(query.order_by(CooperativeDecision.id)))


def test_a_registration_waits_with_its_facts_until_it_is_approved(
    session: Session, applicant: Cooperative, officer: FlaskClient
) -> None:
    assert applicant.name in officer.get("/office/").text
    page = officer.get(address(applicant)).text
    for words in ("Tổ hợp tác Rau Suối", "TRS", "Thôn Đồng Đĩnh", "Hoàng Thị Mẫu", "0912 345 678"):
        assert words in page, words
    assert officer.post(address(applicant, "approve"), data={"seen": "0"}).status_code == 302
    assert verdicts(session, applicant) == ["approved"]
    assert applicant.approved
    assert address(applicant) not in officer.get("/office/").text


def test_a_personal_number_is_on_no_page(applicant: Cooperative, officer: FlaskClient) -> None:
    for page in (address(applicant), "/office/", "/office/cooperatives", "/audit/search?q=rau"):
        assert "020085001234" not in officer.get(page).text


@pytest.mark.parametrize("reason", BAD_WORDS.values(), ids=BAD_WORDS)
def test_a_refusal_needs_a_reason(session: Session, applicant: Cooperative, officer: FlaskClient, reason: str) -> None:
    page = officer.post(address(applicant, "refuse"), data={"seen": "0", "reason": reason})
    assert page.status_code == 422
    assert "field-error" in page.text
    assert verdicts(session, applicant) == []


def test_a_refused_one_reads_why_and_can_be_approved_later(
    session: Session, applicant: Cooperative, officer: FlaskClient
) -> None:
    officer.post(address(applicant, "refuse"), data={"seen": "0", "reason": "thiếu giấy tờ"})
    assert "thiếu giấy tờ" in officer.get(address(applicant)).text
    assert officer.post(address(applicant, "approve"), data={"seen": "1"}).status_code == 302
    assert verdicts(session, applicant) == ["refused", "approved"]


def test_a_cooperative_can_leave(session: Session, house: House, officer: FlaskClient) -> None:
    assert officer.post(address(house.cooperative, "leave"), data={"seen": "1"}).status_code == 422
    done = officer.post(address(house.cooperative, "leave"), data={"seen": "1", "reason": "giải thể"})
    assert done.status_code == 302
    assert verdicts(session, house.cooperative) == ["approved", "left"]


@pytest.mark.parametrize("seen", ["1", "", "x", "9" * 40])
def test_what_was_not_seen_is_not_decided(
    session: Session, applicant: Cooperative, officer: FlaskClient, seen: str
) -> None:
    assert officer.post(address(applicant, "approve"), data={"seen": seen}).status_code == 409
    assert verdicts(session, applicant) == []


def test_two_officers_at_once_the_slower_one_is_told(
    session: Session, applicant: Cooperative, officer: FlaskClient
) -> None:
    decide_cooperative(session, applicant, CooperativeVerdict.REFUSED, "thiếu", by=AUDITOR, now=NOON)
    session.commit()
    assert officer.post(address(applicant, "approve"), data={"seen": "0"}).status_code == 409
    assert verdicts(session, applicant) == ["refused"]


def test_an_officer_decides_nothing_on_their_own_cooperative(
    session: Session, applicant: Cooperative, staff: dict[str, Person], sign_in: SignIn
) -> None:
    place = Membership(
        person_id=staff["officer"].id, cooperative_id=applicant.id, place="member", since_at=NOON, ended_at=NOON
    )
    session.add(place)
    session.commit()
    browser = sign_in(staff["officer"])
    assert address(applicant, "approve") not in browser.get(address(applicant)).text
    assert browser.post(address(applicant, "approve"), data={"seen": "0"}).status_code == 422
    assert verdicts(session, applicant) == []


def test_a_cooperatives_page_shows_its_people_papers_lots_and_stamps(
    house: House, run: Run, officer: FlaskClient
) -> None:
    page = officer.get(address(house.cooperative)).text
    for words in (house.member.name, house.manager.name, house.certificate.number, run.label, "Đủ điều kiện dán tem"):
        assert words in page, words
    for state in ("50</strong> chưa in", "50</strong> đã kích hoạt"):
        assert state in page, state


@pytest.mark.parametrize("asked", ["htx na mau", "HNM", "mẫu", "na%", "", "\x00", "x" * 9_000])
def test_the_list_is_searched_without_marks_and_breaks_on_nothing(
    house: House, other_house: House, officer: FlaskClient, asked: str
) -> None:
    page = officer.get("/office/cooperatives", query_string={"q": asked, "page": "9" * 12})
    assert page.status_code == 200
    found = {name for name in (house.cooperative.name, other_house.cooperative.name) if f">{name}</a>" in page.text}
    everything = {house.cooperative.name, other_house.cooperative.name}
    mine = {house.cooperative.name}
    expected: dict[str, set[str]] = {"": everything, "\x00": everything, "na%": set(), "x" * 9_000: set()}
    assert found == expected.get(asked, mine)


def test_the_list_is_filtered_by_state_and_paged(session: Session, applicant: Cooperative) -> None:
    for number in range(A_PAGE + 1):
        make_cooperative(session, f"HTX số {number}", f"S{number}")
    assert cooperatives(session, state="waiting").rows == [applicant]
    approved = cooperatives(session, state="approved", page=2)
    assert (approved.total, approved.pages, len(approved.rows)) == (A_PAGE + 1, 2, 1)
    assert cooperatives(session, state="left").rows == []
    assert cooperatives(session, state="nonsense").total == A_PAGE + 2


def test_runs_of_stamps_are_told_by_state(run: Run, officer: FlaskClient) -> None:
    page = officer.get("/office/runs").text
    assert run.label in page
    assert "HTX Na Mẫu" in page
    assert "50</strong> đã kích hoạt" in page


def test_the_office_is_the_officers_alone(
    session: Session, applicant: Cooperative, house: House, staff: dict[str, Person], sign_in: SignIn,
    client: FlaskClient,
) -> None:  # fmt: skip
    for person in (house.manager, staff["auditor"], staff["operator"]):
        browser = sign_in(person)
        assert browser.get("/office/").status_code == 403
        for word in ("approve", "refuse", "leave"):
            assert browser.post(address(applicant, word), data={"seen": "0", "reason": "x"}).status_code == 403
    looked: dict[str, Any] = {
        name: sign_in(staff[name]).get(address(applicant)).status_code for name in ("auditor", "operator")
    }
    assert looked == {"auditor": 200, "operator": 403}
    assert client.post(address(applicant, "approve"), data={"seen": "0"}).status_code == 403
    assert verdicts(session, applicant) == []
