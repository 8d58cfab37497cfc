"""The auditor's desk: what waits, what stands stopped, what was done, and what a search finds."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House, code_of, make_batch
from trace.records import Batch, BatchVerdict, Certificate, Run, Scheme
from trace.service import keyring
from trace.work.batches import decide
from trace.work.desk import done_lately, stopped_batches, waiting_batches, waiting_certificates
from trace.work.staffsearch import search

SignIn = Callable[..., FlaskClient]


def declare(session: Session, house: House, number: str = "VietGAP-TT-13-09-20-7777") -> Certificate:
    """A certificate that nobody has compared with its original."""
    paper = Certificate(
        cooperative_id=house.cooperative.id,
        scheme=Scheme.VIETGAP,
        number=number,
        body="Tổ chức chứng nhận Đồng Mẫu",
        issued_on=TODAY.replace(year=2025),
        expires_on=TODAY.replace(year=2028),
        created_at=NOON,
    )
    session.add(paper)
    session.commit()
    return paper


def test_a_lot_waits_on_the_desk_until_somebody_decides(
    session: Session, house: House, staff: Any, sign_in: SignIn
) -> None:
    waiting = make_batch(session, house)
    session.commit()
    browser = sign_in(staff["auditor"])
    assert waiting.code in browser.get("/audit/").text.split("Lô đang bị dừng")[0]

    decide(session, waiting, BatchVerdict.REFUSED, by=AUDITOR, now=NOON, reason="sai nguồn")
    session.commit()
    assert waiting_batches(session, now=NOON) == []
    assert done_lately(session)[0].verdict == "refused"


def test_lots_whose_checks_fail_come_before_older_ones(session: Session, house: House) -> None:
    good = make_batch(session, house)
    bad = make_batch(session, house, packs=5_000)
    assert [row.batch for row in waiting_batches(session, now=NOON)] == [bad, good]
    assert [row.failed for row in waiting_batches(session, now=NOON)] == [1, 0]


def test_a_lot_suspended_while_it_waited_waits_again_once_lifted(session: Session, house: House) -> None:
    lot = make_batch(session, house)
    decide(session, lot, BatchVerdict.SUSPENDED, by=AUDITOR, now=NOON, reason="chờ kiểm nghiệm")
    assert waiting_batches(session, now=NOON) == []
    assert [row.batch for row in stopped_batches(session)] == [lot]
    decide(session, lot, BatchVerdict.LIFTED, by=AUDITOR, now=NOON, reason="đạt")
    assert [row.batch for row in waiting_batches(session, now=NOON)] == [lot]
    assert stopped_batches(session) == []


def test_drafts_are_nobody_elses_affair(session: Session, house: House, staff: Any, sign_in: SignIn) -> None:
    draft = make_batch(session, house, submitted=False)
    session.commit()
    browser = sign_in(staff["auditor"])
    assert draft.code not in browser.get("/audit/").text
    assert browser.get(f"/audit/batches/{draft.public_id}").status_code == 404
    assert not search(session, keyring(), draft.code, today=TODAY).batches


def test_a_declared_certificate_waits_to_be_compared(session: Session, house: House) -> None:
    paper = declare(session, house)
    assert [row.certificate for row in waiting_certificates(session, today=TODAY)] == [paper]


@pytest.mark.parametrize("typed", ["htx na mau", "HTX NA MẪU", "na mẫu", "HNM", "hnm"])
def test_a_search_finds_a_cooperative_typed_without_marks(session: Session, house: House, typed: str) -> None:
    assert search(session, keyring(), typed, today=TODAY).cooperatives == [house.cooperative]


@pytest.mark.parametrize("typed", ["na chi lang", "Na Chi Lăng", "htx na mau"])
def test_a_search_finds_lots_by_product_and_cooperative(session: Session, batch: Batch, typed: str) -> None:
    found = search(session, keyring(), typed, today=TODAY)
    assert [lot for lot, _ in found.batches] == [batch]
    assert [lot for lot, _ in search(session, keyring(), batch.code.lower(), today=TODAY).batches] == [batch]


@pytest.mark.parametrize("typed", ["vietgap-tt-13-09-20-7777", "7777", "dong mau"])
def test_a_search_finds_certificates_by_number_and_body(session: Session, house: House, typed: str) -> None:
    paper = declare(session, house)
    assert [row.certificate for row in search(session, keyring(), typed, today=TODAY).certificates] == [paper]


def test_a_stamp_is_found_by_code_link_and_serial(session: Session, run: Run) -> None:
    code = code_of(run, 7)
    grouped = "-".join(code[start : start + 4] for start in range(0, 16, 4))
    for typed in (code, code.lower(), grouped, f"http://tem.test/T/{code}", f"{run.label}-0000007", f"{run.label}-7"):
        found = search(session, keyring(), typed, today=TODAY).stamp
        assert found is not None, typed
        assert (found.run, found.number, found.verdict.value) == (run, 7, "valid")


@pytest.mark.parametrize(
    "typed", ["", " ", "%", "_", "%%", "' OR 1=1 --", "x" * 5_000, "\x00\x01", "🍏🍏", "HNM-26A-0000999", "0" * 16]
)
def test_a_strange_search_finds_nothing_and_breaks_nothing(run: Run, staff: Any, sign_in: SignIn, typed: str) -> None:
    page = sign_in(staff["auditor"]).get("/audit/search", query_string={"q": typed})
    assert page.status_code == 200
    assert 'href="/audit/batches/' not in page.text


def test_the_search_page_leads_to_the_lot_of_a_stamp(run: Run, batch: Batch, staff: Any, sign_in: SignIn) -> None:
    page = sign_in(staff["officer"]).get("/audit/search", query_string={"q": code_of(run, 3)})
    assert run.serial(3) in page.text
    assert f"/audit/batches/{batch.public_id}" in page.text


def test_the_desk_is_the_auditors_alone(house: House, staff: Any, sign_in: SignIn, client: FlaskClient) -> None:
    for person in (house.member, house.manager, staff["officer"], staff["operator"]):
        browser = sign_in(person)
        assert browser.get("/audit/").status_code == 403
        assert browser.get("/audit/certificates").status_code == 403
    assert client.get("/audit/").status_code == 302
