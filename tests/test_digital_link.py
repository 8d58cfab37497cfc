"""GS1 Digital Link: what we accept and print, and what a resolver answers, point by point."""

import base64
import math
import re
from collections.abc import Callable
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.gs1 import (
    AIS,
    LINK_TYPES,
    BadLink,
    DigitalLink,
    Entity,
    Target,
    choose,
    decompress,
    description_file,
    forward,
    is_epc,
    is_lot,
    link_type,
    linkset,
    linkset_as_json_ld,
    parse,
    parse_target,
    product_link,
)
from trace.standards.gs1.checks import CSET_82, has_check_pair
from trace.standards.negotiation import best_media, languages, look_up, media_quality

GTIN = "09521234543213"
GLN = "9521234543213"


def refusal(read: Callable[[str], DigitalLink], text: str) -> tuple[str, str, str]:
    with pytest.raises(BadLink) as refused:
        read(text)
    return refused.value.code, refused.value.ai, refused.value.fault


# What is a link


def test_a_stamp_is_read_from_its_link() -> None:
    link = parse(f"HTTPS://TEM.EXAMPLE/01/{GTIN}/21/7K3M9QX2WABCD5EF")

    assert (link.gtin, link.serial, link.lot) == (GTIN, "7K3M9QX2WABCD5EF", None)
    assert link.path == f"/01/{GTIN}/21/7K3M9QX2WABCD5EF"
    assert link.canonical == f"https://id.gs1.org/01/{GTIN}/21/7K3M9QX2WABCD5EF"
    assert link.readable == (f"(01) {GTIN}", "(21) 7K3M9QX2WABCD5EF")
    assert product_link(GTIN, serial="7K3M9QX2WABCD5EF") == link


@pytest.mark.parametrize(
    "uri",
    [
        f"https://id.gs1.org/01/{GTIN}",
        f"http://example.com:8080/some/stem/01/{GTIN}",
        f"https://example.com/414/{GLN}/01/{GTIN}",
        f"HTTP://EXAMPLE.COM/01/{GTIN}/22/2A/10/ABC123/21/12345XYZ",
        f"https://example.com/01/{GTIN}/10/ABC123",
        f"https://example.com/01/{GTIN}/22/2A/21/1",
        f"https://example.com/01/{GTIN}/235/TPX",
        f"https://example.com/01/{GTIN}?17=261231&3103=001000&422=704&7007=260820",
        f"https://example.com/01/{GTIN}?",
        f"https://example.com/01/{GTIN}?&&linkType=gs1:pip&utm=a;b&flag&",
        f"https://example.com/01/{GTIN}?15=260200#anything",
        f"https://example.com/414/{GLN}/254/plot-7",
        f"https://example.com/417/{GLN}",
        f"https://example.com/00/095212345432132345?02={GTIN}&37=25&10=ABC",
        f"https://example.com/01/{GTIN}/235/TPX?10=ABC",
        "https://example.com/8013/1987654Ad4X4bL5ttr2310c2K",
        "https://example.com/8004/9521234AS",
        f"https://[2001:db8::1]/01/{GTIN}",
    ],
)
def test_these_are_links(uri: str) -> None:
    uri = uri.replace("095212345432132345", "095212345678901234"[:17] + sscc_digit("09521234567890123"))
    link = parse(uri)

    assert parse(link.canonical).canonical == link.canonical


def sscc_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


