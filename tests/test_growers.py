"""Households of a cooperative: taken in, changed, gone, and whether their names may be shown."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_WORDS, NOBODYS, entries_about, last_id, rows, variants
from tests.conftest import AUDITOR, NOON, House, make_cooperative, make_person
from trace.accounts import Membership, Place
from trace.records import Entry, Grower
from trace.work.farm import GrowerFacts, add_grower, growers

NEW = "/my/growers/new"
GOOD = {"name": "Nông Thị Hạ", "phone": "0912 345 679", "note": "Nhà ở đầu thôn"}


def test_a_household_is_taken_in_and_its_page_shows_it(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    answer = browser.post(NEW, data=GOOD)
    page = browser.get(answer.location)
    assert "Nông Thị Hạ" in page.text
    assert "0912 345 679" in page.text
    assert "Nhận hộ thành viên" in page.text
    assert entries_about(session, last_id(answer.location)) == ["grower.added"]


def test_the_entry_of_a_household_names_nobody(session: Session, house: House, sign_in) -> None:
    answer = sign_in(house.member).post(NEW, data=GOOD)
    [entry] = session.scalars(select(Entry).where(Entry.subject == last_id(answer.location)))
    for personal in ("Nông Thị Hạ", "912345679", "đầu thôn"):
        assert personal.encode() not in entry.body


@pytest.mark.parametrize("typed", ["nong thi", "NÔNG", "hạ", "345679"])
def test_a_household_is_found_without_marks_and_by_its_phone(session: Session, house: House, sign_in, typed) -> None:
    browser = sign_in(house.member)
    browser.post(NEW, data=GOOD)
    page = browser.get("/my/growers", query_string={"q": typed})
    assert "Nông Thị Hạ" in page.text
    assert "Vi Văn Mẫu" not in page.text


@pytest.mark.parametrize("typed", ["%", "_", "\\", "\x00", "zzz" * 200, "<script>"])
def test_a_search_for_nonsense_finds_nothing_and_breaks_nothing(house: House, sign_in, typed) -> None:
    page = sign_in(house.member).get("/my/growers", query_string={"q": typed, "page": "-7"})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_long_list_comes_in_pages(session: Session, house: House) -> None:
    for number in range(60):
        add_grower(session, house.cooperative, GrowerFacts(f"Hộ {number:02}"), actor=AUDITOR, now=NOON)
    first = growers(session, house.cooperative)
    last = growers(session, house.cooperative, page=99)
    assert (first.total, first.pages, len(first.rows)) == (61, 2, 50)
    assert (last.page, len(last.rows)) == (2, 11)


def test_an_empty_list_says_the_next_step(session: Session, sign_in) -> None:
    cooperative = make_cooperative(session, "HTX Mới", "HMO")
    person = make_person(session, "Người mới")
    session.add(Membership(person_id=person.id, cooperative_id=cooperative.id, place=Place.MANAGER, since_at=NOON))
    session.commit()
    browser = sign_in(person)
    for part in ("growers", "plots", "products", "trademarks", "certificates"):
        page = browser.get(f"/my/{part}")
        assert f'class="btn btn-primary" href="/my/{part}/new"' in page.text
        assert "Chưa có" in page.text


@pytest.mark.parametrize(
    ("field", "form"),
    variants(
        GOOD,
        {
            "name": BAD_WORDS,
            "phone": {"letters": "gọi tôi", "short": "0912", "foreign": "+49 30 123456", "NUL": "0912\x00345679"},
            "note": {"over-long": "a" * 5_000, "NUL": "a\x00b"},
        },
    ),
)
def test_a_household_that_cannot_be_is_complained_about_beside_its_field(
    session: Session, house: House, sign_in, field: str, form: dict[str, str]
) -> None:
    before = rows(session, Grower)
    answer = sign_in(house.member).post(NEW, data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(session, Grower) == before
    if field != "note":
        assert GOOD["note"] in answer.text  # nothing that was typed is lost


def test_a_form_sent_twice_takes_one_household_in(session: Session, house: House, sign_in) -> None:
    browser, form = sign_in(house.member), GOOD | {"mark": "5" * 32}
    before = rows(session, Grower)
    first, second = browser.post(NEW, data=form), browser.post(NEW, data=form)
    assert first.location == second.location
    assert rows(session, Grower) == before + 1


@pytest.mark.parametrize("mark", ["", "\x00" * 32, "x" * 500, "' OR 1=1"])
def test_a_spoilt_mark_does_no_harm(house: House, sign_in, mark: str) -> None:
    assert sign_in(house.member).post(NEW, data=GOOD | {"mark": mark}).status_code == 302


def test_a_change_says_what_changed_and_by_whom(session: Session, house: House, sign_in) -> None:
    browser, address = sign_in(house.member), f"/my/growers/{house.grower.public_id}"
    browser.post(f"{address}/edit", data={"name": "Vi Văn Mẫu", "phone": "0912 345 111", "note": "ở xa"})
    browser.post(f"{address}/edit", data={"name": "Vi Văn Mẫu", "note": "ở gần"})
    page = browser.get(address)
    assert "sửa: điện thoại, ghi chú" in page.text
    assert house.member.name in page.text
    assert entries_about(session, house.grower.public_id) == ["grower.changed"] * 2


def test_saving_what_is_there_already_appends_nothing(session: Session, house: House, sign_in) -> None:
    sign_in(house.member).post(f"/my/growers/{house.grower.public_id}/edit", data={"name": "Vi Văn Mẫu"})
    assert entries_about(session, house.grower.public_id) == []


def test_a_household_leaves_and_comes_back_and_nothing_is_lost(session: Session, house: House, sign_in) -> None:
    browser, address = sign_in(house.member), f"/my/growers/{house.grower.public_id}"
    assert browser.post(f"{address}/leave", data={"left_on": "2026-08-19"}).status_code == 302
    assert "19/08/2026" in browser.get(address).text
    assert "Vi Văn Mẫu" not in browser.get("/my/plots/new").text
    assert browser.post(f"{address}/leave", data={"left_on": "2026-08-19"}).status_code == 409
    assert browser.post(f"{address}/return").status_code == 302
    assert browser.post(f"{address}/return").status_code == 409
    assert "Vi Văn Mẫu" in browser.get("/my/plots/new").text
    assert entries_about(session, house.grower.public_id) == ["grower.left", "grower.returned"]


@pytest.mark.parametrize("day", [*BAD_DAYS.values(), "2026-08-21"])
def test_nobody_leaves_tomorrow_or_on_no_day(house: House, sign_in, day: str) -> None:
    answer = sign_in(house.member).post(f"/my/growers/{house.grower.public_id}/leave", data={"left_on": day})
    assert answer.status_code == 422
    assert "left_on" in answer.text


def test_a_consent_is_recorded_with_its_day_and_can_be_withdrawn(session: Session, house: House, sign_in) -> None:
    browser, address = sign_in(house.member), f"/my/growers/{house.grower.public_id}"
    assert browser.post(f"{address}/consent", data={"given_on": "01/08/2026"}).status_code == 302
    session.expire_all()
    assert house.grower.consented_on == date(2026, 8, 1)
    assert browser.post(f"{address}/consent", data={"given_on": "01/08/2026"}).status_code == 409
    assert browser.post(f"{address}/withdraw").status_code == 302
    session.expire_all()
    assert not house.grower.consents_to("name")
    assert browser.post(f"{address}/withdraw").status_code == 409
    assert entries_about(session, house.grower.public_id) == ["grower.consented", "grower.withdrew"]


def test_a_consent_is_not_given_tomorrow(house: House, sign_in) -> None:
    answer = sign_in(house.member).post(
        f"/my/growers/{house.grower.public_id}/consent", data={"given_on": "2026-08-21"}
    )
    assert answer.status_code == 422


def test_another_cooperatives_household_is_nowhere(house: House, other_house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    for public_id in (other_house.grower.public_id, NOBODYS, "%00", "1"):
        address = f"/my/growers/{public_id}"
        assert browser.get(address).status_code == 404
        for deed in ("edit", "leave", "return", "consent", "withdraw"):
            assert browser.post(f"{address}/{deed}", data=GOOD).status_code == 404
    assert browser.get("/my/growers").text.count("Vi Văn Mẫu") == 1
