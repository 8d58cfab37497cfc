"""One-time tokens that stand in an anonymous page and come back with its form.

A token says for what and for which stamp it was given, and in which hour; whoever never opened the page has none. It is
stored only when it is spent (its nonce, unique, beside what was sent), so that serving a page writes nothing.
"""

import base64
import binascii
import hmac
import os
import struct
from datetime import datetime
from typing import Final

GOOD_FOR_H: Final = 26
"""A page kept open over a day; longer than a day's visitor can be counted anyway."""
_NONCE, _TAG = 12, 12
_WHOLE = 4 + _NONCE + _TAG


class PageTokens:
    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, b"page token", "sha256")

    def give(self, purpose: str, subject: str, hour: int) -> str:
        """38 signs, safe in an address. `subject`: the stamp's code, or whatever the page is about."""
        head = struct.pack(">I", hour) + os.urandom(_NONCE)
        return base64.urlsafe_b64encode(head + self._tag(purpose, subject, head)).decode().rstrip("=")

    def take(self, token: str, purpose: str, subject: str, now: datetime) -> bytes | None:
        """The nonce to store, of a token of ours that is no older than a day; None for any other."""
        try:
            whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            return None
        if len(whole) != _WHOLE:
            return None
        head, tag = whole[:-_TAG], whole[-_TAG:]
        if not hmac.compare_digest(tag, self._tag(purpose, subject, head)):
            return None
        age_h = hour_of(now) - struct.unpack(">I", head[:4])[0]
        return head[4:] if 0 <= age_h <= GOOD_FOR_H else None

    def _tag(self, purpose: str, subject: str, head: bytes) -> bytes:
        return hmac.digest(self._key, f"{purpose}\0{subject}\0".encode() + head, "sha256")[:_TAG]


def hour_of(moment: datetime) -> int:
    """Full hours since 1970."""
    return int(moment.timestamp()) // 3600
