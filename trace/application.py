"""Flask, with one difference: consumer pages ask nobody who they are.

The hooks that sign-in, forms and sessions add to every request are passed over for the consumer's pages, so that no
such page can set or read a cookie whatever a library does, and a look costs little more than bare Flask.
"""

from typing import Any

from flask import Flask, Response, request

from . import access
from .pages.headers import add_headers

QUIET = "consumer."
"""The blueprint whose pages are quiet."""


def _is_quiet() -> bool:
    return request.endpoint is not None and request.endpoint.startswith(QUIET)


class TemGoc(Flask):
    def preprocess_request(self) -> Any:
        return access.guard() if _is_quiet() else super().preprocess_request()

    def process_response(self, response: Response) -> Response:
        if not _is_quiet():
            return super().process_response(response)
        return response if "Content-Security-Policy" in response.headers else add_headers(response)
