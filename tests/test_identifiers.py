"""Numbers others gave out: kept in one form, refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.identifiers import (
    AreaCode,
    NotAnIdentifier,
    area_code,
    area_code_hint,
    certificate_number,
    check_digit,
    gtin14,
    is_placeholder,
    personal_number,
    phone,
    show_phone,
    tax_code,
    vietgap_hint,
)


def code_of(function, text: str) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAnIdentifier) as refused:
        function(text)
    return refused.value.code


def test_a_tax_code_is_kept_with_its_branch_and_checked() -> None:
    assert tax_code(" 0100233488 ") == "0100233488"
    assert tax_code("0314409058 002") == tax_code("0314409058-002") == "0314409058-002"
    assert code_of(tax_code, "0100233480") == "check_digit"
    assert code_of(tax_code, "010023348") == "shape"
    assert code_of(tax_code, "01002334AB") == "shape"
    assert code_of(tax_code, "1234567890") == "placeholder"
    assert code_of(tax_code, "") == "empty"


def test_a_personal_number_has_twelve_digits_and_a_province() -> None:
    assert personal_number("020 185 001 234") == "020185001234"
    assert code_of(personal_number, "020185001") == "shape"
    assert code_of(personal_number, "097185001234") == "shape"
    assert code_of(personal_number, "120185001234") == "shape"
    assert code_of(personal_number, "000000000000") == "placeholder"


@pytest.mark.parametrize(
    "typed",
    [
        "0912345679",
        "0912.345.679",
        "0912 345 679",
        "+84912345679",
        "+84 (0) 912 345 679",
        "84912345679",
        "0084-912-345-679",
        "912345679",
    ],
)
def test_a_mobile_number_is_one_number_however_it_is_typed(typed: str) -> None:
    assert phone(typed) == "+84912345679"


def test_fixed_lines_and_numbers_that_look_like_a_prefix_are_told_apart() -> None:
    assert phone("0205 381 2345") == phone("(0205) 3812345") == phone("+84 205 3812345") == "+842053812345"
    assert phone("841234569") == "+84841234569"
    assert show_phone("+84912345679") == "0912 345 679"
    assert show_phone("+842053812345") == "0205 381 2345"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("91234", "shape"),
        ("0412345678", "shape"),
        ("09123456789", "shape"),
        ("0912 345 67x", "shape"),
        ("+86 771 1234567", "foreign"),
        ("0000000000", "placeholder"),
        ("0123456789", "placeholder"),
        ("0999999999", "placeholder"),
        ("0900000000", "placeholder"),
    ],
)
def test_what_rings_nowhere_in_viet_nam_is_refused(typed: str, code: str) -> None:
    assert code_of(phone, typed) == code


@given(st.from_regex(r"\A(?:[35789][0-9]{8}|2[0-9]{9})\Z"))
def test_a_kept_telephone_reads_back_from_its_shown_form(national: str) -> None:
    try:
        kept = phone("0" + national)
    except NotAnIdentifier as refused:
        kept = refused.code
    assert kept in {"placeholder", f"+84{national}"}
    if kept != "placeholder":
        assert phone(show_phone(kept)) == phone(kept) == kept


def test_gtins_of_every_length_are_one_form() -> None:
    assert gtin14("09521234543213") == gtin14("9521234543213") == gtin14("952 1234 543213") == "09521234543213"
    assert gtin14("96385074") == "00000096385074"
    assert gtin14("614141000036") == "00614141000036"
    assert code_of(gtin14, "9521234543214") == "check_digit"
    assert code_of(gtin14, "95212345432") == "shape"
    assert code_of(gtin14, "00000000000000") == "placeholder"


@given(st.from_regex(r"\A[0-9]{13}\Z"), st.integers(0, 9), st.integers(0, 13))
def test_any_one_digit_wrong_in_a_gtin_is_seen(digits: str, other: int, place: int) -> None:
    right = digits + check_digit(digits)
    wrong = right[:place] + str(other) + right[place + 1 :]

    if wrong != right:
        assert code_of(gtin14, wrong) in {"check_digit", "placeholder"}


@pytest.mark.parametrize(
    "text",
    [
        "12345",
        "123",
        "N/A",
        "n.a.",
        "0000",
        "xxx",
        "XX-XXX",
        "...",
        "-",
        "",
        "không có",
        "Chưa có",
        "54321",
        "1111",
        "test",
        "x123",
        "0001",
    ],
)
def test_what_stands_in_for_a_number_is_refused(text: str) -> None:
    assert is_placeholder(text)
    assert code_of(certificate_number, text) in {"placeholder", "empty"}
    assert code_of(area_code, text) in {"placeholder", "empty"}


def test_a_certificate_number_of_any_body_is_kept_and_the_usual_form_explained() -> None:
    assert certificate_number("  VietGAP-TT-13-09-20-0096 ") == "VietGAP-TT-13-09-20-0096"
    assert certificate_number("FITES 0123/VG") == "FITES 0123/VG"
    hint = vietgap_hint("VietGap-TT-13-04-87-0102")
    assert hint is not None
    assert (hint.for_crops, hint.body_year, hint.body, hint.province, hint.serial) == (True, 2013, 4, 87, 102)
    livestock = vietgap_hint("vietgap-cn-13-04-20-0001")
    assert livestock is not None
    assert not livestock.for_crops
    assert vietgap_hint("VietGAP-TT-26-0089") is None


def test_an_area_code_is_kept_in_capitals_and_its_form_hinted_at() -> None:
    assert area_code(" vn-lsor – 0001") == "VN-LSOR-0001"
    assert area_code_hint("VN-LSOR-0001") == AreaCode("LS", packhouse=False, number=1)
    assert area_code_hint("VN-TGPH-0012") == AreaCode("TG", packhouse=True, number=12)
    assert area_code_hint(area_code("LS 15/2024")) is None


@given(st.text(max_size=30) | st.text(alphabet="0123456789+-. ()", max_size=20))
def test_any_text_is_kept_once_for_all_or_refused(text: str) -> None:
    for function in (tax_code, personal_number, phone, gtin14, certificate_number, area_code):
        try:
            kept = function(text)
        except NotAnIdentifier:
            continue
        assert function(kept) == kept
