"""What the pages of a cooperative have in common: choices among its own records, searches, dated deeds."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms.validators import StopValidation
from wtforms.widgets import EmailInput

from ...access import own_cooperative, visitor
from ...db import db
from ...records import Upload
from ...standards.geography import communes_by_name
from ...standards.identifiers import NotAnIdentifier
from ...work.uploads import Kind, keep
from ..fields import IDENTIFIER_COMPLAINTS, WordsField
from ..unread import UNREAD
from ..words import now

LONGEST_SEARCH = 100


class PrintedField(WordsField):
    """A number copied from a paper; `reader` (of `standards.identifiers`) refuses placeholders and puts it in order."""

    longest = 60

    def __init__(self, *args: Any, reader: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is None:
            return
        try:
            self.data = self.reader(self.data)
        except NotAnIdentifier as no:
            raise StopValidation(str(IDENTIFIER_COMPLAINTS[no.code])) from no


class EmailField(WordsField):
    widget = EmailInput()
    longest = 254

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data is None:
            return
        try:
            self.data = validate_email(self.data, check_deliverability=False).normalized
        except EmailNotValidError as no:
            raise StopValidation(gettext("This is not an e-mail address. Write it as name@example.vn.")) from no


def choices_of(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """For a list of known words, with nothing chosen yet."""
    return [("", gettext("– choose –")), *((str(key), word) for key, word in words.items())]


def commune_choices() -> list[tuple[str, str]]:
    named = (
        (unit.code, unit.full_name, f"{unit.old_district.kind} {unit.old_district.name}") for unit in communes_by_name()
    )
    return [("", gettext("– choose –"))] + [
        (code, gettext("%(commune)s (formerly %(district)s)", commune=commune, district=district))
        for code, commune, district in named
    ]


def said(field: Any) -> Any:
    """The data of a field that had to be filled in."""
    assert field.data is not None
    return field.data


def wanted() -> str:
    """What is searched for: short and printable."""
    words = request.args.get("q", "")[:LONGEST_SEARCH]
    return "".join(sign for sign in words if unicodedata.category(sign)[0] != "C").strip()


def page_number() -> int:
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), 1_000_000)


def kept(field: Any, kinds: frozenset[Kind]) -> Upload | None:
    """What was sent in a file field, judged and kept; None where nothing was sent. Raises `Refused` beside it."""
    if field.data is UNREAD:
        return UNREAD  # type: ignore[no-any-return]
    if not field.data or not field.data.filename:
        return None
    sent, actor = field.data, visitor().actor
    owner = own_cooperative().id
    return keep(db.session, owner, sent.read(), sent.filename, kinds, actor=actor, now=now(), field=field.short_name)


PICTURE_HINT = lazy_gettext("JPEG, PNG or WebP, at most 12 MB.")
SCAN_HINT = lazy_gettext("PDF (at most 20 MB) or a photograph (at most 12 MB).")
