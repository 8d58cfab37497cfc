"""So many acts from one network within some time, counted in this process's memory and nowhere else.

No address is kept: the key is an HMAC under a random salt that lives as long as the counts.
"""

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from .guesses import network_of

MOST_KEYS = 100_000


class Allowance:
    """Bounded in number, safe between threads. The oldest keys give way when there are too many."""

    def __init__(self, most: int, within_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._within_s, self._clock = max(1, most), within_s, clock
        self._lock = threading.Lock()
        self._counts: OrderedDict[bytes, int] = OrderedDict()
        self._salt, self._since = secrets.token_bytes(16), clock()

    def take(self, address: str, subject: str = "") -> bool:
        """Count one act of a network (about a subject); False when it has had its share."""
        now = self._clock()
        with self._lock:
            if now - self._since >= self._within_s:
                self._salt, self._since = secrets.token_bytes(16), now
                self._counts.clear()
            key = hmac.digest(self._salt, f"{network_of(address)} {subject}".encode(), "sha256")[:16]
            taken = self._counts.pop(key, 0)
            self._counts[key] = taken + 1
            while len(self._counts) > MOST_KEYS:
                self._counts.popitem(last=False)
            return taken < self._most
