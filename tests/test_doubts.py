"""Telling a doubt from a stamp's page: no sign-in, nothing about the person unless wanted, and somebody answers."""

import re
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.conftest import Clock, code_of
from trace.records import Complaint, Doubt, Entry, Notice, Run, Upload
from trace.work.forgetting import forget_contacts


@pytest.fixture
def code(run: Run) -> str:
    return code_of(run, 7)


def page_token(client: FlaskClient, code: str) -> str:
    page = client.get(f"/report?code={code}")
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    [token] = re.findall(r'name="token" value="([^"]+)"', page.text)
    return str(token)


def tell(client: FlaskClient, code: str, **fields: object):
    data = {"code": code, "what": "twice"} | fields
    data.setdefault("token", page_token(client, code))
    return client.post("/report", data=data)


def photo() -> bytes:
    out = BytesIO()
    picture = Image.new("RGB", (64, 48), "green")
    exif = Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_doubt_is_told_followed_and_answered(
    client: FlaskClient, session: Session, code: str, staff, sign_in
) -> None:
    assert f"/report?code={code[:4]}-" in client.get(f"/T/{code}").text
    sent = tell(client, code, words="Hai túi na cùng số", seller="Chợ Đông Kinh", province="20")
    assert sent.status_code == 303
    followed = client.get(sent.location).text
    assert "chúng tôi đã nhận" in followed
    assert "Hai túi na" not in followed, "whoever has the address reads nothing of what was told"
    doubt = session.scalars(select(Doubt)).one()
    assert (doubt.serial, doubt.kind, doubt.province) == ("HNM-26A-0000007", "twice", "20")
    assert set(session.scalars(select(Notice.office))) == {"officer", "auditor"}

    officer = sign_in(staff["officer"])
    assert "HNM-26A-0000007" in officer.get("/staff/doubts").text
    page = officer.get(f"/staff/doubts/{doubt.public_id}").text
    for words in ("Hai túi na cùng số", "Chợ Đông Kinh", "HTX Na Mẫu", "Lạng Sơn"):
        assert words in page
    assert officer.post(f"/staff/doubts/{doubt.public_id}/look", data={"note": "gọi cho HTX"}).status_code == 302
    assert "Đang xem xét" in client.get(sent.location).text
    assert officer.post(f"/staff/doubts/{doubt.public_id}/answer", data={}).status_code == 422
    answer = {"answer": "Đã thu giữ tem sao chép ở chợ.", "note": "bàn giao QLTT"}
    assert officer.post(f"/staff/doubts/{doubt.public_id}/answer", data=answer).status_code == 302
    followed = client.get(sent.location).text
    assert "Đã thu giữ tem sao chép ở chợ." in followed
    assert "QLTT" not in followed
    assert "Sở Khoa học" in followed


def test_the_history_holds_no_word_of_the_reporter(client: FlaskClient, session: Session, code: str) -> None:
    tell(client, code, words="bí mật", contact="0912 345 678", consent="y")
    bodies = b"".join(session.scalars(select(Entry.body).where(Entry.kind == "doubt.received")))
    assert b"twice" in bodies
    assert "bí mật".encode() not in bodies
    assert b"345" not in bodies


def test_a_contact_without_consent_is_not_kept(client: FlaskClient, session: Session, code: str) -> None:
    refused = tell(client, code, contact="0912 345 678", words="giữ lời tôi")
    assert refused.status_code == 422
    assert "đánh dấu đồng ý" in refused.text
    assert "giữ lời tôi" in refused.text, "nothing typed is lost"
    assert session.scalars(select(Doubt)).first() is None


def test_a_contact_is_forgotten_90_days_after_the_answer(
    client: FlaskClient, session: Session, code: str, staff, sign_in, clock: Clock
) -> None:
    tell(client, code, contact="0912 345 678", consent="y")
    doubt = session.scalars(select(Doubt)).one()
    sign_in(staff["officer"]).post(f"/staff/doubts/{doubt.public_id}/answer", data={"answer": "đã xem"})
    session.rollback()
    clock.advance(days=89)
    assert forget_contacts(session, now=clock.now) == 0
    clock.advance(days=2)
    assert forget_contacts(session, now=clock.now) == 1
    session.commit()
    session.expire_all()
    assert doubt.contact is None


