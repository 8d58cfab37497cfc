"""Forms with several lines that work without a script: a button adds an empty line, and empty lines are passed over."""

from typing import Any

from flask import request
from wtforms import FieldList

from ...work.refused import Refused
from ..forms import Form

MOST_LINES = 60


class LinesForm(Form):
    """A form with a list of lines, in the field named by `lines_name`; each line's form says whether it is `blank`."""

    lines_name = "lines"

    @property
    def rows(self) -> FieldList:
        return self._fields[self.lines_name]

    @property
    def filled(self) -> list[Any]:
        """The lines with something in them, as forms."""
        return [entry.form for entry in self.rows if not entry.form.blank]

    @property
    def asks_for_a_line(self) -> bool:
        return self.is_submitted() and request.form.get("do") == "line"

    def add_line(self) -> None:
        if len(self.rows) < MOST_LINES:
            self.rows.append_entry()

    def complain(self, refusal: Refused) -> None:
        """`intake-1-weight` means the weight of the second filled line, wherever it stands among empty ones."""
        name, _, rest = (refusal.field or "").partition("-")
        place, _, part = rest.partition("-")
        lines = self.filled
        if (
            name != self.lines_name
            or not place.isdecimal()
            or int(place) >= len(lines)
            or part not in lines[int(place)]
        ):
            super().complain(refusal)
            return
        self.put(lines[int(place)][part], refusal)
        self.rows.errors = [entry.errors for entry in self.rows]
