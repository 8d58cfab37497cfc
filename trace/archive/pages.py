"""The pages of an archive: asked of the service itself, in each language, and their links made to lead to files."""

import re
from collections.abc import Callable
from contextvars import Context
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from ..db import LENT
from ..pages.words import FOR_CONSUMERS
from .folder import Folder

_PHOTO: Final = re.compile(r"/photos/([0-9a-z]{12})\?w=800(&(?:amp;)?f=webp)?")
_OTHER_LANGUAGE: Final = re.compile(r'href="\?lang=(vi|en|zh)(?:&amp;[^"]*)?"')
_IN_LANGUAGE: Final = re.compile(r'href="([^"?#]*)\?lang=(vi|en|zh)(#[^"]*)?"')
Progress = Callable[[str, int, int], None]
"""What is being made, how many are done, of how many."""
SUFFIXES: Final = {"image/webp": "webp", "image/png": "png", "image/jpeg": "jpg"}


class Pages:
    def __init__(self, app: Flask, session: Session, folder: Folder) -> None:
        self._lent = {LENT: session}  # what one page has read, the next thousands need not read again
        self._client: FlaskClient = app.test_client(use_cookies=False)
        self._folder = folder
        self._photos: dict[str, str] = {}

    def save(self, path: str) -> None:
        """A page in every language: `path`/index.html, en.html, zh.html."""
        for language in FOR_CONSUMERS:
            words = self.fetch(f"{path}?lang={language}").decode()
            self._folder.write(f"{path.strip('/')}/{_file(language)}".lstrip("/"), self.rewritten(words))

    def save_file(self, path: str) -> None:
        """A file as it is."""
        self._folder.write(path.lstrip("/"), self.fetch(path))

    def fetch(self, path: str) -> bytes:
        answer = self._ask(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        return bytes(answer.data)

    def _ask(self, path: str) -> TestResponse:
        """As a visitor from elsewhere: the language of one page, kept with the caller's context, is not the next's."""
        return Context().run(self._client.get, path, environ_overrides=self._lent)

    def rewritten(self, words: str) -> str:
        words = _PHOTO.sub(self._photo, words)
        words = _OTHER_LANGUAGE.sub(lambda found: f'href="{_file(found[1])}"', words)
        return _IN_LANGUAGE.sub(_to_file, words)

    def _photo(self, found: re.Match[str]) -> str:
        """A static server keeps no query, so each form of a photo is a file of its own."""
        address = f"/photos/{found[1]}?w=800{'&f=webp' if found[2] else ''}"
        if address not in self._photos:
            answer = self._ask(address)
            name = f"/photos/{found[1]}.{SUFFIXES.get(answer.content_type, 'jpg')}"
            if answer.status_code == 200:
                self._folder.write(name[1:], answer.data)
            self._photos[address] = name
        return self._photos[address]


def _file(language: str) -> str:
    return "index.html" if language == "vi" else f"{language}.html"


def _to_file(found: re.Match[str]) -> str:
    path, language, part = found[1], found[2], found[3] or ""
    if path.endswith(".atom"):
        return f'href="{path}{part}"'
    return f'href="{path.rstrip("/")}/{_file(language)}{part}"'
