"""Words: that they are there, how long they may be, and what cannot be printed."""

import unicodedata
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TextArea

LONGEST_WORDS = 200
LONGEST_NOTE = 4_000


class _Needed(InputRequired):
    """Blanks alone are nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        first = field.raw_data[0] if field.raw_data else None
        if isinstance(first, str) and not first.strip():
            raise StopValidation(str(self.message))
        super().__call__(form, field)


def needed() -> InputRequired:
    return _Needed(message=lazy_gettext("Please fill this in."))


class WordsField(StringField):
    """One line of text: NFC, trimmed, without control characters, of a bounded length."""

    longest = LONGEST_WORDS
    data: str | None

    def __init__(self, *args: Any, longest: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.longest = longest or self.longest

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        self.data = unicodedata.normalize("NFC", (self.data or "").strip()) or None

    def pre_validate(self, form: Any) -> None:
        words = self.data or ""
        if len(words) > self.longest:
            raise StopValidation(gettext("This is too long: at most %(most)s characters.", most=self.longest))
        if any(self._is_control(sign) for sign in words):
            raise StopValidation(gettext("This contains signs that cannot be printed. Type it again."))

    def _is_control(self, sign: str) -> bool:
        return unicodedata.category(sign) in {"Cc", "Cs", "Co"}


class NoteField(WordsField):
    """Several lines of text."""

    widget = TextArea()
    longest = LONGEST_NOTE

    def _is_control(self, sign: str) -> bool:
        return sign not in "\r\n\t" and super()._is_control(sign)


class UploadField(FileField):
    """A picture or a document; the bytes are judged in work (`work.uploads`), for a name proves nothing."""
