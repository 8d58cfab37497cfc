"""What fields have in common whose data is not the text that was typed."""

import unicodedata
from abc import ABC, abstractmethod
from typing import Any

from wtforms import StringField

from ...standards.identifiers import NotAnIdentifier
from ...standards.quantities import NotAQuantity
from .words import LONGEST_WORDS


class TypedField(StringField, ABC):
    """A field whose data is not text: keeps what was typed, reads it, says what it understood."""

    complaints: dict[str, Any]
    """By the code of what cannot be read; "shape" stands in for those it does not name."""
    understood: str | None = None
    longest = LONGEST_WORDS
    """What is typed beyond is not read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = unicodedata.normalize("NFC", valuelist[0].strip()) if valuelist else None
        self.data = None
        if not self.typed:
            return
        try:
            self.data = self.read(self.typed[: self.longest])
        except (NotAQuantity, NotAnIdentifier) as no:
            raise ValueError(str(self.complaints.get(no.code, self.complaints["shape"]))) from no
        self.understood = self.say(self.data)

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else self.show(self.data)

    @abstractmethod
    def read(self, text: str) -> Any:
        """What the words mean; raises `NotAQuantity` or `NotAnIdentifier`."""

    def show(self, value: Any) -> str:
        return str(value)

    def say(self, value: Any) -> str | None:
        return None
