"""Days as they are written here."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from ...standards.quantities import NotAQuantity
from ..words import show_day, today
from .typed import TypedField


def not_ahead() -> Callable[[Any, Any], None]:
    """For days that have been: work refuses later ones too, but here the complaint comes with those of other fields."""

    def judge(form: Any, field: Any) -> None:
        if field.data is not None and field.data > today():
            raise StopValidation(gettext("This day lies in the future."))

    return judge


class DayInput(TextInput):
    """Typed as dd/mm/yyyy in every browser; the browser's own picker, which shows a day in the order of its own
    language, only stands behind a button (static/theme.js)."""

    def __call__(self, field: Field, **kwargs: Any) -> Any:
        kwargs.setdefault("placeholder", gettext("dd/mm/yyyy"))
        kwargs.setdefault("inputmode", "numeric")
        kwargs.setdefault("autocomplete", "off")
        kwargs.setdefault("data-day", gettext("Pick a day"))
        return super().__call__(field, **kwargs)


class DayField(TypedField):
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
