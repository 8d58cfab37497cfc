"""Trademarks of four kinds: their steps, the right to use them, and what may be shown."""

import io
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_WORDS, NOBODYS, entries_about, last_id, rows, variants
from tests.conftest import AUDITOR, NOON, TODAY, House
from tests.test_uploads import document, picture
from trace.records import Trademark, TrademarkKind, TrademarkState
from trace.work.refused import Refused, RefusedAll
from trace.work.trademarks import Showing, TrademarkFacts, add_state, add_trademark, showing

NEW = "/my/trademarks/new"
GOOD = {
    "kind": "ordinary",
    "name": "Na Mẫu",
    "owner": "HTX Na Mẫu",
    "application_number": "4-2023-12345",
    "filed_on": "2023-05-03",
}
RIGHT = {"right_number": "QSD-01", "right_giver": "Hội Na", "right_from": "2024-01-01", "right_to": "2027-12-31"}
PENDING_WORDS = "Đã nộp đơn, chưa được cấp văn bằng"


def make(session: Session, house: House, kind: str = "ordinary", **more: object) -> Trademark:
    facts = {"kind": TrademarkKind(kind), "name": "Na", "owner": "Ai", "filed_on": date(2020, 2, 29)}
    facts["certificate_number"] = "4-0123456-000"
    return add_trademark(session, house.cooperative, TrademarkFacts(**(facts | more)), **DOING)  # type: ignore[arg-type]


DOING = {"actor": AUDITOR, "now": NOON, "today": TODAY}
MAY_USE = {"right_giver": "Hội Na", "right_number": "QSD-01", "right_from": date(2024, 1, 1)}


def grant(session: Session, mark: Trademark, day: date = date(2021, 6, 1)) -> None:
    add_state(session, mark, TrademarkState.GRANTED, day, "Quyết định 1", **DOING)


