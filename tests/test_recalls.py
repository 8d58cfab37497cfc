"""Recalls: found forward and back, decided together, told to everybody; and drills, which change nothing."""

from collections.abc import Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, PASSWORD, TODAY, Clock, House, code_of, make_batch
from trace.records import Batch, BatchVerdict, Notice, Recall, RecallRange, Run
from trace.work.actor import Actor
from trace.work.batches import decide
from trace.work.dispatches import Going, Leaving, dispatch
from trace.work.recall_search import Search, find_batches
from trace.work.refused import Refused
from trace.work.stamps import void

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def officer(sign_in, staff) -> FlaskClient:
    browser: FlaskClient = sign_in(staff["officer"])
    browser.post("/account/confirm", data={"fresh_password": PASSWORD})
    return browser


@pytest.fixture
def older(session: Session, house: House) -> Batch:
    """A lot of a week ago, from the same plot."""
    batch = make_batch(session, house, packed_on=TODAY - timedelta(days=7))
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    session.commit()
    return batch


def send(browser: FlaskClient, how: str, *batches: Batch, **more: str):
    data = {"batches": [batch.public_id for batch in batches], "reason": "dư lượng vượt mức", "advice": "Không ăn.",
            "contact": "Chi cục 0205 3812 264"} | more  # fmt: skip
    return browser.post(f"/staff/recalls/{how}", data=data)


def test_lots_are_found_by_plot_product_certificate_and_days(
    session: Session, house: House, other_house: House, batch: Batch, older: Batch
) -> None:
    make_batch(session, other_house)
    make_batch(session, house, submitted=False)

    def codes(**by: object) -> set[str]:
        return {row.batch.code for row in find_batches(session, Search(**by))}  # type: ignore[arg-type]

    both = {batch.code, older.code}
    assert codes(plot=house.plot) == both
    assert codes(product=house.product) == both
    assert codes(certificate=house.certificate) == both
    assert codes(cooperative=house.cooperative) == both
    assert codes(plot=house.plot, from_on=TODAY, to_on=TODAY) == {batch.code}
    assert codes(plot=house.plot, to_on=TODAY - timedelta(days=1)) == {older.code}
    assert codes() == set(), "everything is no search"


def test_each_lot_shows_where_it_came_from_and_where_it_went(
    session: Session, house: House, run: Run, batch: Batch, officer: FlaskClient
) -> None:
    leaving = Leaving(TODAY, "Cửa hàng Kỳ Lừa", place="Lạng Sơn")
    dispatch(session, house.cooperative, leaving, [Going(batch, packs=3)], actor=AUDITOR, now=NOON, today=TODAY)
    session.commit()
    page = officer.get(f"/staff/recalls/find?plot={house.plot.public_id}").text
    for words in (batch.code, "Vườn Lũng Than", "Cửa hàng Kỳ Lừa", "3 kg", ">50<"):
        assert words in page
    [row] = find_batches(session, Search(plot=house.plot))
    assert (row.active_stamps, row.dispatched_g, row.buyers) == (50, 3000, ["Cửa hàng Kỳ Lừa"])


def test_a_recall_turns_every_page_of_its_lots(
    session: Session, client: FlaskClient, run: Run, batch: Batch, older: Batch, officer: FlaskClient
) -> None:
    code = code_of(run, 7)
    assert "Mã tem hợp lệ" in client.get(f"/T/{code}").text
    sent = send(officer, "make", batch, older)
    assert sent.status_code == 302, sent.text
    page = client.get(f"/T/{code}").text
    for words in ("thu hồi", "dư lượng vượt mức", "Không ăn.", "0205 3812 264"):
        assert words in page
    session.expire_all()
    assert {batch.verdict, older.verdict} == {BatchVerdict.RECALLED}
    assert session.scalars(select(Notice.cooperative_id)).all() == [batch.cooperative_id] * 2
    assert batch.code in officer.get(sent.location).text


