"""Numbers that others gave out: phones, tax codes, GTINs."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext
from wtforms.widgets import TelInput

from ...standards import identifiers
from .typed import TypedField

IDENTIFIER_COMPLAINTS = {
    "empty": lazy_gettext("Please fill this in."),
    "shape": lazy_gettext("This does not have the right number of digits or letters."),
    "check_digit": lazy_gettext("A digit is wrong: the check digit does not fit. Compare it with the paper."),
    "placeholder": lazy_gettext("This looks like a placeholder. Copy the number as printed on the paper."),
    "foreign": lazy_gettext("Only a Vietnamese phone number can be used here."),
}


class PhoneField(TypedField):
    """A Vietnamese number, kept as +84…"""

    widget = TelInput()
    complaints = IDENTIFIER_COMPLAINTS

    def read(self, text: str) -> str:
        return identifiers.phone(text)

    def show(self, value: str) -> str:
        return identifiers.show_phone(value)


class IdentifierField(TypedField):
    """A number with rules of its own: tax code, GTIN …; `reader` is one of `standards.identifiers`."""

    complaints = IDENTIFIER_COMPLAINTS

    def __init__(self, *args: Any, reader: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def read(self, text: str) -> str:
        return self.reader(text)
