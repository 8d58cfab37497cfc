"""The communes of Lạng Sơn, found as people type them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.geography import COMMUNES, DISTRICTS, commune, communes_by_name, district, find_communes
from trace.standards.words import fold, sort_key


def test_the_province_has_65_units_from_11_districts() -> None:
    assert len(COMMUNES) == len({unit.code for unit in COMMUNES}) == 65
    assert [unit.kind for unit in COMMUNES].count("phường") == 4
    assert len(DISTRICTS) == len({old.code for old in DISTRICTS}) == 11
    assert all(len(unit.code) == 5 and unit.code.startswith("0") for unit in COMMUNES)
    assert {unit.name for unit in COMMUNES if unit.across} == {"Đông Kinh", "Kỳ Lừa", "Khánh Khê", "Tân Đoàn"}


def test_a_unit_is_known_by_its_code() -> None:
    cai_kinh = commune("06427")
    assert cai_kinh is not None
    assert (cai_kinh.full_name, cai_kinh.old_district.name, cai_kinh.old_district.kind) == (
        "Xã Cai Kinh",
        "Hữu Lũng",
        "huyện",
    )
    tam_thanh = commune("05986")
    assert tam_thanh is not None
    assert (tam_thanh.full_name, tam_thanh.old_district) == ("Phường Tam Thanh", district("178"))
    assert commune("6427") is None
    assert district("179") is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("chi lang", "Chi Lăng"),
        ("Chi Lăng", "Chi Lăng"),
        ("CHI LĂ", "Chi Lăng"),
        ("dong dang", "Đồng Đăng"),
        ("xã Mẫu Sơn", "Mẫu Sơn"),
        ("phuong ky lua", "Kỳ Lừa"),
        ("he", "Điềm He"),
        ("06286", "Khánh Khê"),
    ],
)
def test_a_commune_is_found_with_and_without_marks(typed: str, first: str) -> None:
    assert find_communes(typed)[0].name == first


def test_the_name_of_an_old_district_finds_all_that_came_from_it() -> None:
    found = [unit.name for unit in find_communes("Hữu Lũng")]

    assert found[0] == "Hữu Lũng"
    assert set(found) >= {"Yên Bình", "Hữu Liên", "Vân Nham", "Cai Kinh", "Thiện Tân", "Tân Thành", "Tuấn Sơn"}
    assert find_communes("") == find_communes("Hà Nội") == []


def test_names_stand_in_the_order_of_a_dictionary() -> None:
    names = [unit.name for unit in communes_by_name()]

    assert names[:4] == ["Ba Sơn", "Bắc Sơn", "Bằng Mạc", "Bình Gia"]
    assert names.index("Công Sơn") < names.index("Điềm He") < names.index("Đình Lập") < names.index("Đoàn Kết")
    assert names.index("Vạn Linh") < names.index("Văn Lãng") < names.index("Vân Nham") < names.index("Vũ Lăng")
    assert sorted(["má", "mạ", "ma", "mả", "mã", "mà", "mắ", "na"], key=sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ", "mắ", "na",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=6), max_size=6))
def test_any_texts_can_be_put_in_order(texts: list[str]) -> None:
    assert all(sort_key(one) <= sort_key(other) for one, other in pairwise(sorted(texts, key=sort_key)))


@given(st.sampled_from(COMMUNES), st.sampled_from([str, str.upper, fold]))
def test_every_unit_is_among_the_first_found_for_its_name(unit, typed) -> None:  # type: ignore[no-untyped-def]
    assert unit in find_communes(typed(unit.name))[:2]