@pytest.mark.parametrize(
    ("target", "code", "ai", "fault"),
    [
        ("", "no_key", "", ""),
        ("/", "no_key", "", ""),
        ("/foo", "no_key", "", ""),
        ("/01", "segments", "", ""),
        (f"/01/{GTIN}/foo", "segments", "", ""),
        (f"/01/{GTIN}/10", "segments", "", ""),
        (f"/01/{GTIN}//10/A", "segments", "", ""),
        (f"/01/{GTIN}/10/", "segments", "", ""),
        (f"/01/{GTIN}//", "segments", "", ""),
        (f"//01/{GTIN}", "no_key", "", ""),
        ("/01/09521234543214", "value", "01", "check"),
        ("/01/9521234543213", "value", "01", "length"),
        ("/01/96385074", "value", "01", "length"),
        ("/01/0952123454321X", "value", "01", "characters"),
        ("/gtin/09521234543213", "no_key", "", ""),
        ("/%30%31/09521234543213", "no_key", "", ""),
        (f"/01/{GTIN}/21/1/10/A", "order", "10", ""),
        (f"/01/{GTIN}/10/A/22/B", "order", "22", ""),
        (f"/01/{GTIN}/10/A/235/B", "order", "235", ""),
        (f"/01/{GTIN}/10/A/10/B", "order", "10", ""),
        (f"/01/{GTIN}/17/261231", "order", "17", ""),
        (f"/01/{GTIN}/05/1", "unknown", "05", ""),
        (f"/17/261231/01/{GTIN}", "no_key", "", ""),
        ("/22/V1", "no_key", "", ""),
        (f"/00/{GTIN}", "value", "00", "length"),
        (f"/417/{GLN}/254/1", "order", "254", ""),
        (f"/415/{GLN}", "pairing", "415", ""),
        (f"/01/{GTIN}/10/{'A' * 21}", "value", "10", "length"),
        (f"/01/{GTIN}/10/a%20b", "value", "10", "characters"),
        (f"/01/{GTIN}/10/%00", "value", "10", "characters"),
        (f"/01/{GTIN}/10/%23", "value", "10", "characters"),
        (f"/01/{GTIN}/10/l%C3%B4", "value", "10", "characters"),
        (f"/01/{GTIN}/10/lô", "value", "10", "characters"),
        (f"/01/{GTIN}?10=A", "attribute", "10", ""),
        (f"/01/{GTIN}?21=A", "attribute", "21", ""),
        (f"/01/{GTIN}/10/A?22=B", "attribute", "22", ""),
        (f"/01/{GTIN}?03={GTIN}", "attribute", "03", ""),
        (f"/01/{GTIN}?8200=http", "attribute", "8200", ""),
        (f"/01/{GTIN}?01={GTIN}", "repeated", "01", ""),
        (f"/01/{GTIN}?17=261231&17=261231", "repeated", "17", ""),
        (f"/01/{GTIN}?05=1", "unknown", "05", ""),
        (f"/01/{GTIN}?17", "value", "17", "length"),
        (f"/01/{GTIN}?17=", "value", "17", "length"),
        (f"/01/{GTIN}?17=261331", "value", "17", "day0"),
        (f"/01/{GTIN}?7007=260800", "value", "7007", "day"),
        (f"/01/{GTIN}?422=705&240=a+b", "value", "240", "characters"),
        (f"/01/{GTIN}?422=000", "value", "422", "country"),
        (f"/01/{GTIN}?3103=000100&3102=000010", "pairing", "3102", ""),
        (f"/01/{GTIN}?37=5", "pairing", "01", ""),
        (f"/01/{GTIN}?3920=1", "pairing", "3920", ""),
        (f"/01/{GTIN}?427=LS", "pairing", "427", ""),
        (f"/414/{GLN}?15=261231", "pairing", "15", ""),
        ("/8013/1987654Ad4X4bL5ttr2310cXK", "value", "8013", "pair"),
        (f"/01/{GTIN}?" + "a" * 9_000, "too_long", "", ""),
        ("/" + "x" * 9_000, "too_long", "", ""),
    ],
)
def test_what_breaks_a_rule_is_refused_with_it(target: str, code: str, ai: str, fault: str) -> None:
    assert refusal(parse_target, target) == (code, ai, fault)


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        (f"HtTp://example.com/01/{GTIN}", "uri"),
        (f"ftp://example.com/01/{GTIN}", "uri"),
        (f"//example.com/01/{GTIN}", "uri"),
        (f"https:///01/{GTIN}", "uri"),
        (f"https://exa mple.com/01/{GTIN}", "uri"),
        ("https://example.com", "uri"),
        (f"https://example.com/01/{GTIN}/", "slash"),
        ("https://example.com/page", "no_key"),
        ("https://example.com/some/page", "no_key"),
        (f"https://example.com/01/{GTIN}/x", "unknown"),
        ("https://example.com/" + "x" * 9_000, "too_long"),
    ],
)
def test_what_is_no_link_as_a_whole_is_refused(uri: str, code: str) -> None:
    assert refusal(parse, uri)[0] == code


