"""Certificates: declared by a cooperative, held against the original by an auditor, frozen from then on."""

import io
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_QUANTITIES, BAD_WORDS, NOBODYS, entries_about, last_id, rows, variants
from tests.conftest import AUDITOR, NOON, TODAY, House, make_batch
from tests.test_uploads import document
from trace.records import Certificate, CertificateState, CertificateVerdict, Scheme, ScopeLine
from trace.work.actor import Actor
from trace.work.certificates import CertificateFacts, add_certificate
from trace.work.certifying import decide_certificate, next_verdicts
from trace.work.refused import Refused
from trace.work.scope import ScopeFacts, add_line

NEW = "/my/certificates/new"
GOOD = {
    "scheme": "vietgap",
    "number": "VietGAP-TT-13-09-20-0411",
    "body": "Tổ chức chứng nhận Mẫu",
    "issued_on": "2025-08-01",
    "expires_on": "2027-07-31",
}
V = CertificateVerdict


def declare(session: Session, house: House, *, lines: int = 1) -> Certificate:
    facts = CertificateFacts(Scheme.VIETGAP, GOOD["number"], GOOD["body"], date(2025, 8, 1), date(2027, 7, 31))
    doing = {"actor": AUDITOR, "now": NOON}
    certificate = add_certificate(session, house.cooperative, facts, None, today=TODAY, **doing)
    if lines:
        add_line(session, certificate, ScopeFacts(house.product, house.plot, None, 20_000, 18_000_000), **doing)
    session.commit()
    return certificate


def decided(session: Session, certificate: Certificate, *verdicts: V, by: Actor = AUDITOR) -> None:
    for verdict in verdicts:
        reason = None if verdict is V.CONFIRMED else "lý do"
        decide_certificate(session, certificate, verdict, by=by, now=NOON, reaches_from=TODAY, reason=reason)
    session.commit()


# ---- Declared ----


