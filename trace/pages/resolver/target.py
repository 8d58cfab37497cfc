"""Which requests are for the resolver, told by the raw request target before any routing.

A server decodes %2F before an application sees a path, and a router mends doubled slashes; either would turn one value
of a link into two. So the target is read as it came, and what is the resolver's goes to one route.
"""

import re
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import unquote

ROUTE: Final = "/.gs1"
"""Where the resolver is mounted. Asked for by name it answers as for any other address that is no link."""
_AUTHORITY: Final = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_STAMP: Final = re.compile(r"(/01/[0-9]{14}/21/[0-9A-Za-z]{16})/?")
_WISH: Final = re.compile(r"(?i)(?:^|&)linktype=")

Environ = dict[str, Any]


def raw_target(environ: Environ) -> str:
    """The request target byte for byte (as Latin-1), without scheme and host, whatever server took it."""
    target: str = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
    if not target:  # a server that keeps no raw target: the best that can be had
        query = environ.get("QUERY_STRING", "")
        target = environ.get("PATH_INFO", "") + ("?" + query if query else "")
    return _AUTHORITY.sub("", target, count=1)


def addressed(environ: Environ, own: Collection[str]) -> None:
    """Send a request to the resolver's route, unless its first segment is one of our `own` or it is a stamp's page."""
    path, _, query = raw_target(environ).partition("#")[0].partition("?")
    first = path[1:].partition("/")[0] if path != "/" else ""
    if path == "/" or first in own or (first and unquote(first) in own):
        return
    plain = _STAMP.fullmatch(path)
    if plain and environ["REQUEST_METHOD"] in {"GET", "HEAD"} and not wants_links(environ, query):
        environ["PATH_INFO"] = plain[1]
    else:
        environ["PATH_INFO"] = ROUTE


def wants_links(environ: Environ, query: str) -> bool:
    """Whether links are asked for, where else the page would be shown."""
    return _WISH.search(query) is not None or "linkset+json" in environ.get("HTTP_ACCEPT", "").lower()