def test_a_request_may_end_in_a_slash_and_keeps_its_query_byte_for_byte() -> None:
    link = parse_target(f"/01/{GTIN}/?b=2;x&LINKTYPE=gs1%3Apip&flag&17=261231&a=%C3%B4")

    assert link.path == f"/01/{GTIN}"
    assert link.query == "b=2;x&LINKTYPE=gs1%3Apip&flag&17=261231&a=%C3%B4"
    assert link.attributes == (("17", "261231"),)
    assert link.asked("linkType") == "gs1:pip"
    assert link.asked("a") == "ô"
    assert link.asked("flag") == ""
    assert link.asked("context") is None


def test_an_escaped_slash_is_part_of_its_value() -> None:
    link = parse_target(f"/01/{GTIN}/10/A%2fB%2B+%25%4g")

    assert link.lot == "A/B++%%4g"
    assert link.path == f"/01/{GTIN}/10/A%2FB%2B%2B%25%254g"
    assert parse_target(link.path).lot == link.lot


@given(
    st.text(alphabet=sorted(CSET_82), min_size=1, max_size=20),
    st.text(alphabet=sorted(CSET_82), min_size=1, max_size=20),
)
def test_any_lot_and_serial_of_the_character_set_come_back(lot: str, serial: str) -> None:
    link = product_link(GTIN, lot=lot, serial=serial)

    assert parse_target(link.path) == link
    assert (link.lot, link.serial) == (lot, serial)
    assert parse(link.canonical).canonical == link.canonical
    assert is_lot(lot)


