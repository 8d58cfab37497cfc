"""A cooperative's own data: contact, address, consents, logo."""

import io

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_input import BAD_DAYS, BAD_WORDS, entries_about, variants
from tests.conftest import House
from tests.test_uploads import bomb, picture
from trace.records import Entry

PAGE = "/my/cooperative"
GOOD = {
    "contact_name": "Lương Thị Mẫu",
    "phone": "0912 345 000",
    "zalo_phone": "",
    "email": "htx@example.vn",
    "address": "Thôn Khau Đồn",
    "commune_code": "06481",
}


def test_a_manager_changes_contact_and_address(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    assert browser.post(f"{PAGE}/edit", data=GOOD).status_code == 302
    page = browser.get(PAGE)
    for shown in ("Lương Thị Mẫu", "0912 345 000", "htx@example.vn", "Thôn Khau Đồn, xã Chiến Thắng, tỉnh Lạng Sơn"):
        assert shown in page.text
    assert "Thôn Đồng Đĩnh, xã Quang Lang" in page.text  # as certified, kept
    [entry] = session.scalars(select(Entry).where(Entry.subject == house.cooperative.public_id))
    for personal in ("Lương Thị Mẫu", "912345000", "htx@example.vn"):
        assert personal.encode() not in entry.body


def test_a_member_reads_and_does_not_change(house: House, sign_in) -> None:
    browser = sign_in(house.member)
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert f'action="{PAGE}' not in page.text
    for deed in ("edit", "consents/name", "consents/name/withdraw", "logo", "logo/drop"):
        assert browser.post(f"{PAGE}/{deed}", data=GOOD).status_code == 403


@pytest.mark.parametrize(
    ("field", "form"),
    variants(
        GOOD,
        {
            "contact_name": BAD_WORDS,
            "address": BAD_WORDS,
            "phone": {"empty": "", "short": "0912", "placeholder": "0900000000", "NUL": "0912345000\x00"},
            "zalo_phone": {"foreign": "+1 202 555 0100"},
            "email": {"no address": "htx", "two": "a@b.vn, c@d.vn", "NUL": "a\x00@b.vn", "over-long": "a" * 400},
            "commune_code": {"empty": "", "unknown": "00001", "old": "187"},
        },
    ),
)
def test_data_that_cannot_be_is_complained_about_beside_its_field(
    session: Session, house: House, sign_in, field: str, form: dict[str, str]
) -> None:
    answer = sign_in(house.manager).post(f"{PAGE}/edit", data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert entries_about(session, house.cooperative.public_id) == []


def test_consents_are_recorded_with_their_day_and_withdrawn(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    for what in ("name", "phone", "photo"):
        assert browser.post(f"{PAGE}/consents/{what}", data={"given_on": "2026-08-01"}).status_code == 302
        assert browser.post(f"{PAGE}/consents/{what}", data={"given_on": "2026-08-01"}).status_code == 409
    assert browser.get(PAGE).text.count("đồng ý ngày 01/08/2026") == 3
    assert browser.post(f"{PAGE}/consents/phone/withdraw").status_code == 302
    assert browser.post(f"{PAGE}/consents/phone/withdraw").status_code == 409
    session.expire_all()
    given = [what for what in ("name", "phone", "photo") if house.cooperative.consents_to(what)]
    assert given == ["name", "photo"]
    told = entries_about(session, house.cooperative.public_id)
    assert told == ["cooperative.consented"] * 3 + ["cooperative.withdrew"]


def test_a_growers_consent_is_not_the_cooperatives(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    browser.post(f"/my/growers/{house.grower.public_id}/consent", data={"given_on": "2026-08-01"})
    assert browser.post(f"{PAGE}/consents/name/withdraw").status_code == 409
    session.expire_all()
    assert house.grower.consents_to("name")
    assert not house.cooperative.consents_to("name")


@pytest.mark.parametrize("day", [*BAD_DAYS.values(), "2026-08-21"])
def test_a_consent_needs_a_day_that_has_come(house: House, sign_in, day: str) -> None:
    answer = sign_in(house.manager).post(f"{PAGE}/consents/phone", data={"given_on": day})
    assert answer.status_code == 422
    assert answer.text.count('<details class="more confirm tone-valid" open') == 1


def test_nothing_else_can_be_agreed_to(house: House, sign_in) -> None:
    assert (
        sign_in(house.manager).post(f"{PAGE}/consents/fingerprint", data={"given_on": "2026-08-01"}).status_code == 404
    )


def test_a_logo_is_kept_shown_to_all_and_taken_away(session: Session, house: House, sign_in, client) -> None:
    browser = sign_in(house.manager)
    assert browser.post(f"{PAGE}/logo", data={"logo": (io.BytesIO(picture("PNG")), "logo.png")}).status_code == 302
    session.expire_all()
    logo = house.cooperative.logo
    assert logo is not None
    assert client.get(f"/photos/{logo.public_id}").status_code == 200
    assert browser.post(f"{PAGE}/logo/drop").status_code == 302
    assert browser.post(f"{PAGE}/logo/drop").status_code == 409
    assert client.get(f"/photos/{logo.public_id}").status_code == 404


@pytest.mark.parametrize("sent", [None, b"", b"<svg/>", bomb()], ids=["nothing", "empty", "svg", "bomb"])
def test_a_logo_that_is_none_is_refused(house: House, sign_in, sent: bytes | None) -> None:
    data = {} if sent is None else {"logo": (io.BytesIO(sent), "logo.png")}
    answer = sign_in(house.manager).post(f"{PAGE}/logo", data=data)
    assert answer.status_code == 422
    assert 'href="#logo"' in answer.text


def test_the_other_cooperative_stays_as_it_was(session: Session, house: House, other_house: House, sign_in) -> None:
    sign_in(house.manager).post(f"{PAGE}/edit", data=GOOD)
    session.expire_all()
    assert other_house.cooperative.contact_name == "Hoàng Thị Mẫu"
    assert entries_about(session, other_house.cooperative.public_id) == []
