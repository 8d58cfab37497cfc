"""One value, one form: what the history's hashes stand on."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.canonical_json import NotCanonical, TooLong, canonical, commitment

SALT = bytes(range(16))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def test_names_stand_in_the_order_of_the_rfc() -> None:
    # RFC 8785 3.2.3: by UTF-16 code units, so a letter outside the basic plane comes before U+FB33.
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    expected = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]

    assert list(json.loads(canonical(dict.fromkeys(names, 0)))) == expected


def test_texts_are_escaped_as_the_rfc_says_and_no_further() -> None:
    value = {"text": "\u20ac$\u000f\nA'B\"\\\b\f\r\t/\u007f\u2028 Lạng Sơn", "none": None, "yes": [True, False, {}]}

    assert canonical(value).decode() == (
        '{"none":null,"text":"\u20ac$\\u000f\\nA\'B\\"\\\\\\b\\f\\r\\t/\u007f\u2028 Lạng Sơn","yes":[true,false,{}]}'
    )


@given(VALUES)
def test_the_form_reads_back_and_is_its_own_form(value: object) -> None:
    form = canonical(value)  # type: ignore[arg-type]

    assert json.loads(form) == value
    assert canonical(json.loads(form)) == form


@given(st.dictionaries(st.text(max_size=6), WHOLE, max_size=8), st.randoms())
def test_the_order_of_writing_does_not_matter(value: dict[str, int], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(value.items())
    chance.shuffle(shuffled)

    assert canonical(dict(shuffled)) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), {1: 2}, {None: 2}, (1,), {1}, b"x", "\ud800", {"\udfff": 1}, object(), 1j],
)
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical([value])  # type: ignore[list-item]


def test_a_value_within_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(NotCanonical, match="deeper"):
        canonical(endless)  # type: ignore[arg-type]


def test_an_entry_fits_its_bundle_or_is_refused() -> None:
    assert len(canonical("a" * 65_533)) == 65_535
    with pytest.raises(TooLong, match="65536"):
        canonical("a" * 65_534)


def test_a_commitment_binds_the_payload_and_hides_it_behind_the_salt() -> None:
    payload = {"phone": "+84912345678", "name": "Hoàng Thị Mai"}

    assert commitment(SALT, payload) == hashlib.sha256(SALT + canonical(payload)).hexdigest()
    assert commitment(SALT, payload) == commitment(SALT, dict(reversed(payload.items())))
    assert commitment(SALT, payload) != commitment(SALT[::-1], payload)
    assert commitment(SALT, payload) != commitment(SALT, payload | {"phone": "+84912345679"})
    with pytest.raises(ValueError, match="salt"):
        commitment(SALT[:15], payload)
