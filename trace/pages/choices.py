"""Lists to choose from, whose answers are held against what was offered: another cooperative's id is not in them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import gettext
from wtforms import SelectField
from wtforms.validators import StopValidation

from .unread import UNREAD


class ChoiceField(SelectField):
    """One of a list of words; `words` are known ones, each under its key."""

    data: str | None

    def __init__(self, *args: Any, words: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"choices": [], "validate_choice": False, "coerce": _text} | kwargs)
        if words is not None:
            self.choices: Any = list(words.items())
        self.type = "SelectField"  # drawn as one

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in self._values():
            raise StopValidation(gettext("Please choose from the list."))

    def _values(self) -> set[str]:
        groups = self.choices.values() if isinstance(self.choices, dict) else [self.choices or []]
        return {str(choice[0]) for group in groups for choice in group}


class RecordField(ChoiceField):
    """One record of a list, by its public id."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered: dict[str, Any] = {}

    def offer(
        self,
        records: Iterable[Any],
        label: Callable[[Any], str],
        *,
        blank: str | None = None,
        key: Callable[[Any], str] = lambda record: str(record.public_id),
    ) -> None:
        """Fill the list; `blank` is the words of the empty answer, where none is an answer."""
        self.offered = {key(record): record for record in records}
        start = [] if blank is None else [("", blank)]
        self.choices = start + [(name, label(record)) for name, record in self.offered.items()]

    @property
    def record(self) -> Any:
        """The chosen record, or None."""
        if self.data is UNREAD:
            return UNREAD
        return self.offered.get(self.data or "")


def _text(value: Any) -> str:
    return "" if value is None else str(value)
