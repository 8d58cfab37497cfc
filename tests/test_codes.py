"""The code on a stamp: made, printed, typed by hand, and never guessed."""

import threading

import numpy as np
import pytest
from ffx import FF1
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trace.standards.codes import (
    ALPHABET,
    CodeBook,
    Place,
    complaint,
    derive_key,
    grouped,
    normalise,
    version_of,
)

KEY = bytes(range(32))
BOOK = CodeBook(7, KEY, "Lạng Sơn")


@given(
    st.integers(0, (1 << 25) - 1), st.integers(0, (1 << 20) - 1), st.integers(0, 31), st.text(min_size=1, max_size=40)
)
@settings(max_examples=100, deadline=None)
def test_every_code_reads_back_as_its_place(run: int, index: int, version: int, deployment: str) -> None:
    book = CodeBook(version, KEY, deployment)

    code = book.code(run, index)

    assert book.read(code) == Place(version, run, index)
    assert version_of(code) == version


def test_a_code_is_what_libffx_makes_of_the_same_facts() -> None:
    tweak = bytes([7]) + "Lạng Sơn".encode()
    oracle = FF1(KEY, alphabet=ALPHABET)
    for run, index in [(0, 0), (1, 2), (33_554_431, 1_048_575), (4096, 123_456)]:
        number = run << 50 | index << 30
        plain = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(15)))

        assert BOOK.code(run, index) == "7" + oracle.encrypt(plain, tweak=tweak)


def test_a_run_is_its_stamps_one_by_one_and_all_differ() -> None:
    codes = BOOK.codes(12, 1_000, 40_000)

    assert codes.dtype == np.dtype("S16")
    assert len(set(codes.tolist())) == 40_000
    for index in (0, 1, 16_383, 16_384, 39_999):
        assert codes[index].decode() == BOOK.code(12, 1_000 + index)
    places = BOOK.read_many(codes)
    assert places.ours.all()
    assert set(places.run.tolist()) == {12}
    assert places.index.tolist() == list(range(1_000, 41_000))


def test_order_and_volume_of_a_run_do_not_show() -> None:
    codes = BOOK.codes(3, 0, 20_000)
    ranks = np.argsort(np.argsort(codes))

    assert abs(np.corrcoef(ranks, np.arange(20_000))[0, 1]) < 0.03


def test_a_code_typed_by_hand_is_read_whatever_its_dress() -> None:
    code = next(code for code in (BOOK.code(9, index) for index in range(5_000)) if "1" in code and "0" in code)

    for typed in (
        code.lower(),
        grouped(code),
        f" {grouped(code)}\r\n",
        grouped(code).replace("-", " – "),
        ".".join(code),
        code.replace("1", "I").replace("0", "O"),
        code.replace("1", "l").replace("0", "o"),
        "".join(chr(ord(symbol) + 0xFEE0) for symbol in code),
        code[:8] + "\u200b\u00a0\u2060" + code[8:],
    ):
        assert normalise(typed) == code
        assert complaint(typed) is None
        assert BOOK.read(typed) == BOOK.read(code)


def test_wrong_symbols_are_pointed_at_and_nothing_more_is_told() -> None:
    told = complaint("7K3M-9Q*2-WABC-D5EU")
    assert told is not None
    assert [(foreign.position, foreign.symbol) for foreign in told.foreign] == [(7, "*"), (16, "U")]
    assert not told.too_short
    assert not told.too_long

    told = complaint("7k3đ")
    assert told is not None
    assert [(foreign.position, foreign.symbol) for foreign in told.foreign] == [(4, "đ")]
    assert told.too_short

    told = complaint(BOOK.code(1, 1) + "7")
    assert told is not None
    assert (told.foreign, told.length, told.too_long) == ((), 17, True)

    told = complaint(" - ")
    assert told is not None
    assert told.empty


def test_a_code_with_one_symbol_wrong_is_never_accepted() -> None:
    code = BOOK.code(77, 4)
    mutations = [
        code[:place] + symbol + code[place + 1 :] for place in range(16) for symbol in ALPHABET if symbol != code[place]
    ]

    assert not BOOK.read_many(np.array(mutations, dtype="S16")).ours.any()
    assert all(BOOK.read(mutation) is None for mutation in mutations)
    assert all(complaint(mutation) is None for mutation in mutations)


