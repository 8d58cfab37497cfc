"""Sealed backups: opened by the right key only, and no cut or change goes unnoticed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trace.standards.sealed import MAGIC, PIECE, NotOpened, is_sealed, new_pair, seal, unseal

PRIVATE, PUBLIC = new_pair()


def _sealed(content: bytes) -> bytes:
    target = io.BytesIO()
    seal(io.BytesIO(content), target, PUBLIC)
    return target.getvalue()


def _opened(content: bytes, private: str = PRIVATE) -> bytes:
    target = io.BytesIO()
    unseal(io.BytesIO(content), target, private)
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_is_opened_whole(size: int) -> None:
    content = bytes(index % 251 for index in range(size))
    sealed = _sealed(content)
    assert is_sealed(sealed)
    assert _opened(sealed) == content
    assert content[:64] not in sealed or size < 64


def test_another_key_opens_nothing() -> None:
    with pytest.raises(NotOpened):
        _opened(_sealed(b"content"), new_pair()[0])


@given(st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(_sealed(bytes(200)))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(NotOpened):
        _opened(bytes(sealed))


@given(st.integers(0, 2 * PIECE + 100))
def test_a_cut_file_is_noticed_wherever_it_was_cut(length: int) -> None:
    sealed = _sealed(bytes(2 * PIECE + 20))
    with pytest.raises(NotOpened):
        _opened(sealed[: min(length, len(sealed) - 1)])


def test_pieces_that_changed_places_are_noticed() -> None:
    sealed = _sealed(bytes(PIECE) + b"\x01" * PIECE + b"end")
    start, size = len(MAGIC) + 32, PIECE + 16
    one, two = sealed[start : start + size], sealed[start + size : start + 2 * size]
    with pytest.raises(NotOpened):
        _opened(sealed[:start] + two + one + sealed[start + 2 * size :])
