"""Form fields that read what people here type: Vietnamese numbers and units, days, phones, names.

Every field keeps what was typed, puts its complaint beside itself, and says what it understood (`understood`).
"""

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField
from wtforms import Field, StringField
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TelInput, TextArea, TextInput

from ..standards import identifiers, quantities
from ..standards.quantities import NotAQuantity
from .words import language, show_day, today

LONGEST_WORDS = 200
LONGEST_NOTE = 4_000

QUANTITY_COMPLAINTS = {
    "empty": lazy_gettext("Please fill this in."),
    "shape": lazy_gettext("This is not a number we can read. Write for example 1.200 or 1,5."),
    "ambiguous": lazy_gettext(
        "This number can be read in two ways. Write 1.200 for one thousand two hundred, 1,2 for one point two."
    ),
    "negative": lazy_gettext("A quantity is not negative."),
    "unit": lazy_gettext("We do not know this unit."),
    "fraction": lazy_gettext("This is finer than we count. Round it."),
    "too_large": lazy_gettext("This is more than can be. Check the number and its unit."),
}
IDENTIFIER_COMPLAINTS = {
    "empty": lazy_gettext("Please fill this in."),
    "shape": lazy_gettext("This does not have the right number of digits or letters."),
    "check_digit": lazy_gettext("A digit is wrong: the check digit does not fit. Compare it with the paper."),
    "placeholder": lazy_gettext("This looks like a placeholder. Copy the number as printed on the paper."),
    "foreign": lazy_gettext("Only a Vietnamese phone number can be used here."),
}


class _Needed(InputRequired):
    """Blanks alone are nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        first = field.raw_data[0] if field.raw_data else None
        if isinstance(first, str) and not first.strip():
            raise StopValidation(str(self.message))
        super().__call__(form, field)


def needed() -> InputRequired:
    return _Needed(message=lazy_gettext("Please fill this in."))


def not_ahead() -> Callable[[Any, Any], None]:
    """For days that have been: work refuses later ones too, but here the complaint comes with those of other fields."""

    def judge(form: Any, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise StopValidation(gettext("This day lies in the future."))

    return judge


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


class _Typed(Field):
    """A field whose data is not text: keeps what was typed, reads it, says what it understood."""

    complaints: dict[str, Any] = QUANTITY_COMPLAINTS
    understood: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = unicodedata.normalize("NFC", valuelist[0].strip()) if valuelist else None
        self.data = None
        if not self.typed:
            return
        try:
            self.data = self.read(self.typed[:LONGEST_WORDS])
        except (NotAQuantity, identifiers.NotAnIdentifier) as no:
            raise ValueError(str(self.complaints.get(no.code, self.complaints["shape"]))) from no
        self.understood = self.say(self.data)

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.show(self.data)

    def read(self, text: str) -> Any:
        raise NotImplementedError  # each kind of field reads in its own way

    def show(self, value: Any) -> str:
        return str(value)

    def say(self, value: Any) -> str | None:
        return None


class _InputField(_Typed, StringField):
    pass


class WeightField(_InputField):
    """Whole grams; a bare number is in `unit`."""

    def __init__(self, *args: Any, unit: str = "kg", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def read(self, text: str) -> int:
        return quantities.parse_weight(text, self.unit)

    def show(self, value: int) -> str:
        return quantities.show_weight(value, "vi")

    def say(self, value: int) -> str:
        return quantities.said_weight(value, language())


class AreaField(_InputField):
    """Whole square metres; a bare number is in hectares."""

    def read(self, text: str) -> int:
        return quantities.parse_area(text)

    def show(self, value: int) -> str:
        return quantities.show_area(value, "vi")

    def say(self, value: int) -> str:
        return quantities.said_area(value, language())


class MoneyField(_InputField):
    """Whole đồng."""

    def read(self, text: str) -> int:
        return quantities.parse_money(text)

    def show(self, value: int) -> str:
        return quantities.show_money(value, "vi")

    def say(self, value: int) -> str:
        return quantities.said_money(value, language())


class CountField(_InputField):
    def read(self, text: str) -> int:
        return quantities.parse_count(text)

    def show(self, value: int) -> str:
        return quantities.show_count(value, "vi")


class PhoneField(_InputField):
    """A Vietnamese number, kept as +84…"""

    widget = TelInput()
    complaints = IDENTIFIER_COMPLAINTS

    def read(self, text: str) -> str:
        return identifiers.phone(text)

    def show(self, value: str) -> str:
        return identifiers.show_phone(value)


class IdentifierField(_InputField):
    """A number with rules of its own: tax code, GTIN …; `reader` is one of `standards.identifiers`."""

    complaints = IDENTIFIER_COMPLAINTS

    def __init__(self, *args: Any, reader: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = reader  # type: ignore[method-assign,assignment]


class DayInput(TextInput):
    """Typed as dd/mm/yyyy in every browser; the browser's own picker, which shows a day in the order of its own
    language, only stands behind a button (static/theme.js)."""

    def __call__(self, field: Field, **kwargs: Any) -> Any:
        kwargs.setdefault("placeholder", gettext("dd/mm/yyyy"))
        kwargs.setdefault("inputmode", "numeric")
        kwargs.setdefault("autocomplete", "off")
        kwargs.setdefault("data-day", gettext("Pick a day"))
        return super().__call__(field, **kwargs)


class DayField(_InputField):
    """A day, typed as dd/mm/yyyy (or sent as ISO 8601)."""

    widget = DayInput()
    complaints = {"shape": lazy_gettext("This is not a day. Write it as 31/12/2026.")}  # noqa: RUF012 - read only

    def read(self, text: str) -> date:
        for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
            try:
                day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            if 1900 <= day.year <= 2200:
                return day
        raise NotAQuantity("shape")

    def show(self, value: date) -> str:
        return show_day(value)


class UploadField(FileField):
    """A picture or a document; the bytes are judged in work (`work.uploads`), for a name proves nothing."""
