"""The second pair of eyes: proposed by one, agreed to by another or by a signed paper decision, and shown as such."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import NOON, TODAY, Clock, House, make_person
from trace.accounts import Office, Person
from trace.records import Entry, Proposal, ProposalAnswer
from trace.work.actor import SERVICE, Actor
from trace.work.deployments import change_setting
from trace.work.proposals import ACTS, Act, about, agree, agreed_to, propose
from trace.work.refused import Refused

SignIn = Callable[[Person], FlaskClient]


@pytest.fixture
def done() -> Iterator[list[str]]:
    """What the act of these tests has done, proposal by proposal."""
    deeds: list[str] = []
    act = Act(
        "test.export",
        frozenset({"manager", "officer"}),
        lambda _session, proposal, _actor, _now: deeds.append(proposal.subject),
        "Hand out %(count)s codes",
    )
    ACTS.add(act)
    yield deeds
    del ACTS["test.export"]


@pytest.fixture
def asked(session: Session, house: House, done: list[str]) -> Proposal:
    """A member of our cooperative asks for codes."""
    member = Actor(house.member.id, house.member.public_id, "member", frozenset({house.cooperative.id}))
    facts = {"count": 50_000}
    proposal = propose(
        session, "test.export", house.product, facts, actor=member, now=NOON, cooperative_id=house.cooperative.id
    )
    session.commit()
    return proposal


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (400, 300), "white").save(file, "PNG")
    file.seek(0)
    return file


def paper(**changes: object) -> dict[str, object]:
    return {"number": "112/QĐ-SKHCN", "signed_on": "19/08/2026", "scan": (picture(), "qd112.png")} | changes


def allow_papers(session: Session) -> None:
    change_setting(session, "paper_decisions", True, from_on=TODAY, actor=SERVICE, now=NOON)
    session.commit()


def test_a_second_person_is_told_agrees_and_it_is_done_once(
    session: Session, house: House, asked: Proposal, done: list[str], sign_in: SignIn
) -> None:
    address = f"/proposals/{asked.public_id}"
    member, manager = sign_in(house.member), sign_in(house.manager)
    assert address in manager.get("/account/notices").text, "the one who may agree finds it at home"
    assert member.post(f"{address}/agree").status_code == 422
    assert done == []
    assert "50.000" in manager.get(address).text

    assert manager.post(f"{address}/agree").status_code == 302

    assert manager.post(f"{address}/agree").status_code == 409
    assert done == [house.product.public_id]
    page = member.get(address).text
    assert house.manager.name in page
    assert address in member.get("/account/notices").text, "the one who proposed hears of it"
    assert agreed_to(session, "test.export", house.product.public_id) is not None
    kinds = [entry.kind for entry in session.scalars(select(Entry).where(Entry.subject == asked.public_id))]
    assert kinds == ["proposal.made", "proposal.agreed"]


def test_nobody_else_sees_it_or_answers_it(
    house: House, other_house: House, staff: dict[str, Person], asked: Proposal, done: list[str], sign_in: SignIn
) -> None:
    address = f"/proposals/{asked.public_id}"
    for person in (other_house.manager, staff["auditor"], staff["operator"]):
        browser = sign_in(person)
        assert browser.get(address).status_code == 404
        assert browser.post(f"{address}/agree").status_code == 404
        assert asked.public_id not in browser.get("/proposals").text
    assert done == []


def test_a_no_needs_its_reason_and_ends_it(
    session: Session, staff: dict[str, Person], house: House, asked: Proposal, done: list[str], sign_in: SignIn
) -> None:
    officer, address = sign_in(staff["officer"]), f"/proposals/{asked.public_id}"
    assert officer.post(f"{address}/decline", data={"reason": " "}).status_code == 422
    assert officer.post(f"{address}/decline", data={"reason": "Quá nhiều mã"}).status_code == 302
    assert sign_in(house.manager).post(f"{address}/agree").status_code == 409
    assert "Quá nhiều mã" in sign_in(house.member).get(address).text
    assert done == []


def test_whoever_proposed_takes_it_back_and_proposes_again(
    session: Session, house: House, asked: Proposal, done: list[str], sign_in: SignIn
) -> None:
    member = Actor(house.member.id, house.member.public_id, "member", frozenset({house.cooperative.id}))
    again = {"actor": member, "now": NOON, "cooperative_id": house.cooperative.id}
    with pytest.raises(Refused):
        propose(session, "test.export", house.product, {"count": 1}, **again)
    session.rollback()
    assert sign_in(house.member).post(f"/proposals/{asked.public_id}/decline").status_code == 302
    propose(session, "test.export", house.product, {"count": 1}, **again)
    assert [one.waits(NOON) for one in about(session, house.product.public_id)] == [True, False]


def test_a_proposal_lapses(house: House, asked: Proposal, done: list[str], sign_in: SignIn, clock: Clock) -> None:
    clock.advance(days=15)
    manager = sign_in(house.manager)
    assert manager.post(f"/proposals/{asked.public_id}/agree").status_code == 409
    assert "Quá hạn" in manager.get(f"/proposals/{asked.public_id}").text
    assert done == []


def test_an_act_that_can_no_longer_be_done_is_not_agreed_to(session: Session, house: House, asked: Proposal) -> None:
    def gone(*_: object) -> None:
        raise Refused("Every stamp key is retired: the operator makes a new one before stamps can be issued.")

    ACTS.add(Act("test.export", frozenset({"manager"}), gone, "Hand out %(count)s codes"))
    manager = Actor(house.manager.id, house.manager.public_id, "manager", frozenset({house.cooperative.id}))
    with pytest.raises(Refused):
        agree(session, asked, actor=manager, now=NOON)
    session.rollback()
    assert session.get_one(Proposal, asked.id).answer is None


def test_a_signed_paper_stands_in_where_the_setting_allows_it_and_is_shown_as_such(
    session: Session, staff: dict[str, Person], sign_in: SignIn
) -> None:
    operator = sign_in(staff["operator"])
    person = {"name": "Lý Thị Kiểm", "office": "auditor", "email": "ly.kiem@example.vn"}
    address = operator.post("/operate/people/new", data=person).location
    assert operator.post(f"{address}/paper", data=paper()).status_code == 422, "not before an operator allows it"
    allow_papers(session)
    empty = operator.post(f"{address}/paper", data={"number": "", "signed_on": "32/13/2026"})
    assert empty.status_code == 422
    assert empty.text.count("field-error") == 3
    tomorrow = paper(signed_on=(TODAY + timedelta(days=9)).isoformat())
    assert operator.post(f"{address}/paper", data=tomorrow).status_code == 422

    assert operator.post(f"{address}/paper", data=paper()).status_code == 302

    page = operator.get(address).text
    for words in ("112/QĐ-SKHCN", "19/08/2026", "staff operator", f"{address}/scan"):
        assert words in page, words
    assert operator.get(f"{address}/scan").mimetype == "image/jpeg"
    session.rollback()
    assert session.scalars(select(Person).where(Person.email == "ly.kiem@example.vn")).one().office == Office.AUDITOR
    body = json.loads(session.scalars(select(Entry.body).where(Entry.kind == "proposal.agreed")).one())
    answer = session.scalars(select(ProposalAnswer)).one()
    assert answer.paper is not None
    signed = {"number": "112/QĐ-SKHCN", "on": "2026-08-19", "sha256": answer.paper.sha256}
    assert body["facts"]["paper"] == signed, "the history says which paper it was"


def test_two_who_agree_at_once_do_it_once(
    session: Session, staff: dict[str, Person], house: House, asked: Proposal, done: list[str], sign_in: SignIn
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    browsers = [sign_in(house.manager), sign_in(staff["officer"])]
    address = f"/proposals/{asked.public_id}/agree"
    session.commit()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: one.post(address).status_code, browsers))
    assert sorted(answers) == [302, 409]
    assert len(done) == 1


def test_what_was_proposed_and_answered_is_never_changed_or_deleted(
    session: Session, house: House, asked: Proposal, done: list[str]
) -> None:
    manager = Actor(house.manager.id, house.manager.public_id, "manager", frozenset({house.cooperative.id}))
    agree(session, asked, actor=manager, now=NOON)
    session.commit()
    for statement in (
        "UPDATE proposal SET facts = '{}'",
        "DELETE FROM proposal",
        "UPDATE proposal_answer SET answer = 'refused'",
        "DELETE FROM proposal_answer",
    ):
        with pytest.raises(DBAPIError):
            session.execute(text(statement))
        session.rollback()


def test_a_person_with_no_part_in_it_has_an_empty_list(session: Session, asked: Proposal, sign_in: SignIn) -> None:
    auditor = make_person(session, "Nông Văn Rỗi", office=Office.AUDITOR)
    session.commit()
    assert "Không có việc gì chờ người thứ hai" in sign_in(auditor).get("/proposals").text