def test_a_declared_certificate_says_that_it_opens_nothing_yet(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    scan = (io.BytesIO(document()), "Giấy chứng nhận.pdf")
    answer = browser.post(NEW, data=GOOD | {"document": scan})
    page = browser.get(answer.location)
    for shown in ("Khai báo, chờ đối chiếu bản gốc", GOOD["number"], "01/08/2025", "31/07/2027", "Giấy chứng nhận.pdf"):
        assert shown in page.text
    certificate = session.scalars(select(Certificate).where(Certificate.public_id == last_id(answer.location))).one()
    assert not certificate.covers(TODAY)
    assert entries_about(session, certificate.public_id) == ["certificate.declared"]


@pytest.mark.parametrize(
    ("field", "form"),
    variants(
        GOOD,
        {
            "scheme": {"empty": "", "unknown": "iso_1", "NUL": "\x00"},
            "number": BAD_WORDS | {"placeholder": "12345", "none": "N/A", "dots": "...", "later": "chưa có"},
            "body": BAD_WORDS,
            "issued_on": BAD_DAYS | {"tomorrow": "2026-08-21"},
            "expires_on": BAD_DAYS | {"before issue": "2025-07-31"},
            "stars": {"not OCOP": "4", "nine": "9"},
        },
    ),
)
def test_a_certificate_that_cannot_be_is_complained_about_beside_its_field(
    session: Session, house: House, sign_in, field: str, form: dict[str, str]
) -> None:
    before = rows(session, Certificate)
    answer = sign_in(house.member).post(NEW, data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(session, Certificate) == before


def test_ocop_needs_its_stars(house: House, sign_in) -> None:
    browser, form = sign_in(house.member), GOOD | {"scheme": "ocop", "number": "OCOP-77"}
    assert browser.post(NEW, data=form).status_code == 422
    page = browser.get(browser.post(NEW, data=form | {"stars": "4"}).location)
    assert "★★★★" in page.text


@pytest.mark.parametrize(("number", "said"), [("PGS 7/2025", "dạng ít gặp"), ("VietGAP-CN-13-09-20-0001", "chăn nuôi")])
def test_an_unusual_number_is_kept_as_printed_and_asked_about(house: House, sign_in, number: str, said: str) -> None:
    browser = sign_in(house.member)
    page = browser.get(browser.post(NEW, data=GOOD | {"number": number}).location)
    assert number in page.text
    assert said in page.text


def test_sent_twice_one_certificate_is_declared(session: Session, house: House, sign_in) -> None:
    browser, form, before = sign_in(house.member), GOOD | {"mark": "c" * 32}, rows(session, Certificate)
    assert browser.post(NEW, data=form).location == browser.post(NEW, data=form).location
    assert rows(session, Certificate) == before + 1


# ---- Scope lines ----


def scope_form(house: House) -> dict[str, str]:
    return {
        "product": house.product.public_id,
        "plot": house.plot.public_id,
        "grower": "",
        "area_m2": "1,8 ha",
        "expected_g_a_year": "16",
    }


def test_a_scope_line_is_added_changed_and_taken_away_each_with_an_entry(
    session: Session, house: House, sign_in
) -> None:
    certificate = declare(session, house, lines=0)
    browser, address = sign_in(house.member), f"/my/certificates/{certificate.public_id}"
    assert browser.post(f"{address}/scope/new", data=scope_form(house)).status_code == 302
    page = browser.get(address).text
    assert "16 tấn" in page or "16.000 kg" in page  # a bare number means tonnes
    line = session.scalars(select(ScopeLine).where(ScopeLine.certificate_id == certificate.id)).one()
    form = scope_form(house) | {"plot": "", "grower": house.grower.public_id}
    of_line = f"{address}/scope/{line.public_id}"
    assert browser.post(f"{of_line}/edit", data=form).status_code == 302
    assert browser.post(f"{of_line}/remove").status_code == 302
    assert browser.post(f"{of_line}/remove").status_code == 404
    told = entries_about(session, certificate.public_id)
    assert told == [f"certificate.{deed}" for deed in ("declared", "line_added", "line_changed", "line_removed")]


@pytest.mark.parametrize(
    ("field", "changes"),
    variants(
        {},
        {
            "product": {"empty": "", "nobody's": NOBODYS, "NUL": "\x00"},
            "plot": {"empty": "", "nobody's": NOBODYS},
            "grower": {"nobody's": NOBODYS},
            "area_m2": BAD_QUANTITIES | {"too much": "20.000 ha"},
            "expected_g_a_year": BAD_QUANTITIES | {"too much": "200.000 tấn", "no crop bears that": "2.000 tấn"},
        },
    ),
)
def test_a_scope_line_that_cannot_be_is_complained_about(
    session: Session, house: House, sign_in, field: str, changes: dict[str, str]
) -> None:
    certificate = declare(session, house, lines=0)
    before = rows(session, ScopeLine)
    answer = sign_in(house.member).post(
        f"/my/certificates/{certificate.public_id}/scope/new", data=scope_form(house) | changes
    )
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(session, ScopeLine) == before


def test_a_scope_line_takes_nothing_of_another_cooperative(
    session: Session, house: House, other_house: House, sign_in
) -> None:
    certificate, theirs = declare(session, house), declare(session, other_house)
    browser, address = sign_in(house.manager), f"/my/certificates/{certificate.public_id}/scope"
    for field, record in (("product", other_house.product), ("plot", other_house.plot), ("grower", other_house.grower)):
        assert browser.post(f"{address}/new", data=scope_form(house) | {field: record.public_id}).status_code == 422
    line = theirs.scope[0].public_id
    for own in (certificate.public_id, theirs.public_id):
        assert browser.post(f"/my/certificates/{own}/scope/{line}/edit", data=scope_form(house)).status_code == 404
        assert browser.post(f"/my/certificates/{own}/scope/{line}/remove").status_code == 404


def test_a_line_that_is_there_already_is_changed_not_doubled(session: Session, house: House, sign_in) -> None:
    certificate = declare(session, house)
    answer = sign_in(house.member).post(f"/my/certificates/{certificate.public_id}/scope/new", data=scope_form(house))
    assert answer.status_code == 422


def test_a_line_that_a_lot_draws_on_stays(session: Session, house: House, sign_in) -> None:
    certificate = declare(session, house)
    batch = make_batch(session, house, submitted=False)
    batch.intake[0].scope_line_id = certificate.scope[0].id
    session.commit()
    address = f"/my/certificates/{certificate.public_id}/scope/{certificate.scope[0].public_id}/remove"
    assert sign_in(house.member).post(address).status_code == 422


def test_another_cooperatives_certificate_is_nowhere(house: House, other_house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    for public_id in (other_house.certificate.public_id, NOBODYS, "%00"):
        address = f"/my/certificates/{public_id}"
        assert browser.get(address).status_code == 404
        assert browser.post(f"{address}/edit", data=GOOD).status_code == 404
        assert browser.post(f"{address}/scope/new", data=scope_form(house)).status_code == 404
        assert browser.get(f"{NEW}?like={public_id}").status_code == 404


# ---- Decided ----


def test_what_an_auditor_has_confirmed_is_frozen_on_pages(session: Session, house: House, sign_in) -> None:
    certificate = declare(session, house)
    decided(session, certificate, V.CONFIRMED)
    browser, address = sign_in(house.member), f"/my/certificates/{certificate.public_id}"
    line = certificate.scope[0].public_id
    assert browser.post(f"{address}/edit", data=GOOD | {"number": "VietGAP-TT-13-09-20-0412"}).status_code == 409
    assert browser.post(f"{address}/scope/new", data=scope_form(house)).status_code == 409
    assert browser.post(f"{address}/scope/{line}/edit", data=scope_form(house)).status_code == 409
    assert browser.post(f"{address}/scope/{line}/remove").status_code == 409
    for asked in ("edit", "scope/new", f"scope/{line}/edit"):
        assert browser.get(f"{address}/{asked}").status_code == 302
    page = browser.get(address)
    assert "Còn hiệu lực" in page.text
    assert f"{NEW}?like={certificate.public_id}" in page.text


def test_what_an_auditor_has_confirmed_is_frozen_in_the_database(session: Session, house: House) -> None:
    certificate = declare(session, house)
    decided(session, certificate, V.CONFIRMED)
    line = certificate.scope[0]
    for statement in (
        update(Certificate).where(Certificate.id == certificate.id).values(number="X-1"),
        update(ScopeLine).where(ScopeLine.id == line.id).values(expected_g_a_year=1),
        ScopeLine.__table__.delete().where(ScopeLine.id == line.id),
    ):
        with pytest.raises(DBAPIError, match="frozen"):
            session.execute(statement)
        session.rollback()


def test_a_new_certificate_takes_the_lines_of_the_one_before(session: Session, house: House, sign_in) -> None:
    before = declare(session, house)
    decided(session, before, V.CONFIRMED)
    browser = sign_in(house.member)
    assert GOOD["body"] in browser.get(f"{NEW}?like={before.public_id}").text
    answer = browser.post(f"{NEW}?like={before.public_id}", data=GOOD | {"number": "VietGAP-TT-13-09-20-0999"})
    after = session.scalars(select(Certificate).where(Certificate.public_id == last_id(answer.location))).one()
    assert [(line.plot, line.area_m2, line.expected_g_a_year) for line in after.scope] == [
        (line.plot, line.area_m2, line.expected_g_a_year) for line in before.scope
    ]
    assert after.state_on(TODAY) is CertificateState.DECLARED


@pytest.mark.parametrize(
    ("verdicts", "allowed"),
    [
        ((), {V.CONFIRMED, V.REFUSED}),
        ((V.CONFIRMED,), {V.WARNED, V.SUSPENDED, V.CANCELLED}),
        ((V.REFUSED,), set()),
        ((V.CONFIRMED, V.WARNED), {V.SUSPENDED, V.LIFTED, V.CANCELLED}),
        ((V.CONFIRMED, V.SUSPENDED), {V.LIFTED, V.CANCELLED}),
        ((V.CONFIRMED, V.SUSPENDED, V.LIFTED), {V.WARNED, V.SUSPENDED, V.CANCELLED}),
        ((V.CONFIRMED, V.CANCELLED), set()),
    ],
)
def test_only_what_follows_can_be_decided(session: Session, house: House, verdicts, allowed) -> None:
    certificate = declare(session, house)
    decided(session, certificate, *verdicts)
    assert set(next_verdicts(certificate)) == allowed
    for verdict in set(V) - allowed:
        with pytest.raises(Refused) as no:
            decided(session, certificate, verdict)
        assert no.value.conflict
        session.rollback()


def test_a_suspension_reaches_from_its_harvest_day_and_a_lifting_gives_back(session: Session, house: House) -> None:
    certificate = declare(session, house)
    decided(session, certificate, V.CONFIRMED)
    for verdict, day in ((V.SUSPENDED, date(2026, 8, 1)), (V.LIFTED, date(2026, 8, 15))):
        decide_certificate(
            session, certificate, verdict, by=AUDITOR, now=NOON, reaches_from=day, reason="sổ ghi chép thiếu"
        )
    states = [certificate.state_on(day) for day in (date(2026, 7, 31), date(2026, 8, 10), date(2026, 8, 15))]
    assert states == [CertificateState.IN_FORCE, CertificateState.SUSPENDED, CertificateState.IN_FORCE]


def test_an_auditor_does_not_decide_for_their_own_cooperative(session: Session, house: House) -> None:
    certificate = declare(session, house)
    insider = Actor(None, "insider", "auditor", frozenset({house.cooperative.id}))
    with pytest.raises(Refused, match="another auditor"):
        decided(session, certificate, V.CONFIRMED, by=insider)


def test_a_certificate_without_scope_is_not_confirmed(session: Session, house: House) -> None:
    certificate = declare(session, house, lines=0)
    with pytest.raises(Refused, match="cover nothing"):
        decided(session, certificate, V.CONFIRMED)


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_an_adverse_word_needs_its_reason(session: Session, house: House, reason: str | None) -> None:
    certificate = declare(session, house)
    with pytest.raises(Refused, match="reason"):
        decide_certificate(session, certificate, V.REFUSED, by=AUDITOR, now=NOON, reason=reason)


@pytest.mark.parametrize("day", [None, date(2025, 7, 31), date(2027, 8, 1)])
def test_a_decision_reaches_from_a_day_of_the_certificate(session: Session, house: House, day: date | None) -> None:
    certificate = declare(session, house)
    decided(session, certificate, V.CONFIRMED)
    with pytest.raises(Refused) as no:
        decide_certificate(session, certificate, V.SUSPENDED, by=AUDITOR, now=NOON, reaches_from=day, reason="vì")
    assert no.value.field == "reaches_from"


def test_the_cooperative_reads_the_reason_of_a_refusal(session: Session, house: House, sign_in) -> None:
    certificate = declare(session, house)
    decide_certificate(session, certificate, V.REFUSED, by=AUDITOR, now=NOON, reason="Số không khớp bản gốc")
    session.commit()
    page = sign_in(house.member).get(f"/my/certificates/{certificate.public_id}")
    assert "Số không khớp bản gốc" in page.text
    assert "Không được xác nhận" in page.text


def test_a_certificate_near_its_end_says_so(session: Session, house: House, sign_in, clock) -> None:
    certificate = declare(session, house)
    decided(session, certificate, V.CONFIRMED)
    clock.advance(days=(date(2027, 7, 1) - TODAY).days)
    page = sign_in(house.member).get("/my/certificates")
    assert "còn 30 ngày" in page.text
