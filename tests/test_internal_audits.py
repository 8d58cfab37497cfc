"""The cooperative's own audit: every household, findings with due days, printed, at most twelve months apart."""

from datetime import date, timedelta

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House
from trace.records import Grower, InternalAudit, InternalFinding
from trace.work.internal_audits import begin, next_due
from trace.work.refused import Refused, RefusedAll

DOING = {"actor": AUDITOR, "now": NOON, "today": TODAY}


@pytest.fixture
def member(sign_in, house: House) -> FlaskClient:
    browser: FlaskClient = sign_in(house.member)
    return browser


def answers(audit: InternalAudit, bad: str = "") -> dict[str, str]:
    return {f"point-{point.key}": "bad" if point.key == bad else "good" for point in audit.checklist.points}


def test_an_audit_covers_every_household_before_it_is_closed(
    session: Session, member: FlaskClient, house: House
) -> None:
    other = Grower(name="Lộc Thị Suối", folded="loc thi suoi", cooperative_id=house.cooperative.id, created_at=NOON)
    session.add(other)
    session.commit()
    begun = member.post("/my/internal-audits/new", data={"on_day": "20/08/2026", "led_by": "Hoàng Thị Mẫu"})
    assert begun.status_code == 302, begun.text
    audit = session.scalars(select(InternalAudit)).one()
    there = f"/my/internal-audits/{audit.public_id}"
    look = f"{there}/look/{house.grower.public_id}"
    half = answers(audit) | {f"point-{audit.checklist.points[2].key}": ""}
    refused = member.post(look, data=half | {"seen_on": "20/08/2026"})
    assert refused.status_code == 422
    assert refused.text.count("checked") == len(audit.checklist.points) - 1, "what was answered is kept"
    first = audit.checklist.points[0].key
    assert member.post(look, data=answers(audit, first) | {"seen_on": "20/08/2026"}).status_code == 302
    assert "Lộc Thị Suối" in member.post(f"{there}/close", data={}).text
    finding = {
        "grade": "minor",
        "grower": house.grower.public_id,
        "text": "Kho thuốc chưa khóa",
        "due_on": "30/08/2026",
    }
    assert member.post(f"{there}/finding", data=finding).status_code == 302
    member.post(f"{there}/look/{other.public_id}", data=answers(audit) | {"seen_on": "20/08/2026"})
    assert member.post(f"{there}/close", data={"summary": "Đạt"}).status_code == 302
    found = session.scalars(select(InternalFinding)).one()
    done = {"closed_on": "20/08/2026", "done": "Đã lắp khóa"}
    assert member.post(f"/my/internal-audits/finding/{found.public_id}", data=done).status_code == 302
    assert member.post(f"/my/internal-audits/finding/{found.public_id}", data=done).status_code == 409
    assert member.post(look, data=answers(audit) | {"seen_on": "20/08/2026"}).status_code == 409
    words = "\n".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(member.get(f"{there}.pdf").data)
    )
    words = " ".join(words.split())
    for part in ("Đánh giá nội bộ ngày 20/08/2026", "Vi Văn Mẫu", "Lộc Thị Suối", "Kho thuốc chưa khóa", "Đã lắp khóa"):
        assert part in words, part
    session.expire_all()
    assert next_due(session, house.cooperative) == date(2027, 8, 20)
    assert "20/08/2027" in member.get("/my/internal-audits").text


def test_one_audit_at_a_time_and_none_from_the_future(session: Session, house: House) -> None:
    with pytest.raises(RefusedAll) as refused:
        begin(session, house.cooperative, TODAY + timedelta(days=1), " ", **DOING)
    assert {each.field for each in refused.value.refusals} == {"on_day", "led_by"}
    begin(session, house.cooperative, TODAY, "Mẫu", **DOING)
    with pytest.raises(Refused, match="under way"):
        begin(session, house.cooperative, TODAY, "Mẫu", **DOING)


def test_what_was_found_stays_as_it_was_found(session: Session, house: House) -> None:
    audit = begin(session, house.cooperative, TODAY, "Mẫu", **DOING)
    session.commit()
    audit.led_by = "Người khác"
    with pytest.raises((IntegrityError, OperationalError)):
        session.flush()
    session.rollback()
