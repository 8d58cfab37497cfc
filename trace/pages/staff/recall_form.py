"""What every recall says, of batches or of stamps; and when the search for it was begun."""

from datetime import datetime, timedelta
from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from ...records import Recall
from ...work.recalls import Order
from ..fields import NoteField, WordsField, needed
from ..forms import Form
from ..words import now

LONGEST_SEARCH = timedelta(hours=12)


class RecallWordsForm(Form):
    reason = NoteField(
        lazy_gettext("Reason"), [needed()], description=lazy_gettext("The cooperative and consumers will read it.")
    )
    advice = NoteField(
        lazy_gettext("What consumers should do"),
        description=lazy_gettext("Such as: do not eat it, take it back to where you bought it."),
    )
    contact = WordsField(lazy_gettext("Whom to call"), description=lazy_gettext("Name of an office and its number."))
    begun = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.advice.flags.required = True  # so it is shown; a drill alone does without

    def order(self, *, drill: bool) -> Order:
        return Order(self.reason.data or "", self.advice.data, self.contact.data, drill)

    def remember_begun(self) -> None:
        if not self.begun.data:
            self.begun.data = request.args.get("begun") or now().isoformat(timespec="seconds")

    @property
    def begun_at(self) -> datetime:
        """When the search was opened, as the page remembers it; never the future, never longer ago than half a day."""
        try:
            begun = datetime.fromisoformat(self.begun.data or "")
        except ValueError:
            return now()
        if begun.tzinfo is None:
            return now()
        return min(max(begun, now() - LONGEST_SEARCH), now())


def said(made: Recall) -> str:
    words: Any
    if made.drill:
        words = gettext("Drilled in %(seconds)s seconds. Nothing has been recalled.", seconds=made.took_s)
    elif made.ranges:
        words = gettext("Recalled. The page of every one of these stamps says so within seconds.")
    else:
        words = gettext("Recalled. Every page of these batches says so within seconds.")
    return str(words)
