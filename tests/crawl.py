"""Every page a visitor can reach by links from a first one: a few of each kind, as the shape of the address tells."""

import re
from collections import Counter
from collections.abc import Container, Iterator

from playwright.sync_api import Page

SHAPES = (
    (re.compile(r"/T/[^/?]+"), "/T/…"),
    (re.compile(r"/(?=[0-9a-z]*\d)[0-9a-z]{12}(?=[/?.]|$)"), "/…"),
    (re.compile(r"/\d+(?=[/?]|$)"), "/n"),
    (re.compile(r"=[^&]*"), "="),
)
FILES = r"\.(zip|pdf|png|jsonld|atom|xml|txt|xlsx|docx|csv|json|geojson)$"
NO_PAGE = re.compile(FILES + r"|/(file|proof|uploads|photos|static)\b|/test-page|^/log/")
OF_EACH_KIND = 2
MOST = 150


def kind_of(address: str) -> str:
    """The address without what tells one record from another."""
    for pattern, mark in SHAPES:
        address = pattern.sub(mark, address)
    return address


def walk(
    page: Page,
    url: str,
    *starts: str,
    of_each_kind: int = OF_EACH_KIND,
    most: int = MOST,
    but: Container[str] = frozenset(),
) -> Iterator[str]:
    """Open page after page in `page`; gives each address while it is open. Kinds in `but` are passed by."""
    waiting, seen, kinds = list(starts), set(starts), Counter[str]()
    for address in starts:
        kinds[kind_of(address)] += 1
    while waiting and most > 0:
        address = waiting.pop(0)
        answer = page.goto(url + address, wait_until="load")
        assert answer is not None, address
        assert answer.status < 400, f"{address} answered {answer.status}"
        most -= 1
        found = page.eval_on_selector_all("a[href]:not([download])", "all => all.map(a => a.href)")
        yield address
        for link in found:
            path = link.removeprefix(url).split("#")[0]
            if not link.startswith(url + "/") or path in seen or NO_PAGE.search(path.split("?")[0]):
                continue
            seen.add(path)
            if kinds[kind_of(path)] < of_each_kind and kind_of(path) not in but:
                kinds[kind_of(path)] += 1
                waiting.append(path)