def test_a_photo_is_cleaned_and_only_for_the_offices(
    client: FlaskClient, session: Session, code: str, staff, sign_in, house
) -> None:
    sent = tell(client, code, photo=(BytesIO(photo()), "IMG_2026.jpg"))
    assert sent.status_code == 303
    upload = session.scalars(select(Upload)).one()
    assert b"CANARY" not in upload.content
    address = f"/uploads/{upload.public_id}"
    assert sign_in(staff["auditor"]).get(address).status_code == 200
    assert sign_in(house.manager).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_a_file_that_is_no_picture_is_refused_with_what_to_do(client: FlaskClient, code: str) -> None:
    sent = tell(client, code, photo=(BytesIO(b"%PDF-1.7 x"), "tem.pdf"))
    assert sent.status_code == 422
    assert "JPEG, PNG, WebP" in sent.text


def test_one_page_sends_one_report(client: FlaskClient, session: Session, code: str) -> None:
    token = page_token(client, code)
    assert tell(client, code, token=token).status_code == 303
    assert tell(client, code, token=token).status_code == 422
    assert len(session.scalars(select(Doubt)).all()) == 1


def test_without_a_page_token_nothing_is_taken(client: FlaskClient, session: Session, code: str, run: Run) -> None:
    other = page_token(client, code_of(run, 8))
    for token in ("", "x" * 38, other):
        assert tell(client, code, token=token).status_code == 422
    assert session.scalars(select(Doubt)).first() is None


def test_one_network_sends_a_few_an_hour(client: FlaskClient, code: str) -> None:
    answers = [tell(client, code).status_code for _ in range(8)]
    assert answers == [303] * 6 + [429] * 2


def test_a_report_sent_from_another_site_is_refused(client: FlaskClient, code: str) -> None:
    token = page_token(client, code)
    data = {"code": code, "token": token, "what": "twice"}
    assert client.post("/report", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_code_that_does_not_exist_can_be_reported(client: FlaskClient, session: Session, run: Run) -> None:
    unknown = client.get("/T/0000000000000000").text
    assert "/report?code=0000000000000000" in unknown
    assert tell(client, "0000000000000000", what="unknown").status_code == 303
    doubt = session.scalars(select(Doubt)).one()
    assert (doubt.run_id, doubt.code) == (None, "0000000000000000")


def test_an_unactivated_stamp_offers_no_complaint_about_goods(client: FlaskClient, run: Run) -> None:
    code = code_of(run, 60)
    page = client.get(f"/report?code={code}").text
    assert 'value="torn"' in page


def test_a_complaint_about_goods_goes_to_the_cooperative(
    client: FlaskClient, session: Session, code: str, house, sign_in
) -> None:
    sent = tell(client, code, what="spoiled", words="Na bị thối", contact="0912345678", consent="y")
    assert sent.status_code == 303
    complaint = session.scalars(select(Complaint)).one()
    assert complaint.reference == "HNM-KN26-001"
    assert complaint.batch is not None
    assert session.scalars(select(Notice.cooperative_id)).one() == house.cooperative.id
    assert session.scalars(select(Doubt)).first() is None
    browser = sign_in(house.member)
    assert "Na bị thối" in browser.get(f"/my/complaints/{complaint.public_id}").text
    answer = {"words": "Đã đổi túi khác cho khách.", "final": "y"}
    assert browser.post(f"/my/complaints/{complaint.public_id}/answer", data=answer).status_code == 302
    assert "Đã đổi túi khác cho khách." in client.get(sent.location).text


def test_doubts_are_never_deleted_or_changed(client: FlaskClient, session: Session, code: str) -> None:
    tell(client, code, words="như đã kể")
    doubt = session.scalars(select(Doubt)).one()
    doubt.words = "khác"
    with pytest.raises((IntegrityError, OperationalError)):
        session.flush()
    session.rollback()
    session.delete(session.scalars(select(Doubt)).one())
    with pytest.raises((IntegrityError, OperationalError)):
        session.flush()
    session.rollback()


def test_a_cooperative_reads_no_doubts(
    app: Flask, client: FlaskClient, session: Session, code: str, house, sign_in
) -> None:
    tell(client, code)
    doubt = session.scalars(select(Doubt)).one()
    browser = sign_in(house.manager)
    for address in ("/staff/doubts", f"/staff/doubts/{doubt.public_id}", "/staff/cases/", "/staff/recalls/"):
        assert browser.get(address).status_code == 403
    assert client.get("/reports/zzzzzzzzzzzz").status_code == 404