def test_everybody_reads_the_list_the_feed_and_the_notice(
    client: FlaskClient, session: Session, batch: Batch, officer: FlaskClient, clock: Clock
) -> None:
    assert "Chưa có gì bị thu hồi" in client.get("/recalls").text
    assert ElementTree.fromstring(client.get("/recalls.atom").text).findall(f"{ATOM}entry") == []
    send(officer, "make", batch)
    listed = client.get("/recalls")
    assert batch.code in listed.text
    assert "Set-Cookie" not in listed.headers
    feed = client.get("/recalls.atom")
    assert feed.content_type.startswith("application/atom+xml")
    [entry] = ElementTree.fromstring(feed.text).findall(f"{ATOM}entry")
    assert batch.code in (entry.findtext(f"{ATOM}title") or "")
    assert entry.findtext(f"{ATOM}id") == f"http://tem.test/recalls/{batch.public_id}"
    notice = client.get(f"/recalls/{batch.public_id}").text
    for words in ("Thông báo thu hồi", batch.code, "dư lượng vượt mức", "Không ăn."):
        assert words in notice
    clock.advance(days=1)
    decide(session, batch, BatchVerdict.LIFTED, by=AUDITOR, now=clock.now, reason="kết quả đạt")
    session.commit()
    assert "bỏ thu hồi" in client.get("/recalls").text
    [entry] = ElementTree.fromstring(client.get("/recalls.atom").text).findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}updated") or "").startswith("2026-08-21")


def test_a_lot_never_recalled_has_no_notice(client: FlaskClient, batch: Batch) -> None:
    assert client.get(f"/recalls/{batch.public_id}").status_code == 404


def test_a_drill_is_timed_and_kept_and_changes_nothing(
    session: Session, client: FlaskClient, run: Run, batch: Batch, officer: FlaskClient, clock: Clock
) -> None:
    officer.get(f"/staff/recalls/find?product={batch.product.public_id}")
    begun = clock.now.isoformat()
    clock.advance(seconds=95)
    sent = send(officer, "drill", batch, begun=begun, advice="")
    assert sent.status_code == 302, sent.text
    recall = session.scalars(select(Recall)).one()
    assert (recall.drill, recall.took_s, recall.batches[0].active_stamps) == (True, 95, 50)
    assert recall.batches[0].decision_id is None
    session.expire_all()
    assert batch.verdict is BatchVerdict.CERTIFIED
    assert "Mã tem hợp lệ" in client.get(f"/T/{code_of(run, 7)}").text
    assert session.scalars(select(Notice)).first() is None
    assert "Diễn tập thu hồi" in officer.get(sent.location).text
    assert "1 phút 35 giây" in officer.get("/staff/recalls/").text


def test_a_time_nobody_can_have_begun_at_is_cut(
    session: Session, batch: Batch, officer: FlaskClient, clock: Clock
) -> None:
    for begun in ("2031-01-01T00:00:00+00:00", "1999-01-01T00:00:00+00:00", "x", "2026-08-20T00:00:00"):
        assert send(officer, "drill", batch, begun=begun).status_code == 302
    assert [recall.took_s for recall in session.scalars(select(Recall).order_by(Recall.id))] == [0, 43_200, 0, 0]


def test_a_recall_needs_reason_advice_and_a_lot(batch: Batch, officer: FlaskClient, session: Session) -> None:
    for wrong in ({"reason": ""}, {"advice": ""}, {"batches": []}):
        assert send(officer, "make", batch, **wrong).status_code == 422  # type: ignore[arg-type]
    assert session.scalars(select(Recall)).first() is None


def test_all_or_nothing(session: Session, batch: Batch, older: Batch, officer: FlaskClient) -> None:
    decide(session, older, BatchVerdict.RECALLED, by=AUDITOR, now=NOON, reason="trước đó")
    session.commit()
    assert send(officer, "make", batch, older).status_code == 409
    session.expire_all()
    assert batch.verdict is BatchVerdict.CERTIFIED


def test_a_recall_asks_again_who_is_there(
    sign_in: Callable[..., FlaskClient], staff, batch: Batch, clock: Clock
) -> None:
    browser = sign_in(staff["officer"])
    clock.advance(hours=1)
    assert send(browser, "make", batch).status_code == 403


def test_lifting_needs_a_second_person(session: Session, batch: Batch, staff) -> None:
    first, second = (Actor(staff[office].id, office, office) for office in ("auditor", "officer"))
    decide(session, batch, BatchVerdict.RECALLED, by=first, now=NOON, reason="dư lượng")
    session.commit()
    with pytest.raises(Refused, match="second person"):
        decide(session, batch, BatchVerdict.LIFTED, by=first, now=NOON, reason="đạt")
    decide(session, batch, BatchVerdict.LIFTED, by=second, now=NOON, reason="đạt")


def send_stamps(browser: FlaskClient, how: str, first: str, last: str = "", **more: str):
    data = {"first": first, "last": last, "reason": "cuộn tem bị mất cắp", "advice": "Không ăn.",
            "contact": "Chi cục 0205 3812 264"} | more  # fmt: skip
    return browser.post(f"/staff/recalls/stamps/{how}", data=data)