def test_an_application_is_never_shown_as_registered(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    page = browser.get(browser.post(NEW, data=GOOD).location)
    assert PENDING_WORDS in page.text
    assert "không bao giờ kèm ®" in page.text
    assert "được ghi là đã đăng ký" not in page.text


def test_a_granted_mark_is_registered_until_ten_years_from_filing(session: Session, house: House) -> None:
    mark = make(session, house)
    grant(session, mark)
    assert showing(mark, date(2021, 5, 31)) is Showing.APPLICATION
    assert showing(mark, date(2021, 6, 1)) is Showing.REGISTERED
    assert showing(mark, date(2030, 2, 28)) is Showing.REGISTERED
    assert showing(mark, date(2030, 3, 1)) is Showing.TERM_ENDED


def test_a_renewal_adds_ten_years(session: Session, house: House) -> None:
    mark = make(session, house, filed_on=date(2014, 3, 1))
    grant(session, mark, date(2015, 3, 1))
    assert showing(mark, TODAY) is Showing.TERM_ENDED
    add_state(session, mark, TrademarkState.RENEWED, date(2024, 2, 1), None, **DOING)
    assert showing(mark, TODAY) is Showing.REGISTERED
    assert mark.term_ends_on == date(2034, 3, 1)


@pytest.mark.parametrize("kind", ["collective", "certification", "geographical"])
def test_anothers_mark_without_a_right_is_shown_nowhere(session: Session, house: House, kind: str) -> None:
    mark = make(session, house, kind)
    grant(session, mark)
    assert showing(mark, TODAY) is Showing.NO_RIGHT
    assert not mark.shown_on(TODAY)


@pytest.mark.parametrize("kind", ["collective", "certification", "geographical"])
def test_a_right_counts_on_its_days_only(session: Session, house: House, kind: str) -> None:
    mark = make(session, house, kind, **MAY_USE, right_to=date(2026, 8, 20))
    grant(session, mark)
    assert showing(mark, date(2023, 12, 31)) is Showing.RIGHT_NOT_YET
    assert showing(mark, date(2026, 8, 20)) is Showing.REGISTERED
    assert showing(mark, date(2026, 8, 21)) is Showing.RIGHT_ENDED


def test_a_geographical_indication_has_no_end(session: Session, house: House) -> None:
    mark = make(session, house, "geographical", filed_on=None, **MAY_USE)
    grant(session, mark, date(2007, 2, 15))
    assert showing(mark, date(2126, 1, 1)) is Showing.REGISTERED


@pytest.mark.parametrize("state", ["refused", "withdrawn", "terminated", "cancelled"])
def test_what_has_ended_is_shown_nowhere_and_takes_no_further_step(
    session: Session, house: House, sign_in, state: str
) -> None:
    browser = sign_in(house.member)
    address = browser.post(NEW, data=GOOD).location
    assert browser.post(f"{address}/state", data={"state": state, "on_day": "2024-01-05"}).status_code == 302
    assert "Không hiển thị ở đâu" in browser.get(address).text
    later = browser.post(f"{address}/state", data={"state": "granted", "on_day": "2024-06-01"})
    assert later.status_code == 409


def test_steps_are_recorded_with_day_and_document_and_an_entry_each(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    address = browser.post(NEW, data=GOOD | {"certificate_number": "4-0123456-000"}).location
    for state, day in (("published", "2023-07-25"), ("granted", "2024-09-14")):
        form = {"state": state, "on_day": day, "document": "Quyết định 560/QĐ-SHTT"}
        assert browser.post(f"{address}/state", data=form).status_code == 302
    page = browser.get(address)
    for shown in ("25/07/2023", "14/09/2024", "Quyết định 560/QĐ-SHTT", "Đã đăng ký", "03/05/2033"):
        assert shown in page.text
    steps = ["trademark.added", "trademark.stepped", "trademark.stepped"]
    assert entries_about(session, last_id(address)) == steps
    assert browser.post(f"{address}/state", data=form).status_code == 409  # recorded already


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"state": "granted", "on_day": "2024-01-05"}, "state"),  # no certificate number yet
        ({"state": "renewed", "on_day": "2024-01-05"}, "state"),
        ({"state": "published", "on_day": "2023-05-02"}, "on_day"),  # before filing
        ({"state": "published", "on_day": "2026-08-21"}, "on_day"),  # tomorrow
        ({"state": "famous", "on_day": "2024-01-05"}, "state"),
        ({"state": "", "on_day": "2024-01-05"}, "state"),
        ({"state": "published", "on_day": "2024-01-05", "document": "a\x00"}, "document"),
        *(({"state": "published", "on_day": day}, "on_day") for day in BAD_DAYS.values()),
    ],
)
def test_a_step_that_cannot_be_is_complained_about(house: House, sign_in, form: dict[str, str], field: str) -> None:
    browser = sign_in(house.member)
    address = browser.post(NEW, data=GOOD).location
    answer = browser.post(f"{address}/state", data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text


@pytest.mark.parametrize(
    ("field", "form"),
    variants(
        GOOD | RIGHT,
        {
            "kind": {"empty": "", "unknown": "brand", "NUL": "\x00"},
            "name": BAD_WORDS,
            "owner": BAD_WORDS,
            "application_number": {"over-long": "4" * 300, "NUL": "4\x00"},
            "certificate_number": {"over-long": "4" * 300, "NUL": "4\x00"},
            "filed_on": BAD_DAYS | {"tomorrow": "2026-08-21"},
            "right_giver": {"empty": "", "NUL": "\x00", "over-long": "a" * 400},
            "right_number": {"empty": ""},
            "right_from": {"empty": "", "no day": "31/02/2024"},
            "right_to": {"before it begins": "2023-12-31", "no day": "mai"},
        },
    ),
)
def test_a_mark_that_cannot_be_is_complained_about_beside_its_field(
    session: Session, house: House, sign_in, field: str, form: dict[str, str]
) -> None:
    before = rows(session, Trademark)
    answer = sign_in(house.member).post(NEW, data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(session, Trademark) == before


def test_all_complaints_come_at_once() -> None:
    with pytest.raises(RefusedAll) as several:
        TrademarkFacts(kind=TrademarkKind.COLLECTIVE, name="Na", owner="Ai", right_to=date(2026, 1, 1))
    fields = {refusal.field for refusal in several.value.refusals}
    assert fields == {"filed_on", "right_giver", "right_number", "right_from"}


def test_a_granted_mark_keeps_its_certificate_number(session: Session, house: House, sign_in) -> None:
    mark = make(session, house)
    grant(session, mark)
    session.commit()
    answer = sign_in(house.member).post(f"/my/trademarks/{mark.public_id}/edit", data=GOOD | {"certificate_number": ""})
    assert answer.status_code == 422
    assert 'href="#certificate_number"' in answer.text


def test_a_picture_and_the_document_of_the_right_are_kept(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    files = {"image": (io.BytesIO(picture("PNG")), "na.png"), "right_document": (io.BytesIO(document()), "giay.pdf")}
    address = browser.post(NEW, data=GOOD | RIGHT | {"kind": "collective"} | files).location
    page = browser.get(address)
    assert "<img" in page.text
    assert "giay.pdf" in page.text
    mark = session.scalars(select(Trademark).where(Trademark.public_id == last_id(address))).one()
    assert browser.get(f"/photos/{mark.image.public_id}").status_code == 200


def test_a_step_is_written_once(session: Session, house: House) -> None:
    mark = make(session, house)
    with pytest.raises(Refused, match="recorded already"):
        add_state(session, mark, TrademarkState.FILED, date(2020, 2, 29), None, **DOING)


def test_another_cooperatives_mark_is_nowhere(session: Session, house: House, other_house: House, sign_in) -> None:
    mark = make(session, other_house)
    session.commit()
    browser = sign_in(house.manager)
    for public_id in (mark.public_id, NOBODYS, "%00"):
        assert browser.get(f"/my/trademarks/{public_id}").status_code == 404
        for deed in ("edit", "state"):
            assert browser.post(f"/my/trademarks/{public_id}/{deed}", data=GOOD).status_code == 404


def test_sent_twice_one_mark_is_entered(session: Session, house: House, sign_in) -> None:
    browser, form = sign_in(house.member), GOOD | {"mark": "b" * 32}
    assert browser.post(NEW, data=form).location == browser.post(NEW, data=form).location
    assert rows(session, Trademark) == 1
