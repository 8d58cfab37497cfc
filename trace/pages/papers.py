"""Documents as answers: always in Vietnamese, whatever language the page was read in, for offices keep them."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from flask import Response, g
from flask_babel import force_locale

from ..standards.words import fold


@contextmanager
def in_vietnamese() -> Iterator[None]:
    """Words, days and numbers in Vietnamese inside."""
    before = g.get("language")
    g.language = "vi"
    try:
        with force_locale("vi"):
            yield
    finally:
        g.language = before
        if before is None:
            g.pop("language")


def pdf_answer(content: bytes, name: str) -> Response:
    """A document, shown by the browser under a name that saves well."""
    return _answer(content, name, "application/pdf", "inline")


def zip_answer(content: bytes, name: str) -> Response:
    return _answer(content, name, "application/zip", "attachment")


def _answer(content: bytes, name: str, media_type: str, how: str) -> Response:
    plain = "-".join(fold(name).split())
    answer = Response(content, content_type=media_type)
    answer.headers["Content-Disposition"] = f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return answer
