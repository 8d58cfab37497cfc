"""Certificates compared with the original, and what is decided about them afterwards."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_WORDS
from tests.conftest import NOON, TODAY, House, make_batch
from trace.accounts import Membership, Person
from trace.records import Certificate, CertificateDecision, Run, Scheme, ScopeLine
from trace.work.reach import reached_by

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def declared(session: Session, house: House) -> Certificate:
    """A certificate with one scope line that nobody has compared yet."""
    own = {"cooperative_id": house.cooperative.id}
    paper = Certificate(
        scheme=Scheme.VIETGAP, number="VietGAP-TT-13-09-68-0096", body="Tổ chức chứng nhận Mẫu",
        issued_on=date(2025, 1, 10), expires_on=date(2028, 1, 9), created_at=NOON, **own,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    session.add(
        ScopeLine(
            certificate_id=paper.id, product_id=house.product.id, plot_id=house.plot.id, area_m2=20_000,
            expected_g_a_year=18_000_000, **own,
        )
    )  # fmt: skip
    session.commit()
    return paper


@pytest.fixture
def auditor(staff: dict[str, Person], sign_in: SignIn) -> FlaskClient:
    return sign_in(staff["auditor"])


def address(paper: Certificate, verdict: str = "") -> str:
    return f"/audit/certificates/{paper.public_id}" + (f"/{verdict}" if verdict else "")


def verdicts(session: Session, paper: Certificate) -> list[str]:
    session.rollback()
    query = select(CertificateDecision.verdict).where(CertificateDecision.certificate_id == paper.id)
    return list(session.scalars(query.order_by(CertificateDecision.id)))


def test_the_page_shows_what_to_compare(declared: Certificate, auditor: FlaskClient) -> None:
    page = auditor.get(address(declared)).text
    for words in ("VietGAP-TT-13-09-68-0096", "10/01/2025", "09/01/2028", "Vườn Lũng Than", "2 ha", "18.000 kg"):
        assert words in page, words
    assert "Lạng Sơn là 20" in page, "the number names another province: the auditor is told"
    assert "Chưa có bản chụp" in page


def test_an_auditor_confirms_what_they_have_compared(
    session: Session, declared: Certificate, auditor: FlaskClient
) -> None:
    unticked = auditor.post(address(declared, "confirmed"), data={"seen": "0"})
    assert unticked.status_code == 422
    assert verdicts(session, declared) == []
    assert auditor.post(address(declared, "confirmed"), data={"seen": "0", "compared": "y"}).status_code == 302
    assert verdicts(session, declared) == ["confirmed"]
    assert declared.covers(TODAY)


def test_a_certificate_without_scope_lines_is_not_confirmed(
    session: Session, house: House, auditor: FlaskClient
) -> None:
    paper = Certificate(
        cooperative_id=house.cooperative.id, scheme=Scheme.VIETGAP, number="VG-1", body="Mẫu", issued_on=TODAY,
        expires_on=TODAY, created_at=NOON,
    )  # fmt: skip
    session.add(paper)
    session.commit()
    assert auditor.post(address(paper, "confirmed"), data={"seen": "0", "compared": "y"}).status_code == 422
    assert verdicts(session, paper) == []


@pytest.mark.parametrize("reason", BAD_WORDS.values(), ids=BAD_WORDS)
def test_a_refusal_needs_a_reason(session: Session, declared: Certificate, auditor: FlaskClient, reason: str) -> None:
    page = auditor.post(address(declared, "refused"), data={"seen": "0", "reason": reason})
    assert page.status_code == 422
    assert "field-error" in page.text
    assert verdicts(session, declared) == []


def test_a_suspension_shows_first_which_lots_and_stamps_it_turns(
    session: Session, house: House, run: Run, auditor: FlaskClient
) -> None:
    make_batch(session, house, packed_on=TODAY - timedelta(days=5))
    session.commit()
    page = auditor.get(address(house.certificate, "suspended")).text
    assert "Từ 20/08/2026, quyết định này áp dụng cho 1 lô với 50 tem đã kích hoạt" in page

    week_ago = (TODAY - timedelta(days=7)).isoformat()
    form = {"seen": "1", "reason": "chưa khắc phục", "reaches_from": week_ago}
    unseen = auditor.post(address(house.certificate, "suspended"), data=form | {"shown": "2026-08-20/1/50"})
    assert unseen.status_code == 422
    assert "áp dụng cho 2 lô với 50 tem đã kích hoạt" in unseen.text
    assert "chưa khắc phục" in unseen.text, "nothing typed is lost"
    assert f'value="{week_ago}/2/50"' in unseen.text
    assert verdicts(session, house.certificate) == ["confirmed"]

    done = auditor.post(address(house.certificate, "suspended"), data=form | {"shown": f"{week_ago}/2/50"})
    assert done.status_code == 302
    assert verdicts(session, house.certificate) == ["confirmed", "suspended"]


def test_what_was_harvested_and_packed_before_the_day_is_not_reached(session: Session, house: House) -> None:
    old = make_batch(session, house, packed_on=TODAY - timedelta(days=5))
    new = make_batch(session, house)
    draft = make_batch(session, house, submitted=False)
    reached = reached_by(session, house.certificate, TODAY - timedelta(days=4))
    assert [each.batch for each in reached] == [new]
    everything = {each.batch for each in reached_by(session, house.certificate, date(2020, 1, 1))}
    assert everything == {old, new}
    assert draft not in everything


@pytest.mark.parametrize("day", [*BAD_DAYS.values(), "2024-12-31", "2028-01-10"])
def test_the_day_must_be_one_on_which_the_certificate_runs(
    session: Session, house: House, auditor: FlaskClient, day: str
) -> None:
    form = {"seen": "1", "reason": "lý do", "reaches_from": day, "shown": f"{day}/0/0"}
    page = auditor.post(address(house.certificate, "suspended"), data=form)
    assert page.status_code == 422
    assert "field-error" in page.text
    assert verdicts(session, house.certificate) == ["confirmed"]


def test_warning_suspending_and_lifting_follow_each_other(
    session: Session, house: House, auditor: FlaskClient, staff: Any, sign_in: Any
) -> None:
    day = TODAY.isoformat()
    for seen, verdict in enumerate(["warned", "suspended", "lifted", "cancelled"], start=1):
        form = {"seen": str(seen), "reason": "theo biên bản", "reaches_from": day, "shown": f"{day}/0/0"}
        assert auditor.get(address(house.certificate, verdict)).status_code == 200
        answer = auditor.post(address(house.certificate, verdict), data=form)
        assert answer.status_code == 302, verdict
        if verdict == "lifted":  # only once a second person agrees
            assert verdicts(session, house.certificate)[-1] == "suspended"
            assert sign_in(staff["officer"]).post(f"{answer.location}/agree").status_code == 302
    assert verdicts(session, house.certificate) == ["confirmed", "warned", "suspended", "lifted", "cancelled"]
    page = auditor.get(address(house.certificate)).text
    assert "Hủy bỏ chứng nhận" in page
    assert auditor.get(address(house.certificate, "lifted")).status_code == 404, "nothing lifts a cancellation"


def test_two_auditors_on_one_certificate_the_slower_one_is_told(
    session: Session, declared: Certificate, auditor: FlaskClient
) -> None:
    auditor.post(address(declared, "refused"), data={"seen": "0", "reason": "không có bản gốc"})
    late = auditor.post(address(declared, "confirmed"), data={"seen": "0", "compared": "y"})
    assert late.status_code == 409
    assert verdicts(session, declared) == ["refused"]


def test_an_auditor_decides_nothing_on_their_own_cooperatives_certificate(
    session: Session, declared: Certificate, staff: dict[str, Person], sign_in: SignIn
) -> None:
    place = Membership(
        person_id=staff["auditor"].id, cooperative_id=declared.cooperative_id, place="member", since_at=NOON,
        ended_at=NOON,
    )  # fmt: skip
    session.add(place)
    session.commit()
    browser = sign_in(staff["auditor"])
    assert "/confirmed" not in browser.get(address(declared)).text
    answer = browser.post(address(declared, "confirmed"), data={"seen": "0", "compared": "y"})
    assert answer.status_code == 422
    assert verdicts(session, declared) == []


def test_others_do_not_decide_and_only_offices_look(
    declared: Certificate, house: House, staff: dict[str, Person], sign_in: SignIn, client: FlaskClient
) -> None:
    for person in (house.manager, staff["officer"], staff["operator"]):
        browser = sign_in(person)
        assert browser.get(address(declared)).status_code == (200 if person.office == "officer" else 403)
        for verdict in ("confirmed", "refused", "suspended", "lifted"):
            assert browser.get(address(declared, verdict)).status_code == 403
            assert browser.post(address(declared, verdict), data={"seen": "0"}).status_code == 403
    assert client.post(address(declared, "confirmed")).status_code == 403


def test_an_unknown_verdict_is_no_page(declared: Certificate, auditor: FlaskClient) -> None:
    assert auditor.get(address(declared, "blessed")).status_code == 404


def test_looking_stores_nothing(session: Session, declared: Certificate, auditor: FlaskClient) -> None:
    for verdict in ("", "confirmed", "refused"):
        answer: Any = auditor.get(address(declared, verdict))
        assert answer.status_code == 200
    assert verdicts(session, declared) == []
