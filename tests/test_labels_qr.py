"""The symbols: the same as the standard's, the library's and an independent writer's, however they were made."""

import random
import re
import string

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import LabelError, symbol, symbols
from labels.masks import penalties
from labels.qr import LEVELS, masks_of, size_of, version_of
from labels.reading import read

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def link(rng: random.Random, head: str = "HTTPS://TEM.EXAMPLE.VN/T/") -> str:
    return head + "".join(rng.choices(CROCKFORD, k=16))


def slow_penalty(matrix: np.ndarray) -> int:
    """ISO/IEC 18004:2015 7.8.3.1, line by line as one would by hand."""
    size = len(matrix)
    grid = matrix.astype(int)
    lines = ["".join(map(str, line)) for line in (*grid.tolist(), *grid.T.tolist())]
    score = sum(len(run) - 2 for line in lines for run in re.findall("0{5,}|1{5,}", line))
    for line in lines:
        wide = f"0000{line}0000"
        for found in re.finditer("(?=1011101)", wide):
            at = found.start()
            score += 40 if wide[at - 4 : at] == "0000" or wide[at + 7 : at + 11] == "0000" else 0
    squares = grid[1:, 1:] + grid[1:, :-1] + grid[:-1, 1:] + grid[:-1, :-1]
    score += 3 * int(np.isin(squares, (0, 4)).sum())
    return score + 10 * (abs(20 * int(grid.sum()) - 10 * size * size) // (size * size))


def library(text: str, level: str, mask: int, version: int) -> np.ndarray:
    code = qrcode.QRCode(version=version, error_correction=LEVELS[level], border=0, mask_pattern=mask)
    code.add_data(text, optimize=0)
    code.make(fit=False)
    return np.array(code.modules, dtype=bool)


@pytest.mark.parametrize("level", "LMQH")
@pytest.mark.parametrize("letters", [12, 25, 37, 50, 62])
def test_thousands_of_symbols_are_the_librarys_under_the_mask_that_a_slow_reading_of_the_standard_picks(
    level: str, letters: int
) -> None:
    rng = random.Random(letters)
    texts = ["HTTPS://" + "".join(rng.choices(CROCKFORD, k=letters)) for _ in range(120)]
    version = version_of(texts[0], level)
    if version > 6:
        pytest.skip("beyond version 6")

    made = symbols(texts, level)

    assert made.size == size_of(version)
    blank = [library("0", level, mask, version) for mask in range(8)]
    for index, text in enumerate(texts):
        plain = library(text, level, 0, version)
        drawn = [plain ^ blank[0] ^ other for other in blank]
        scores = [slow_penalty(matrix) for matrix in drawn]
        best = scores.index(min(scores))
        assert made.masks[index] == best
        assert (made.matrix(index) == drawn[best]).all()
        if index % 20 == 0:
            assert (drawn[best] == library(text, level, best, version)).all()
    assert read(np.unpackbits(made.row_bytes(), axis=2)[:, :, : made.size]) == texts


@pytest.mark.parametrize("head", ["HTTPS://TEM.VN/T/", "HTTPS://TEMGOC.LANGSON.VN/T/", "https://tem.example.vn/t/"])
def test_a_fast_penalty_is_the_slow_one_for_every_mask(head: str) -> None:
    rng = random.Random(7)
    texts = [link(rng, head) for _ in range(60)]
    made = symbols(texts)
    masks = masks_of((made.size - 17) // 4, "M")

    for index in range(len(texts)):
        plain = made.matrix(index)
        both = np.concatenate([pack(plain), pack(plain.T)]) ^ masks[made.masks[index]]
        fast = [int(penalties((both ^ mask)[:, None], made.size)[0]) for mask in masks]
        slow = [slow_penalty(library(texts[index], "M", mask, (made.size - 17) // 4)) for mask in range(8)]
        assert fast == slow


def pack(matrix: np.ndarray) -> np.ndarray:
    bits = 32 if len(matrix) <= 32 else 64
    weights = 1 << np.arange(bits - 1, bits - 1 - len(matrix), -1, dtype=np.uint64)
    return (matrix.astype(np.uint64) @ weights).astype(np.uint32 if bits == 32 else np.uint64)


def test_an_independent_writer_draws_the_same_stamps() -> None:
    rng = random.Random(3)
    texts = [link(rng) for _ in range(400)]

    made = symbols(texts)

    for index, text in enumerate(texts):
        other = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
        drawn = np.array(other.to_image(add_quiet_zones=False, scale=1)) == 0
        assert (made.matrix(index) == drawn).all()


def test_links_that_share_nothing_come_out_the_same_by_the_slow_path() -> None:
    rng = random.Random(11)
    alone = ["HTTPS://" + "".join(rng.choices(string.ascii_uppercase, k=30)) for _ in range(3)]

    together = symbols(alone)

    for index, text in enumerate(alone):
        assert (together.matrix(index) == symbol(text)).all()


def test_links_of_several_lengths_and_cases_share_one_size() -> None:
    rng = random.Random(5)
    texts = [link(rng), link(rng, "https://tem.vn/t/"), link(rng, "HTTPS://T.VN/T/")] * 4

    made = symbols(texts)

    matrices = np.unpackbits(made.row_bytes(), axis=2)[:, :, : made.size]
    assert read(matrices) == texts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(ALPHANUMERIC, min_size=20, max_size=20), min_size=1, max_size=5), st.sampled_from("LMQH"))
def test_any_alphanumeric_text_is_read_back_by_a_second_route(texts: list[str], level: str) -> None:
    texts = ["A" + text for text in texts]
    made = symbols(texts, level)

    assert read(np.unpackbits(made.row_bytes(), axis=2)[:, :, : made.size]) == texts


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40), min_size=1, max_size=3
    )
)
def test_any_visible_ascii_is_read_back_by_a_phones_decoder(texts: list[str]) -> None:
    for text in ["h" + text for text in texts]:
        picture = np.where(np.pad(symbol(text), 4), np.uint8(0), np.uint8(255)).repeat(4, axis=0).repeat(4, axis=1)
        assert [found.text for found in zxingcpp.read_barcodes(picture)] == [text]


def test_one_wrong_module_is_noticed_by_the_second_route() -> None:
    text = "HTTPS://TEM.EXAMPLE.VN/T/17K3M9QX2WABCD5E"
    matrix = symbol(text).astype(np.uint8)

    for row, column in ((0, 0), (6, 10), (8, 2), (12, 12), (28, 28)):
        spoiled = matrix.copy()
        spoiled[row, column] ^= 1
        assert read(spoiled[None]) == [None]
    assert read(matrix[None]) == [text]


def test_a_link_too_long_for_the_runs_symbols_is_refused() -> None:
    with pytest.raises(LabelError, match="later one needs") as refusal:
        symbols(["HTTPS://T.VN/T/" + "A" * 80], "M", 2)
    assert refusal.value.code == "longer-than-first"
