"""GS1 Digital Link URIs (URI Syntax 1.7.0, uncompressed form): read strictly, written canonically.

Paths are read from the raw request target: a server that decodes %2F before us would turn one value into two.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_plus

from .ais import AIS, Ai, pair_fault
from .checks import CSET_82

CANONICAL_ROOT: Final = "https://id.gs1.org"
LONGEST: Final = 8_192

_URI: Final = re.compile(
    r"(?:https?|HTTPS?)://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(/[^?#]*)(?:\?([^#]*))?(?:#.*)?"
)
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")

Pairs = tuple[tuple[str, str], ...]


class BadLink(ValueError):  # noqa: N818 – named for what it says, as `Refused` is
    """A URI that is no valid GS1 Digital Link.

    Codes: uri (scheme or host); too_long; no_key; segments (odd, or one empty); slash (it ends in one); unknown (no
    such AI); order (no qualifier here); repeated; attribute (not allowed in the query); pairing (a companion is
    missing or forbidden); value (see `fault`: length, characters, or a check's name). `ai` names the identifier.
    """

    def __init__(self, code: str, ai: str = "", fault: str = "") -> None:
        super().__init__(" ".join(filter(None, (code, ai, fault))))
        self.code = code
        self.ai = ai
        self.fault = fault


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What a link names: a key, its qualifiers in order, the data attributes of its query, and other parameters.

    `others` are the query's other parameters as they stood, undecoded; `query` is the whole of it, byte for byte.
    """

    key: tuple[str, str]
    qualifiers: Pairs = ()
    attributes: Pairs = ()
    others: tuple[str, ...] = ()
    query: str = ""

    def value(self, code: str) -> str | None:
        """Return the value of an AI in the path, or None."""
        return dict((self.key, *self.qualifiers)).get(code)

    @property
    def gtin(self) -> str | None:
        return self.value("01")

    @property
    def lot(self) -> str | None:
        return self.value("10")

    @property
    def serial(self) -> str | None:
        return self.value("21")

    def asked(self, name: str) -> str | None:
        """Return a parameter that is no AI, such as linkType, decoded; its name in any case, the first of several."""
        for parameter in self.others:
            key, _, value = parameter.partition("=")
            if key.lower() == name.lower():
                return unquote_plus(value, errors="replace")
        return None

    @property
    def path(self) -> str:
        """The path that names the same thing, escaped: /01/09521234543213/10/AB%2F7."""
        return write_path((self.key, *self.qualifiers))

    @property
    def canonical(self) -> str:
        """The canonical form: GS1's own root, attributes sorted, nothing else in the query."""
        query = "&".join(f"{code}={escape(value)}" for code, value in sorted(self.attributes))
        return f"{CANONICAL_ROOT}{self.path}{'?' if query else ''}{query}"

    @property
    def readable(self) -> tuple[str, ...]:
        """The human-readable interpretation, a line an AI: (01) 09521234543213."""
        return tuple(f"({code}) {value}" for code, value in (self.key, *self.qualifiers))

    def levels(self) -> tuple["DigitalLink", ...]:
        """Return this link and all above it at which something may be registered, most specific first.

        A serial is registered without lot or variant (Resolver 1.2.1 §2.5.9 rule 2), and outranks them (rule 4).
        """
        held = dict(self.qualifiers)
        serial = [("21",)] if "21" in held else []
        others = [code for code, _ in self.qualifiers if code != "21"]
        groups = [*serial, *(tuple(others[start:]) for start in range(len(others)))]
        if len(others) == 2:
            groups.append((others[0],))
        pairs = [tuple((code, held[code]) for code in group) for group in groups]
        return tuple(DigitalLink(self.key, pair) for pair in (*pairs, ()))

    @property
    def may_register(self) -> bool:
        """Tell whether links may be registered at just this level."""
        codes = {code for code, _ in self.qualifiers}
        return "21" not in codes or codes == {"21"}


def parse(uri: str) -> DigitalLink:
    """Read a whole URI, whatever stem precedes its key. Raise BadLink."""
    if len(uri) > LONGEST:
        raise BadLink("too_long")
    if not (whole := _URI.fullmatch(uri)):
        raise BadLink("uri")
    path, query = whole[1], whole[2] or ""
    segments = path.split("/")[1:]
    if segments[-1] == "":
        raise BadLink("slash")
    # The key is the last in the path, so that a stem may look like anything.
    for start in range(len(segments) - 2, -1, -2):
        if segments[start] in AIS and AIS[segments[start]].qualifiers is not None:
            return _link(segments[start:], query)
        if segments[start] not in AIS:
            raise BadLink("unknown" if segments[start].isdigit() else "no_key", segments[start][:4])
    raise BadLink("no_key")


def parse_target(target: str) -> DigitalLink:
    """Read a resolver's raw request target, /01/…?…, which has no stem and may end in one slash. Raise BadLink."""
    if len(target) > LONGEST:
        raise BadLink("too_long")
    path, _, query = target.partition("#")[0].partition("?")
    segments = path.removesuffix("/").split("/")
    if segments.pop(0) != "" or not segments:
        raise BadLink("no_key")
    if segments[0] not in AIS or AIS[segments[0]].qualifiers is None:
        raise BadLink("no_key")
    return _link(segments, query)


def _link(segments: list[str], query: str) -> DigitalLink:
    if len(segments) % 2 or "" in segments:
        raise BadLink("segments")
    path = [_pair(code, unescape(value)) for code, value in zip(segments[::2], segments[1::2], strict=True)]
    key, qualifiers = path[0], tuple(path[1:])
    orders = _orders(AIS[key[0]], [code for code, _ in qualifiers])
    attributes, others = _read_query(query)
    codes = [code for code, _ in (*path, *attributes)]
    for code, _ in attributes:
        # A qualifier that this path could still take belongs there.
        if not AIS[code].data or any(code in order for order in orders):
            raise BadLink("attribute", code)
    if repeated := next((code for code in codes if codes.count(code) > 1), None):
        raise BadLink("repeated", repeated)
    if lonely := pair_fault(frozenset(codes)):
        raise BadLink("pairing", lonely)
    return DigitalLink(key, qualifiers, attributes, others, query)


def _orders(key: Ai, codes: list[str]) -> list[tuple[str, ...]]:
    """Return those orders of the key's qualifiers that the path keeps to. Raise BadLink if it keeps to none."""
    kept = [order for order in key.qualifiers or () if _keeps(codes, order)]
    if codes and not kept:
        raise BadLink("order", codes[-1])
    return kept


def _keeps(codes: list[str], order: tuple[str, ...]) -> bool:
    rest = iter(order)
    return all(code in rest for code in codes)


def _pair(code: str, value: str) -> tuple[str, str]:
    if code not in AIS:
        raise BadLink("unknown", code[:4])
    if fault := AIS[code].fault(value):
        raise BadLink("value", code, fault)
    return code, value


def _read_query(query: str) -> tuple[Pairs, tuple[str, ...]]:
    """Split a query into data attributes, decoded and checked, and everything else as it stands."""
    attributes, others = [], []
    for parameter in query.split("&"):
        code, _, value = parameter.partition("=")
        if code.isdigit() and code.isascii():
            attributes.append(_pair(code, unescape(value.replace("+", " "))))
        elif parameter:
            others.append(parameter)
    return tuple(attributes), tuple(others)


def unescape(text: str) -> str:
    """Decode %XX once; a % without two hexadecimal digits stays. What is not ASCII becomes what no AI admits."""
    return _ESCAPE.sub(lambda escaped: chr(int(escaped[1], 16)), text)


def escape(text: str) -> str:
    """Escape all but letters, digits and - . _ ~."""
    return quote(text, safe="")


def write_path(pairs: Iterable[tuple[str, str]]) -> str:
    """Return /AI/value/AI/value, escaped."""
    return "".join(f"/{code}/{escape(value)}" for code, value in pairs)


def product_link(gtin14: str, *, lot: str | None = None, serial: str | None = None) -> DigitalLink:
    """Return the link of a product, of a lot or of a stamp of it. Raise BadLink if a value is none of its AI's."""
    given = (("10", lot), ("21", serial))
    segments = ["01", gtin14, *_flat((code, escape(value)) for code, value in given if value is not None)]
    return _link(segments, "")


def _flat(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for pair in pairs:
        yield from pair


def is_lot(text: str) -> bool:
    """Tell whether a text may stand as a lot (AI 10): 1 to 20 characters of set 82."""
    return 1 <= len(text) <= 20 and set(text) <= CSET_82