SOUP = st.lists(
    st.sampled_from(
        ["/", "//", "01", GTIN, "10", "21", "22", "235", "414", GLN, "AB", "%2F", "%00", "%", "?", "&", "=", "17",
         "261231", ";", "+", "#", "linkType=gs1:pip", "é", "\x00", "422=704", "00", "253", "8004", "٣"]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(st.text(max_size=60) | SOUP | SOUP.map(lambda text: f"/01/{GTIN}{text}"))
def test_any_request_is_a_link_or_refused_and_its_canonical_form_is_stable(text: str) -> None:
    for read, whole in ((parse_target, text), (parse, f"https://example.com/{text}")):
        try:
            link = read(whole)
        except BadLink:
            continue
        again = parse(link.canonical)
        assert again.canonical == link.canonical
        assert (again.key, again.qualifiers) == (link.key, link.qualifiers)
        assert parse_target(f"{link.path}?{link.query}").attributes == link.attributes
        assert link.levels()[-1].qualifiers == ()


@given(st.text(max_size=40))
def test_any_epc_string_is_a_link_or_refused(text: str) -> None:
    for path in (text, f"/eh{text}", f"/ex{text}"):
        try:
            link = decompress(path)
        except BadLink as refused:
            assert refused.code in {"epc", "value", "no_key", "segments"}  # noqa: PT017
            continue
        assert parse_target(link.path).path == link.path


# The table


def test_the_table_has_every_identifier_once_and_its_pairs_exist() -> None:
    assert len(AIS) == 541
    patterns = {part for ai in AIS.values() for need in (*ai.needs, ai.never_with) for part in need}
    known = [re.compile(pattern.replace("n", "[0-9]")) for pattern in patterns]
    assert all(any(pattern.fullmatch(code) for code in AIS) for pattern in known)
    assert {code for code, ai in AIS.items() if ai.qualifiers is not None} == {
        "00", "01", "253", "255", "401", "402", "414", "415", "417", "8003", "8004", "8006", "8010", "8013",
        "8017", "8018",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value", "fault"),
    [
        ("01", GTIN, None),
        ("253", "9521234543213ABC", None),
        ("253", "9521234543213" + "A" * 18, "length"),
        ("8003", "09521234543213A", None),
        ("8003", "19521234543213A", "zero"),
        ("8006", GTIN + "0102", None),
        ("8006", GTIN + "0201", "piece"),
        ("423", "704156", None),
        ("423", "70415", "length"),
        ("7007", "260820260825", None),
        ("7007", "2608202608", "length"),
        ("7003", "2608202359", None),
        ("7003", "2608202460", "time"),
        ("8008", "26082012", None),
        ("8008", "260820126000", "sixty"),
        ("15", "240229", None),
        ("15", "250229", "day0"),
        ("15", "250200", None),
        ("11", "251300", "day0"),
        ("8007", "GB82WEST12345698765432", None),
        ("8007", "GB82WEST12345698765433", "iban"),
        ("4309", "02790858483015297971", None),
        ("4309", "18000000003600000000", None),
        ("4309", "18000000010000000000", "latitude"),
        ("4309", "18000000003600000001", "longitude"),
        ("8010", "9521234ABC-/#", None),
        ("8010", "9521234abc", "characters"),
        ("8030", "abc-_=", None),
        ("8004", "95A", "prefix"),
        ("4330", "000123-", None),
        ("4330", "000123+", "minus"),
        ("4300", "a%2Cb", None),
        ("4300", "a%2", "escaped"),
        ("7258", "1/2", None),
        ("7258", "3/2", "born"),
        ("8011", "012", "nozero"),
        ("10", "", "length"),
        ("242", "1234567", "length"),
    ],
)
def test_each_value_is_held_to_its_identifier(code: str, value: str, fault: str | None) -> None:
    assert AIS[code].fault(value) == fault


def test_the_check_pair_of_a_model_number_is_that_of_the_standards_example() -> None:
    number = "1987654Ad4X4bL5ttr2310c2K"
    assert has_check_pair(number)
    for place in range(len(number)):
        assert not has_check_pair(number[:place] + ("A" if number[place] != "A" else "B") + number[place + 1 :])


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_every_day_of_the_calendar_is_a_day(day: date) -> None:
    assert AIS["7006"].fault(day.strftime("%y%m%d")) is None


# Levels


def test_a_link_is_answered_from_every_level_above_it() -> None:
    def levels(link: DigitalLink) -> list[str]:
        return ["+".join(["01", *(code for code, _ in level.qualifiers)]) for level in link.levels()]

    full = parse_target(f"/01/{GTIN}/22/V/10/L/21/S")
    assert levels(full) == ["01+21", "01+22+10", "01+10", "01+22", "01"]
    assert levels(product_link(GTIN, lot="L")) == ["01+10", "01"]
    assert levels(product_link(GTIN, lot="L", serial="S")) == ["01+21", "01+10", "01"]
    assert levels(parse_target(f"/01/{GTIN}/235/T")) == ["01+235", "01"]
    assert levels(product_link(GTIN)) == ["01"]
    assert [level.path for level in parse_target(f"/414/{GLN}/254/7").levels()] == [f"/414/{GLN}/254/7", f"/414/{GLN}"]


def test_a_serial_is_registered_without_lot_or_variant() -> None:
    assert product_link(GTIN, serial="S").may_register
    assert product_link(GTIN, lot="L").may_register
    assert not product_link(GTIN, lot="L", serial="S").may_register


# EPC


def test_both_epc_examples_of_the_standard_are_the_same_link() -> None:
    for path in ("/eh30164596f40c0e5cbe991a83", "/exMBZFlvQMDly-mRqD"):
        assert is_epc(path)
        assert decompress(path).path == "/01/09528765123457/21/123456789123"


def epc(header: int, bits: int, *fields: tuple[int, int]) -> str:
    """An EPC path built from fields and their widths, as the Tag Data Standard draws it."""
    number, used = header, 8
    for value, width in fields:
        number, used = number << width | value, used + width
    assert used == bits
    spare = -bits % 8
    return "/eh" + (number << spare).to_bytes((bits + spare) // 8, "big").hex()


def letters(text: str) -> int:
    return sum(ord(letter) << 7 * (19 - place) for place, letter in enumerate(text))


def test_places_and_logistic_units_and_long_serials_are_read() -> None:
    assert decompress(epc(0x36, 198, (1, 3), (5, 3), (9521234, 24), (54321, 20), (letters("7K3M/9"), 140))).path == (
        f"/01/{product_gtin('0', '9521234', '54321')}/21/7K3M%2F9"
    )
    assert decompress(epc(0x32, 96, (1, 3), (5, 3), (9521234, 24), (54321, 17), (77, 41))).path == f"/414/{GLN}/254/77"
    assert decompress(epc(0x32, 96, (1, 3), (5, 3), (9521234, 24), (54321, 17), (0, 41))).path == f"/414/{GLN}"
    assert decompress(epc(0x39, 195, (1, 3), (5, 3), (9521234, 24), (54321, 17), (letters("plot-7"), 140))).path == (
        f"/414/{GLN}/254/plot-7"
    )
    assert decompress(epc(0x31, 96, (1, 3), (5, 3), (9521234, 24), (1234567890, 34), (0, 24))).path == (
        f"/00/19521234234567890{sscc_digit('19521234234567890')}"
    )


def product_gtin(indicator: str, prefix: str, item: str) -> str:
    digits = f"{indicator}{prefix}{item}"
    return digits + sscc_digit(digits)


@given(st.integers(0, 6), st.integers(0), st.integers(0), st.integers(0, (1 << 38) - 1))
def test_every_sgtin_96_is_the_gtin_and_serial_it_was_made_of(part: int, prefix: int, item: int, serial: int) -> None:
    bits = (40, 37, 34, 30, 27, 24, 20)[part]
    prefix, item = prefix % 10 ** (12 - part), item % 10 ** (part + 1)
    path = epc(0x30, 96, (1, 3), (part, 3), (prefix, bits), (item, 44 - bits), (serial, 38))
    reference = str(item).zfill(part + 1)

    link = decompress(path)

    assert link.gtin == product_gtin(reference[0], str(prefix).zfill(12 - part), reference[1:])
    assert link.serial == str(serial)
    coded = base64.urlsafe_b64encode(bytes.fromhex(path[3:])).decode().rstrip("=")
    assert decompress(f"/ex{coded}") == link


@pytest.mark.parametrize(
    "path",
    [
        "/eh", "/ex", "/eh30", "/ehzz", "/EH30164596f40c0e5cbe991a83", "/eh30164596f40c0e5cbe991a83ffffff",
        "/eh301c4596f40c0e5cbe991a83", "/eh99164596f40c0e5cbe991a83", "/exMBZFlvQMDly+mRqD", "/ex====",
        "/eh30 164596f40c0e5cbe991a83",        "/eh31164596f40c0e5cbe991a83", "/ehé",
    ],
)  # fmt: skip
def test_what_is_no_epc_of_ours_is_refused(path: str) -> None:
    assert refusal(decompress, path)[0] == "epc"


def test_only_small_eh_and_ex_are_epc_paths() -> None:
    assert [is_epc(path) for path in ("/eh30", "/ex30", "/EH30", "/EX30", "/e", "/eh/30", "/01/x")] == [True, True] + [
        False
    ] * 5


# Resolving

VI, EN, ZH = (
    Target("defaultLinkMulti", f"https://tem.example/{language}", language, "text/html", (language,))
    for language in ("vi", "en", "zh")
)
DEFAULT = Target("defaultLink", "https://tem.example/p", "Na Chi Lăng")
PIP_VI, PIP_EN = (
    Target("pip", f"https://tem.example/pip-{language}", language, "text/html", (language,))
    for language in ("vi", "en")
)
PIP_JSON = Target("pip", "https://tem.example/pip.json", "data", "application/json", ("vi",))
TARGETS = [
    DEFAULT,
    VI,
    EN,
    ZH,
    PIP_VI,
    PIP_EN,
    PIP_JSON,
    Target("recallStatus", "https://tem.example/recall", "Recall"),
]


@pytest.mark.parametrize(
    ("accept_language", "expected"),
    [
        ("", DEFAULT), ("fr", DEFAULT), ("*", DEFAULT), ("vi-VN,vi;q=0.9,en;q=0.8", VI), ("fr, en-GB;q=0.5", EN),
        ("en;q=0.1, zh-CN", ZH), ("en;q=0, vi;q=0.1", VI), ("en;q=NaN", DEFAULT), (",,;;q=1,\x00", DEFAULT),
    ],
)  # fmt: skip
def test_without_a_type_the_default_answers_or_its_variant_in_the_visitors_language(
    accept_language: str, expected: Target
) -> None:
    chosen = choose(TARGETS, accept_language=accept_language)

    assert (chosen.status, chosen.targets) == (307, (expected,))


def test_a_media_type_liked_better_than_a_page_chooses_its_variant_of_the_default() -> None:
    data = Target("defaultLinkMulti", "https://tem.example/p.json", "data", "application/json")

    for accept, expected in (
        ("", DEFAULT),
        ("*/*", DEFAULT),
        ("text/html,*/*;q=0.8", DEFAULT),
        ("application/json", data),
    ):
        assert choose([DEFAULT, data], accept=accept).targets == (expected,)


@pytest.mark.parametrize(
    ("accept", "accept_language", "expected"),
    [
        ("", "", PIP_VI), ("", "en", PIP_EN), ("", "fr", PIP_VI), ("application/json", "en", PIP_JSON),
        ("text/html,*/*;q=0.1", "en", PIP_EN), ("*/*", "vi", PIP_VI), ("image/png", "", PIP_VI),
    ],
)  # fmt: skip
def test_with_a_type_only_its_links_answer_narrowed_as_far_as_they_can_be(
    accept: str, accept_language: str, expected: Target
) -> None:
    chosen = choose(TARGETS, link_type="pip", accept=accept, accept_language=accept_language)

    assert (chosen.status, chosen.targets) == (307, (expected,))


def test_a_type_that_is_not_there_is_not_found_and_two_alike_are_several_choices() -> None:
    twin = Target("pip", "https://tem.example/other", "vi", "text/html", ("vi",))

    assert choose(TARGETS, link_type="epcis").status == 404
    assert choose([], accept_language="vi").status == 404
    several = choose([PIP_VI, PIP_EN, twin], link_type="pip", accept_language="vi")
    assert (several.status, several.targets) == (300, (PIP_VI, twin))
    assert choose([PIP_VI, PIP_VI], link_type="pip").status == 307


def test_a_context_tells_links_apart() -> None:
    here, abroad = (Target("hasRetailers", f"https://tem.example/{c}", c, contexts=(c,)) for c in ("VN", "CN"))

    assert choose([here, abroad], link_type="hasRetailers", context="CN").targets == (abroad,)
    assert choose([here, abroad], link_type="hasRetailers", context="US").targets == (here,)


@pytest.mark.parametrize(
    ("href", "query", "expected"),
    [
        ("https://a/b", "", "https://a/b"),
        ("https://a/b", "x=1;y&flag", "https://a/b?x=1;y&flag"),
        ("https://a/b?c", "x", "https://a/b?c&x"),
        ("https://a/b?", "x", "https://a/b?x"),
        ("https://a/b#c", "x", "https://a/b?x#c"),
    ],
)
def test_the_whole_query_goes_along_byte_for_byte(href: str, query: str, expected: str) -> None:
    assert forward(href, query) == expected


def test_link_types_are_known_by_every_name_gs1_gives_them() -> None:
    for name in ("gs1:pip", "https://gs1.org/voc/pip", "https://www.gs1.org/voc/pip", "https://ref.gs1.org/voc/pip"):
        assert link_type(name) == "pip"
    assert link_type("linkset") == "linkset"
    assert link_type("all") == "all"
    for name in (
        "pip",
        "gs1:PIP",
        "gs1:productSustainabilityInfo",
        "gs1:",
        "",
        "https://evil.example/voc/pip",
        "gs1:pip ",
    ):
        assert link_type(name) is None
    ours = {
        "pip",
        "traceability",
        "certificationInfo",
        "epcis",
        "recallStatus",
        "verificationService",
        "homepage",
        "support",
    }
    assert ours < set(LINK_TYPES)
    assert len(LINK_TYPES) == 59


def test_a_linkset_keeps_to_the_closed_schema() -> None:
    entity = Entity(f"https://tem.example/01/{GTIN}", "Na Chi Lăng", (DEFAULT, *TARGETS[1:]))

    made = linkset([entity])

    assert list(made) == ["linkset"]
    [entry] = made["linkset"]  # type: ignore[misc, union-attr]
    assert entry["anchor"] == f"https://tem.example/01/{GTIN}"
    assert entry["itemDescription"] == "Na Chi Lăng"
    assert entry["https://gs1.org/voc/defaultLink"] == [{"href": DEFAULT.href, "title": DEFAULT.title}]
    assert [link["hreflang"] for link in entry["https://gs1.org/voc/defaultLinkMulti"]] == [["vi"], ["en"], ["zh"]]
    for name, links in entry.items():
        if name in {"anchor", "itemDescription"}:
            continue
        assert re.fullmatch(r"https?://[a-zA-Z0-9./]+", name)
        for link in links:
            assert {"href", "title"} <= set(link) <= {"href", "title", "type", "hreflang", "context", "fwqs", "public"}
            assert all(re.fullmatch(r"\w{2}(-\w{2})?", language) for language in link.get("hreflang", ()))
    assert linkset_as_json_ld([entity], "https://tem.example/context")["@context"] == "https://tem.example/context"
    assert "@context" not in made


def test_an_entity_has_one_default_link() -> None:
    with pytest.raises(ValueError, match="one default"):
        Entity("https://tem.example/01/x", "x", (DEFAULT, DEFAULT)).as_json()


def test_the_description_file_says_only_what_is_served() -> None:
    described = description_file(
        "https://tem.example", ["01", "414", "417"], name="Tem Gốc", context_url="https://c.example"
    )

    assert described["resolverRoot"] == "https://tem.example"
    assert described["supportedPrimaryKeys"] == ["01", "414", "417"]
    assert described["supportedLinkType"] == [{"namespace": "https://gs1.org/voc/", "prefix": "gs1:"}]
    assert described["jsonLdContextLocation"] == "https://c.example"


# Negotiation


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("vi-VN,vi;q=0.9,en;q=0.8", ["vi-vn", "vi", "en"]),
        ("en;q=0.5, vi", ["vi", "en"]),
        ("en;q=NaN, vi;q=inf, zh;q=-1, fr;q=2, de;q=0.1234", []),
        ("en;q=0", []),
        ("", []),
        ("*;q=0.5, en", ["en", "*"]),
        ("a" * 9 + ", vi", ["vi"]),
    ],
)
def test_languages_stand_in_the_order_liked(header: str, expected: list[str]) -> None:
    assert list(languages(header)) == expected


def test_look_up_shortens_a_range_until_it_is_found() -> None:
    assert look_up(["zh-hant-cn-x-private1-private2"], ["zh-Hant", "zh"]) == "zh-Hant"
    assert look_up(["zh-hans-cn"], ["vi", "zh"]) == "zh"
    assert look_up(["fr", "en-gb"], ["vi", "en"]) == "en"
    assert look_up(["*", "fr"], ["vi"]) is None
    assert look_up(["vi"], ["vi-VN"]) is None


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("application/linkset+json", "application/linkset+json"),
        ("application/json;q=0.9, text/*;q=0.5", "application/json"),
        ("text/html;q=0.2, */*;q=0.1", "text/html"),
        ("text/html;q=0, */*", "application/linkset+json"),
        ("TEXT/HTML;level=1;q=0.3", "text/html"),
        ("image/png", None),
        ("text/html;q=NaN", None),
        ("*/json", None),
    ],
)
def test_the_media_type_liked_best_is_offered(header: str, expected: str | None) -> None:
    assert best_media(header, ["text/html", "application/linkset+json", "application/json"]) == expected