def test_guessing_a_million_times_finds_nothing() -> None:
    letters = np.frombuffer(ALPHABET.encode(), dtype="S1")
    guesses = np.random.default_rng(20261122).choice(letters, (1_000_000, 16)).view("S16").ravel()
    guesses = np.char.add(b"7", guesses.astype("S15")).astype("S16")

    assert not BOOK.read_many(guesses).ours.any()


def test_another_key_version_or_deployment_does_not_know_the_code() -> None:
    code = BOOK.code(5, 5)

    assert CodeBook(7, bytes(32), "Lạng Sơn").read(code) is None
    assert CodeBook(8, KEY, "Lạng Sơn").read(code) is None
    assert CodeBook(8, KEY, "Lạng Sơn").read("8" + code[1:]) is None
    assert CodeBook(7, KEY, "Cao Bằng").read(code) is None


def test_a_deployment_typed_in_decomposed_letters_is_the_same_deployment() -> None:
    assert CodeBook(7, KEY, "La\u0323ng So\u031bn").read(BOOK.code(5, 5)) == Place(7, 5, 5)


@given(st.text(max_size=40) | st.text(alphabet=ALPHABET + "ILOU-. ", min_size=14, max_size=20))
@example("K´")
@settings(deadline=None)
def test_any_text_is_either_complained_about_or_has_the_shape_of_a_code(text: str) -> None:
    told, code = complaint(text), normalise(text)

    assert (told is None) == (len(code) == 16 and set(code) <= set(ALPHABET))
    assert normalise(code) == code
    if told is not None:
        assert BOOK.read(text) is None


def test_reading_many_forgives_and_refuses_as_reading_one_does() -> None:
    code = BOOK.code(2, 3)
    typed = [
        code,
        code.lower(),
        code.replace("0", "o"),
        code[:15],
        "",
        code + "X",
        "U" * 16,
        code[:15] + "\x00",
        "é" * 8,
    ]
    places = BOOK.read_many(np.array([text.encode() for text in typed]))

    assert places.ours.tolist() == [BOOK.read(text.replace("\x00", "")) is not None for text in typed]
    assert places.index[:3].tolist() == [3, 3, 3]
    assert BOOK.read_many(np.array([], dtype="S16")).ours.tolist() == []


def test_neither_secret_nor_salt_alone_gives_the_key_and_versions_differ() -> None:
    secret, salt = b"s" * 32, b"t" * 16
    keys = {
        derive_key(secret, salt, 1),
        derive_key(secret, salt, 2),
        derive_key(b"S" * 32, salt, 1),
        derive_key(secret, b"T" * 16, 1),
    }

    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}
    for short in ((b"s" * 31, salt), (secret, b"t")):
        with pytest.raises(ValueError, match="bytes"):
            derive_key(*short, 1)


def test_a_book_refuses_nonsense_and_never_shows_its_key() -> None:
    for version, key, deployment in ((32, KEY, "x"), (-1, KEY, "x"), (1, KEY[:31], "x"), (1, KEY, "")):
        with pytest.raises(ValueError, match=r"has|is"):
            CodeBook(version, key, deployment)
    for run, first, count in (
        (1 << 25, 0, 1),
        (-1, 0, 1),
        (0, -1, 1),
        (0, 0, (1 << 20) + 1),
        (0, 1 << 20, 1),
        (0, 1, -1),
    ):
        with pytest.raises(ValueError, match="is 0 to"):
            BOOK.codes(run, first, count)
    with pytest.raises(ValueError, match="alphabet"):
        version_of("Ω")
    assert repr(KEY) not in repr(BOOK)


def test_threads_share_one_book() -> None:
    wrong: list[int] = []

    def read_a_run(run: int) -> None:
        codes = BOOK.codes(run, 0, 30_000)
        if not (BOOK.read_many(codes).run == run).all() or BOOK.read(codes[-1].decode()) != Place(7, run, 29_999):
            wrong.append(run)

    threads = [threading.Thread(target=read_a_run, args=(run,)) for run in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
