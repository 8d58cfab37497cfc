"""FF1 against NIST's published samples and against libffx."""

import string

import numpy as np
import pytest
from ffx import FF1
from hypothesis import given, settings
from hypothesis import strategies as st

from trace.standards.ff1 import Radix32, decipher, encipher

KEY = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94")
BASE36 = string.digits + string.ascii_lowercase
TENS = bytes.fromhex("39383736353433323130")
SEVENS = bytes.fromhex("3737373770717273373737")


@pytest.mark.parametrize(
    ("key_bytes", "tweak", "radix", "plain", "secret"),
    [
        (16, b"", 10, "0123456789", "2433477484"),
        (16, TENS, 10, "0123456789", "6124200773"),
        (16, SEVENS, 36, "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (24, b"", 10, "0123456789", "2830668132"),
        (24, TENS, 10, "0123456789", "2496655549"),
        (24, SEVENS, 36, "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (32, b"", 10, "0123456789", "6657667009"),
        (32, TENS, 10, "0123456789", "1001623463"),
        (32, SEVENS, 36, "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_nine_samples_of_nist_come_out(key_bytes: int, tweak: bytes, radix: int, plain: str, secret: str) -> None:
    enciphered = encipher(KEY[:key_bytes], tweak, radix, [BASE36.index(letter) for letter in plain])

    assert "".join(BASE36[numeral] for numeral in enciphered) == secret
    assert decipher(KEY[:key_bytes], tweak, radix, enciphered) == [BASE36.index(letter) for letter in plain]


@given(
    st.binary(min_size=32, max_size=32),
    st.binary(max_size=40),
    st.integers(2, 36).flatmap(
        lambda radix: st.tuples(st.just(radix), st.lists(st.integers(0, radix - 1), min_size=20, max_size=90))
    ),
)
@settings(max_examples=60, deadline=None)
def test_any_radix_and_length_agrees_with_libffx(key: bytes, tweak: bytes, message: tuple[int, list[int]]) -> None:
    radix, numerals = message

    enciphered = encipher(key, tweak, radix, numerals)

    oracle = FF1(key, radix=radix).encrypt("".join(BASE36[numeral] for numeral in numerals), tweak=tweak)
    assert "".join(BASE36[numeral] for numeral in enciphered) == oracle
    assert decipher(key, tweak, radix, enciphered) == numerals


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=60), st.lists(st.integers(0, 32**15 - 1), max_size=9))
@settings(max_examples=60, deadline=None)
def test_the_quick_path_is_the_same_function(key: bytes, tweak: bytes, numbers: list[int]) -> None:
    quick = Radix32(key, tweak)
    left = np.array([number >> 40 for number in numbers], dtype=np.uint64)
    right = np.array([number & (1 << 40) - 1 for number in numbers], dtype=np.uint64)

    secret_left, secret_right = quick.encipher(left, right)

    for number, high, low in zip(numbers, secret_left.tolist(), secret_right.tolist(), strict=True):
        slow = encipher(key, tweak, 32, [number >> 5 * place & 31 for place in reversed(range(15))])
        assert [(high << 40 | low) >> 5 * place & 31 for place in reversed(range(15))] == slow
        assert quick.decipher_one(high, low) == (number >> 40, number & (1 << 40) - 1)
    back_left, back_right = quick.decipher(secret_left, secret_right)
    assert back_left.tolist() == left.tolist()
    assert back_right.tolist() == right.tolist()


@pytest.mark.parametrize(
    ("radix", "numerals"), [(1, [0, 0]), (70_000, [0, 0]), (10, [1]), (10, [1, 10]), (10, [1, -1])]
)
def test_what_the_standard_forbids_is_refused(radix: int, numerals: list[int]) -> None:
    for function in (encipher, decipher):
        with pytest.raises(ValueError, match=r"radix|numerals"):
            function(KEY, b"", radix, numerals)