def test_stamps_are_recalled_by_their_serials_and_lifted_by_a_second_person(
    session: Session, client: FlaskClient, house: House, run: Run, officer: FlaskClient, staff,
    sign_in: Callable[..., FlaskClient],
) -> None:  # fmt: skip
    void(session, run, 12, 12, "rách", actor=AUDITOR, now=NOON)
    session.commit()
    search = "/staff/recalls/stamps?first=hnm-26a-0000010&last=60"
    found = officer.get(search).text
    assert "50 trong 51 tem" in found
    sent = send_stamps(officer, "make", "HNM-26A-0000010", "60")
    assert sent.status_code == 302, sent.text

    for number in (10, 60):
        page = client.get(f"/T/{code_of(run, number)}").text
        for words in ("thu hồi", "cuộn tem bị mất cắp", "Không ăn.", "0205 3812 264"):
            assert words in page
    assert "thu hồi" not in client.get(f"/T/{code_of(run, 9)}").text
    assert "đã hủy" in client.get(f"/T/{code_of(run, 12)}").text.lower()
    session.expire_all()
    assert session.scalars(select(Notice.cooperative_id)).all() == [house.cooperative.id]
    assert "HNM-26A-0000010 – 0000060" in sign_in(house.member).get("/home", follow_redirects=True).text
    listed = client.get("/recalls").text
    assert "HNM-26A-0000010 – 0000060" in listed
    [line] = session.scalars(select(RecallRange)).all()
    assert line.parts == [(10, 11), (13, 50), (51, 60)]
    notice = client.get(f"/recalls/{line.public_id}").text
    assert "cuộn tem bị mất cắp" in notice
    assert line.public_id in client.get("/recalls.atom").text

    back = f"/staff/recalls/{line.recall.public_id}/lift"
    assert officer.post(back, data={"reason": ""}).status_code == 422
    asked = officer.post(back, data={"reason": "tìm thấy cuộn tem"})
    assert asked.status_code == 302
    assert officer.post(f"{asked.location}/agree", data={"mark": "c" * 32}).status_code in {403, 422}
    assert "cuộn tem bị mất cắp" in client.get(f"/T/{code_of(run, 10)}").text, "nothing changes before"
    second = sign_in(staff["auditor"])
    second.post("/account/confirm", data={"fresh_password": PASSWORD})
    assert "HNM-26A-0000010" in second.get(asked.location).text
    agreed = second.post(f"{asked.location}/agree", data={"mark": "d" * 32})
    assert agreed.status_code == 302, agreed.text
    assert "Mã tem hợp lệ" in client.get(f"/T/{code_of(run, 10)}").text
    assert "chưa kích hoạt" in client.get(f"/T/{code_of(run, 60)}").text.lower()
    assert "gỡ" in client.get("/recalls").text or "bỏ thu hồi" in client.get("/recalls").text
    assert second.post(back, data={"reason": "lần nữa", "mark": "e" * 32}).status_code == 409
    with pytest.raises(DBAPIError):
        session.execute(RecallRange.__table__.update().values(count=1))


def test_a_drill_of_stamps_changes_nothing_and_wrong_serials_are_told_beside_their_field(
    session: Session, client: FlaskClient, run: Run, officer: FlaskClient, clock: Clock
) -> None:
    begun = NOON.isoformat()
    clock.advance(seconds=95)
    sent = send_stamps(officer, "drill", "HNM-26A-0000010", "HNM-26A-0000020", begun=begun, advice="")
    assert sent.status_code == 302, sent.text
    assert "1 phút 35 giây" in officer.get(sent.location).text
    assert "Mã tem hợp lệ" in client.get(f"/T/{code_of(run, 10)}").text
    assert "Chưa có gì bị thu hồi" in client.get("/recalls").text
    assert officer.post(f"{sent.location}/lift", data={"reason": "x"}).status_code == 409
    for first, last, words in (("123", "", "số sê-ri"), ("HNM-26A-0000001", "999", "1 đến 100"), ("X", "", "số sê-ri")):
        assert words in officer.get(f"/staff/recalls/stamps?first={first}&last={last}").text
    assert send_stamps(officer, "make", "HNM-26A-0000010", reason="").status_code == 422
    assert send_stamps(officer, "make", "HNM-99Z-0000010").status_code == 422
