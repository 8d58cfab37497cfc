"""Products: names, packs, GTIN, photo."""

import io

import pytest
from sqlalchemy.orm import Session

from tests.bad_input import BAD_QUANTITIES, BAD_WORDS, NOBODYS, entries_about, last_id, rows, variants
from tests.conftest import House
from tests.test_uploads import bomb, picture
from trace.records import Product, Upload

NEW = "/my/products/new"
GOOD = {
    "name_vi": "Hồng không hạt Bảo Lâm",
    "name_en": "Bảo Lâm seedless persimmon",
    "name_zh": "保林无核柿",
    "variety": "hồng Bảo Lâm",
    "pack": "hộp",
    "net_weight_g": "2 kg",
    "shelf_life_days": "15",
    "keeping": "Nơi khô mát",
    "gtin": "893 8500 00001 1",
}


def gtin13(body: str) -> str:
    """With its check digit, computed apart from the code under test (GS1 General Specifications 7.9)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return body + str(-total % 10)


GOOD["gtin"] = gtin13("893850000001")


def test_a_product_is_entered_and_its_page_shows_it(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    answer = browser.post(NEW, data=GOOD)
    page = browser.get(answer.location)
    for shown in (GOOD["name_vi"], GOOD["name_en"], GOOD["name_zh"], "hộp 2 kg", "15 ngày", GOOD["gtin"]):
        assert shown in page.text
    assert entries_about(session, last_id(answer.location)) == ["product.added"]


def test_only_a_name_a_pack_and_a_weight_are_needed(house: House, sign_in) -> None:
    form = {name: GOOD[name] for name in ("name_vi", "pack", "net_weight_g")}
    assert sign_in(house.member).post(NEW, data=form).status_code == 302


def test_a_photo_comes_with_the_form_and_can_be_taken_away(session: Session, house: House, sign_in) -> None:
    browser = sign_in(house.member)
    address = browser.post(NEW, data=GOOD | {"photo": (io.BytesIO(picture()), "na.jpg")}).location
    assert '<img class="photo"' in browser.get(address).text
    browser.post(f"{address}/edit", data=GOOD)
    assert '<img class="photo"' in browser.get(address).text  # a form without a new file leaves the old one
    assert browser.post(f"{address}/drop-photo").status_code == 302
    assert '<img class="photo"' not in browser.get(address).text
    assert browser.post(f"{address}/drop-photo").status_code == 409
    assert entries_about(session, last_id(address)) == ["product.added", "product.changed"]


@pytest.mark.parametrize("sent", [bomb(), picture()[:-500], b"<svg/>", b"%PDF-1.7"], ids=["bomb", "cut", "svg", "pdf"])
def test_a_photo_that_is_none_keeps_what_was_typed(session: Session, house: House, sign_in, sent: bytes) -> None:
    products, uploads = rows(session, Product), rows(session, Upload)
    answer = sign_in(house.member).post(NEW, data=GOOD | {"photo": (io.BytesIO(sent), "na.jpg")})
    assert answer.status_code == 422
    assert 'href="#photo"' in answer.text
    assert GOOD["name_vi"] in answer.text
    assert "Xin chọn lại tệp" in answer.text
    assert (rows(session, Product), rows(session, Upload)) == (products, uploads)


@pytest.mark.parametrize(
    ("field", "form"),
    variants(
        GOOD,
        {
            "name_vi": BAD_WORDS,
            "pack": BAD_WORDS,
            "name_en": {"over-long": "a" * 500, "NUL": "a\x00"},
            "name_zh": {"over-long": "柿" * 500},
            "variety": {"over-long": "a" * 500},
            "keeping": {"over-long": "a" * 5_000, "NUL": "a\x00"},
            "net_weight_g": BAD_QUANTITIES | {"two tonnes": "2 tấn", "area": "5 ha"},
            "shelf_life_days": {"negative": "-1", "nothing": "0", "ages": "4000", "words": "lâu", "half": "1,5"},
            "gtin": {
                "wrong digit": GOOD["gtin"][:-1] + str((int(GOOD["gtin"][-1]) + 1) % 10),
                "short": "89385000",
                "letters": "89385000000AB",
                "NUL": "8938500000011\x00",
                "placeholder": "0000000000000",
            },
        },
    ),
)
def test_a_product_that_cannot_be_is_complained_about_beside_its_field(
    session: Session, house: House, sign_in, field: str, form: dict[str, str]
) -> None:
    before = rows(session, Product)
    answer = sign_in(house.member).post(NEW, data=form)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert rows(session, Product) == before


def test_a_gtin_of_another_cooperative_is_refused_without_telling_whose(
    session: Session, house: House, other_house: House, sign_in
) -> None:
    sign_in(other_house.member).post(NEW, data=GOOD)
    answer = sign_in(house.member).post(NEW, data=GOOD | {"name_vi": "Na của ta"})
    assert answer.status_code == 422
    assert 'href="#gtin"' in answer.text
    assert other_house.cooperative.name not in answer.text
    assert GOOD["name_en"] in answer.text


def test_a_gtin_typed_with_or_without_its_zero_is_one(house: House, sign_in) -> None:
    browser = sign_in(house.member)
    address = browser.post(NEW, data=GOOD).location
    assert browser.post(NEW, data=GOOD | {"gtin": "0" + GOOD["gtin"]}).status_code == 422
    assert browser.post(f"{address}/edit", data=GOOD | {"gtin": "0" + GOOD["gtin"]}).status_code == 302


def test_sent_twice_one_product_is_entered(session: Session, house: House, sign_in) -> None:
    browser, form, before = sign_in(house.member), GOOD | {"mark": "a" * 32}, rows(session, Product)
    assert browser.post(NEW, data=form).location == browser.post(NEW, data=form).location
    assert rows(session, Product) == before + 1


def test_another_cooperatives_product_is_nowhere(house: House, other_house: House, sign_in) -> None:
    browser = sign_in(house.manager)
    for public_id in (other_house.product.public_id, NOBODYS, "%00"):
        assert browser.get(f"/my/products/{public_id}").status_code == 404
        for deed in ("edit", "drop-photo"):
            assert browser.post(f"/my/products/{public_id}/{deed}", data=GOOD).status_code == 404


@pytest.mark.parametrize("typed", ["hong khong hat", "PERSIMMON", "无核", "8938500"])
def test_a_product_is_found_by_any_of_its_names(house: House, sign_in, typed: str) -> None:
    browser = sign_in(house.member)
    browser.post(NEW, data=GOOD)
    page = browser.get("/my/products", query_string={"q": typed})
    assert GOOD["name_vi"] in page.text
    assert "Na Chi Lăng" not in page.text
