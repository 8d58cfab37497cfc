"""Keys on three papers: any two bring them back, one alone tells nothing, and a slip of the pen is named."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.shares import NotAShare, as_lines, combine, from_lines, split


@given(st.binary(max_size=300), st.integers(2, 9))
def test_any_two_papers_bring_the_secret_back(secret: bytes, papers: int) -> None:
    for one, other in itertools.permutations(split(secret, papers), 2):
        assert combine(one, other) == secret


def test_one_paper_alone_fits_every_secret() -> None:
    """Whatever the secret is, some second paper goes with the first: so the first tells nothing."""
    [first, _, _] = split(b"\x5a")
    possible = {combine(first, bytes([2, value])) for value in range(256)}
    assert possible == {bytes([value]) for value in range(256)}


@given(st.binary(min_size=1, max_size=200))
def test_what_stands_on_paper_is_read_back_however_it_is_spaced(secret: bytes) -> None:
    for share in split(secret):
        lines = as_lines(share)
        assert from_lines(lines) == share
        assert from_lines(["", *(line.lower().replace(" ", "") for line in lines), " "]) == share


@given(st.binary(min_size=40, max_size=120), *[st.integers(0, 10_000)] * 3)
def test_a_wrong_letter_is_noticed_and_its_line_named(secret: bytes, line: int, letter: int, instead: int) -> None:
    """A share is drawn by lot, so its letters are counted from what the example gives, not drawn from them."""
    lines = as_lines(split(secret)[0])
    number = line % len(lines)
    letters = [place for place, sign in enumerate(lines[number]) if sign.isalpha()]
    place = letters[letter % len(letters)]
    others = [sign for sign in "ABCXYZ" if sign != lines[number][place]]
    other = others[instead % len(others)]
    lines[number] = lines[number][:place] + other + lines[number][place + 1 :]

    with pytest.raises(NotAShare, match=f"Line {number + 1:02d}"):
        from_lines(lines)


def test_swapped_or_missing_lines_are_noticed() -> None:
    lines = as_lines(split(bytes(range(90)))[2])
    for wrong in ([lines[1], lines[0], *lines[2:]], lines[:-1], lines[1:]):
        with pytest.raises(NotAShare):
            from_lines(wrong)


def test_two_copies_of_one_paper_are_not_two_papers() -> None:
    [one, _, _] = split(b"secret")
    with pytest.raises(NotAShare, match="two copies"):
        combine(one, one)
    with pytest.raises(NotAShare, match="belong together"):
        combine(one, split(b"another")[1])
