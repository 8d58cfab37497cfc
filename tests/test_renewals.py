"""Renewals: linked old to new, visits of the body kept, one file with everything; and the use of a mark proved."""

import zipfile
from datetime import date
from io import BytesIO

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import AUDITOR, NOON, TODAY, House
from trace.records import BatchVerdict, Certificate, Run, Surveillance, Trademark, TrademarkConsent
from trace.work.diary import DiaryFacts, enter
from trace.work.renewals import balances

DOING = {"actor": AUDITOR, "now": NOON, "today": TODAY}


@pytest.fixture
def member(sign_in, house: House) -> FlaskClient:
    browser: FlaskClient = sign_in(house.member)
    return browser


def test_a_renewal_is_a_copy_linked_both_ways_with_its_visits_planned(
    session: Session, member: FlaskClient, house: House
) -> None:
    old = house.certificate
    form = {"scheme": "vietgap", "number": "VietGAP-TT-13-09-20-0999", "body": old.body, "issued_on": "01/08/2026",
            "expires_on": "31/07/2029"}  # fmt: skip
    sent = member.post(f"/my/certificates/new?like={old.public_id}", data=form)
    assert sent.status_code == 302, sent.text
    new = session.scalars(select(Certificate).where(Certificate.number == form["number"])).one()
    assert new.renews_id == old.id
    assert [(line.plot_id, line.expected_g_a_year) for line in new.scope] == [(house.plot.id, 18_000_000)]
    assert [visit.due_on for visit in new.surveillances] == [date(2027, 8, 1), date(2028, 8, 1)]
    page = member.get(sent.location).text
    assert old.number in page
    assert "01/08/2027" in page
    assert new.number in member.get(f"/my/certificates/{old.public_id}").text
    visit = session.scalars(select(Surveillance).order_by(Surveillance.due_on)).first()
    assert visit is not None
    early = member.post(f"/my/surveillance/{visit.public_id}", data={"done_on": "21/08/2026"})
    assert early.status_code == 422
    done = member.post(f"/my/surveillance/{visit.public_id}", data={"done_on": "20/08/2026", "note": "Đạt"})
    assert done.status_code == 302
    outside = member.post(f"/my/surveillance/new/{new.public_id}", data={"due_on": "01/08/2029"})
    assert outside.status_code == 422


def test_one_file_holds_what_the_body_asks_for(session: Session, member: FlaskClient, house: House, run: Run) -> None:
    enter(session, house.cooperative, DiaryFacts("irrigation", TODAY, (house.plot,), purpose="nước suối"), **DOING)
    session.commit()
    answer = member.get(f"/my/surveillance/file/{house.certificate.public_id}.zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        assert set(archive.namelist()) == {"ho-so-gia-han.pdf", "so-nhat-ky.pdf"}
        paper, book = (
            "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(archive.read(name)))
            for name in ("ho-so-gia-han.pdf", "so-nhat-ky.pdf")
        )
    for part in ("Vi Văn Mẫu", "Vườn Lũng Than", "Cân đối sản lượng", "120 kg", "Đánh giá nội bộ", "Khiếu nại"):
        assert part in paper, part
    assert "nước suối" in book


def test_the_balance_counts_each_certificate_year(session: Session, house: House, run: Run) -> None:
    found = balances(session, house.certificate, TODAY)
    assert [(each.year, each.drawn_g, each.batches) for each in found] == [(1, 0, 0), (2, 120_000, 1)]
    assert found[1].packed_g == 100_000


def test_the_use_of_a_mark_is_logged_by_batch_and_stamps(
    session: Session, member: FlaskClient, house: House, run: Run
) -> None:
    mark = Trademark(kind="collective", name="Na Chi Lăng", folded="na chi lang", owner="Hội Na", filed_on=TODAY,
                     cooperative_id=house.cooperative.id, created_at=NOON)  # fmt: skip
    session.add(mark)
    session.commit()
    log = f"/my/mark-use/{mark.public_id}"
    assert "Không có lô nào" in member.get(log).text
    from tests.conftest import make_batch
    from trace.service import keyring, numbering
    from trace.work.activating import activate
    from trace.work.batches import decide
    from trace.work.stamps import issue_stamps

    batch = make_batch(session, house, trademark_id=mark.id)
    decide(session, batch, BatchVerdict.CERTIFIED, by=AUDITOR, now=NOON)
    stamps = issue_stamps(session, keyring(), numbering(), house.cooperative, 60, actor=AUDITOR, now=NOON, batch=batch)
    activate(session, stamps, 1, 40, batch, actor=AUDITOR, now=NOON)
    session.commit()
    page = member.get(log).text
    assert batch.code in page
    assert '<td class="num">40</td>' in page
    assert batch.code not in member.get(f"{log}?start=01/01/2025&end=31/12/2025").text
    given = {"holder": "HTX Bạn", "document": "QC-01", "from_on": "20/08/2026", "to_on": "20/08/2030"}
    assert member.post(f"{log}/new", data=given).status_code == 302
    consent = session.scalars(select(TrademarkConsent)).one()
    assert consent.holds_on(TODAY)
    out = f"/my/mark-use/consent/{consent.public_id}"
    assert member.post(out, data={"day": "20/08/2026", "reason": ""}).status_code == 422
    assert member.post(out, data={"day": "20/08/2026", "reason": "vi phạm quy chế"}).status_code == 302
    session.expire_all()
    assert not consent.holds_on(TODAY)
    assert member.post(out, data={"day": "20/08/2026", "reason": "nữa"}).status_code == 409


def test_an_answer_day_is_told_until_the_next_step(session: Session, member: FlaskClient, house: House) -> None:
    mark = Trademark(kind="ordinary", name="Na Mẫu", folded="na mau", owner="HTX", filed_on=date(2026, 1, 1),
                     cooperative_id=house.cooperative.id, created_at=NOON)  # fmt: skip
    session.add(mark)
    session.commit()
    there = f"/my/trademarks/{mark.public_id}"
    step = {"state": "formally_accepted", "on_day": "10/08/2026", "document": "TB-1"}
    assert member.post(f"{there}/state", data=step | {"answer_by": "01/08/2026"}).status_code == 422
    assert member.post(f"{there}/state", data=step | {"answer_by": "30/09/2026"}).status_code == 302
    assert "chờ trả lời đến ngày 30/09/2026" in member.get(there).text
    later = {"state": "published", "on_day": "20/08/2026", "document": "CB-1"}
    assert member.post(f"{there}/state", data=later).status_code == 302
    assert "chờ trả lời" not in member.get(there).text
