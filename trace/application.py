"""Flask, with one difference: consumer pages ask nobody who they are.

The hooks that sign-in, forms and sessions add to every request are passed over for the consumer's pages, so that no
such page can set or read a cookie whatever a library does, and a look costs little more than bare Flask. And what is
no page's address goes to the resolver of GS1 links, before any routing. A stamp's page or a redirect that is in memory
is sent before all of that (`pages/consumer/quick.py`, `pages/resolver/kept.py`).
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from flask import Flask, Response, request

from . import access
from .pages.consumer.frame import tell_age
from .pages.consumer.quick import answer as page_in_memory
from .pages.headers import add_headers, open_to_all
from .pages.resolver.kept import kept as redirect_in_memory
from .pages.resolver.target import addressed

QUIET = "consumer."
"""The blueprint whose pages are quiet."""
OPEN = frozenset({"consumer.resolve", "consumer.gs1_stamp", "consumer.gs1_description", "consumer.gs1_context"})
"""What scripts of every site may read, refusals included."""


def _is_quiet() -> bool:
    return request.endpoint is not None and request.endpoint.startswith(QUIET)


class TemGoc(Flask):
    def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for quick in (page_in_memory, redirect_in_memory):
            answered = quick(self, environ, start_response)
            if answered is not None:
                return answered
        addressed(environ, self._own)
        return super().wsgi_app(environ, start_response)

    @cached_property
    def _own(self) -> frozenset[str]:
        """The first segments of the pages' addresses."""
        firsts = {rule.rule.split("/")[1] for rule in self.url_map.iter_rules()}
        return frozenset(first for first in firsts if first and not first.isdigit())

    def preprocess_request(self) -> Any:
        return access.guard() if _is_quiet() else super().preprocess_request()

    def process_response(self, response: Response) -> Response:
        if not _is_quiet():
            return super().process_response(response)
        if request.endpoint in OPEN:
            open_to_all(response)
        if self.extensions["temgoc"]["registry"].away_s is not None:
            response = tell_age(response)
        return response if "Content-Security-Policy" in response.headers else add_headers(response)
