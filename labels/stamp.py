"""What one label carries that its neighbour does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from .errors import LabelError

GROUP = 4
LONGEST_LINK = 150
LONGEST_TEXT = 40


@dataclass(frozen=True, slots=True)
class Stamp:
    """One stamp: the link in its symbol, the code and serial in type, and the PIN under a scratch layer, if any.

    An empty `code` is read from the link's last part. A PIN is never put into the symbol.
    """

    link: str
    code: str = ""
    serial: str = ""
    pin: str | None = field(default=None, repr=False)  # never in a log


@dataclass(frozen=True, slots=True)
class Columns:
    """Some consecutive stamps, turned on their side: four lists of one length."""

    links: list[str]
    codes: list[str]
    serials: list[str]
    pins: list[str]

    def __len__(self) -> int:
        return len(self.links)


def grouped(code: str) -> str:
    """`7K3M9QX2WABCD5EF` as people read it: `7K3M-9QX2-WABC-D5EF`. Codes of another length stay as they are."""
    if len(code) == 4 * GROUP and "-" not in code:  # a stamp's own code: the usual case, in a million
        return f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}"
    if len(code) <= GROUP or len(code) % GROUP or "-" in code:
        return code
    return "-".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))


def code_of(link: str) -> str:
    """The last part of the link's path: the stamp's own code."""
    return link.rstrip("/").rsplit("/", 1)[-1]


def gtin_of(link: str) -> str:
    """The 14 digits of a GS1 Digital Link's GTIN; empty in other links."""
    _, found, rest = link.partition("/01/")
    digits = rest[:14]
    whole = found and len(digits) == 14 and digits.isdecimal() and digits.isascii() and rest[14:15] in ("", "/", "?")
    return digits if whole else ""


def check_link(link: str) -> str:
    """The link itself. Raises LabelError if a phone would not open it as one address."""
    if not link.isascii() or not link.isprintable() or " " in link:
        raise LabelError(
            "bad-link", "The link %(link)r may hold only visible ASCII characters, and no space.", link=link
        )
    scheme, colon, rest = link.partition("://")
    if not colon or scheme.lower() not in ("http", "https") or not rest.strip("/"):
        raise LabelError("bad-link", "The link %(link)r does not begin with https:// and a host.", link=link)
    if len(link) > LONGEST_LINK:
        raise LabelError(
            "long-link", "The link %(link)r is longer than %(most)d characters.", link=link, most=LONGEST_LINK
        )
    return link


def _check_links(links: list[str], head: str) -> str:
    """Check a block quickly: all letters at once, then each beginning. Give back one beginning that is good."""
    joined = "".join(links)
    fine = joined.isascii() and joined.isprintable() and " " not in joined
    head = head or check_link(links[0])[: links[0].index("://") + 4]
    for link in links:
        if not fine or not link.startswith(head):
            check_link(link)
    return head


def in_columns(stamps: Iterable[Stamp], size: int, copies: int = 1) -> Iterator[Columns]:
    """Yield the stamps `size` at a time as columns, each `copies` times running. Raises LabelError for a bad link."""
    source = iter(stamps)
    if copies > 1:
        source = (stamp for stamp in source for _ in range(copies))
    head = ""
    while block := list(islice(source, size)):
        head = _check_links([stamp.link for stamp in block], head)
        yield Columns(
            [stamp.link for stamp in block],
            [grouped(stamp.code or code_of(stamp.link)) for stamp in block],
            [stamp.serial for stamp in block],
            [stamp.pin or "" for stamp in block],
        )