@given(st.text(max_size=80) | st.text(alphabet="vien-*/;q=0.15, NaN", max_size=60))
def test_no_header_breaks_negotiation(header: str) -> None:
    assert all(isinstance(language, str) for language in languages(header))
    assert look_up(languages(header), ["vi", "en"]) in {None, "vi", "en"}
    assert not math.isnan(media_quality(header, "text/html"))
    assert 0 <= media_quality(header, "text/html") <= 1
    chosen = choose(TARGETS, link_type="pip", accept=header, accept_language=header)
    assert chosen.status == 307


def test_a_header_of_four_kilobytes_or_of_two_hundred_languages_costs_no_more() -> None:
    assert list(languages(",".join(["vi"] * 200) + "," + "x" * 4_096)) == ["vi"] * 100
    assert media_quality("text/html," + "a/b," * 1_000, "text/html") == 1


def test_every_combination_of_qualifiers_is_refused_or_in_order() -> None:
    values = {"22": "V", "10": "L", "21": "S", "235": "T"}
    for codes in product([*values], repeat=3):
        target = f"/01/{GTIN}" + "".join(f"/{code}/{values[code]}" for code in codes)
        if codes == ("22", "10", "21"):
            assert parse_target(target).path == target
        else:
            assert refusal(parse_target, target)[0] == "order"
