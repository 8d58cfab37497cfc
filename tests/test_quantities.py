"""Numbers and units as cooperatives type them, and as the pages say them back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.figures import read_figure, write_figure
from trace.standards.quantities import (
    NotAQuantity,
    parse_area,
    parse_count,
    parse_money,
    parse_weight,
    said_area,
    said_money,
    said_weight,
    show_area,
    show_count,
    show_money,
    show_weight,
)
from trace.standards.words import fold, tidy

AMOUNTS = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("1.200", 1_200_000),
        ("1 200", 1_200_000),
        ("1\u00a0200 kg", 1_200_000),
        ("1200kg", 1_200_000),
        ("1,2", 1_200),
        ("1,2 tấn", 1_200_000),
        ("1.2 tấn", 1_200_000),
        ("1,25 TAN", 1_250_000),
        ("1.234,5 kg", 1_234_500),
        ("12,345 kg", 12_345),
        ("3 tạ", 300_000),
        ("3 ta\u0323", 300_000),
        ("2 yến", 20_000),
        ("5 lạng", 500),
        ("250 g", 250),
        ("250 gam", 250),
        ("12 ký", 12_000),
        ("1 tạ 20 kg", 120_000),
        ("1 tấn 2 tạ 5 kg", 1_205_000),
        ("１２ kg", 12_000),
        ("0", 0),
    ],
)
def test_a_weight_is_read_as_people_write_it(typed: str, grams: int) -> None:
    assert parse_weight(typed) == grams


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("1,200.5", "ambiguous"),
        ("1.200.5", "ambiguous"),
        ("1,200,300", "ambiguous"),
        ("0.500", "ambiguous"),
        ("1.2345", "ambiguous"),
        ("1.2,5", "ambiguous"),
        ("20 kg 1 tạ", "ambiguous"),
        ("1 tạ 200 kg", "ambiguous"),
        ("-5 kg", "negative"),
        ("−5", "negative"),
        ("0,0005 kg", "fraction"),
        ("5 cân rưỡi", "unit"),
        ("5 bao", "unit"),
        ("5 m²", "unit"),
        ("1e5", "unit"),
        ("12.", "shape"),
        ("khoảng 5 kg", "shape"),
        ("10-12 kg", "shape"),
        ("kg", "shape"),
        ("1 tạ 5", "shape"),
        ("1 20 kg", "shape"),
        ("nan", "shape"),
        ("=1+1", "shape"),
        ("5" * 90, "shape"),
        ("5" * 30, "too_large"),
        ("999.999.999.999.999 tấn", "too_large"),
    ],
)
def test_what_gives_no_weight_is_refused_with_a_code(typed: str, code: str) -> None:
    with pytest.raises(NotAQuantity) as refused:
        parse_weight(typed)

    assert refused.value.code == code


def test_areas_and_money_have_their_own_words() -> None:
    assert parse_area("1,25") == 12_500
    assert parse_area("1,25 héc-ta".replace("-", " ")) == 12_500
    assert {
        parse_area(typed) for typed in ("3.600 m²", "3600m2", "3.600 mét vuông", "3600 m ^2", "10 sào", "1 mẫu")
    } == {3_600}
    assert parse_area("2 sào 5 thước") == 840
    assert parse_area("360", default_unit="m²") == 360
    assert parse_money("1.500.000") == 1_500_000
    assert {
        parse_money(typed) for typed in ("1,5 triệu", "1,5 triệu đồng", "1.500.000đ", "1500k", "1,5tr", "₫1.500.000")
    } == {1_500_000}
    assert parse_money("1 tỷ 200 triệu") == 1_200_000_000
    assert parse_money("VND 20.000") == 20_000
    assert parse_count("1.048.576") == 1_048_576


@pytest.mark.parametrize(
    ("parse", "typed", "code"),
    [
        (parse_area, "1,00005 ha", "fraction"),
        (parse_area, "5 kg", "unit"),
        (parse_money, "0,5 đ", "fraction"),
        (parse_money, "5 USD", "unit"),
        (parse_count, "1,5", "fraction"),
        (parse_count, "5 tem", "unit"),
    ],
)
def test_each_measure_keeps_to_its_units_and_its_smallest(parse, typed: str, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(NotAQuantity) as refused:
        parse(typed)

    assert refused.value.code == code


def test_a_refusal_says_what_its_sentence_may_quote() -> None:
    with pytest.raises(NotAQuantity) as refused:
        parse_weight("5 bao")
    assert refused.value.figures == {"unit": "bao"}

    with pytest.raises(NotAQuantity) as refused:
        parse_area("0,5 m²")
    assert refused.value.figures["unit"] == "m²"


@given(AMOUNTS)
def test_what_is_shown_in_vietnamese_reads_back_the_same(amount: int) -> None:
    assert parse_weight(show_weight(amount, "vi")) == amount
    assert parse_area(show_area(amount, "vi")) == amount
    assert parse_money(show_money(amount, "vi")) == amount
    assert parse_count(show_count(amount, "vi")) == amount


@given(AMOUNTS)
def test_both_halves_of_what_is_said_are_the_same_amount(amount: int) -> None:
    for parse, said in ((parse_weight, said_weight), (parse_area, said_area), (parse_money, said_money)):
        assert {parse(half) for half in said(amount, "vi").split(" = ")} == {amount}


@given(st.decimals(0, 10**9, places=5))
def test_a_figure_reads_back_as_it_is_written(figure) -> None:  # type: ignore[no-untyped-def]
    assert read_figure(write_figure(figure, "vi")) == figure


def test_amounts_are_said_in_each_language() -> None:
    assert said_weight(1_200_000, "vi") == "1.200 kg = 1,2 tấn"
    assert said_weight(1_200_000, "en") == "1,200 kg = 1.2 t"
    assert said_weight(1_200_000, "zh") == "1,200 kg = 1.2 吨"
    assert said_weight(120_000, "vi") == "120 kg = 1,2 tạ"
    assert said_weight(120_000, "en") == "120 kg"
    assert said_weight(500, "vi") == "500 g = 0,5 kg"
    assert said_area(3_600, "vi") == "3.600 m² = 0,36 ha"
    assert show_area(12_500, "en") == "1.25 ha"
    assert said_money(1_500_000, "vi") == "1.500.000 đ = 1,5 triệu đồng"
    assert said_money(2_500_000_000, "en") == "2,500,000,000 VND = 2.5 billion VND"
    assert show_money(20_000, "vi") == "20.000 đ"
    assert show_count(-1_200, "vi") == "−1.200"
    assert show_weight(-1_200_000, "vi") == "−1.200 kg"


@given(st.text(max_size=30) | st.text(alphabet="0123456789.,- kgtạấnm2²đ", max_size=16))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    codes = {"empty", "shape", "ambiguous", "negative", "unit", "fraction", "too_large"}
    for parse in (parse_weight, parse_area, parse_money, parse_count):
        try:
            outcome: int | str = parse(text)
        except NotAQuantity as refused:
            outcome = refused.code
        assert outcome in codes if isinstance(outcome, str) else 0 <= outcome <= 10**15


def test_folding_finds_what_is_typed_without_marks() -> None:
    assert fold("  Thửa ĐẤT  Mẫu Sơn ") == "thua dat mau son"
    assert fold("Ho\u0300a Bi\u0300nh") == fold("Hòa Bình") == "hoa binh"
    assert tidy(" Chi\u00a0 La\u0306ng ") == "Chi Lăng"


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
