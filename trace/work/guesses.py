"""Slowing down whoever tries codes: wrong ones are counted per network, in this process, and nowhere else.

Right codes are never counted or limited: one carrier's address stands for thousands of honest phones. No address is
kept: the key is an HMAC under a random salt that lives in memory for a day.
"""

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MINUTE_S = 60.0
DAY_S = 86_400.0
MOST_NETWORKS = 50_000


def network_of(address: str) -> str:
    """The /24 of an IPv4 address or the /56 of an IPv6 one; unreadable addresses share one network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    width = 24 if parsed.version == 4 else 56
    return str(ipaddress.ip_network((parsed, width), strict=False))


class WrongCodes:
    """Counts of the current minute, bounded in number. Safe between threads."""

    def __init__(self, most_a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max(1, most_a_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._counts: OrderedDict[bytes, tuple[float, int]] = OrderedDict()
        self._salt, self._salted_at = secrets.token_bytes(16), clock()

    def count(self, address: str) -> bool:
        """Count one wrong code from a network; False when it has had its share of this minute."""
        now = self._clock()
        with self._lock:
            key = self._key(address, now)
            since, seen = self._counts.pop(key, (now, 0))
            if now - since >= MINUTE_S:
                since, seen = now, 0
            self._counts[key] = (since, seen + 1)
            while len(self._counts) > MOST_NETWORKS:
                self._counts.popitem(last=False)
            return seen < self._most

    def _key(self, address: str, now: float) -> bytes:
        if now - self._salted_at >= DAY_S:
            self._salt, self._salted_at = secrets.token_bytes(16), now
            self._counts.clear()
        return hmac.new(self._salt, network_of(address).encode(), hashlib.sha256).digest()[:16]
