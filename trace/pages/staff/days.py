"""Days in an address or a small form: read as a person types them, or not at all."""

from datetime import date, datetime

from flask import request


def day_in(name: str) -> date | None:
    words = request.values.get(name, "").strip()
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
