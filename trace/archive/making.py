"""What every part of the making of an archive needs at hand."""

from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass, field
from datetime import date

from flask import Flask, render_template
from sqlalchemy.orm import Session

from ..pages.words import FOR_CONSUMERS
from ..work.lookup import Registry
from .folder import Folder
from .pages import Pages, Progress


@dataclass(frozen=True, slots=True)
class Making:
    app: Flask
    session: Session
    folder: Folder
    pages: Pages
    today: date
    root: str
    """The address printed in the stamps."""
    progress: Progress
    known: Registry = field(default_factory=Registry)

    def draw(self, template: str, **facts: object) -> str:
        """A page of the archive's own, in all languages at once: a static server cannot choose."""
        parts = list(self._in_each_language(template, facts))
        return self._in_language("vi", "archive/frame.html", {"parts": parts})

    def _in_each_language(self, template: str, facts: dict[str, object]) -> Iterator[str]:
        for language in FOR_CONSUMERS:
            yield self._in_language(language, template, facts)

    def _in_language(self, language: str, template: str, facts: dict[str, object]) -> str:
        def render() -> str:
            with self.app.test_request_context(f"/?lang={language}"):
                return render_template(template, **facts)

        return Context().run(render)
