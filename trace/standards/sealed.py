"""Files sealed to a public key: whoever makes them cannot open them again.

X25519 with a key of the moment, HKDF-SHA-256, then ChaCha20-Poly1305 over pieces of 64 KiB whose nonces count and mark
the last one (the STREAM construction), so that a piece cut off, moved or changed is noticed.
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC: Final = b"temgoc-sealed-1\n"
PIECE: Final = 1 << 16
_TAG: Final = 16
_KEY: Final = 32


class NotOpened(ValueError):  # noqa: N818 - named for what it says
    """The key does not fit, or the file was cut short or changed."""


def new_pair() -> tuple[str, str]:
    """A private and a public key as 64 hexadecimal digits each."""
    private = X25519PrivateKey.from_private_bytes(secrets.token_bytes(_KEY))
    return private.private_bytes_raw().hex(), private.public_key().public_bytes_raw().hex()


def is_sealed(start: bytes) -> bool:
    return start.startswith(MAGIC)


def seal(source: BinaryIO, target: BinaryIO, public_key: str) -> None:
    """Write everything that `source` still holds to `target`, readable with the other half of `public_key` only."""
    recipient = X25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    moment = X25519PrivateKey.generate()
    fresh = moment.public_key().public_bytes_raw()
    cipher = _cipher(moment.exchange(recipient), fresh, recipient.public_bytes_raw())
    target.write(MAGIC + fresh)
    for nonce, piece in _pieces(source, PIECE):
        target.write(cipher.encrypt(nonce, piece, None))


def unseal(source: BinaryIO, target: BinaryIO, private_key: str) -> None:
    """The way back; raises `NotOpened`. What was written to `target` before that must be thrown away."""
    private = X25519PrivateKey.from_private_bytes(bytes.fromhex(private_key))
    if source.read(len(MAGIC)) != MAGIC:
        raise NotOpened("This file is not sealed, or was cut short.")
    fresh = source.read(_KEY)
    if len(fresh) != _KEY:
        raise NotOpened("This file was cut short.")
    shared = private.exchange(X25519PublicKey.from_public_bytes(fresh))
    cipher = _cipher(shared, fresh, private.public_key().public_bytes_raw())
    for nonce, piece in _pieces(source, PIECE + _TAG):
        try:
            target.write(cipher.decrypt(nonce, piece, None))
        except InvalidTag as wrong:
            raise NotOpened("The key does not fit, or this file was changed or cut short.") from wrong


def _cipher(shared: bytes, fresh: bytes, recipient: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), _KEY, salt=fresh + recipient, info=MAGIC).derive(shared))


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each piece with its nonce; one piece ahead, to know which is the last. An empty file is one empty piece."""
    count, piece = 0, source.read(size)
    while True:
        ahead = source.read(size)
        yield count.to_bytes(11, "big") + (b"\x00" if ahead else b"\x01"), piece
        if not ahead:
            return
        count, piece = count + 1, ahead
